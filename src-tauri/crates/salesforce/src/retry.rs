//! When a read is asked again, as data (classes of `facts/salesforce.md` §9). Writes never are.

use std::time::Duration;

use drawbridge_model::TargetError;

/// How often and how patiently reads are asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How many times after the first.
    pub max: u32,
    /// Wait before the first repetition; each further wait is twice as long.
    pub first: Duration,
    /// No wait is longer than this.
    pub longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            max: 5,
            first: Duration::from_millis(500),
            longest: Duration::from_mins(1),
        }
    }
}

impl Retry {
    /// How long to wait after the `failed`-th failure (1 for the first) before asking again;
    /// `None` when asking again is pointless or was tried often enough. `jitter`, between 0 and
    /// 1, stretches the wait by up to a half, so that clients do not come back in step.
    pub fn wait(&self, error: &TargetError, failed: u32, jitter: f64) -> Option<Duration> {
        if !may_pass(error) || failed == 0 || failed > self.max {
            return None;
        }
        let doubled = self.first.saturating_mul(1_u32 << (failed - 1).min(16));
        Some(
            doubled
                .min(self.longest)
                .mul_f64(1.0 + jitter.clamp(0.0, 1.0) / 2.0),
        )
    }
}

/// Whether the trouble may be over in a moment, for a call that changes nothing.
pub fn may_pass(error: &TargetError) -> bool {
    match error {
        TargetError::Busy { .. }
        | TargetError::LostAnswer { .. }
        | TargetError::Unreachable { .. } => true,
        TargetError::Refused { code, .. } => {
            matches!(code.as_str(), "QUERY_TIMEOUT" | "UNABLE_TO_LOCK_ROW")
        }
        TargetError::SignInNeeded { .. }
        | TargetError::BlockedByPolicy { .. }
        | TargetError::NotTheApi { .. }
        | TargetError::Incomplete { .. }
        | TargetError::QuotaUsedUp { .. }
        | TargetError::FieldMissing { .. }
        | TargetError::Secret(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> TargetError {
        TargetError::Refused {
            call: String::new(),
            code: code.to_owned(),
            message: String::new(),
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let retry = Retry {
            max: 9,
            ..Retry::default()
        };
        let busy = TargetError::Busy { status: 503 };
        let waits: Vec<u64> = (1..=10)
            .filter_map(|failed| retry.wait(&busy, failed, 0.0))
            .filter_map(|wait| u64::try_from(wait.as_millis()).ok())
            .collect();
        assert_eq!(
            waits,
            [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]
        );
        assert_eq!(retry.wait(&busy, 1, 1.0), Some(Duration::from_millis(750)));
        assert_eq!(Retry::default().wait(&busy, 6, 0.0), None);
    }

    #[test]
    fn what_is_asked_again() {
        let host = || "acme.my.salesforce.com".to_owned();
        let text = String::new;
        let table = [
            (TargetError::Busy { status: 503 }, true),
            (
                TargetError::LostAnswer {
                    host: host(),
                    reason: text(),
                },
                true,
            ),
            (
                TargetError::Unreachable {
                    host: host(),
                    reason: text(),
                },
                true,
            ),
            (refused("QUERY_TIMEOUT"), true),
            (refused("MALFORMED_QUERY"), false),
            (refused("INVALID_QUERY_LOCATOR"), false),
            (
                TargetError::NotTheApi {
                    host: host(),
                    what: text(),
                },
                false,
            ),
            (TargetError::QuotaUsedUp { message: text() }, false),
            (TargetError::FieldMissing { message: text() }, false),
            (TargetError::SignInNeeded { message: text() }, false),
            (TargetError::BlockedByPolicy { message: text() }, false),
        ];
        for (error, again) in table {
            assert_eq!(
                Retry::default().wait(&error, 1, 0.5).is_some(),
                again,
                "{error}"
            );
        }
    }
}
