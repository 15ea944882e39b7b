//! `X-PrettyPrint: 1`: the same JSON with one member a line, `"a" : 1`.

use crate::reply::Reply;

/// Indents a JSON answer; any other answer stays as it is.
pub(crate) fn indented(mut reply: Reply) -> Reply {
    let is_json = reply
        .headers
        .iter()
        .any(|(name, value)| *name == "content-type" && value.starts_with("application/json"));
    if is_json {
        reply.body = indent(&reply.body);
    }
    reply
}

/// Lays out compact JSON; numbers and texts keep their exact form.
fn indent(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    // What is open, innermost last.
    let mut open: Vec<u8> = Vec::new();
    // Objects indent, lists do not.
    let mut depth = 0_usize;
    let new_line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.resize(out.len() + depth * 2, b' ');
    };
    let (mut in_text, mut escaped) = (false, false);
    for (position, &byte) in json.iter().enumerate() {
        if in_text {
            out.push(byte);
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        let empty = matches!(json.get(position + 1), Some(b'}' | b']'));
        match byte {
            b'"' => {
                in_text = true;
                out.push(byte);
            }
            b'{' | b'[' => {
                open.push(byte);
                depth += usize::from(byte == b'{');
                out.push(byte);
                if byte == b'{' && !empty {
                    new_line(&mut out, depth);
                } else {
                    out.push(b' ');
                }
            }
            b'}' | b']' => {
                open.pop();
                depth = depth.saturating_sub(usize::from(byte == b'}'));
                let was_empty = position > 0 && matches!(json[position - 1], b'{' | b'[');
                if !was_empty && byte == b'}' {
                    new_line(&mut out, depth);
                } else if !was_empty {
                    out.push(b' ');
                }
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                if open.last() == Some(&b'{') {
                    new_line(&mut out, depth);
                } else {
                    out.push(b' ');
                }
            }
            b':' => out.extend_from_slice(b" : "),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn looks_like_jackson() {
        let text = indent(br#"{"a":1.0,"b":[{"c":"x:,\"}"},{}],"d":[]}"#);
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "{\n  \"a\" : 1.0,\n  \"b\" : [ {\n    \"c\" : \"x:,\\\"}\"\n  }, { } ],\n  \"d\" : [ ]\n}"
        );
    }

    proptest! {
        #[test]
        fn says_the_same(texts in proptest::collection::vec("\\PC{0,12}", 0..6), number in any::<f64>()) {
            let value = serde_json::json!({"texts": texts, "n": {"number": number, "list": [[], {}, [1, {"a": texts.len()}]]}});
            let before = serde_json::to_vec(&value).unwrap();
            let after: serde_json::Value = serde_json::from_slice(&indent(&before)).unwrap();
            prop_assert_eq!(after, serde_json::from_slice::<serde_json::Value>(&before).unwrap());
        }
    }
}
