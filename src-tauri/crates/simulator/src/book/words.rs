//! Lists of words, written as one text and cut apart by the compiler.

/// A list to draw from.
pub(crate) type Words = &'static [&'static str];

/// The words of a `|`-separated text.
macro_rules! words {
    ($text:literal) => {{
        const LIST: [&str; $crate::book::words::count($text)] = $crate::book::words::split($text);
        &LIST
    }};
}
pub(crate) use words;

pub(crate) const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut count, mut at) = (1, 0);
    while at < bytes.len() {
        if bytes[at] == b'|' {
            count += 1;
        }
        at += 1;
    }
    count
}

pub(crate) const fn split<const N: usize>(text: &'static str) -> [&'static str; N] {
    let mut list = [""; N];
    let mut rest = text;
    let (mut word, mut at) = (0, 0);
    while at < rest.len() {
        if rest.as_bytes()[at] == b'|' {
            let (head, tail) = rest.split_at(at);
            list[word] = head;
            rest = tail.split_at(1).1;
            word += 1;
            at = 0;
        } else {
            at += 1;
        }
    }
    list[word] = rest;
    list
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_cut_at_bars() {
        assert_eq!(words!("GmbH|S.A.|& Söhne"), &["GmbH", "S.A.", "& Söhne"]);
        assert_eq!(words!("one"), &["one"]);
    }
}
