//! The known word nearest to one that was probably mistyped.

/// The nearest of the known words, if one is near: at most a third of its letters differ.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower: Vec<char> = word.to_lowercase().chars().take(200).collect();
    known
        .into_iter()
        .map(|candidate| (distance(&lower, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, dropped, exchanged, or swapped with their neighbour.
fn distance(word: &[char], candidate: &str) -> usize {
    let candidate: Vec<char> = candidate.to_lowercase().chars().collect();
    let mut earlier: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=word.len()).collect();
    for (down, letter) in candidate.iter().enumerate() {
        let mut row = vec![down + 1];
        for (across, other) in word.iter().enumerate() {
            let exchanged = above[across] + usize::from(other != letter);
            let mut best = exchanged.min(above[across + 1] + 1).min(row[across] + 1);
            let swapped = down > 0
                && across > 0
                && candidate[down - 1] == *other
                && word[across - 1] == *letter;
            if swapped {
                best = best.min(earlier[across - 1] + 1);
            }
            row.push(best);
        }
        earlier = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_finds_none() {
        let known = ["customer.name", "customer.email", "write"];
        assert_eq!(nearest("customer.nmae", known), Some("customer.name"));
        assert_eq!(nearest("feild", ["field"]), Some("field"));
        assert_eq!(nearest("Writes", known), Some("write"));
        assert_eq!(nearest("length", known), None);
        assert_eq!(nearest("", known), None);
    }
}
