//! Which way a run writes, and why, in a sentence.

use drawbridge_model::{BulkWrite, Way, WriteBatch, grouped};

/// From so many rows on a run writes by Bulk jobs (facts/salesforce.md §5: Salesforce's own
/// threshold).
pub const BULK_FROM: u32 = 2_000;

/// The way for so many rows, unless a person wishes another, and the reason.
pub fn choose(rows: u32, wish: Option<Way>) -> (Way, String) {
    let usual = if rows >= BULK_FROM {
        Way::Bulk
    } else {
        Way::Collections
    };
    let (count, from) = (grouped(rows), grouped(BULK_FROM));
    let reason = match (usual, wish) {
        (Way::Collections, None | Some(Way::Collections)) => format!(
            "{count} to write: below {from}, calls of {} tell what became of each record at once.",
            WriteBatch::MAX_ROWS
        ),
        (Way::Bulk, None | Some(Way::Bulk)) => format!(
            "{count} to write: from {from} on, Bulk jobs of up to {} take the fewest calls and the \
             least time.",
            grouped(BulkWrite::MAX_ROWS)
        ),
        (Way::Collections, Some(Way::Bulk)) => format!(
            "Chosen by a person. {count} to write: below {from}, it would have been calls of {}.",
            WriteBatch::MAX_ROWS
        ),
        (Way::Bulk, Some(Way::Collections)) => format!(
            "Chosen by a person. {count} to write: from {from} on, it would have been Bulk jobs.",
        ),
    };
    (wish.unwrap_or(usual), reason)
}

/// As [`choose`], of a run that deletes records as well: those go by calls in any case.
pub fn choose_with_deletions(rows: u32, deletions: u32, wish: Option<Way>) -> (Way, String) {
    let (way, reason) = choose(rows, wish);
    if deletions == 0 {
        return (way, reason);
    }
    let deleted = format!(
        "{} to delete, by calls of {}: each is read again, with what hangs on it, right before.",
        grouped(deletions),
        WriteBatch::MAX_ROWS
    );
    match rows {
        0 => (Way::Collections, deleted),
        _ => (way, format!("{reason} {deleted}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_go_by_calls_many_by_bulk_and_a_person_may_choose() {
        let way = |rows, wish| choose(rows, wish).0;
        assert_eq!(way(0, None), Way::Collections);
        assert_eq!(way(1_999, None), Way::Collections);
        assert_eq!(way(2_000, None), Way::Bulk);
        assert_eq!(way(3, Some(Way::Bulk)), Way::Bulk);
        assert_eq!(way(47_213, Some(Way::Collections)), Way::Collections);
        assert_eq!(
            choose(47_213, None).1,
            "47,213 to write: from 2,000 on, Bulk jobs of up to 10,000 take the fewest calls and \
             the least time."
        );
        assert!(
            choose(3, Some(Way::Bulk))
                .1
                .starts_with("Chosen by a person.")
        );
        assert!(!choose(3, Some(Way::Collections)).1.contains("Chosen"));
    }

    #[test]
    fn deletions_go_by_calls_whatever_the_rest_does() {
        assert_eq!(choose_with_deletions(5, 0, None), choose(5, None));
        let (way, reason) = choose_with_deletions(0, 9_000, Some(Way::Bulk));
        assert_eq!(way, Way::Collections);
        assert!(
            reason.starts_with("9,000 to delete, by calls of 200"),
            "{reason}"
        );
        let (way, reason) = choose_with_deletions(2_000, 3, None);
        assert_eq!(way, Way::Bulk);
        assert!(
            reason.contains("Bulk jobs") && reason.contains("3 to delete"),
            "{reason}"
        );
    }
}
