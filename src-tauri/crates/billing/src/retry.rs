//! When a read is repeated, as data: nothing here waits or sends.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// No wait is longer; where a server asks for more, see [`after`].
pub const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Whose rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Alguna's own SDK: two more tries on 408, 429, 502, 503, 504 and where no answer came;
    /// waits what the server asks for (at most 60 s), else 1 s, 2 s.
    Alguna,
    /// `ProfitWell`: five tries on 429, waiting what the server asks for, else 5 s doubling;
    /// two more tries, after 1 s and 2 s, on 502, 503, 504 and where no answer came.
    ProfitWell,
}

/// How long to wait before a read is sent again; `None` to give up.
///
/// `status` is `None` where no answer came. `attempt` is the number of tries made so far, from 1.
/// A wait of more than 60 s is cut to 60 s for Alguna, as its SDK does; `ProfitWell` may ask to
/// wait until tomorrow, which is for a person to decide: `None`.
pub fn after(
    rule: Rule,
    status: Option<u16>,
    headers: &HeaderMap,
    attempt: u32,
) -> Option<Duration> {
    let tries = match (rule, status) {
        (Rule::Alguna, Some(408 | 429)) | (_, None | Some(502..=504)) => 3,
        (Rule::ProfitWell, Some(429)) => 5,
        _ => return None,
    };
    if attempt >= tries {
        return None;
    }
    let doubled = |first: u64| Duration::from_secs(first << attempt.saturating_sub(1).min(6));
    match rule {
        Rule::Alguna => Some(
            asked_for(headers)
                .unwrap_or_else(|| doubled(1))
                .min(LONGEST_WAIT),
        ),
        Rule::ProfitWell => {
            let first = if status == Some(429) { 5 } else { 1 };
            let wait = asked_for(headers).unwrap_or_else(|| doubled(first));
            (wait <= LONGEST_WAIT).then_some(wait)
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// When the server answered, by its own clock (`Date`).
pub(crate) fn answered(headers: &HeaderMap) -> Option<Timestamp> {
    rfc2822::parse(text(headers, DATE.as_str())?)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// What the server asks to wait: `Retry-After` in seconds or as a date, else `X-RateLimit-Reset`
/// in unix seconds. Dates are taken against the answer's own `Date`, so no clock is needed.
pub fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| text(headers, name);
    let until = |then: Timestamp| Duration::try_from(then.duration_since(answered(headers)?)).ok();
    if let Some(asked) = text(RETRY_AFTER.as_str()) {
        let seconds = asked.parse().ok().map(Duration::from_secs);
        let date = || until(rfc2822::parse(asked).ok()?.timestamp());
        if let Some(wait) = seconds.or_else(date) {
            return Some(wait);
        }
    }
    until(Timestamp::from_second(text("x-ratelimit-reset")?.parse().ok()?).ok()?)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    fn seconds(
        rule: Rule,
        status: Option<u16>,
        of: &[(&'static str, &'static str)],
        attempt: u32,
    ) -> Option<u64> {
        after(rule, status, &headers(of), attempt).map(|wait| wait.as_secs())
    }

    #[test]
    fn alguna_is_asked_three_times_at_most() {
        for status in [None, Some(408), Some(429), Some(502), Some(503), Some(504)] {
            let waits: Vec<_> = (1..=3)
                .map(|n| seconds(Rule::Alguna, status, &[], n))
                .collect();
            assert_eq!(waits, [Some(1), Some(2), None], "{status:?}");
        }
        for status in [200, 301, 400, 401, 403, 404, 409, 422, 500, 501] {
            assert_eq!(
                seconds(Rule::Alguna, Some(status), &[], 1),
                None,
                "{status}"
            );
        }
    }

    #[test]
    fn profitwell_is_asked_five_times_when_it_throttles() {
        let waits: Vec<_> = (1..=5)
            .map(|n| seconds(Rule::ProfitWell, Some(429), &[], n))
            .collect();
        assert_eq!(waits, [Some(5), Some(10), Some(20), Some(40), None]);
        let waits: Vec<_> = (1..=3)
            .map(|n| seconds(Rule::ProfitWell, Some(503), &[], n))
            .collect();
        assert_eq!(waits, [Some(1), Some(2), None]);
        assert_eq!(seconds(Rule::ProfitWell, Some(500), &[], 1), None);
    }

    #[test]
    fn a_server_that_names_a_wait_gets_it() {
        let date = ("date", "Wed, 01 Apr 2026 10:00:00 GMT");
        let later = ("retry-after", "Wed, 01 Apr 2026 10:00:07 GMT");
        let past = ("retry-after", "Wed, 01 Apr 2026 09:00:00 GMT");
        let reset = ("x-ratelimit-reset", "1775037609");
        for (of, alguna, profitwell) in [
            (&[("retry-after", "3")][..], Some(3), Some(3)),
            (&[("retry-after", "0")], Some(0), Some(0)),
            (&[date, later], Some(7), Some(7)),
            (&[date, past], Some(1), Some(5)),
            (&[later], Some(1), Some(5)),
            (&[date, reset], Some(9), Some(9)),
            (&[("retry-after", "soon")], Some(1), Some(5)),
            (&[("retry-after", "86400")], Some(60), None),
        ] {
            assert_eq!(seconds(Rule::Alguna, Some(429), of, 1), alguna, "{of:?}");
            assert_eq!(
                seconds(Rule::ProfitWell, Some(429), of, 1),
                profitwell,
                "{of:?}"
            );
        }
    }
}
