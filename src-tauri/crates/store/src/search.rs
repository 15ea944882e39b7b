//! What a person types into a search box, as a full-text query that can never fail.

/// More words than this narrow nothing down.
const MOST_WORDS: usize = 12;

/// Longer words are cut; a prefix of this length is distinctive enough.
const LONGEST_WORD: usize = 60;

/// The query that finds rows with a word beginning with each of the words typed; `None` when
/// there is no word in it. Each word stands in quotes, so none of it is read as syntax.
pub(crate) fn full_text_query(typed: &str) -> Option<String> {
    let words: Vec<String> = typed
        .chars()
        // A decomposed letter must stay one word with its accent, which the index leaves out.
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .collect::<String>()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(|word| {
            let word: String = word.chars().take(LONGEST_WORD).collect();
            format!("\"{word}\"*")
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_nothing_else_is_left() {
        assert_eq!(
            full_text_query("o'neill OR \"x\" NEAR(*"),
            Some("\"o\"* AND \"neill\"* AND \"OR\"* AND \"x\"* AND \"NEAR\"*".to_owned())
        );
        assert_eq!(full_text_query(" -- \u{0} \" "), None);
    }
}
