//! Operations in a billing system: checked as they are typed, carried out one or many at a time,
//! followed, stopped and resumed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use drawbridge_model::{BatchId, Connection, ConnectionId, Operation, OperationKind, RunStatus};
use drawbridge_store::{
    BatchOrigin, BatchQuery, BatchRecord, NewBatch, NewOperation, OperationQuery, RowProblem,
};
use drawbridge_sync::operations::{self, Ended, Form};

use crate::context::{Context, Workspace, locked};
use crate::error::Result;
use crate::operation_check::Checker;
use crate::operation_views::{
    counts, field, form, form_view, kind_back, origin, outcome_back, problem, row_view, status,
};
use crate::sources::AnySource;
use crate::view::{
    ErrorCode, ErrorView, Nothing, OperationBatchView, OperationCheckRequest, OperationCheckView,
    OperationCsvRequest, OperationFormView, OperationListRequest, OperationListView,
    OperationPreviewRequest, OperationRequest, OperationRowsRequest, OperationRowsView,
    OperationRunRequest, OperationStartRequest,
};

/// The most rows one page gives.
const LARGEST_PAGE: u32 = 500;
/// `ProfitWell` takes 25 calls in 5 seconds, and an operation needs two: one looks, one writes. Of
/// Alguna, no limit is published; there an operation reads, writes, and reads again.
const OPERATIONS_IN_5_SECONDS: u32 = 12;

impl Workspace {
    /// The billing system of this number, where its provider has operations of this kind.
    pub(crate) fn operated(&self, id: u32, kind: OperationKind) -> Result<Connection> {
        let connection = self.connection(ConnectionId(id))?;
        if connection.provider == kind.provider() {
            return Ok(connection);
        }
        Err(ErrorView::bad_request(format!(
            "“{}” is {}; “{}” is done in {} only. Nothing was sent.",
            connection.name,
            connection.provider.name(),
            kind.label(),
            kind.provider().name()
        )))
    }

    /// Why nothing may be sent there, if so.
    fn refused(connection: &Connection) -> Option<String> {
        connection.read_only.then(|| {
            format!(
                "“{}” is read-only in Drawbridge: nothing may be changed there.",
                connection.name
            )
        })
    }

    /// A batch. One that a dead process left as running is found out by its lock, and interrupted.
    fn batch(&self, id: BatchId) -> Result<BatchRecord> {
        let read = || -> Result<BatchRecord> {
            self.store
                .batch(id)?
                .ok_or_else(|| ErrorView::not_found(format_args!("operation {id}")))
        };
        let record = read()?;
        let here = locked(&self.operations).contains_key(&id);
        if record.status != Some(RunStatus::Running) || here {
            return Ok(record);
        }
        let Ok(lock) = self.store.lock_operations(record.made.connection) else {
            return Ok(record);
        };
        self.store.set_batch_status(
            id,
            RunStatus::Interrupted,
            Some("Drawbridge closed while it was writing."),
            crate::clock::now(),
        )?;
        drop(lock);
        read()
    }

    pub(crate) fn batch_view(&self, id: BatchId) -> Result<OperationBatchView> {
        self.batch(id)
            .and_then(|record| self.batch_record_view(record))
    }

    pub(crate) fn batch_record_view(&self, record: BatchRecord) -> Result<OperationBatchView> {
        let connection = self.store.connection(record.made.connection)?;
        let refused = match &connection {
            Some(connection) => Self::refused(connection),
            None => Some(format!(
                "“{}” was left: nothing can be sent there any more.",
                record.made.connection_name
            )),
        };
        let open = record.rows.saturating_sub(record.counts.total());
        let finished = record.status == Some(RunStatus::Finished);
        Ok(OperationBatchView {
            id: record.id.0,
            connection: record.made.connection.0,
            confirm: if finished {
                None
            } else {
                self.to_confirm(&record)?
            },
            connection_name: record.made.connection_name,
            provider: crate::convert::provider(record.kind.provider()),
            origin: origin(record.made.origin),
            title: record.made.title,
            who: record.made.who,
            status: record.status.map(status),
            reason: record.reason,
            rows: record.rows,
            sendable: record.sendable,
            counts: counts(record.counts),
            open,
            adds_up: finished && open == 0,
            refused,
            seconds_left: open
                .min(record.sendable)
                .saturating_mul(5)
                .div_ceil(OPERATIONS_IN_5_SECONDS),
            created_at: record.created_at.to_string(),
            started_at: record.started_at.map(|at| at.to_string()),
            finished_at: record.finished_at.map(|at| at.to_string()),
        })
    }

    /// A batch of a list.
    pub(crate) fn listed_batch(&self, record: BatchRecord) -> Result<OperationBatchView> {
        match record.status {
            // Its process may have died meanwhile.
            Some(RunStatus::Running) => self.batch_view(record.id),
            _ => self.batch_record_view(record),
        }
    }

    /// What must be typed before a batch begins: the user's id where one user is deleted, a sentence
    /// with their number where several are.
    fn to_confirm(&self, record: &BatchRecord) -> Result<Option<String>> {
        if record.deletions == 0 {
            return Ok(None);
        }
        if record.sendable == 1 {
            let query = OperationQuery {
                limit: LARGEST_PAGE,
                ..OperationQuery::default()
            };
            let (rows, _) = self.store.operation_rows(record.id, &query)?;
            let only = rows.into_iter().find(|row| row.row.operation.is_some());
            return Ok(only.map(|row| row.row.subject));
        }
        Ok(Some(format!("delete {} users", record.deletions)))
    }
}

impl Context {
    /// The forms there are, explained.
    pub async fn operation_forms(&self, _: Nothing) -> Result<Vec<OperationFormView>> {
        Ok(OperationKind::ALL.into_iter().map(form_view).collect())
    }

    /// What is wrong with a form, and what it would do. Nothing is sent.
    pub async fn operation_check(
        &self,
        request: OperationCheckRequest,
    ) -> Result<OperationCheckView> {
        let workspace = self.workspace();
        let form = form(request.draft);
        let connection = workspace.operated(request.connection, form.kind)?;
        let knows = workspace.checker(&connection, [&form]).await?;
        let mut checked = knows.check(&form)?;
        let outlook = workspace.link_outlook(&connection, &mut checked).await?;
        let sentence = checked
            .operation
            .as_ref()
            .map(|operation| operations::sentence(operation, self.clock().now()));
        Ok(OperationCheckView {
            ready: checked.operation.is_some(),
            sentence,
            confirm: checked.operation.as_ref().and_then(irreversible),
            refused: Workspace::refused(&connection),
            command: operations::command_line(&form, Some(&connection.name)),
            problems: checked.problems.into_iter().map(problem).collect(),
            notes: checked.notes,
            generated: checked
                .generated
                .into_iter()
                .map(|(name, text)| (field(name), text))
                .collect(),
            outlook,
        })
    }

    /// Carries one operation out, and waits for its end. It stands in the journal like any batch.
    pub async fn operation_start(
        &self,
        request: OperationStartRequest,
    ) -> Result<OperationBatchView> {
        let workspace = self.workspace();
        let form = form(request.draft);
        let connection = workspace.operated(request.connection, form.kind)?;
        Workspace::refuse_read_only(&connection, "no operation is sent there")?;
        let knows = workspace.checker(&connection, [&form]).await?;
        let row = self.row(&knows, 1, &form)?;
        if let Some(problem) = row.problems.first() {
            let field = problem.field.as_deref().map(|it| format!("{it}: "));
            return Err(ErrorView::bad_request(format!(
                "{}{} Nothing was sent.",
                field.unwrap_or_default(),
                problem.message
            )));
        }
        if let Some(wanted) = row.operation.as_ref().and_then(irreversible) {
            refuse_unconfirmed(&wanted, request.confirm.as_deref(), &row.sentence)?;
        }
        let title = row.sentence.clone();
        let batch = self.keep(&workspace, &connection, BatchOrigin::Form, title, &[row])?;
        self.carry_out(&workspace, batch, request.confirm).await
    }

    /// Makes a batch of several forms, for a person to look at. Nothing is sent.
    pub async fn operation_preview(
        &self,
        request: OperationPreviewRequest,
    ) -> Result<OperationBatchView> {
        let workspace = self.workspace();
        let forms: Vec<Form> = request.drafts.into_iter().map(form).collect();
        let Some(first) = forms.first() else {
            return Err(ErrorView::bad_request("There is nothing to do."));
        };
        let connection = workspace.operated(request.connection, first.kind)?;
        for other in &forms {
            workspace.operated(request.connection, other.kind)?;
        }
        let knows = workspace.checker(&connection, &forms).await?;
        let mut rows = Vec::with_capacity(forms.len());
        for (number, form) in (1..).zip(&forms) {
            rows.push(self.row(&knows, number, form)?);
        }
        let origin = BatchOrigin::Selection;
        let batch = self.keep(&workspace, &connection, origin, request.title, &rows)?;
        workspace.batch_view(batch)
    }

    /// Makes a batch of a CSV file, for a person to look at. Nothing is sent.
    pub async fn operation_csv(&self, request: OperationCsvRequest) -> Result<OperationBatchView> {
        let workspace = self.workspace();
        let kind = kind_back(request.kind);
        let connection = workspace.operated(request.connection, kind)?;
        let lines = crate::operation_csv::read(kind, &request.name, &request.text)?;
        let knows = workspace
            .checker(&connection, lines.iter().map(|(_, line)| &line.form))
            .await?;
        let mut rows = Vec::with_capacity(lines.len());
        let mut places = BTreeMap::new();
        for (number, line) in lines {
            let mut row = self.row(&knows, number, &line.form)?;
            if !line.problems.is_empty() {
                row.operation = None;
                row.sentence = String::new();
                row.problems.splice(0..0, line.problems);
            }
            if let Some(operation) = &row.operation
                && let Some(place) = workspace.place(&connection, operation)?
            {
                let first = *places.entry(place).or_insert(number);
                if first != number {
                    row.operation = None;
                    row.sentence = String::new();
                    row.problems.push(RowProblem {
                        field: None,
                        message: operations::overwrites(kind, first),
                    });
                }
            }
            rows.push(row);
        }
        let origin = BatchOrigin::Csv;
        let batch = self.keep(&workspace, &connection, origin, request.name, &rows)?;
        workspace.batch_view(batch)
    }

    /// Starts a batch that was previewed, or resumes one that stands still, and waits for its end.
    pub async fn operation_run(&self, request: OperationRunRequest) -> Result<OperationBatchView> {
        let workspace = self.workspace();
        self.carry_out(&workspace, BatchId(request.batch), request.confirm)
            .await
    }

    /// Asks a batch to stop. The call under way is finished and recorded first.
    pub async fn operation_stop(&self, request: OperationRequest) -> Result<OperationBatchView> {
        let workspace = self.workspace();
        let id = BatchId(request.batch);
        if let Some(stop) = locked(&workspace.operations).get(&id) {
            stop.store(true, Ordering::Relaxed);
        }
        workspace.batch_view(id)
    }

    /// One batch.
    pub async fn operation_get(&self, request: OperationRequest) -> Result<OperationBatchView> {
        self.workspace().batch_view(BatchId(request.batch))
    }

    /// Batches, newest first.
    pub async fn operation_list(&self, request: OperationListRequest) -> Result<OperationListView> {
        let workspace = self.workspace();
        let (batches, total) = workspace.store.batches(&BatchQuery {
            connection: request.connection.map(ConnectionId),
            search: request.search,
            offset: request.offset,
            limit: request.limit.min(LARGEST_PAGE),
        })?;
        let views = batches
            .into_iter()
            .map(|record| workspace.listed_batch(record));
        Ok(OperationListView {
            batches: views.collect::<Result<_>>()?,
            total,
        })
    }

    /// A page of a batch's rows.
    pub async fn operation_rows(&self, request: OperationRowsRequest) -> Result<OperationRowsView> {
        let workspace = self.workspace();
        let batch = workspace.batch(BatchId(request.batch))?;
        let (rows, total) = workspace.store.operation_rows(
            batch.id,
            &OperationQuery {
                outcome: request.outcome.map(outcome_back),
                search: request.search,
                offset: request.offset,
                limit: request.limit.min(LARGEST_PAGE),
            },
        )?;
        Ok(OperationRowsView {
            rows: rows.into_iter().map(row_view).collect(),
            total,
        })
    }

    fn row(&self, knows: &Checker<'_>, number: u32, form: &Form) -> Result<NewOperation> {
        let checked = knows.check(form)?;
        let (_, subject) = operations::words(form.kind);
        let given = subject.and_then(|field| form.text(field));
        let operation = checked.operation;
        Ok(NewOperation {
            number,
            kind: form.kind,
            subject: operation
                .as_ref()
                .map_or_else(|| given.unwrap_or_default(), Operation::subject)
                .to_owned(),
            sentence: operation
                .as_ref()
                .map(|operation| operations::sentence(operation, self.clock().now()))
                .unwrap_or_default(),
            operation,
            problems: checked
                .problems
                .into_iter()
                .map(|problem| RowProblem {
                    field: problem.field.map(|field| field.name().to_owned()),
                    message: problem.message,
                })
                .collect(),
        })
    }

    fn keep(
        &self,
        workspace: &Workspace,
        connection: &Connection,
        origin: BatchOrigin,
        title: String,
        rows: &[NewOperation],
    ) -> Result<BatchId> {
        let new = NewBatch {
            connection: connection.id,
            connection_name: connection.name.clone(),
            origin,
            title,
            who: who(),
        };
        Ok(workspace
            .store
            .create_batch(&new, rows, self.clock().now())?)
    }

    async fn carry_out(
        &self,
        workspace: &Arc<Workspace>,
        id: BatchId,
        confirm: Option<String>,
    ) -> Result<OperationBatchView> {
        let batch = workspace.batch(id)?;
        match batch.status {
            None | Some(RunStatus::Interrupted | RunStatus::Stopped | RunStatus::Halted) => {}
            Some(RunStatus::Running) => {
                return Err(ErrorView::new(
                    ErrorCode::AlreadyRunning,
                    format!("Operation {id} is under way already."),
                ));
            }
            Some(RunStatus::Finished) => {
                return Err(ErrorView::new(
                    ErrorCode::PlanStale,
                    format!("Operation {id} was carried out already: nothing was sent."),
                ));
            }
        }
        let connection = workspace.connection(batch.made.connection)?;
        let source = workspace.source(&connection)?;
        Workspace::refuse_read_only(&connection, "no operation is sent there")?;
        if let Some(wanted) = workspace.to_confirm(&batch)? {
            let what = format!(
                "{} users would be deleted with their whole history. This cannot be taken back.",
                batch.deletions
            );
            refuse_unconfirmed(&wanted, confirm.as_deref(), &what)?;
        }
        let lock = workspace.store.lock_operations(connection.id)?;
        let stop = Arc::new(AtomicBool::new(false));
        locked(&workspace.operations).insert(id, stop.clone());
        let clock = self.options().clock.clone();
        let work = workspace.clone();
        // Whoever asked may go away; the work goes on and is recorded.
        let done = tokio::spawn(async move {
            let store = &work.store;
            let result = async {
                store.set_batch_status(id, RunStatus::Running, None, clock.now())?;
                let clock = clock.as_ref();
                Ok(match &source {
                    AnySource::Profitwell(source) => {
                        operations::run(id, source, store, clock, &stop).await?
                    }
                    AnySource::Alguna(source) => {
                        operations::run_links(id, source, store, clock, &stop).await?
                    }
                })
            }
            .await;
            let (status, reason) = match &result {
                Ok(Ended::Done) => (RunStatus::Finished, None),
                Ok(Ended::Stopped) => (RunStatus::Stopped, None),
                Ok(Ended::Halted(reason)) => (RunStatus::Halted, Some(reason.clone())),
                Ok(Ended::Interrupted(reason)) => (RunStatus::Interrupted, Some(reason.clone())),
                Err(error) => {
                    let error: &ErrorView = error;
                    (RunStatus::Interrupted, Some(error.message.clone()))
                }
            };
            let kept = store.set_batch_status(id, status, reason.as_deref(), clock.now());
            locked(&work.operations).remove(&id);
            drop(lock);
            kept?;
            result.map(|_| ())
        });
        done.await.map_err(|_| {
            ErrorView::new(
                ErrorCode::Internal,
                "The operations broke off because of a defect of Drawbridge. What was sent is recorded.",
            )
        })??;
        workspace.batch_view(id)
    }
}

/// What must be typed before an operation that cannot be taken back.
fn irreversible(operation: &Operation) -> Option<String> {
    match operation {
        Operation::DeleteUser { user } => Some(user.clone()),
        _ => None,
    }
}

fn refuse_unconfirmed(wanted: &str, typed: Option<&str>, what: &str) -> Result<()> {
    if typed.map(str::trim) == Some(wanted) {
        return Ok(());
    }
    Err(
        ErrorView::new(ErrorCode::Guard, format!("{what} Nothing was sent."))
            .hint(format!("If that is right, confirm it by typing: {wanted}")),
    )
}

/// Who sits at this computer, as the system calls them.
pub(crate) fn who() -> Option<String> {
    ["USER", "USERNAME", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|name| !name.trim().is_empty())
}
