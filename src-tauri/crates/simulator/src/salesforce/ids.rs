//! Salesforce record ids: 15 case-sensitive characters and an 18-character form with a checksum
//! (facts/salesforce.md §12).

use std::collections::HashMap;

const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The 18-character form of a 15-character id; `None` when it is not one.
pub(crate) fn to18(id: &str) -> Option<String> {
    let bytes = id.as_bytes();
    if bytes.len() != 15 || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let mut long = String::with_capacity(18);
    long.push_str(id);
    for chunk in bytes.chunks(5) {
        let index = chunk.iter().enumerate().fold(0, |bits, (i, c)| {
            bits | (usize::from(c.is_ascii_uppercase()) << i)
        });
        long.push(char::from(CHECK[index]));
    }
    Some(long)
}

/// The canonical 18-character form of a 15- or 18-character id; `None` for a bad form or checksum.
pub(crate) fn canonical(id: &str) -> Option<String> {
    match id.len() {
        15 => to18(id),
        18 if id.is_ascii() => {
            let long = to18(&id[..15])?;
            long.eq_ignore_ascii_case(id).then_some(long)
        }
        _ => None,
    }
}

/// Hands out new ids, one counter per key prefix.
#[derive(Debug, Clone, Default)]
pub(crate) struct IdMint(HashMap<String, u64>);

impl IdMint {
    /// The next id with this key prefix, 18 characters.
    pub(crate) fn next(&mut self, prefix: &str) -> String {
        if !self.0.contains_key(prefix) {
            self.0.insert(prefix.to_owned(), 238_328 * 57);
        }
        let counter = self.0.get_mut(prefix).map_or(0, |counter| {
            *counter += 1;
            *counter
        });
        let short = [prefix, "5f0", &base62(counter, 9)].concat();
        to18(&short).unwrap_or(short)
    }
}

/// `value` in base 62, padded with zeros to `width` characters.
pub(crate) fn base62(mut value: u64, width: usize) -> String {
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        let index = usize::try_from(value % 62).unwrap_or_default();
        *digit = BASE62[index];
        value /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// Whether a text can be the API name of a rule or a record type: a letter, then letters, digits and
/// underscores.
pub(crate) fn is_api_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_matches_real_ids() {
        assert_eq!(
            to18("0017e00001W4GYR").as_deref(),
            Some("0017e00001W4GYRAA3")
        );
        assert_eq!(
            to18("012000000000000").as_deref(),
            Some("012000000000000AAA")
        );
        assert_eq!(canonical("0017e00001W4GYRAA4"), None);
        assert_eq!(canonical("0017e00001W4GY!"), None);
    }

    #[test]
    fn minted_ids_differ_and_check() {
        let mut mint = IdMint::default();
        let (a, b) = (mint.next("001"), mint.next("001"));
        assert_ne!(a, b);
        assert_eq!(canonical(&a[..15]), Some(a));
    }
}
