//! How the numbers of an auto-number field are written: `INV-{YYYY}-{0000}`.

use jiff::civil::Date;

/// Longest format, in characters.
const LONGEST: usize = 30;
/// Most digits a number is filled up to.
const MOST_DIGITS: usize = 10;

enum Part<'a> {
    Text(&'a str),
    /// The number, filled up with zeros to so many digits.
    Number(usize),
    Year,
    YearOfCentury,
    Month,
    Day,
}

/// Whether it can be one: every brace closed, known words inside, and the number once.
pub(super) fn is_display_format(format: &str) -> bool {
    let numbers = |parts: Vec<Part<'_>>| {
        let number = |part: &&Part<'_>| matches!(part, Part::Number(_));
        parts.iter().filter(number).count()
    };
    format.chars().count() <= LONGEST && parts(format).map(numbers) == Some(1)
}

/// A number as the format writes it on a day: `A-{0000}` with 7 is `A-0007`.
pub(super) fn numbered(format: &str, number: u64, today: Date) -> String {
    let write = |part: Part<'_>| match part {
        Part::Text(text) => text.to_owned(),
        Part::Number(width) => format!("{number:0width$}"),
        Part::Year => format!("{:04}", today.year()),
        Part::YearOfCentury => format!("{:02}", today.year() % 100),
        Part::Month => format!("{:02}", today.month()),
        Part::Day => format!("{:02}", today.day()),
    };
    parts(format)
        .unwrap_or_default()
        .into_iter()
        .map(write)
        .collect()
}

fn parts(format: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some((text, after)) = rest.split_once('{') {
        let (word, behind) = after.split_once('}')?;
        parts.push(Part::Text(text));
        parts.push(match word {
            "YYYY" => Part::Year,
            "YY" => Part::YearOfCentury,
            "MM" => Part::Month,
            "DD" => Part::Day,
            zeros
                if (1..=MOST_DIGITS).contains(&zeros.len()) && zeros.bytes().all(|b| b == b'0') =>
            {
                Part::Number(zeros.len())
            }
            _ => return None,
        });
        rest = behind;
    }
    parts.push(Part::Text(rest));
    let stray = |part: &Part<'_>| matches!(part, Part::Text(text) if text.contains('}'));
    (!parts.iter().any(stray)).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 1, 9);

    #[test]
    fn numbers_are_written() {
        assert_eq!(numbered("A-{0000}", 7, DAY), "A-0007");
        assert_eq!(numbered("{0}", 123, DAY), "123");
        assert_eq!(numbered("INV {00}/x", 123, DAY), "INV 123/x");
        assert_eq!(numbered("{YY}{MM}{DD}-{000}", 4, DAY), "260109-004");
        assert_eq!(numbered("{0}/{YYYY}", 4, DAY), "4/2026");
    }

    #[test]
    fn formats_are_checked() {
        for good in ["{0}", "A-{0000}", "{YYYY}-{MM}-{DD}-{00}", "{0000000000}"] {
            assert!(is_display_format(good), "{good}");
        }
        for bad in [
            "",
            "A",
            "A-{0",
            "A-{}",
            "A-{0}}",
            "{0}{0}",
            "{YYYY}",
            "{01}",
            "{{0}}",
            "{0x}",
            "{00000000000}",
            "a format of thirty letters: {0}",
        ] {
            assert!(!is_display_format(bad), "{bad}");
        }
    }
}
