//! The key that signs id tokens, and its public part (facts/salesforce.md §1.4). It is made when it
//! is first asked for: few clients ask, and it takes a while.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize, SigningKey};
use serde_json::{Value, json};

use crate::reply::Reply;
use crate::salesforce::oauth::grants::{Issued, OAuth};
use crate::salesforce::org::Org;

/// Id of the only key.
const KEY_ID: &str = "266";
/// Seconds an id token is good for.
const ID_TOKEN_LIFE: i64 = 120;

/// An RSA key.
pub(super) struct Keys(KeyPair);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

fn keys(oauth: &mut OAuth) -> Option<&Keys> {
    if oauth.keys.is_none() {
        let made = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048);
        oauth.keys = made
            .inspect_err(|error| tracing::warn!(%error, "could not make a signing key"))
            .ok()
            .map(Keys);
    }
    oauth.keys.as_ref()
}

/// `GET /id/keys`: a JSON Web Key set.
pub(super) fn published(org: &mut Org) -> Reply {
    let key = keys(&mut org.oauth).and_then(|keys| {
        let (modulus, exponent) = rsa_numbers(keys.0.public_key_raw())?;
        Some(json!({
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID,
            "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent)
        }))
    });
    let keys: Vec<Value> = key.into_iter().collect();
    Reply::json(200, &json!({"keys": keys}))
}

/// The signed token of a sign-in with the scope `openid`; `None` when no key could be made.
pub(super) fn id_token(org: &mut Org, origin: &str, sub: &str, issued: &Issued) -> Option<String> {
    let now = org.oauth.now().as_second();
    let mut claims = json!({
        "iss": origin, "sub": sub, "aud": org.oauth.client_id, "iat": now, "exp": now + ID_TOKEN_LIFE
    });
    if let (Some(nonce), Some(claims)) = (&issued.nonce, claims.as_object_mut()) {
        claims.insert("nonce".to_owned(), Value::from(nonce.as_str()));
    }
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": KEY_ID});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let signature = keys(&mut org.oauth)?.0.sign(signed.as_bytes()).ok()?;
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017: a sequence of two integers), without
/// leading zeros.
fn rsa_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = element(der, 0x30)?;
    let (modulus, rest) = element(sequence, 0x02)?;
    let (exponent, _) = element(rest, 0x02)?;
    Some((unsigned(modulus), unsigned(exponent)))
}

/// An integer without the zeros that only tell its sign.
fn unsigned(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|byte| **byte == 0).count();
    &integer[zeros..]
}

/// The content of the DER element of this tag at the start, and what follows it.
pub(super) fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    if *first != tag {
        return None;
    }
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let count = usize::from(*length & 0x7f);
        if count > size_of::<usize>() || count > rest.len() {
            return None;
        }
        let (bytes, rest) = rest.split_at(count);
        let length = bytes
            .iter()
            .fold(0_usize, |length, byte| (length << 8) | usize::from(*byte));
        (length, rest)
    };
    (length <= rest.len()).then(|| rest.split_at(length))
}
