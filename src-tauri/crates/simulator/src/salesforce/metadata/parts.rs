//! Splits a `multipart/form-data` body. Parts are told apart by content, not by name or order.

/// One part.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    headers: String,
    pub(crate) body: &'a [u8],
}

impl Part<'_> {
    pub(crate) fn looks_like_zip(&self) -> bool {
        self.headers.contains("application/zip") || self.body.starts_with(b"PK\x03\x04")
    }

    pub(crate) fn looks_like_json(&self) -> bool {
        !self.looks_like_zip()
            && (self.headers.contains("application/json")
                || self.body.trim_ascii_start().starts_with(b"{"))
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let mut from = 0;
    loop {
        let at = from
            + haystack
                .get(from..)?
                .iter()
                .position(|byte| byte == first)?;
        if haystack.get(at + 1..)?.starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The boundary a content type names.
fn boundary(content_type: &str) -> Option<String> {
    let mut parameters = content_type.split(';');
    if !parameters
        .next()?
        .trim()
        .to_ascii_lowercase()
        .starts_with("multipart/")
    {
        return None;
    }
    parameters.find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("boundary") && !value.is_empty())
            .then(|| value.to_owned())
    })
}

/// The parts, or `None` when the body is not well-formed.
pub(crate) fn split<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    // Every delimiter but the first stands at the start of a line, so that a zip may hold the word.
    let delimiter = format!("\r\n--{}", boundary(content_type)?).into_bytes();
    let first = &delimiter[2..];
    let mut rest = if body.starts_with(first) {
        body.get(first.len()..)?
    } else {
        body.get(find(body, &delimiter)? + delimiter.len()..)?
    };
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        // Blanks may pad the delimiter's line; the line end stays, an empty header block needs it.
        let padding = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        rest = rest.get(padding..)?;
        let end = find(rest, &delimiter)?;
        let part = rest.get(..end)?;
        let at = find(part, b"\r\n\r\n")?;
        let (head, body) = (part.get(..at)?, part.get(at + 4..)?);
        parts.push(Part {
            headers: String::from_utf8_lossy(head).to_ascii_lowercase(),
            body,
        });
        rest = rest.get(end + delimiter.len()..)?;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_body_is_split_or_refused(
            pieces in proptest::collection::vec(
                prop_oneof![
                    Just(&b"--X"[..]), Just(&b"\r\n"[..]), Just(&b"\r\n\r\n"[..]), Just(&b"--"[..]),
                    Just(&b"PK\x03\x04"[..]), Just(&b"{}"[..]), Just(&b"a: b"[..]), Just(&b" "[..]),
                ],
                0..24,
            ),
            content_type in "(multipart/form-data)?;? ?(boundary=)?\"?X?\"?",
        ) {
            let _ = split(&content_type, &pieces.concat());
        }

        #[test]
        fn parts_come_back_as_they_were_sent(
            bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 1..4)
        ) {
            let mut sent = Vec::new();
            for body in &bodies {
                sent.extend(b"--=_bound\r\nContent-Disposition: form-data\r\n\r\n");
                sent.extend(body);
                sent.extend(b"\r\n");
            }
            sent.extend(b"--=_bound--\r\n");
            let parts = split("multipart/form-data; boundary=\"=_bound\"", &sent).unwrap();
            let got: Vec<Vec<u8>> = parts.iter().map(|part| part.body.to_vec()).collect();
            prop_assert_eq!(got, bodies);
        }
    }

    #[test]
    fn parts_in_any_order() {
        let body = b"--X\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: application/zip\r\n\r\nPK\x03\x04\r\n--X\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n{\"a\":1}\r\n--X--\r\n";
        let parts = split("multipart/form-data; boundary=X", body).unwrap();
        assert!(parts[0].looks_like_zip());
        assert_eq!(parts[1].body, b"{\"a\":1}");
        assert!(parts[1].looks_like_json());
        assert!(split("multipart/form-data; boundary=Y", body).is_none());
    }
}
