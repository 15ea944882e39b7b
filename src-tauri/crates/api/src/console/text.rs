//! JSON as people read it. Token by token, so that numbers keep their digits and members their
//! order, and a long answer costs no more than what is shown of it.

/// The text with line breaks and indents, up to about `limit` bytes, and whether it was cut there.
/// What is not JSON comes out as it went in, broken at the same signs.
pub(super) fn pretty(text: &str, limit: usize) -> (String, bool) {
    let mut out = String::with_capacity(text.len().min(limit) * 2);
    let mut depth = 0_usize;
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        if out.len() >= limit {
            return (out, !text[at..].trim().is_empty());
        }
        match sign {
            '"' => {
                let end = string_end(text, at);
                // One value may be longer than all that is shown.
                let shown = cut(&text[at..end], limit.saturating_sub(out.len()).max(1));
                out.push_str(shown);
                if shown.len() < end - at {
                    return (out, true);
                }
                while signs.peek().is_some_and(|(next, _)| *next < end) {
                    signs.next();
                }
            }
            '{' | '[' => {
                out.push(sign);
                while signs.peek().is_some_and(|(_, next)| next.is_whitespace()) {
                    signs.next();
                }
                if let Some((_, close)) = signs.next_if(|(_, next)| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(sign);
            }
            ',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            sign if sign.is_whitespace() => {}
            sign => out.push(sign),
        }
    }
    (out, false)
}

/// The text on one line.
pub(super) fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(sign) = text[at..].chars().next() {
        let end = if sign == '"' {
            string_end(text, at)
        } else {
            at + sign.len_utf8()
        };
        if !sign.is_whitespace() {
            out.push_str(&text[at..end]);
        }
        at = end;
    }
    out
}

/// The beginning of a text, at most so many bytes and never half a letter.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Where the string that begins at `at` ends.
fn string_end(text: &str, at: usize) -> usize {
    let mut escaped = false;
    for (step, byte) in text.as_bytes()[at + 1..].iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + step + 2,
            _ => {}
        }
    }
    text.len()
}

/// Deeper nesting is indented no further: what is shown stays bounded.
const DEEPEST: usize = 64;

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth.min(DEEPEST) {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_strings_and_order_stay_as_they_came() {
        let text = r#"{"z":12345678901234567890.10,"a":["x,\"y\": {", [] , {} ],"b":null}"#;
        let (shown, cut) = pretty(text, 10_000);
        assert_eq!(
            shown,
            "{\n  \"z\": 12345678901234567890.10,\n  \"a\": [\n    \"x,\\\"y\\\": {\",\n    [],\n    {}\n  ],\n  \"b\": null\n}"
        );
        assert!(!cut);
        assert_eq!(
            compact(&shown),
            text.replace(" , ", ",")
                .replace(", []", ",[]")
                .replace("} ]", "}]")
        );
    }

    #[test]
    fn what_is_shown_is_bounded_whatever_comes() {
        for text in [
            format!("[{}]", "1,".repeat(100_000)),
            format!("\"{}\"", "ä".repeat(100_000)),
            "[".repeat(100_000),
            "\"never ends \\".repeat(10_000),
        ] {
            let (shown, cut) = pretty(&text, 1_000);
            assert!(cut && shown.len() < 1_200, "{}", shown.len());
        }
        assert_eq!(pretty("", 10), (String::new(), false));
        assert_eq!(pretty("[1] \n", 3).0, "[\n  1\n]".get(..4).unwrap());
        assert_eq!(cut("aä", 2), "a");
    }
}
