//! What stops a run before it does harm.

use drawbridge_model::Counts;

/// Something unusual that a person must tick before the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    /// Its name, for `--accept`.
    pub name: &'static str,
    /// What is unusual.
    pub message: String,
}

/// Share of customers that may vanish between two plans before a person must look, in percent.
const SHRINK_PERCENT: u32 = 20;

/// Compares what a plan read with what the plan before it read.
pub fn halts(source: &str, before: Option<u32>, now: u32) -> Vec<Halt> {
    let Some(before) = before.filter(|before| *before > 0) else {
        return Vec::new();
    };
    if now == 0 {
        return vec![Halt {
            name: "source-empty",
            message: format!("{source} gave no customers; last time it gave {before}."),
        }];
    }
    let lost = before.saturating_sub(now);
    if lost.saturating_mul(100) > before.saturating_mul(SHRINK_PERCENT) {
        return vec![Halt {
            name: "source-shrunk",
            message: format!("{source} gave {now} customers; last time it gave {before}."),
        }];
    }
    Vec::new()
}

/// Whether so many records were rejected that going on makes no sense: more than 2 %, and at
/// least 20.
pub fn stop_loss(counts: &Counts) -> bool {
    counts.rejected >= 20 && u64::from(counts.rejected) * 100 > u64::from(counts.sent()) * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_plan_and_a_normal_one_have_no_halts() {
        assert_eq!(halts("Alguna", None, 0), []);
        assert_eq!(halts("Alguna", Some(100), 85), []);
    }

    #[test]
    fn a_source_that_is_suddenly_empty_or_much_smaller_halts() {
        assert_eq!(halts("Alguna", Some(100), 0)[0].name, "source-empty");
        assert_eq!(halts("Alguna", Some(100), 79)[0].name, "source-shrunk");
    }

    #[test]
    fn few_rejections_do_not_stop_a_run() {
        let counts = |rejected, updated| Counts {
            rejected,
            updated,
            ..Counts::default()
        };
        assert!(!stop_loss(&counts(19, 0)));
        assert!(!stop_loss(&counts(20, 980)));
        assert!(stop_loss(&counts(21, 979)));
    }
}
