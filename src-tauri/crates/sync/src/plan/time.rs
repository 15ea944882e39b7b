//! How long a run of a plan would take.

use std::time::Duration;

use drawbridge_model::{BulkWrite, Forecast, Timed, Way};

/// What one call takes with its answer while no run has told: a whole collection of 200 records
/// takes about so long.
const CALL: Duration = Duration::from_secs(2);

/// What a Bulk job of 10,000 records takes while no run has told. Salesforce gives up on a batch
/// of so many after five minutes (facts/salesforce.md §5).
const JOB: Duration = Duration::from_mins(1);

/// What a call to the billing system takes: five a second (facts/alguna.md §1).
const LINK_CALL: Duration = Duration::from_millis(200);

/// How long a run would take, and how many runs say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// How long, were it never paused.
    pub time: Duration,
    /// Runs it is reckoned from; 0 is a guess.
    pub runs: u32,
}

/// How long a run takes that costs so much, sends so many records one way, and makes so many calls
/// to the billing system; as runs to the same org did before, if any did.
pub fn estimate(
    forecast: &Forecast,
    way: Way,
    rows: u32,
    link_calls: u32,
    timed: Option<Timed>,
) -> Estimate {
    let links = LINK_CALL * link_calls;
    if forecast.calls() == 0 || rows == 0 {
        return Estimate {
            time: links,
            runs: 0,
        };
    }
    let measured = timed.and_then(|timed| {
        // What a job takes grows with its records, not with the looks at it.
        let (now, then) = match way {
            Way::Collections => (forecast.calls(), timed.calls),
            Way::Bulk => (rows, timed.rows),
        };
        (then > 0).then(|| Estimate {
            time: timed.worked.mul_f64(f64::from(now) / f64::from(then)),
            runs: timed.runs,
        })
    });
    let written = measured.unwrap_or_else(|| Estimate {
        time: match way {
            Way::Collections => CALL * forecast.calls(),
            Way::Bulk => {
                let most = u32::try_from(BulkWrite::MAX_ROWS).unwrap_or(u32::MAX);
                JOB * rows.div_ceil(most)
            }
        },
        runs: 0,
    });
    Estimate {
        time: written.time + links,
        ..written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORECAST: Forecast = Forecast {
        check_calls: 7,
        write_calls: 5,
        verify_calls: 3,
        calls_left: None,
    };
    const TIMED: Timed = Timed {
        runs: 3,
        calls: 30,
        rows: 2_000,
        worked: Duration::from_secs(40),
    };

    fn seconds(way: Way, rows: u32, link_calls: u32, timed: Option<Timed>) -> (u64, u32) {
        let estimate = estimate(&FORECAST, way, rows, link_calls, timed);
        (estimate.time.as_secs(), estimate.runs)
    }

    #[test]
    fn it_takes_as_long_as_runs_before_did() {
        assert_eq!(seconds(Way::Collections, 900, 0, Some(TIMED)), (20, 3));
        assert_eq!(seconds(Way::Bulk, 6_000, 0, Some(TIMED)), (120, 3));
        assert_eq!(seconds(Way::Bulk, 6_000, 50, Some(TIMED)), (130, 3));
    }

    #[test]
    fn without_such_a_run_it_is_a_guess() {
        let none = Some(Timed::default());
        assert_eq!(seconds(Way::Collections, 900, 0, None), (30, 0));
        assert_eq!(seconds(Way::Collections, 900, 0, none), (30, 0));
        assert_eq!(seconds(Way::Bulk, 10_001, 0, None), (120, 0));
    }

    #[test]
    fn nothing_to_write_takes_no_time_but_that_of_the_links() {
        assert_eq!(seconds(Way::Collections, 0, 0, Some(TIMED)), (0, 0));
        assert_eq!(seconds(Way::Collections, 0, 25, None), (5, 0));
    }
}
