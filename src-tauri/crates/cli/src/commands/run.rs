//! `run`, `resume` and `retry`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    ErrorCode, PlanRequest, ProblemView, RetryRequest, RunRequest, RunResumeRequest,
    RunStartRequest, RunView, WayView, Work,
};

use super::{Done, plan};
use crate::arguments::{Guards, Way};
use crate::failure::{Exit, Failure};
use crate::progress;
use crate::report::Report;

/// What is to be run, and how.
pub(super) struct Wish {
    pub(super) plan: u32,
    pub(super) guards: Guards,
    pub(super) limit: Option<u32>,
    pub(super) only: Vec<String>,
    pub(super) way: Option<Way>,
}

pub(super) async fn run(context: &Context, wish: Wish, report: Report) -> Done {
    let request = RunStartRequest {
        plan: wish.plan,
        confirm: wish.guards.confirm,
        limit: wish.limit,
        only: Some(wish.only).filter(|only| !only.is_empty()),
        way: wish.way.map(|way| match way {
            Way::Collections => WayView::Collections,
            Way::Bulk => WayView::Bulk,
        }),
        accept: wish.guards.accept,
    };
    let started = start(context, request).await?;
    report.say(&format!(
        "Writing by {}. {}",
        way_word(started.way),
        started.way_reason
    ));
    let finished = follow(context, started.id, report).await?;
    answer(context, &finished, report).await
}

/// Starts a run. Where something has to be said first, the hint is the options that say it.
pub(super) async fn start(context: &Context, request: RunStartRequest) -> Result<RunView, Failure> {
    let plan = request.plan;
    match context.run_start(request).await {
        Ok(started) => Ok(started),
        Err(error) if error.code == ErrorCode::Guard && error.hint.is_none() => {
            let plan = context.plan_get(PlanRequest { plan }).await?;
            let ticks = plan::ticks(&plan).join(" ");
            Err(Failure(match ticks.as_str() {
                "" => error,
                ticks => error.hint(format!("Say it with {ticks}")),
            }))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn way_word(way: WayView) -> &'static str {
    match way {
        WayView::Collections => "sObject Collections",
        WayView::Bulk => "Bulk jobs",
    }
}

pub(super) async fn retry(
    context: &Context,
    run: u32,
    customers: Vec<String>,
    allow_duplicates: bool,
    report: Report,
) -> Done {
    let request = RetryRequest {
        run,
        customers: Some(customers).filter(|customers| !customers.is_empty()),
        allow_duplicates,
    };
    let retried = context.run_retry(request).await?;
    let finished = follow(context, retried.id, report).await?;
    answer(context, &finished, report).await
}

pub(super) async fn resume(
    context: &Context,
    run: u32,
    as_another_user: bool,
    report: Report,
) -> Done {
    let request = RunResumeRequest {
        run,
        as_another_user,
    };
    let resumed = context.run_resume(request).await?;
    let finished = follow(context, resumed.id, report).await?;
    answer(context, &finished, report).await
}

/// Follows a run to its end. Ctrl-C, or a scheduler, stops it after the calls under way.
pub(super) async fn follow(
    context: &Context,
    run: u32,
    report: Report,
) -> Result<RunView, Failure> {
    let stopping = context.clone();
    let stopper = tokio::spawn(async move {
        while crate::interrupt::asked().await.is_ok() {
            report.say("Stopping after the calls under way. What was written stays recorded.");
            if let Err(error) = stopping.run_stop(RunRequest { run }).await {
                report.say(&error.message);
            }
        }
    });
    let last = progress::follow(context, Work::Run(run), report).await?;
    stopper.abort();
    if let Some(error) = last.error {
        report.say(&format!("Run {run} stopped: {}", error.message));
        if let Some(hint) = error.hint {
            report.say(&hint);
        }
    }
    Ok(context.run_get(RunRequest { run }).await?)
}

pub(super) async fn answer(context: &Context, run: &RunView, report: Report) -> Done {
    let problems = context.run_problems(RunRequest { run: run.id }).await?;
    let links = super::writeback::of_run(context, run.id).await?;
    report.answer(&links.beside(document(run, &problems)), || {
        links.after(super::runs::describe(run, &problems))
    });
    Ok(Exit::of_run(run))
}

pub(super) fn document(run: &RunView, problems: &[ProblemView]) -> serde_json::Value {
    serde_json::json!({
        "run": run.id,
        "status": run.status,
        "reason": run.reason,
        "way": run.way,
        "way_reason": run.way_reason,
        "read": run.read,
        "counts": run.counts,
        "still_to_write": run.still_to_write,
        "adds_up": run.adds_up,
        "verified": run.verified,
        "differs": run.differs,
        "api_calls": run.api_calls,
        "seconds": run.seconds,
        "problems": problems,
    })
}
