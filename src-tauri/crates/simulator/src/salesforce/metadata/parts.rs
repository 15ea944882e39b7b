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
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// The parts, or `None` when the body is not well-formed.
pub(crate) fn split<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let boundary = content_type.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary")
            .then(|| value.trim_matches('"').to_owned())
    })?;
    let delimiter = format!("--{boundary}").into_bytes();
    let mut rest = &body[find(body, &delimiter)? + delimiter.len()..];
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest
            .strip_prefix(b"\r\n")
            .or_else(|| rest.strip_prefix(b"\n"))?;
        let end = find(rest, &delimiter)?;
        let part = &rest[..end];
        let (head, body) = if let Some(at) = find(part, b"\r\n\r\n") {
            (&part[..at], &part[at + 4..])
        } else {
            let at = find(part, b"\n\n")?;
            (&part[..at], &part[at + 2..])
        };
        let body = body
            .strip_suffix(b"\r\n")
            .or_else(|| body.strip_suffix(b"\n"))
            .unwrap_or(body);
        parts.push(Part {
            headers: String::from_utf8_lossy(head).to_ascii_lowercase(),
            body,
        });
        rest = &rest[end + delimiter.len()..];
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

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
