//! Logins imported from the Salesforce CLI.

use drawbridge_model::Sensitive;
use url::Url;

use crate::{Error, Tokens, urls};

/// Reads an `sfdxAuthUrl`: `force://<client id>:<secret or nothing>:<refresh token>@<host>`. The
/// access token is fetched at the first call. A host on this computer is spoken to over http.
pub fn from_sfdx_url(text: &Sensitive<String>) -> Result<Tokens, Error> {
    let parts = text
        .expose()
        .trim()
        .strip_prefix("force://")
        .and_then(|rest| rest.rsplit_once('@'))
        .and_then(|(login, host)| {
            let mut fields = login.splitn(3, ':');
            Some((fields.next()?, fields.next()?, fields.next()?, host))
        });
    let Some((client_id, secret, refresh, host)) = parts else {
        return Err(Error::NotAnSfdxUrl);
    };
    let token_like = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-=".contains(c))
    };
    let host = host.trim_end_matches('/');
    let well_formed = !client_id.is_empty()
        && !refresh.is_empty()
        && [client_id, secret, refresh].into_iter().all(token_like)
        && !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ":._-[]".contains(c));
    if !well_formed {
        return Err(Error::NotAnSfdxUrl);
    }
    let https = Url::parse(&format!("https://{host}")).map_err(|_| Error::NotAnSfdxUrl)?;
    let login_url = if urls::is_loopback(&https) {
        Url::parse(&format!("http://{host}")).map_err(|_| Error::NotAnSfdxUrl)?
    } else {
        crate::parse_login_url(https.as_str())?
    };
    Ok(Tokens {
        access_token: Sensitive::new(String::new()),
        refresh_token: Some(Sensitive::from(refresh)),
        instance_url: login_url.clone(),
        identity_url: None,
        login_url,
        client_id: Some(client_id.to_owned()),
        client_secret: (!secret.is_empty()).then(|| Sensitive::from(secret)),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(text: &str) -> Result<Tokens, Error> {
        from_sfdx_url(&Sensitive::from(text))
    }

    #[test]
    fn the_forms_the_cli_writes() {
        let tokens = read("force://PlatformCLI::5Aep861_x.y==@acme.my.salesforce.com\n").unwrap();
        assert_eq!(tokens.client_id.as_deref(), Some("PlatformCLI"));
        assert!(tokens.client_secret.is_none());
        assert_eq!(tokens.refresh_token.unwrap().expose(), "5Aep861_x.y==");
        assert_eq!(tokens.login_url.as_str(), "https://acme.my.salesforce.com/");

        let tokens = read("force://3MVG9:123=:5Aep@localhost:8123").unwrap();
        assert_eq!(tokens.client_secret.unwrap().expose(), "123=");
        assert_eq!(tokens.instance_url.as_str(), "http://localhost:8123/");
    }

    #[test]
    fn other_texts_are_refused_without_repeating_them() {
        for text in [
            "",
            "https://acme.my.salesforce.com",
            "force://only:two@host",
            "force://:x:refresh@acme.my.salesforce.com",
            "force://id::@acme.my.salesforce.com",
            "force://id::secret-token@",
            "force://id::secret token@acme.my.salesforce.com",
        ] {
            let error = read(text).unwrap_err();
            assert!(matches!(error, Error::NotAnSfdxUrl), "{text}");
            assert!(!error.to_string().contains("secret-token"));
        }
    }
}
