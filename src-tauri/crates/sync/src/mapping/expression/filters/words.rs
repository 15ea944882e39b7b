//! Filters that work on words.

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::{bounded, text};

pub(super) fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|it| it.to_uppercase().collect::<String>());
    first.unwrap_or_default() + &letters.as_str().to_lowercase()
}

/// Each word with a capital; what is not a letter stays.
pub(super) fn title(text: &str) -> String {
    let mut inside = false;
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        if inside {
            made.extend(letter.to_lowercase());
        } else {
            made.extend(letter.to_uppercase());
        }
        // An apostrophe does not begin a word: O'Brien is left to `replace`, "don't" is not "Don'T".
        inside = letter.is_alphanumeric() || matches!(letter, '\'' | '’');
    }
    made
}

/// The host of an e-mail address or a web address, in lower case, without `www.` and without the
/// `.invalid` of a masked address. Blank when there is none.
pub(super) fn domain(text: &str) -> String {
    let text = text.trim();
    let host = match (text.rsplit_once('@'), text.split_once("://")) {
        (_, Some((_, rest))) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            host.rsplit('@').next().unwrap_or_default()
        }
        (Some((_, host)), None) => host,
        (None, None) => text.split(['/', '?', '#']).next().unwrap_or_default(),
    };
    let host = host.split(':').next().unwrap_or_default().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let host = host.strip_suffix(".invalid").unwrap_or(host);
    if host.contains('.') && !host.contains(char::is_whitespace) {
        host.to_owned()
    } else {
        String::new()
    }
}

pub(super) fn replace(value: &Value, from: &str, to: &str) -> Result<String, Error> {
    let text = text(value)?;
    let found = text.matches(from).count();
    bounded(text.len().saturating_add(found.saturating_mul(to.len())))?;
    Ok(text.replace(from, to))
}

/// The parts that are not blank, with the separator between.
pub(super) fn join(list: &Value, separator: Option<&str>) -> Result<String, Error> {
    if !matches!(list.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Ok(text(list)?.into_owned());
    }
    let separator = separator.unwrap_or_default();
    let mut made = String::new();
    for part in list.try_iter()? {
        let part = text(&part)?;
        if part.trim().is_empty() {
            continue;
        }
        if !made.is_empty() {
            made.push_str(separator);
        }
        made.push_str(&part);
        bounded(made.len())?;
    }
    Ok(made)
}

pub(super) fn split(value: &Value, separator: Option<&str>) -> Result<Vec<String>, Error> {
    const MOST: usize = 1_000;
    let text = text(value)?;
    Ok(match separator {
        None | Some("") => text
            .split_whitespace()
            .take(MOST)
            .map(str::to_owned)
            .collect(),
        Some(separator) => text
            .split(separator)
            .take(MOST)
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_domain_is_found_in_addresses_of_both_kinds() {
        for (text, expected) in [
            ("ada@Mill.Example", "mill.example"),
            ("ada@mill.example.invalid", "mill.example"),
            ("https://www.mill.example/a?b@c", "mill.example"),
            ("https://ada:secret@mill.example:8443/", "mill.example"),
            ("www.mill.example/path", "mill.example"),
            ("no address", ""),
            ("", ""),
        ] {
            assert_eq!(domain(text), expected, "{text}");
        }
    }

    #[test]
    fn title_keeps_apostrophes_inside_words() {
        assert_eq!(
            title("old MILL don't über-lane"),
            "Old Mill Don't Über-Lane"
        );
    }
}
