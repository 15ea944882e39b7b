//! The login to one org, and the text it is kept as.

use drawbridge_model::{SecretError, Sensitive};
use url::Url;

use crate::{Error, urls};

/// First line of the kept text; the number moves when the format does.
const FORMAT: &str = "salesforce-login-1";

/// The kept text stays below this many characters. Windows keeps 2,560 bytes, two for each
/// character.
const MAX_KEPT: usize = 1_200;

/// Keeps a login each time Salesforce renews it. The old refresh token is dead by then, so
/// `save` must have kept the new one when it returns.
pub trait TokenKeeper: Send + Sync {
    /// Keeps the login in place of the former one.
    fn save(&self, tokens: &Tokens) -> Result<(), SecretError>;

    /// The login as it is kept now. Another process may have renewed it meanwhile: its refresh
    /// token counts then, because ours is dead. `None` where nothing can be read back.
    fn load(&self) -> Result<Option<Tokens>, SecretError> {
        Ok(None)
    }
}

/// A login. It prints nothing secret and cannot be serialized by accident;
/// [`Tokens::to_secret`] is for the keychain.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// What each call carries; empty when only the refresh token is known yet.
    pub access_token: Sensitive<String>,
    /// What renews the access token; `None` for a login that ends with its access token.
    pub refresh_token: Option<Sensitive<String>>,
    /// Where the org's API answers. The access token goes nowhere else.
    pub instance_url: Url,
    /// Address that names the org and the user, `…/id/<org id>/<user id>`.
    pub identity_url: Option<Url>,
    /// Where the login was made and is renewed.
    pub login_url: Url,
    /// Consumer key of the External Client App; `None` for a bare access token.
    pub client_id: Option<String>,
    /// Consumer secret, which only logins imported from elsewhere may have.
    pub client_secret: Option<Sensitive<String>>,
}

impl Tokens {
    /// A login that is an access token alone, from the environment or `sf org auth
    /// show-access-token`. It ends with the session and cannot be renewed.
    pub fn from_access_token(
        instance_url: Url,
        access_token: Sensitive<String>,
    ) -> Result<Self, Error> {
        urls::secure(&instance_url)?;
        Ok(Self {
            access_token,
            refresh_token: None,
            login_url: instance_url.clone(),
            instance_url,
            identity_url: None,
            client_id: None,
            client_secret: None,
        })
    }

    /// The id of the signed-in user, where the login names it.
    pub fn user_id(&self) -> Option<&str> {
        self.identity_url.as_ref()?.path_segments()?.next_back()
    }

    /// The login as text for the keychain: the format's name on the first line, then one
    /// `letter=value` a line (`i` instance, `l` login address, `d` identity, `c` consumer key,
    /// `s` consumer secret, `r` refresh token, `a` access token). An access token that would make
    /// the text too long for Windows is left out when it can be renewed.
    pub fn to_secret(&self) -> Sensitive<String> {
        let mut text = FORMAT.to_owned();
        let mut line = |letter: char, value: &str| {
            text.push('\n');
            text.push(letter);
            text.push('=');
            text.push_str(value);
        };
        line('i', self.instance_url.as_str());
        line('l', self.login_url.as_str());
        if let Some(identity) = &self.identity_url {
            line('d', identity.as_str());
        }
        if let Some(client_id) = &self.client_id {
            line('c', client_id);
        }
        if let Some(secret) = &self.client_secret {
            line('s', secret.expose());
        }
        if let Some(refresh) = &self.refresh_token {
            line('r', refresh.expose());
        }
        let access = self.access_token.expose();
        let fits = text.len() + access.len() + 3 <= MAX_KEPT;
        if !access.is_empty() && (fits || self.refresh_token.is_none()) {
            text.push_str("\na=");
            text.push_str(access);
        }
        Sensitive::new(text)
    }

    /// Reads what [`Tokens::to_secret`] wrote. `name` is the secret's name, for the error.
    pub fn from_secret(secret: &Sensitive<String>, name: &str) -> Result<Self, SecretError> {
        let damaged = || SecretError::Damaged {
            name: name.to_owned(),
        };
        let mut lines = secret.expose().lines();
        if lines.next() != Some(FORMAT) {
            return Err(damaged());
        }
        let lines: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once('=')).collect();
        let value = |letter: &str| {
            lines
                .iter()
                .find(|(found, _)| *found == letter)
                .map(|(_, value)| *value)
        };
        let address = |letter: &str| value(letter).and_then(|text| Url::parse(text).ok());
        let tokens = Self {
            access_token: Sensitive::from(value("a").unwrap_or_default()),
            refresh_token: value("r").map(Sensitive::from),
            instance_url: address("i").ok_or_else(damaged)?,
            identity_url: address("d"),
            login_url: address("l").ok_or_else(damaged)?,
            client_id: value("c").map(str::to_owned),
            client_secret: value("s").map(Sensitive::from),
        };
        let usable = !tokens.access_token.expose().is_empty() || tokens.refresh_token.is_some();
        let safe =
            urls::secure(&tokens.instance_url).is_ok() && urls::secure(&tokens.login_url).is_ok();
        if usable && safe {
            Ok(tokens)
        } else {
            Err(damaged())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    fn tokens(access: &str) -> Tokens {
        Tokens {
            access_token: Sensitive::from(access),
            refresh_token: Some(Sensitive::from("5Aep861refresh==")),
            instance_url: Url::parse("https://acme--uat.sandbox.my.salesforce.com").unwrap(),
            identity_url: Url::parse(
                "https://test.salesforce.com/id/00Di0000000icUBEAY/005i0000002MUqLAAW",
            )
            .ok(),
            login_url: Url::parse("https://test.salesforce.com").unwrap(),
            client_id: Some("3MVG9consumer_key".to_owned()),
            client_secret: None,
        }
    }

    #[test]
    fn a_login_survives_being_kept() {
        let kept = tokens("00Di0000000icUB!AQ0AQ.x=y").to_secret();
        let back = Tokens::from_secret(&kept, "sandbox").unwrap();
        assert_eq!(back.access_token.expose(), "00Di0000000icUB!AQ0AQ.x=y");
        assert_eq!(
            back.refresh_token.as_ref().unwrap().expose(),
            "5Aep861refresh=="
        );
        assert_eq!(back.user_id(), Some("005i0000002MUqLAAW"));
        assert_eq!(back.client_id.as_deref(), Some("3MVG9consumer_key"));
        assert_eq!(back.to_secret().expose(), kept.expose());
    }

    #[test]
    fn a_long_access_token_is_left_out_rather_than_losing_the_login() {
        let kept = tokens(&"x".repeat(3_000)).to_secret();
        assert!(kept.expose().len() < MAX_KEPT);
        let back = Tokens::from_secret(&kept, "sandbox").unwrap();
        assert!(back.access_token.expose().is_empty());
    }

    #[test]
    fn nothing_secret_is_printed() {
        let mut tokens = tokens("00Dsecret");
        tokens.client_secret = Some(Sensitive::from("hush"));
        let printed = format!("{tokens:?} {:?}", tokens.to_secret());
        for secret in ["00Dsecret", "5Aep861", "hush"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }

    #[test]
    fn other_texts_are_damaged() {
        for text in [
            "",
            "pk_live_1",
            "salesforce-login-1",
            "salesforce-login-1\ni=https://a.my.salesforce.com/\nl=https://a.my.salesforce.com/",
            "salesforce-login-1\ni=http://a.example/\nl=https://b.my.salesforce.com/\na=x",
        ] {
            let error = Tokens::from_secret(&Sensitive::from(text), "sandbox").unwrap_err();
            assert!(matches!(error, SecretError::Damaged { .. }), "{text}");
        }
    }
}
