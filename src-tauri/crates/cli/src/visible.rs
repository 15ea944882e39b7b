//! What comes from outside, made fit for a terminal: a customer's name, an answer of Salesforce or a
//! path may hold sequences that clear the screen, move the cursor, or turn the line around.

use std::borrow::Cow;
use std::fmt::Write;

/// The most characters of a name in a table.
const NAME: usize = 40;

/// Text of several lines: their breaks stay, every other control character is made visible.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unfit) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' if rest.peek() == Some(&'\n') => {}
            other => push(&mut shown, other),
        }
    }
    Cow::Owned(shown)
}

/// The same as one line: a break is shown as ⏎.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_unfit(c) || matches!(c, '\n' | '\t')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\u{2028}' | '\u{2029}' => shown.push('⏎'),
            '\t' => shown.push(' '),
            '\r' if rest.peek() == Some(&'\n') => {}
            other => push(&mut shown, other),
        }
    }
    Cow::Owned(shown)
}

/// One line of at most so many characters; what is cut ends in ….
pub(crate) fn cut(text: &str, most: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= most {
        return line.into_owned();
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A name, as a table has room for it.
pub(crate) fn name(text: &str) -> String {
    cut(text, NAME)
}

/// Lines below each other, each of which stays one.
pub(crate) fn lines<T: AsRef<str>>(lines: &[T]) -> String {
    let lines: Vec<Cow<'_, str>> = lines.iter().map(|line| one_line(line.as_ref())).collect();
    lines.join("\n")
}

/// Whether a terminal would do something else with it than show it: C0, DEL, C1, and the marks that
/// override or isolate the direction of text.
fn is_unfit(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn push(shown: &mut String, c: char) {
    match c {
        // The control pictures stand in the order of what they picture.
        '\0'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
        '\u{7f}' => shown.push('\u{2421}'),
        c if is_unfit(c) => {
            let _ = write!(shown, "<U+{:04X}>", u32::from(c));
        }
        c => shown.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "Evil\u{1b}[2J\u{1b}[31m red\u{7f}\u{9b}2J\u{202e}gpj\u{2066}\r\nLtd\r\u{7}";

    #[test]
    fn nothing_a_terminal_would_obey_is_left() {
        let shown = one_line(EVIL);
        assert_eq!(
            shown,
            "Evil␛[2J␛[31m red␡<U+009B>2J<U+202E>gpj<U+2066>⏎Ltd␍␇"
        );
        let shown = plain(EVIL);
        assert!(shown.contains("\nLtd␍␇"), "{shown}");
        for c in (0..=0xffff).filter_map(char::from_u32) {
            let (line, text) = (c.to_string(), format!("{c}."));
            let line = one_line(&line);
            assert!(!line.chars().any(|c| is_unfit(c) || c == '\n'), "{line:?}");
            assert!(!plain(&text).chars().any(is_unfit), "{text:?}");
        }
        let name = "Müller & Søn · 日本 “x”\u{301}";
        assert_eq!((plain(name), one_line(name)), (name.into(), name.into()));
    }

    #[test]
    fn what_is_long_is_cut_and_says_so() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("shorter", 5), "shor…");
        assert_eq!(name(&"n".repeat(300)).chars().count(), NAME);
        assert_eq!(lines(&["a\nb", "c"]), "a⏎b\nc");
    }
}
