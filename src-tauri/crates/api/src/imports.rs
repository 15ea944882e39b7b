//! Imports: Accounts that are no customers yet become customers of the billing system.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use drawbridge_model::{
    Connection, Currency, Environment, ImportAction, ImportId, ImportLedger, ImportOutcome,
    ImportReason, ImportRow, Provider, RecordId, RunStatus, SyncId,
};
use drawbridge_store::{ImportQuery, ImportRecord, ImportRowRecord, ImportWish};
use drawbridge_sync::execute::refuse_other_org;
use drawbridge_sync::import;

use crate::context::{Context, Workspace, locked};
use crate::error::Result;
use crate::view::{
    ErrorCode, ErrorView, ImportActionView, ImportCauseView, ImportCountsView, ImportDecideRequest,
    ImportOutcomeView, ImportRequest, ImportRowView, ImportRowsRequest, ImportRowsView,
    ImportRunRequest, ImportStartRequest, ImportView, RunStatusView, SyncRequest,
};

/// The most rows one page gives.
const LARGEST_PAGE: u32 = 500;

impl Workspace {
    /// An import. One that a dead process left as running is found out by its lock, and
    /// interrupted.
    fn import(&self, id: ImportId) -> Result<ImportRecord> {
        let read = || -> Result<ImportRecord> {
            self.store
                .import(id)?
                .ok_or_else(|| ErrorView::not_found(format_args!("import {id}")))
        };
        let record = read()?;
        let here = locked(&self.imports).contains_key(&id);
        if record.status != Some(RunStatus::Running) || here {
            return Ok(record);
        }
        let Ok(lock) = self.store.lock_sync(record.sync) else {
            return Ok(record);
        };
        self.store.set_import_status(
            id,
            RunStatus::Interrupted,
            Some("Drawbridge closed while it was writing."),
            crate::clock::now(),
        )?;
        drop(lock);
        read()
    }

    /// The newest import of the sync, where it is newer than this one.
    fn newer_import(&self, import: &ImportRecord) -> Result<Option<ImportId>> {
        let newest = self.store.latest_import(import.sync)?.map(|it| it.id);
        Ok(newest.filter(|newest| *newest > import.id))
    }

    pub(crate) fn import_view(&self, id: ImportId) -> Result<ImportView> {
        let import = self.import(id)?;
        let (sync, source, org) = self.sync_ends(import.sync)?;
        let planned = self.store.import_planned(id)?;
        let counts = self.store.import_counts(id)?;
        Ok(ImportView {
            id: id.0,
            sync: import.sync.0,
            sync_name: sync.name,
            warning: warning(&source, &org),
            org_name: org.name,
            source_name: source.name,
            status: import.status.map(status),
            reason: import.reason,
            read: import.read,
            create: planned.create,
            skip: planned.skip,
            blocked: planned.blocked,
            blocked_by: self
                .store
                .import_causes(id)?
                .into_iter()
                .map(|(kind, accounts)| cause(&kind, accounts))
                .collect(),
            open: import.read.saturating_sub(counts.total()),
            adds_up: import.status == Some(RunStatus::Finished) && counts.total() == import.read,
            counts: ImportCountsView {
                created: counts.created,
                already: counts.already,
                skipped: counts.skipped,
                blocked: counts.blocked,
                rejected: counts.rejected,
                unknown: counts.unknown,
            },
            who: import.who,
            began_at: import.began_at.map(|at| at.to_string()),
            started_at: import.started_at.to_string(),
            finished_at: import.finished_at.map(|at| at.to_string()),
        })
    }
}

/// Why Accounts must be settled first, by the kind of their reason.
fn cause(kind: &str, accounts: u32) -> ImportCauseView {
    let (code, one, several) = match kind {
        "no_currency" => ("no_currency", "says no currency", "say no currency"),
        "no_name" => ("no_name", "has no name", "have no name"),
        "no_such_customer" => (
            "no_such_customer",
            "names a customer that Alguna does not have",
            "name customers that Alguna does not have",
        ),
        "may_be" => (
            "may_be_customer",
            "may be a customer already",
            "may be customers already",
        ),
        other => (other, "must be settled first", "must be settled first"),
    };
    ImportCauseView {
        code: code.to_owned(),
        accounts,
        words: if accounts == 1 { one } else { several }.to_owned(),
    }
}

/// Accounts of a sandbox become customers as real as any other.
fn warning(source: &Connection, org: &Connection) -> Option<String> {
    (org.environment == Some(Environment::Sandbox)).then(|| {
        format!(
            "“{}” is a sandbox: its Accounts would become customers in “{}”, which cannot be deleted \
             there.",
            org.name, source.name
        )
    })
}

fn refuse_profitwell(source: &Connection) -> Result<()> {
    if source.provider == Provider::Alguna {
        return Ok(());
    }
    Err(ErrorView::bad_request(format!(
        "Accounts are imported into Alguna only; “{}” is {}. Nothing was done.",
        source.name,
        source.provider.name()
    )))
}

impl Context {
    /// Reads both sides and says what would become of every Account. Writes to neither.
    pub async fn import_start(&self, request: ImportStartRequest) -> Result<ImportView> {
        let workspace = self.workspace();
        let (sync, source_connection, org_connection) =
            workspace.sync_ends(SyncId(request.sync))?;
        refuse_profitwell(&source_connection)?;
        let currency = request
            .currency
            .as_deref()
            .filter(|code| !code.trim().is_empty())
            .map(Currency::parse_in_use)
            .transpose()
            .map_err(|error| ErrorView::bad_request(format!("{error}. Nothing was read.")))?;
        let types: Vec<String> = request
            .types
            .iter()
            .map(|kind| kind.trim().to_owned())
            .filter(|kind| !kind.is_empty())
            .collect();
        let source = workspace.source(&source_connection)?;
        let org = workspace.org(&org_connection)?;
        let lock = workspace.store.lock_sync(sync.id)?;
        if let Some(pinned) = &org_connection.org {
            let environment = org_connection
                .environment
                .unwrap_or(Environment::Production);
            refuse_other_org(pinned, environment, &org).await?;
        }
        let mapping = workspace.store.mapping(sync.id)?;
        let wish = ImportWish { types, currency };
        let id = workspace
            .store
            .create_import(sync.id, &wish, self.clock().now())?;
        let input = import::Input {
            import: id,
            sync: &sync,
            mapping: &mapping,
            types: &wish.types,
            currency: wish.currency,
        };
        let read = import::plan(input, &source, &org, &workspace.store, self.clock()).await?;
        workspace.store.set_import_read(id, read)?;
        drop(lock);
        workspace.import_view(id)
    }

    /// One import.
    pub async fn import_get(&self, request: ImportRequest) -> Result<ImportView> {
        self.workspace().import_view(ImportId(request.import))
    }

    /// The latest import of a sync, in a list that is empty where there was none.
    pub async fn import_latest(&self, request: SyncRequest) -> Result<Vec<ImportView>> {
        let workspace = self.workspace();
        let latest = workspace.store.latest_import(SyncId(request.sync))?;
        latest
            .into_iter()
            .map(|import| workspace.import_view(import.id))
            .collect()
    }

    /// The import that took the place of one that did not come to its end.
    pub async fn import_newer(&self, request: ImportRequest) -> Result<Option<u32>> {
        let workspace = self.workspace();
        let import = workspace.import(ImportId(request.import))?;
        if matches!(
            import.status,
            Some(RunStatus::Running | RunStatus::Finished)
        ) {
            return Ok(None);
        }
        Ok(workspace.newer_import(&import)?.map(|newer| newer.0))
    }

    /// A page of an import's Accounts.
    pub async fn import_rows(&self, request: ImportRowsRequest) -> Result<ImportRowsView> {
        let workspace = self.workspace();
        let import = workspace.import(ImportId(request.import))?;
        let (_, _, org) = workspace.sync_ends(import.sync)?;
        let (rows, total) = workspace.store.import_rows(
            import.id,
            &ImportQuery {
                action: request.action.map(|action| match action {
                    ImportActionView::Create => ImportAction::Create,
                    ImportActionView::Skip => ImportAction::Skip,
                    ImportActionView::Blocked => ImportAction::Blocked,
                }),
                search: request.search,
                offset: request.offset,
                limit: request.limit.min(LARGEST_PAGE),
            },
        )?;
        let instance = org.org.map(|org| org.instance_url);
        let open = import.status.is_none();
        Ok(ImportRowsView {
            rows: rows
                .into_iter()
                .map(|row| row_view(row, instance.as_deref(), open))
                .collect(),
            total,
        })
    }

    /// Lets an Account that may be a customer already become one, or leaves one out.
    pub async fn import_decide(&self, request: ImportDecideRequest) -> Result<ImportView> {
        let workspace = self.workspace();
        let import = workspace.import(ImportId(request.import))?;
        if import.status.is_some() {
            return Err(ErrorView::bad_request(format!(
                "Import {} was run already: nothing was decided. Preview again.",
                import.id
            )));
        }
        let record = RecordId::parse(&request.record)
            .map_err(|error| ErrorView::bad_request(format!("{error}. Nothing was decided.")))?;
        let row = workspace
            .store
            .import_row(import.id, &record)?
            .ok_or_else(|| {
                ErrorView::not_found(format_args!("Account {record} in import {}", import.id))
            })?;
        if !can_decide(&row) {
            let why = row.reason.map_or_else(String::new, |it| it.to_string());
            return Err(ErrorView::bad_request(format!(
                "Nothing is to be decided about {}: {why} Nothing was changed.",
                row.name
            )));
        }
        let decided = ImportRow {
            action: if request.create {
                ImportAction::Create
            } else {
                ImportAction::Skip
            },
            reason: (!request.create).then_some(ImportReason::LeftOut),
            ..row
        };
        workspace.store.put_import_rows(import.id, &[decided])?;
        workspace.import_view(import.id)
    }

    /// Runs an import that was previewed, or resumes one that stands still, and waits for its end.
    pub async fn import_run(&self, request: ImportRunRequest) -> Result<ImportView> {
        let workspace = self.workspace();
        let import = workspace.import(ImportId(request.import))?;
        match import.status {
            None | Some(RunStatus::Interrupted | RunStatus::Stopped | RunStatus::Halted) => {}
            Some(RunStatus::Running) => {
                return Err(ErrorView::new(
                    ErrorCode::AlreadyRunning,
                    format!("Import {} is under way already.", import.id),
                ));
            }
            Some(RunStatus::Finished) => {
                return Err(ErrorView::new(
                    ErrorCode::PlanStale,
                    format!("Import {} was run already: nothing was written.", import.id),
                )
                .hint("Preview again: Accounts that are customers by now are left out."));
            }
        }
        let (sync, source_connection, org) = workspace.sync_ends(import.sync)?;
        if let Some(newer) = workspace.newer_import(&import)? {
            return Err(ErrorView::new(
                ErrorCode::PlanStale,
                format!(
                    "Import {newer} was previewed after import {}: nothing was written.",
                    import.id
                ),
            )
            .hint(format!("Look at import {newer} and run that.")));
        }
        let typed = request.confirm.as_deref().map(str::trim);
        if let Some(warning) = warning(&source_connection, &org)
            && !typed.is_some_and(|typed| typed.eq_ignore_ascii_case(&source_connection.name))
        {
            return Err(ErrorView::new(
                ErrorCode::Guard,
                format!("{warning} Nothing was written."),
            )
            .hint(format!(
                "If that is right, confirm it by the name of the billing connection: {}.",
                source_connection.name
            )));
        }
        Workspace::refuse_read_only(&source_connection, "no customer is made there")?;
        let source = workspace.source(&source_connection)?;
        let lock = workspace.store.lock_sync(sync.id)?;
        let stop = Arc::new(AtomicBool::new(false));
        locked(&workspace.imports).insert(import.id, stop.clone());
        let clock = self.options().clock.clone();
        let (work, id) = (workspace.clone(), import.id);
        // Whoever asked may go away; the work goes on and is recorded.
        let done = tokio::spawn(async move {
            let store = &work.store;
            let result = async {
                store.set_import_status(id, RunStatus::Running, None, clock.now())?;
                if let Some(who) = crate::operations::who() {
                    store.set_import_who(id, &who)?;
                }
                let Some(alguna) = source.links() else {
                    return Ok(import::Ended::Done);
                };
                Ok(import::run(id, alguna, store, clock.as_ref(), &stop).await?)
            }
            .await;
            let (status, reason) = match &result {
                Ok(import::Ended::Done) => (RunStatus::Finished, None),
                Ok(import::Ended::Stopped) => (RunStatus::Stopped, None),
                Ok(import::Ended::Interrupted(reason)) => {
                    (RunStatus::Interrupted, Some(reason.clone()))
                }
                Err(error) => {
                    let error: &ErrorView = error;
                    (RunStatus::Interrupted, Some(error.message.clone()))
                }
            };
            let kept = store.set_import_status(id, status, reason.as_deref(), clock.now());
            locked(&work.imports).remove(&id);
            drop(lock);
            kept?;
            result.map(|_| ())
        });
        done.await.map_err(|_| {
            ErrorView::new(
                ErrorCode::Internal,
                "The import broke off because of a defect of Drawbridge. What was written is recorded.",
            )
        })??;
        workspace.import_view(import.id)
    }

    /// Asks an import to stop. Calls under way are finished and recorded first.
    pub async fn import_stop(&self, request: ImportRequest) -> Result<ImportView> {
        let workspace = self.workspace();
        let id = ImportId(request.import);
        if let Some(stop) = locked(&workspace.imports).get(&id) {
            stop.store(true, Ordering::Relaxed);
        }
        workspace.import_view(id)
    }
}

/// Whether it is for a person to say that an Account becomes a customer.
fn can_decide(row: &ImportRow) -> bool {
    row.customer.is_some()
}

fn row_view(record: ImportRowRecord, instance: Option<&str>, open: bool) -> ImportRowView {
    let ImportRowRecord {
        row,
        outcome,
        customer,
        message,
    } = record;
    let known = row.reason.as_ref().and_then(|reason| match reason {
        ImportReason::Customer { customer, .. } => Some(customer.clone()),
        _ => None,
    });
    let planned = row.customer.as_ref();
    ImportRowView {
        record_url: instance.map(|it| format!("{}/{}", it.trim_end_matches('/'), row.record)),
        record: row.record.to_string(),
        can_decide: open && can_decide(&row),
        action: match row.action {
            ImportAction::Create => ImportActionView::Create,
            ImportAction::Skip => ImportActionView::Skip,
            ImportAction::Blocked => ImportActionView::Blocked,
        },
        code: row.reason.as_ref().map(|reason| reason.code().to_owned()),
        reason: row.reason.as_ref().map(|reason| {
            format!("{reason} {}", reason.next_step())
                .trim_end()
                .to_owned()
        }),
        currency: planned.map(|it| it.currency.to_string()),
        address: planned.and_then(|it| {
            let address = it.billing_address.as_ref()?;
            let parts = [
                &address.line1,
                &address.line2,
                &address.city,
                &address.state,
                &address.postal_code,
                &address.country,
            ];
            let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            Some(parts.join(", "))
        }),
        contacts: planned
            .map(|it| it.contacts.iter().map(|one| one.email.clone()).collect())
            .unwrap_or_default(),
        notes: row.notes,
        outcome: outcome.map(|outcome| match outcome {
            ImportOutcome::Created => ImportOutcomeView::Created,
            ImportOutcome::Already => ImportOutcomeView::Already,
            ImportOutcome::Skipped => ImportOutcomeView::Skipped,
            ImportOutcome::Blocked => ImportOutcomeView::Blocked,
            ImportOutcome::Rejected => ImportOutcomeView::Rejected,
            ImportOutcome::Unknown => ImportOutcomeView::Unknown,
        }),
        customer: customer.or(known).map(|customer| customer.to_string()),
        problem: message,
        name: row.name,
    }
}

fn status(status: RunStatus) -> RunStatusView {
    match status {
        RunStatus::Running => RunStatusView::Running,
        RunStatus::Finished => RunStatusView::Finished,
        RunStatus::Interrupted => RunStatusView::Interrupted,
        RunStatus::Stopped => RunStatusView::Stopped,
        RunStatus::Halted => RunStatusView::Halted,
    }
}
