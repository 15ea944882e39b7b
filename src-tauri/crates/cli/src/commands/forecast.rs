//! What a run of a plan would cost, as the terminal says it.

use drawbridge_api::view::{ForecastView, PlanView};

use crate::report::{counted, grouped};

/// The forecast as JSON.
pub(super) fn json(plan: &PlanView) -> serde_json::Value {
    let forecast = plan.forecast;
    serde_json::json!({
        "calls": forecast.calls(),
        "check_calls": forecast.check_calls,
        "write_calls": forecast.write_calls,
        "verify_calls": forecast.verify_calls,
        "calls_left": forecast.calls_left,
        "calls_usable": forecast.calls_usable,
        "minutes": forecast.minutes(),
        "timed_runs": forecast.timed_runs,
    })
}

/// `about 29 API calls of 4,999,965 left, about a minute at a guess`
pub(super) fn cost(plan: &PlanView) -> String {
    let forecast = plan.forecast;
    let left = forecast.calls_left;
    let left = left.map(|left| format!(" of {} left", grouped(left)));
    format!(
        "about {} API calls{}, {}",
        grouped(forecast.calls()),
        left.unwrap_or_default(),
        time(forecast)
    )
}

/// `about 4 minutes as the last 3 runs went`
fn time(forecast: ForecastView) -> String {
    let time = match forecast.minutes() {
        _ if forecast.seconds < 60 => "under a minute".to_owned(),
        1 => "about a minute".to_owned(),
        minutes if minutes >= 120 => format!("about {} hours", grouped(minutes.div_ceil(60))),
        minutes => format!("about {} minutes", grouped(minutes)),
    };
    match forecast.timed_runs {
        0 => format!("{time} at a guess"),
        1 => format!("{time} as the last run went"),
        runs => format!("{time} as the last {runs} runs went"),
    }
}

/// That a run would have to wait for API calls, and for how many.
pub(super) fn wait(plan: &PlanView) -> Option<String> {
    let forecast = plan.forecast;
    let usable = forecast.calls_usable?;
    if plan.tally.to_write == 0 || usable >= forecast.calls() {
        return None;
    }
    Some(format!(
        "  {} can be made now: the org's last calls are left to others. A run waits for more, and \
         goes on by itself.",
        match usable {
            0 => "No API call".to_owned(),
            calls => format!("Only {}", counted(calls, "API call")),
        },
    ))
}
