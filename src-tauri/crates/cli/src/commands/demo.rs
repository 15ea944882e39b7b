//! `demo`: the whole story on simulated servers.

use drawbridge_api::view::{
    ConnectionView, ErrorCode, ErrorView, Nothing, RunRequest, RunStartRequest, SyncRequest,
    UndoRequest,
};
use drawbridge_api::{Context, Options};

use super::{Done, connect, fields, plan, run, runs, undo};
use crate::failure::{Exit, Failure};
use crate::report::Report;

pub(super) async fn run(options: Options, report: Report) -> Done {
    report.say("1. Connect. Simulated servers start on this computer; nothing leaves it.");
    let context = Context::open_demo(options).await?;
    let connections: Vec<ConnectionView> = context.connection_list(Nothing {}).await?;
    for connection in &connections {
        let lines = connect::describe(connection);
        report.say(&format!("  {}", lines.lines().next().unwrap_or_default()));
    }
    let syncs = context.sync_list(Nothing {}).await?;
    let sync = syncs.first().ok_or_else(|| {
        Failure(ErrorView::new(
            ErrorCode::Internal,
            "The demo workspace has no sync.",
        ))
    })?;

    report.say("2. Create the fields in the sandbox, and read them back.");
    let deployed = context.fields_deploy(SyncRequest { sync: sync.id }).await?;
    report.say(&format!("  {}", fields::deployment(&deployed, sync)));
    if !deployed.succeeded {
        return Ok(Exit::Failed);
    }

    report.say("3. Preview: read both sides and compare. Nothing is written.");
    let first = plan::make(&context, sync, report).await?;
    let blocked = plan::blocked_rows(&context, &first).await?;
    report.say(&plan::describe(&first, sync, &blocked));

    for halt in &first.halts {
        report.say(&format!("  Accepted for the demo: {}.", halt.name));
    }
    report.say("4. Run: write, record every outcome, read back.");
    let request = RunStartRequest {
        accept: first.halts.iter().map(|halt| halt.name.clone()).collect(),
        ..RunStartRequest::whole(first.id)
    };
    let started = context.run_start(request).await?;
    let finished = run::follow(&context, started.id, report).await?;
    let problems = context
        .run_problems(RunRequest { run: finished.id })
        .await?;
    report.say(&runs::describe(&finished, &problems));

    report.say("5. Again: a second preview finds nothing to write.");
    let second = plan::make(&context, sync, report).await?;
    report.say(&plan::describe(&second, sync, &blocked));

    report.say("6. Undo: what the run replaced is put back, as any plan is run.");
    let undo = undo::make(&context, UndoRequest::of(finished.id), report).await?;
    report.say(&undo::describe(&undo, &finished, false));
    let request = RunStartRequest::whole(undo.id);
    let started = context.run_start(request).await?;
    let undone = run::follow(&context, started.id, report).await?;
    let left = context.run_problems(RunRequest { run: undone.id }).await?;
    let document = serde_json::json!({
        "fields": deployed.fields.as_ref().map(|fields| fields.ready),
        "plan": first.counts,
        "run": run::document(&finished, &problems),
        "second_plan": { "counts": second.counts, "to_write": second.tally.to_write },
        "undo": run::document(&undone, &left),
    });
    report.answer(&document, || runs::describe(&undone, &left));
    let exit = Exit::of_run(&finished);
    Ok(if exit == Exit::Done && second.tally.to_write > 0 {
        Exit::Failed
    } else {
        exit
    })
}
