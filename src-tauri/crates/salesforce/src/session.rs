//! The login in use: renewed by one caller at a time, kept before it is used.

use std::sync::{Arc, Mutex, PoisonError};

use drawbridge_model::{SecretError, Sensitive, TargetError};

use crate::oauth::exchange;
use crate::{TokenKeeper, Tokens, urls};

pub(crate) struct Session {
    client: reqwest::Client,
    keeper: Arc<dyn TokenKeeper>,
    state: Mutex<State>,
    /// Held while a renewal is under way. Salesforce kills the old refresh token at once, so of
    /// two renewals at the same time one would lose the login.
    renewing: tokio::sync::Mutex<()>,
}

struct State {
    tokens: Arc<Tokens>,
    kept: bool,
    /// The refresh token that was refused for good, and Salesforce's words. It is not tried again.
    dead: Option<(Sensitive<String>, String)>,
}

impl State {
    /// Why this login is over, where it is known to be.
    fn over(&self, tokens: &Tokens) -> Option<TargetError> {
        let (dead, message) = self.dead.as_ref()?;
        let refresh = tokens.refresh_token.as_ref()?;
        (refresh.expose() == dead.expose()).then(|| TargetError::SignInNeeded {
            message: message.clone(),
        })
    }
}

impl Session {
    pub(crate) fn new(
        tokens: Tokens,
        keeper: Arc<dyn TokenKeeper>,
        client: reqwest::Client,
    ) -> Self {
        Self {
            client,
            keeper,
            state: Mutex::new(State {
                tokens: Arc::new(tokens),
                kept: true,
                dead: None,
            }),
            renewing: tokio::sync::Mutex::new(()),
        }
    }

    /// The login as it is, whether or not it still works.
    pub(crate) fn peek(&self) -> Arc<Tokens> {
        Arc::clone(&self.lock().tokens)
    }

    /// The login, ready for use: with an access token, and kept.
    pub(crate) async fn current(self: &Arc<Self>) -> Result<Arc<Tokens>, TargetError> {
        let (tokens, kept, is_over) = {
            let state = self.lock();
            let is_over = state.over(&state.tokens).is_some();
            (Arc::clone(&state.tokens), state.kept, is_over)
        };
        if tokens.access_token.expose().is_empty() || is_over {
            return self.renew(&tokens).await;
        }
        if !kept {
            return self.keep_again().await;
        }
        Ok(tokens)
    }

    /// A login with another access token than `stale`: the one somebody else fetched meanwhile,
    /// or a new one. The work runs in its own task: when the caller gives up half-way, the new
    /// refresh token must still be kept, because the old one is dead.
    pub(crate) async fn renew(
        self: &Arc<Self>,
        stale: &Tokens,
    ) -> Result<Arc<Tokens>, TargetError> {
        let session = Arc::clone(self);
        let stale = stale.access_token.clone();
        let task = tokio::spawn(async move { session.renew_alone(stale.expose()).await });
        match task.await {
            Ok(result) => result,
            Err(stopped) => Err(TargetError::SignInNeeded {
                message: format!("renewing the session was interrupted ({stopped})"),
            }),
        }
    }

    async fn renew_alone(&self, old: &str) -> Result<Arc<Tokens>, TargetError> {
        let _alone = self.renewing.lock().await;
        let tokens = self.peek();
        if tokens.access_token.expose() != old {
            return Ok(tokens);
        }
        let tokens = match self.renewed_elsewhere(&tokens).await? {
            Some(newer) => {
                self.lock().tokens = Arc::clone(&newer);
                if !newer.access_token.expose().is_empty() {
                    return Ok(newer);
                }
                newer
            }
            None => tokens,
        };
        if let Some(over) = self.lock().over(&tokens) {
            return Err(over);
        }
        let host = urls::host_and_port(&tokens.login_url);
        tracing::debug!(%host, "renewing the session");
        let renewed = match exchange::renew(&self.client, &tokens).await {
            Ok(renewed) => Arc::new(renewed),
            Err(error) => {
                if let TargetError::SignInNeeded { message } = &error
                    && message.ends_with("(invalid_grant)")
                    && let Some(refresh) = &tokens.refresh_token
                {
                    self.lock().dead = Some((refresh.clone(), message.clone()));
                }
                return Err(error);
            }
        };
        // Others go on with the dead token until this is kept, and then wait for it here.
        let kept = self.keep(&renewed).await;
        let mut state = self.lock();
        state.tokens = Arc::clone(&renewed);
        state.kept = kept.is_ok();
        drop(state);
        kept?;
        Ok(renewed)
    }

    /// The login another process has kept since, if it holds another refresh token.
    async fn renewed_elsewhere(&self, ours: &Tokens) -> Result<Option<Arc<Tokens>>, TargetError> {
        let keeper = Arc::clone(&self.keeper);
        let loaded = tokio::task::spawn_blocking(move || keeper.load()).await;
        let kept = loaded.unwrap_or_else(|stopped| {
            Err(SecretError::NoKeychain {
                reason: stopped.to_string(),
            })
        })?;
        let refresh = |tokens: &Tokens| {
            tokens
                .refresh_token
                .as_ref()
                .map(|token| token.expose().clone())
        };
        Ok(kept
            .filter(|kept| refresh(kept).is_some() && refresh(kept) != refresh(ours))
            .map(Arc::new))
    }

    /// A login that could not be kept when it was renewed is kept before it is used.
    async fn keep_again(&self) -> Result<Arc<Tokens>, TargetError> {
        let _alone = self.renewing.lock().await;
        let tokens = self.peek();
        if !self.lock().kept {
            self.keep(&tokens).await?;
            self.lock().kept = true;
        }
        Ok(tokens)
    }

    /// Keychains may ask the person and take their time: not on a thread that serves others.
    async fn keep(&self, tokens: &Arc<Tokens>) -> Result<(), SecretError> {
        let (keeper, tokens) = (Arc::clone(&self.keeper), Arc::clone(tokens));
        let saved = tokio::task::spawn_blocking(move || keeper.save(&tokens)).await;
        saved.unwrap_or_else(|stopped| {
            Err(SecretError::NoKeychain {
                reason: stopped.to_string(),
            })
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
