//! The JWT bearer flow (facts/salesforce.md §1.6): a signed statement instead of a person.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, alg_id};
use tokio_rustls::rustls::server::ParsedCertificate;

use crate::reply::Request;
use crate::salesforce::oauth::grants::OAuth;
use crate::salesforce::oauth::keys::element;
use crate::salesforce::oauth::policy::TokenError;
use crate::salesforce::org::Org;

pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Furthest a statement's end may lie ahead, in seconds.
const LONGEST: i64 = 5 * 60;

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Value,
    exp: Value,
}

impl OAuth {
    /// Registers the certificate whose key signs statements; RSA, as PEM.
    pub(crate) fn register_jwt_certificate(&mut self, pem: &str) -> Result<(), &'static str> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| "No certificate in PEM form was found.")?;
        let key = public_key(&certificate).ok_or("The certificate could not be read.")?;
        self.jwt_certificate = Some(key);
        Ok(())
    }
}

/// The bits of a certificate's public key.
fn public_key(certificate: &CertificateDer<'_>) -> Option<Vec<u8>> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    let info = parsed.subject_public_key_info();
    let (content, _) = element(&info, 0x30)?;
    let (_, rest) = element(content, 0x30)?;
    let (bits, _) = element(rest, 0x03)?;
    // The first byte of a bit string counts its unused bits: none.
    bits.strip_prefix(&[0]).map(<[u8]>::to_vec)
}

fn part<T: for<'a> Deserialize<'a>>(text: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Whether the statement is true and may be used; the order of the checks is the real one's as far
/// as it is known.
pub(super) fn check(org: &Org, request: &Request, assertion: &str) -> Result<(), TokenError> {
    let invalid = || TokenError::grant("invalid assertion");
    let (signed, signature) = assertion.rsplit_once('.').ok_or_else(invalid)?;
    let (header, claims) = signed.split_once('.').ok_or_else(invalid)?;
    let header: Header = part(header).ok_or_else(invalid)?;
    let claims: Claims = part(claims).ok_or_else(invalid)?;
    if claims.iss != org.oauth.client_id {
        return Err(TokenError::new(
            "invalid_client_id",
            "client identifier invalid",
        ));
    }
    let key = org.oauth.jwt_certificate.as_deref().ok_or_else(invalid)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| invalid())?;
    if header.alg != "RS256" || !is_signed(key, signed.as_bytes(), &signature) {
        return Err(invalid());
    }
    let login = if org.identity.is_sandbox {
        "https://test.salesforce.com"
    } else {
        "https://login.salesforce.com"
    };
    let audience = claims
        .aud
        .as_str()
        .unwrap_or_default()
        .trim_end_matches('/');
    let host = |url: &str| url.split("://").nth(1).map(str::to_owned);
    if audience != login && host(audience) != host(&request.origin()) {
        return Err(TokenError::grant("audience is invalid"));
    }
    // Clients date statements by the machine's clock, which nobody moves.
    let left = expiry(&claims.exp).ok_or_else(invalid)? - crate::now::now().as_second();
    if !(0..=LONGEST).contains(&left) {
        return Err(TokenError::grant("assertion expired"));
    }
    if claims.sub != org.identity.username {
        return Err(TokenError::grant("user hasn't approved this consumer"));
    }
    Ok(())
}

/// Seconds since 1970, as a number or as text.
fn expiry(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
        .filter(|seconds| (0..=i64::from(u32::MAX) * 8).contains(seconds))
}

fn is_signed(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    aws_lc_rs::default_provider()
        .signature_verification_algorithms
        .all
        .iter()
        .filter(|algorithm| {
            algorithm.signature_alg_id() == alg_id::RSA_PKCS1_SHA256
                && algorithm.public_key_alg_id() == alg_id::RSA_ENCRYPTION
        })
        .any(|algorithm| algorithm.verify_signature(key, message, signature).is_ok())
}
