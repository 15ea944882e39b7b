//! When to look at a job again: soon at first, then when its own count says that it should be over.
//! A short job is not waited for longer than it takes, and a long one costs few calls.

use std::time::Duration;

/// Waits between looks at a job of which no row was processed yet, the last again and again.
const WAITS: [Duration; 7] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    LONGEST,
];
/// People watch the count of a job move.
const LONGEST: Duration = Duration::from_secs(10);
const SHORTEST: Duration = Duration::from_millis(100);

/// The looks at one job.
#[derive(Default)]
pub(super) struct Looks {
    number: usize,
    /// The last look before it moved: when it was, and how many rows were processed then.
    standing: Option<(Duration, u32)>,
}

impl Looks {
    /// How long to wait after a look that found so many rows of all processed, so long after the
    /// job was begun to be followed.
    pub(super) fn wait(&mut self, elapsed: Duration, processed: u32, rows: u32) -> Duration {
        let growing = WAITS[self.number.min(WAITS.len() - 1)];
        self.number += 1;
        match self.standing {
            Some((begun, before)) if processed > before => {
                let (done, left) = (processed - before, rows.saturating_sub(processed));
                let rest = elapsed.saturating_sub(begun).saturating_mul(left) / done;
                // The last rows may take longer than the others did.
                rest.max(elapsed / 3).clamp(SHORTEST, LONGEST)
            }
            _ => {
                self.standing = Some((elapsed, processed));
                growing
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: u32 = 10_000;

    /// Looks at a job that waits in a queue and then processes at an even pace, until it is over.
    /// Gives how many looks it took and how late the last came.
    fn follow(queue: Duration, work: Duration) -> (u32, Duration) {
        let (mut looks, mut at, mut number) = (Looks::default(), Duration::ZERO, 0);
        loop {
            number += 1;
            let share = at.saturating_sub(queue).as_secs_f64() / work.as_secs_f64();
            if share >= 1.0 {
                return (number, at.saturating_sub(queue + work));
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between nothing and all"
            )]
            let processed = (share * f64::from(ROWS)) as u32;
            at += looks.wait(at, processed, ROWS);
        }
    }

    #[test]
    fn short_jobs_are_noticed_soon_and_long_ones_cost_few_looks() {
        let seconds = Duration::from_secs_f64;
        for (queue, work, most, late) in [
            (0.0, 0.15, 3, 0.2),
            (0.0, 0.4, 5, 0.2),
            (1.0, 3.0, 8, 1.2),
            (5.0, 60.0, 16, 10.0),
            (120.0, 600.0, 85, 10.0),
        ] {
            let (looks, lateness) = follow(seconds(queue), seconds(work));
            let told = format!("queue {queue} s, work {work} s: {looks} looks, {lateness:?} late");
            assert!(looks <= most && lateness <= seconds(late), "{told}");
        }
    }

    #[test]
    fn a_job_that_stands_still_near_its_end_is_not_asked_without_pause() {
        let (mut looks, mut at, mut number) = (Looks::default(), Duration::ZERO, 0);
        while at < Duration::from_mins(1) {
            at += looks.wait(at, if number == 0 { 0 } else { ROWS - 1 }, ROWS);
            number += 1;
        }
        assert!(number < 25, "{number} looks in a minute");
    }
}
