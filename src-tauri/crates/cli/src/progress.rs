//! Live progress on stderr: a bar a phase on a terminal, a line a phase elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use drawbridge_api::Context;
use drawbridge_api::view::{
    ErrorView, OperationRequest, PhaseName, PhaseState, PhaseView, ProgressView, Work,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::report::{Report, grouped, written};

/// Follows some work to its end and returns its last picture.
pub(crate) async fn follow(
    context: &Context,
    work: Work,
    report: Report,
) -> Result<ProgressView, ErrorView> {
    let mut pictures = context
        .watch(work)
        .ok_or_else(|| ErrorView::not_found("such work under way"))?;
    let mut screen = Screen::new(report);
    loop {
        let picture = pictures.borrow_and_update().clone();
        screen.show(&picture);
        if picture.ended || pictures.changed().await.is_err() {
            screen.end();
            return Ok(picture);
        }
    }
}

/// Counts the rows of a batch of operations that are done, while it is carried out.
pub(crate) async fn count<T>(context: &Context, batch: u32, work: impl Future<Output = T>) -> T {
    let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(1));
    let counting = async {
        let mut often = tokio::time::interval(Duration::from_millis(500));
        loop {
            often.tick().await;
            let view = context.operation_get(OperationRequest { batch }).await;
            if let (Some(bar), Ok(view)) = (&bar, view) {
                bar.set_length(u64::from(view.rows));
                bar.set_position(u64::from(view.rows - view.open));
            }
        }
    };
    let ended = tokio::select! {
        ended = work => ended,
        never = counting, if bar.is_some() => never,
    };
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    ended
}

struct Screen {
    report: Report,
    bar: Option<ProgressBar>,
    told: Vec<PhaseName>,
    standing: Option<String>,
}

impl Screen {
    fn new(report: Report) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(1);
            bar.set_style(
                ProgressStyle::with_template("  {prefix:8} {bar:28.cyan/dim} {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar
        });
        Self {
            report,
            bar,
            told: Vec::new(),
            standing: None,
        }
    }

    fn show(&mut self, picture: &ProgressView) {
        for phase in &picture.phases {
            let over = matches!(phase.state, PhaseState::Done | PhaseState::Stopped);
            if over && !self.told.contains(&phase.name) && phase.done + detail(phase) > 0 {
                self.told.push(phase.name);
                self.tell(&summary(phase, picture));
            }
        }
        let standing = standstill(picture);
        if standing != self.standing {
            if let Some(why) = &standing {
                self.tell(&format!("  {why}"));
            } else if !picture.ended {
                self.tell("  It goes on.");
            }
            self.standing = standing;
        }
        let running = picture
            .phases
            .iter()
            .find(|phase| phase.state == PhaseState::Running);
        if let (Some(bar), Some(phase)) = (&self.bar, running) {
            let total = match phase.name {
                PhaseName::Write => Some(picture.to_write),
                _ => phase.total,
            };
            bar.set_prefix(word(phase.name));
            bar.set_length(u64::from(total.unwrap_or(phase.done).max(1)));
            bar.set_position(u64::from(phase.done));
            bar.set_message(message(phase, total, picture));
        }
    }

    fn tell(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.report.say(line)),
            None => self.report.say(line),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn detail(phase: &PhaseView) -> u32 {
    u32::from(phase.detail.is_some())
}

fn summary(phase: &PhaseView, picture: &ProgressView) -> String {
    let words = match (&phase.detail, phase.name) {
        (Some(detail), _) => detail.clone(),
        (None, PhaseName::Write) => written(picture.counts),
        (None, _) => grouped(phase.done),
    };
    let mark = if phase.state == PhaseState::Done {
        "✓"
    } else {
        "×"
    };
    format!("  {mark} {:8} {words}", word(phase.name))
}

/// Why nothing is sent at present.
fn standstill(picture: &ProgressView) -> Option<String> {
    match &picture.waiting {
        Some(waiting) => Some(format!(
            "Waiting for API calls: {} It looks again every {} s and goes on by itself; Ctrl-C stops it.",
            waiting.why, waiting.every_seconds
        )),
        None if picture.paused => Some("Paused.".to_owned()),
        None => picture.no_answer.as_ref().map(|why| {
            format!(
                "No answer: {}. It is tried again by itself; Ctrl-C stops it.",
                why.trim_end_matches('.')
            )
        }),
    }
}

fn message(phase: &PhaseView, total: Option<u32>, picture: &ProgressView) -> String {
    let mut parts = vec![match total {
        Some(total) => format!("{} of {}", grouped(phase.done), grouped(total)),
        None => grouped(phase.done),
    }];
    if phase.name == PhaseName::Write {
        parts.extend(picture.bulk.map(|bulk| match bulk.jobs {
            1 => "1 Bulk job under way".to_owned(),
            jobs => format!("{jobs} Bulk jobs under way"),
        }));
        parts.extend(
            picture
                .rate
                .map(|rate| format!("{rate:.0} records a second")),
        );
        parts.extend(
            picture
                .seconds_left
                .map(|seconds| format!("about {seconds:.0} s left")),
        );
    }
    if picture.api_calls > 0 {
        parts.push(format!("{} API calls", grouped(picture.api_calls)));
    }
    parts.join(" · ")
}

fn word(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Pull => "Pull",
        PhaseName::Read => "Read",
        PhaseName::Match => "Match",
        PhaseName::Plan => "Plan",
        PhaseName::Review => "Review",
        PhaseName::Write => "Write",
        PhaseName::Verify => "Verify",
    }
}
