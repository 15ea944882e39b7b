//! The org's API calls: leaving some to others, and waiting when there are none.

use drawbridge_model::{ApiUsage, Event, Standstill, Target, TargetError};

use super::Ports;
use crate::Error;

/// One part in so many of the org's calls is left to others.
const RESERVE: u32 = 20;

/// Why no call should be made for a while, when there are too few left.
pub(super) fn too_few(usage: Option<ApiUsage>) -> Option<String> {
    let usage = usage?;
    let reserve = usage.limit / RESERVE;
    (usage.left() < reserve).then(|| {
        format!(
            "{} of {} calls are left, and the last {reserve} are left to others.",
            usage.left(),
            usage.limit
        )
    })
}

/// Refuses to go on where too few calls are left.
pub(super) fn refuse_too_few<T: Target, J>(ports: &Ports<'_, T, J>) -> Result<(), Error> {
    match too_few(ports.target.usage()) {
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
            ports.reporter.report(Event::Standstill(None));
            return false;
        }
        // The answer to any call carries the count.
        let answer = ports.target.identity().await;
        let usage = ports.target.usage();
        ports.report_calls();
        why = match answer {
            Err(TargetError::QuotaUsedUp { message }) => message,
            _ => match too_few(usage) {
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
        let with = |used| too_few(Some(ApiUsage { used, limit: 1000 }));
        assert_eq!(too_few(None), None);
        assert_eq!(with(950), None);
        assert!(with(951).is_some_and(|why| why.starts_with("49 of 1000 calls are left")));
        let none = ApiUsage { used: 9, limit: 0 };
        assert_eq!(too_few(Some(none)), None, "an org that tells no limit");
    }
}
