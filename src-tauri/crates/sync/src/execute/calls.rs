//! The org's API calls: leaving some to others, and waiting when there are none.

use drawbridge_model::{ApiUsage, Event, Standstill, Target, TargetError, Way, grouped};

use super::Ports;
use crate::Error;

/// One part in so many of the org's calls is left to others.
const RESERVE: u32 = 20;

/// API calls that one call of Collections comes to: a look at its records, and the write.
const OF_A_CALL: u32 = 2;
/// API calls that one Bulk job comes to, its looks included.
const OF_A_JOB: u32 = 10;

/// Why no call should be made for a while, when there would be too few left after `needed` more.
fn too_few(usage: Option<ApiUsage>, needed: u32) -> Option<String> {
    let usage = usage?;
    let reserve = usage.limit / RESERVE;
    (usage.limit > 0 && usage.left() < reserve.saturating_add(needed)).then(|| {
        format!(
            "{} of {} calls are left, and the last {} are left to others.",
            grouped(usage.left()),
            grouped(usage.limit),
            grouped(reserve)
        )
    })
}

/// How many of the org's calls a run may make at present: the others are left to others.
pub fn usable(usage: ApiUsage) -> u32 {
    usage.left().saturating_sub(usage.limit / RESERVE)
}

/// What one more call or job needs beside those under way.
fn needed<T, J>(ports: &Ports<'_, T, J>, under_way: usize) -> u32 {
    let each = match ports.input.way {
        Way::Collections => OF_A_CALL,
        Way::Bulk => OF_A_JOB,
    };
    u32::try_from(under_way + 1)
        .unwrap_or(u32::MAX)
        .saturating_mul(each)
}

/// Refuses to go on where too few calls are left for one more beside those under way.
pub(super) fn refuse_too_few<T: Target, J>(
    ports: &Ports<'_, T, J>,
    under_way: usize,
) -> Result<(), Error> {
    match too_few(ports.target.usage(), needed(ports, under_way)) {
        Some(message) => Err(TargetError::QuotaUsedUp { message }.into()),
        None => Ok(()),
    }
}

/// What the org said, when it was out of calls that stopped the work.
pub(super) fn used_up(error: &Error) -> Option<String> {
    match error {
        Error::Target(TargetError::QuotaUsedUp { message }) => Some(message.clone()),
        Error::NotSettled { cause, .. } => used_up(cause),
        _ => None,
    }
}

/// Waits until the org has calls again, looking every now and then. Gives whether the run goes
/// on; otherwise a person stopped it.
pub(super) async fn wait<T: Target, J>(ports: &Ports<'_, T, J>, why: String) -> bool {
    let mut why = why;
    let interval = ports.input.look_for_calls;
    loop {
        ports
            .reporter
            .report(Event::Standstill(Some(Standstill::NoCalls {
                why,
                again_in: interval.as_secs(),
            })));
        if !ports.control.sleep(interval).await {
            // It does not go on, so the standstill is not taken back.
            return false;
        }
        // The answer to any call carries the count.
        let answer = ports.target.identity().await;
        let usage = ports.target.usage();
        ports.report_calls();
        why = match answer {
            Err(TargetError::QuotaUsedUp { message }) => message,
            _ => match too_few(usage, needed(ports, 0)) {
                Some(too_few) => too_few,
                None => break,
            },
        };
    }
    ports.reporter.report(Event::Standstill(None));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_twentieth_is_left_to_others() {
        let with = |used, needed| too_few(Some(ApiUsage { used, limit: 1000 }), needed);
        assert_eq!(too_few(None, 2), None);
        assert_eq!((with(950, 0), with(948, 2)), (None, None));
        assert!(with(951, 0).is_some_and(|why| why.starts_with("49 of 1,000 calls are left")));
        assert!(with(949, 2).is_some(), "two more would eat of them");
        let none = ApiUsage { used: 9, limit: 0 };
        assert_eq!(too_few(Some(none), 2), None, "an org that tells no limit");
    }
}
