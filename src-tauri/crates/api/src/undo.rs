//! Taking a run back: a plan like any other, made from what the run wrote.

use drawbridge_model::{Environment, LinkLedger, RunId, RunStatus, grouped};
use drawbridge_sync::undo;

use crate::connections::pinned;
use crate::context::Context;
use crate::error::Result;
use crate::plans::Made;
use crate::view::{ErrorCode, ErrorView, PlanView, UndoRequest};

impl Context {
    /// Begins to make the plan that takes a run back, in the background: [`Context::watch`] follows
    /// it. It restores what stood in each field before, where nobody changed it since. What the run
    /// created stays, unless the request says otherwise. Nothing is written until it is run.
    pub async fn undo_start(&self, request: UndoRequest) -> Result<PlanView> {
        let workspace = self.workspace();
        let run = workspace.run(RunId(request.run))?;
        if run.status == RunStatus::Running {
            return Err(ErrorView::new(
                ErrorCode::AlreadyRunning,
                format!("Run {} is still writing: it cannot be undone yet.", run.id),
            )
            .hint("Stop it or wait for its end, then undo it."));
        }
        let (sync, _, connection) = workspace.sync_ends(run.sync)?;
        workspace.refuse_before_refresh(&connection, run.id, "undone")?;
        let org = workspace.org(&connection)?;
        let mapping = workspace
            .store
            .mapping_version(run.sync, workspace.plan(run.plan)?.mapping_version)?;
        let pinned = pinned(&connection)?;
        let notes = [
            not_known(run.id, workspace.store.counts(run.id)?.unknown),
            links_not_known(run.id, workspace.store.link_counts(run.id)?.unknown),
        ];
        let notes = notes.into_iter().flatten().collect();
        let lock = workspace.store.lock_sync(sync.id)?;
        workspace.refuse_unsettled(&connection, sync.id)?;
        let id = workspace
            .store
            .create_undo(run.id, request.delete_created, self.clock().now())?;
        let reporter = workspace.follow_plan(id, Some(&org), None, self);
        let clock = self.options().clock.clone();
        let view = workspace.plan_view(&workspace.plan(id)?)?;
        tokio::spawn(async move {
            let input = undo::Input {
                plan: id,
                run: run.id,
                mapping: &mapping,
                pinned: &pinned,
                environment: connection.environment.unwrap_or(Environment::Production),
                delete_created: request.delete_created,
            };
            let made = undo::make(input, &org, &workspace.store, reporter.as_ref()).await;
            workspace.note_standing(None, connection.id, made.as_ref().map(|_| ()));
            if made.is_ok() {
                workspace.plan_writeback_undo(id, run.id);
            }
            // Replacing what is there is what an undo is for: it has no halts.
            let made = Made {
                plan: id,
                summary: made,
                halts: Vec::new(),
                offline: None,
                notes,
            };
            let failed = made.keep(&workspace, clock.as_ref());
            drop(lock);
            reporter.end(failed);
        });
        Ok(view)
    }
}

/// What an undo cannot take back, because nobody knows whether it was done.
fn not_known(run: RunId, unknown: u32) -> Option<String> {
    let whose = match unknown {
        0 => return None,
        1 => "1 record".to_owned(),
        rows => format!("{} records", grouped(rows)),
    };
    Some(format!(
        "What became of {whose} of run {run} is not known, so nothing of that is taken back here. \
         Look at them in Salesforce: the run lists them as unknown."
    ))
}

/// The same of its links.
fn links_not_known(run: RunId, unknown: u32) -> Option<String> {
    let what = match unknown {
        0 => return None,
        1 => "1 link".to_owned(),
        links => format!("{links} links"),
    };
    Some(format!(
        "What became of {what} of run {run} is not known, so nothing of that is taken back here. \
         Look at those customers in Alguna: the run lists their links as unknown."
    ))
}
