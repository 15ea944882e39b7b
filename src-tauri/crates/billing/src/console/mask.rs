//! Takes the key out of what is shown, kept or logged.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands where the key stood.
pub(crate) const REDACTED: &str = "<redacted>";

/// The key in every spelling that text of the web has for it.
pub(crate) struct Mask {
    spellings: Vec<String>,
}

impl Mask {
    pub(crate) fn new(key: &str) -> Self {
        let key = key.trim();
        let quoted = serde_json::to_string(key).unwrap_or_default();
        let mut spellings = vec![
            key.to_owned(),
            quoted.trim_matches('"').to_owned(),
            key.replace('/', "\\/"),
            utf8_percent_encode(key, NON_ALPHANUMERIC).to_string(),
            url::form_urlencoded::byte_serialize(key.as_bytes()).collect(),
        ];
        spellings.retain(|spelling| !spelling.is_empty());
        spellings.dedup();
        Self { spellings }
    }

    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.spellings
            .iter()
            .any(|spelling| text.contains(spelling.as_str()))
    }

    pub(crate) fn text(&self, text: &str) -> String {
        self.spellings
            .iter()
            .fold(text.to_owned(), |text, spelling| {
                text.replace(spelling.as_str(), REDACTED)
            })
    }

    /// As [`Mask::text`], of bytes that need not be text. An answer without the key is not copied.
    pub(crate) fn bytes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for spelling in &self.spellings {
            let found = places(&bytes, spelling.as_bytes());
            if found.is_empty() {
                continue;
            }
            let mut masked = Vec::with_capacity(bytes.len());
            let mut from = 0;
            for at in found {
                masked.extend_from_slice(&bytes[from..at]);
                masked.extend_from_slice(REDACTED.as_bytes());
                from = at + spelling.len();
            }
            masked.extend_from_slice(&bytes[from..]);
            bytes = masked;
        }
        bytes
    }
}

/// Where the pattern begins, one after the other.
fn places(bytes: &[u8], pattern: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(first) = pattern.first() else {
        return found;
    };
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(|byte| byte == first) {
        at += step;
        if bytes[at..].starts_with(pattern) {
            found.push(at);
            at += pattern.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_goes_in_every_spelling() {
        let mask = Mask::new("kid./+\"s");
        let text = r#"kid./+"s kid./+\"s kid.\/+"s kid%2E%2F%2B%22s kid.%2F%2B%22s kid."#;
        let masked = mask.text(text);
        assert!(!masked.contains('+') && !masked.contains("%2F"), "{masked}");
        assert!(masked.ends_with(" kid."), "{masked}");
        assert_eq!(mask.bytes(text.as_bytes().to_vec()), masked.as_bytes());
        assert!(mask.is_in("a kid.%2F%2B%22s b") && !mask.is_in("kid."));
    }

    #[test]
    fn bytes_that_are_no_text_stay_as_they_are() {
        let bytes = vec![0xff, b'k', 0, b'k', b'e', b'k', b'e', b'y', 0xfe];
        let masked = Mask::new("key").bytes(bytes);
        assert_eq!(
            masked,
            [&[0xff, b'k', 0, b'k', b'e'][..], b"<redacted>", &[0xfe]].concat()
        );
    }
}
