//! Signing in to an org: by the browser, or with a login made elsewhere.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex as StdMutex};
use std::time::Duration;

use drawbridge_model::{
    Connection, Environment, Provider, SecretError, Secrets, Sensitive, Target,
};
use drawbridge_salesforce::{self as salesforce, Org, TokenKeeper, Tokens, oauth};
use drawbridge_store::NewConnection;
use tokio::sync::oneshot;
use url::Url;

use crate::connections::{checked_name, refuse_other_org, refuse_wrong_label};
use crate::context::{Context, Workspace, locked};
use crate::convert;
use crate::error::Result;
use crate::users::note_user;
use crate::view::{
    ConnectionRequest, ConnectionView, ErrorCode, ErrorView, LoginRequest, LoginView, Nothing,
    OrgLoginRequest,
};

/// A sign-in that waits for the person in the browser.
pub(crate) struct Login {
    authorize_url: String,
    waiting: Option<Waiting>,
    cancel: Option<oneshot::Sender<()>>,
}

/// What the wait for the browser needs; taken when the wait begins.
struct Waiting {
    pending: oauth::PendingLogin,
    cancelled: oneshot::Receiver<()>,
    request: OrgLoginRequest,
    login_url: Url,
}

/// Keeps an org's login in the secrets, under the connection's name.
struct Keeper {
    secrets: Arc<dyn Secrets>,
    name: String,
}

impl TokenKeeper for Keeper {
    fn save(&self, tokens: &Tokens) -> std::result::Result<(), SecretError> {
        self.secrets.set(&self.name, &tokens.to_secret())
    }

    fn load(&self) -> std::result::Result<Option<Tokens>, SecretError> {
        let kept = self.secrets.get(&self.name)?;
        // A login given by the environment has another form, and nothing else renews it.
        Ok(kept.and_then(|secret| Tokens::from_secret(&secret, &self.name).ok()))
    }
}

impl Workspace {
    /// The org of a connection. One client serves everybody, because two of them would spoil each
    /// other's refresh token.
    pub(crate) fn org(&self, connection: &Connection) -> Result<Org> {
        if let Some(org) = locked(&self.orgs).get(&connection.id) {
            return Ok(org.clone());
        }
        let tokens = login_from(&self.secret(connection)?, connection)?;
        self.remember_org(connection, tokens)
    }

    fn remember_org(&self, connection: &Connection, tokens: Tokens) -> Result<Org> {
        let keeper = Keeper {
            secrets: self.secrets.clone(),
            name: connection.secret_name(),
        };
        let org = Org::new(tokens, Arc::new(keeper), salesforce::Options::default())?;
        locked(&self.orgs).insert(connection.id, org.clone());
        self.doubt(connection.id);
        Ok(org)
    }
}

impl Context {
    /// Begins a sign-in: listens for the browser, then opens it.
    pub async fn org_login_begin(&self, request: OrgLoginRequest) -> Result<LoginView> {
        let workspace = self.workspace();
        let existing = workspace.store.connection_by_name(request.name.trim())?;
        if existing
            .as_ref()
            .is_none_or(|known| known.provider != Provider::Salesforce)
        {
            checked_name(&workspace, &request.name)?;
        }
        let default = match convert::environment_back(request.environment) {
            Environment::Sandbox => "https://test.salesforce.com",
            Environment::Production => "https://login.salesforce.com",
        };
        let given = request
            .login_url
            .as_deref()
            .map(str::trim)
            .filter(|url| !url.is_empty());
        let login_url = salesforce::parse_login_url(given.unwrap_or(default))?;
        give_up_others(&workspace).await;
        let pending = oauth::begin(oauth::LoginRequest {
            login_url: login_url.clone(),
            client_id: request.client_id.clone(),
            port: self.options().login_port,
        })?;
        let authorize_url = pending.authorize_url().to_string();
        let callback_url = pending.redirect_uri().to_owned();
        let login = workspace.next_login.fetch_add(1, Ordering::Relaxed);
        let (cancel, cancelled) = oneshot::channel();
        let waiting = Waiting {
            pending,
            cancelled,
            request,
            login_url,
        };
        locked(&workspace.logins).insert(
            login,
            Login {
                authorize_url: authorize_url.clone(),
                waiting: Some(waiting),
                cancel: Some(cancel),
            },
        );
        let opened = (self.options().open_browser)(&authorize_url);
        Ok(LoginView {
            login,
            authorize_url,
            opened,
            callback_url,
        })
    }

    /// Waits for the person in the browser, then checks that the org is what its label says and
    /// keeps the login.
    pub async fn org_login_finish(&self, request: LoginRequest) -> Result<ConnectionView> {
        let workspace = self.workspace();
        let waiting = locked(&workspace.logins)
            .get_mut(&request.login)
            .and_then(|login| login.waiting.take())
            .ok_or_else(|| {
                ErrorView::not_found(format_args!("sign-in {} any more", request.login))
            })?;
        let cancelled = waiting.cancelled;
        let cancel = async {
            // A dropped sender is no cancellation: then only the time limit ends the wait.
            if cancelled.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let tokens = waiting
            .pending
            .finish(self.options().login_timeout, cancel)
            .await;
        locked(&workspace.logins).remove(&request.login);
        let details = waiting.request;
        self.keep_org(
            &details.name,
            details.environment.into(),
            &waiting.login_url,
            tokens?,
        )
        .await
    }

    /// Gives up a sign-in.
    pub async fn org_login_cancel(&self, request: LoginRequest) -> Result<Nothing> {
        let workspace = self.workspace();
        let login = locked(&workspace.logins).remove(&request.login);
        if let Some(login) = login {
            login.give_up();
        }
        Ok(Nothing {})
    }

    /// Connects an org with a login that was made elsewhere: an access token, or what the sf CLI
    /// exports.
    pub async fn org_connect_with(
        &self,
        name: &str,
        environment: crate::view::EnvironmentView,
        tokens: Tokens,
    ) -> Result<ConnectionView> {
        let workspace = self.workspace();
        if workspace.store.connection_by_name(name.trim())?.is_none() {
            checked_name(&workspace, name)?;
        }
        let login_url = tokens.login_url.clone();
        self.keep_org(name, environment.into(), &login_url, tokens)
            .await
    }

    async fn keep_org(
        &self,
        name: &str,
        environment: Environment,
        login_url: &Url,
        tokens: Tokens,
    ) -> Result<ConnectionView> {
        let workspace = self.workspace();
        let name = name.trim().to_owned();
        let keeper = Arc::new(Unkept(StdMutex::new(None)));
        let org = Org::new(
            tokens.clone(),
            keeper.clone(),
            salesforce::Options::default(),
        )?;
        let identity = org.identity().await?;
        refuse_wrong_label(environment, &identity)?;
        let client_id = tokens.client_id.clone();
        let mut refreshed = false;
        let mut connection = match workspace.store.connection_by_name(&name)? {
            Some(known) => {
                match refuse_other_org(&known, &identity) {
                    // The login is kept, the org is not pinned: re-linking does that.
                    Err(error) if error.code == ErrorCode::OrgRefreshed => refreshed = true,
                    other => other?,
                }
                refuse_other_use(&known, environment)?;
                known
            }
            None => workspace.store.insert_connection(&NewConnection {
                name,
                provider: Provider::Salesforce,
                environment: Some(environment),
                base_url: login_url.to_string(),
                client_id: client_id.clone(),
            })?,
        };
        let tokens = locked(&keeper.0).take().unwrap_or(tokens);
        workspace
            .secrets
            .set(&connection.secret_name(), &tokens.to_secret())?;
        workspace.remember_org(&connection, tokens)?;
        if !refreshed {
            note_user(&mut connection, identity, self.clock().now());
        }
        connection.client_id = client_id;
        workspace.store.update_connection(&connection)?;
        self.connection_check(ConnectionRequest {
            connection: connection.id.0,
        })
        .await
    }
}

impl Login {
    /// Whether the person is waited for at this address.
    pub(crate) fn waits_at(&self, address: &str) -> bool {
        self.authorize_url == address
    }

    /// Ends the wait for the browser, and frees its port.
    fn give_up(self) {
        if let Some(cancel) = self.cancel
            && cancel.send(()).is_err()
        {
            tracing::debug!("the sign-in had ended already");
        }
    }
}

/// Only one sign-in can wait for the browser, because the port is fixed: a new one replaces those
/// that were begun before.
async fn give_up_others(workspace: &Workspace) {
    let others: Vec<Login> = locked(&workspace.logins)
        .drain()
        .map(|(_, login)| login)
        .collect();
    if others.is_empty() {
        return;
    }
    others.into_iter().for_each(Login::give_up);
    // The listener of a wait that was cancelled closes a moment later.
    tokio::time::sleep(Duration::from_millis(100)).await;
}

/// Holds a renewed login until it is known under which name it is kept.
struct Unkept(StdMutex<Option<Tokens>>);

impl TokenKeeper for Unkept {
    fn save(&self, tokens: &Tokens) -> std::result::Result<(), SecretError> {
        *locked(&self.0) = Some(tokens.clone());
        Ok(())
    }
}

/// A name that stands for something else is not taken over.
fn refuse_other_use(known: &Connection, environment: Environment) -> Result<()> {
    if known.provider == Provider::Salesforce && known.environment == Some(environment) {
        return Ok(());
    }
    let is = match known.environment {
        Some(environment) => environment.word(),
        None => known.provider.name(),
    };
    Err(ErrorView::new(
        ErrorCode::NameTaken,
        format!(
            "“{}” is a connection to {is} already: it was left as it is.",
            known.name
        ),
    )
    .hint("Choose another name."))
}

/// A login as it is kept, or, given by the environment of a machine without a keychain, an
/// `sfdxAuthUrl` or a bare access token.
fn login_from(secret: &Sensitive<String>, connection: &Connection) -> Result<Tokens> {
    let text = secret.expose().trim();
    if text.starts_with("force://") {
        return Ok(oauth::from_sfdx_url(secret)?);
    }
    let instance = connection
        .org
        .as_ref()
        .and_then(|org| Url::parse(&org.instance_url).ok());
    match instance {
        Some(instance) if text.starts_with("00D") && text.contains('!') => {
            Ok(Tokens::from_access_token(instance, Sensitive::from(text))?)
        }
        _ => Ok(Tokens::from_secret(secret, &connection.secret_name())?),
    }
}

pub(crate) fn login_code(error: &salesforce::Error) -> ErrorCode {
    use salesforce::Error;
    match error {
        Error::NotAnAddress { .. }
        | Error::NotSecure { .. }
        | Error::NotSalesforce { .. }
        | Error::NoClientId
        | Error::NotAnSfdxUrl => ErrorCode::BadRequest,
        Error::PortTaken { .. } | Error::NoListener { .. } => ErrorCode::PortInUse,
        Error::Denied | Error::Refused { .. } | Error::TimedOut { .. } | Error::Cancelled => {
            ErrorCode::SignInNotFinished
        }
        Error::Unreachable { .. } | Error::Tls { .. } => ErrorCode::Unreachable,
        Error::NotTheApi { .. } => ErrorCode::NotTheApi,
    }
}
