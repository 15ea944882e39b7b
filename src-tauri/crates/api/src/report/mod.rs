//! The report of a run: what it was, whether it adds up, its problems by cause, and every row with
//! before and after. Rows are read and written a few hundred at a time, however many there are.

mod charts;
pub(crate) mod csv;
mod html;
mod operations;
pub(crate) mod words;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use drawbridge_model::{Describe, FieldKind, Mapping, PlanId, RunId, SyncId};
use drawbridge_store::OutcomeRow;

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::held;
use crate::view::{
    ErrorCode, ErrorView, HistoryRowView, ProblemView, ReportFormat, ReportRequest, RunRequest,
    SavedView,
};

/// Rows held in memory at a time.
const CHUNK: usize = 500;

/// What a report tells before its rows.
struct Head {
    run: HistoryRowView,
    problems: Vec<ProblemView>,
    /// When the report was written.
    made_at: String,
}

/// One row as a report shows it.
struct Line {
    customer: String,
    name: String,
    outcome: &'static str,
    record: String,
    /// Link to the record; empty when there is none.
    link: String,
    code: String,
    problem: String,
    changes: Vec<Change>,
}

/// One field of a row.
struct Change {
    field: String,
    label: String,
    before: String,
    after: String,
    /// Why it was held back; empty where it was not.
    held: String,
}

/// How a report is written.
trait Page {
    fn begin(&self, head: &Head, out: &mut dyn Write) -> io::Result<()>;
    fn rows(&self, lines: &[Line], out: &mut dyn Write) -> io::Result<()>;
    fn end(&self, out: &mut dyn Write) -> io::Result<()>;
}

impl Context {
    /// Writes the report of a run.
    pub async fn report_write(
        &self,
        request: ReportRequest,
        out: &mut (dyn Write + Send),
    ) -> Result<()> {
        let run = RunId(request.run);
        let workspace = self.workspace();
        let head = Head {
            run: workspace.history_run(run)?,
            problems: self.run_problems(RunRequest { run: run.0 }).await?,
            made_at: self.clock().now().to_string(),
        };
        let page: &dyn Page = match request.format {
            ReportFormat::Html => &html::Html,
            ReportFormat::Csv => &csv::Csv,
        };
        write_all(&workspace, run, &head, page, out)
    }

    /// Saves the report of a run among the person's own files; nothing there is replaced.
    pub async fn report_save(&self, request: ReportRequest) -> Result<SavedView> {
        let run = self.workspace().history_run(RunId(request.run))?;
        let folder = self.options().reports_dir();
        let ending = match request.format {
            ReportFormat::Html => "html",
            ReportFormat::Csv => "csv",
        };
        let name = format!(
            "drawbridge-run-{}-{}",
            run.run,
            words::file_name(&run.sync_name)
        );
        let (path, file) =
            new_file(&folder, &name, ending).map_err(|error| unsaved(&folder, &error))?;
        let mut out = io::BufWriter::new(file);
        self.report_write(request, &mut out).await?;
        out.flush().map_err(|error| unsaved(&path, &error))?;
        Ok(SavedView {
            path: path.display().to_string(),
        })
    }
}

fn write_all(
    workspace: &Workspace,
    run: RunId,
    head: &Head,
    page: &dyn Page,
    out: &mut dyn Write,
) -> Result<()> {
    let describe = workspace.plan_describe(PlanId(head.run.plan))?;
    let (_, _, org) = workspace.sync_ends(SyncId(head.run.sync))?;
    let instance = org.org.map(|org| org.instance_url);
    let mapping = workspace
        .store
        .mapping_version(SyncId(head.run.sync), head.run.mapping_version)?;
    page.begin(head, out).map_err(|error| unwritten(&error))?;
    let mut after = None;
    loop {
        let rows = workspace.store.outcomes_after(run, after.as_ref(), CHUNK)?;
        let Some(last) = rows.last() else { break };
        after = Some(last.customer.clone());
        let lines: Vec<Line> = rows
            .into_iter()
            .map(|row| line(row, &mapping, describe.as_ref(), instance.as_deref()))
            .collect();
        page.rows(&lines, out).map_err(|error| unwritten(&error))?;
    }
    page.end(out).map_err(|error| unwritten(&error))
}

fn line(
    row: OutcomeRow,
    mapping: &Mapping,
    describe: Option<&Describe>,
    instance: Option<&str>,
) -> Line {
    let link = row
        .record
        .as_ref()
        .zip(instance)
        .map(|(record, instance)| format!("{}/{record}", instance.trim_end_matches('/')));
    let (code, problem) = row
        .problem
        .map_or_else(Default::default, |problem| (problem.code, problem.message));
    Line {
        customer: row.customer.to_string(),
        name: row.name,
        outcome: words::outcome(convert::outcome(row.outcome)),
        record: row
            .record
            .map(|record| record.to_string())
            .unwrap_or_default(),
        link: link.unwrap_or_default(),
        code,
        problem,
        changes: row
            .changes
            .iter()
            .map(|one| {
                let change = &one.change;
                let field = describe.and_then(|describe| describe.field(&change.field));
                let kind: Option<FieldKind> = field.map(|field| field.kind);
                Change {
                    field: change.field.to_string(),
                    label: crate::plan_rows::label(&change.field, field),
                    held: if one.held {
                        held::why(change, mapping)
                    } else {
                        String::new()
                    },
                    before: convert::cell(&change.before, kind).text,
                    after: convert::cell(&change.after, kind).text,
                }
            })
            .collect(),
    }
}

/// A new file of that name, or of the name with the next free number; for this user alone.
pub(crate) fn new_file(
    folder: &Path,
    name: &str,
    ending: &str,
) -> io::Result<(PathBuf, std::fs::File)> {
    std::fs::create_dir_all(folder)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut number = 1;
    loop {
        let path = folder.join(match number {
            1 => format!("{name}.{ending}"),
            number => format!("{name}-{number}.{ending}"),
        });
        match options.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            other => return other.map(|file| (path, file)),
        }
    }
}

fn unsaved(path: &Path, error: &io::Error) -> ErrorView {
    failed(error, &format!("not saved in {}", path.display()))
}

fn unwritten(error: &io::Error) -> ErrorView {
    failed(error, "not written to its end")
}

fn failed(error: &io::Error, what: &str) -> ErrorView {
    let code = match error.kind() {
        io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::FileNotSaved,
    };
    ErrorView::new(code, format!("The report was {what}: {error}.")).hint(
        "Free some space, or give access to the folder, then save it again. The run is unchanged.",
    )
}
