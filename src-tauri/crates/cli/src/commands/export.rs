//! `export` and `show --report`: what is known, as files.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use drawbridge_api::view::{Nothing, ReportFormat, ReportRequest};
use drawbridge_api::{Context, SubscriptionsWanted, TableFormat};

use super::{Done, connection_named};
use crate::content::Content;
use crate::failure::{Exit, Failure};
use crate::report::{Report, counted, moment};

#[derive(Subcommand)]
pub(crate) enum Export {
    /// Every run and undo, newest first.
    Runs {
        /// As what.
        #[arg(long)]
        format: ExportFormat,
        /// File to write, which is replaced; the terminal when absent.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// The subscriptions as they were last read, by customer.
    Subscriptions(ExportSubscriptions),
}

#[derive(Args)]
pub(crate) struct ExportSubscriptions {
    /// As what.
    #[arg(long)]
    format: ExportFormat,
    /// File to write, which is replaced; the terminal when absent.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Only those of this billing source, by its connection's name.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Only those with this status word, such as active. May be repeated.
    #[arg(long, value_name = "STATUS")]
    status: Vec<String>,
    /// Only those of this plan, letter for letter; '' for those without one. May be repeated.
    #[arg(long, value_name = "PLAN")]
    plan: Vec<String>,
    /// Only those billed so often. May be repeated.
    #[arg(long, value_name = "INTERVAL")]
    interval: Vec<Interval>,
    /// Only those in this currency. May be repeated.
    #[arg(long, value_name = "CODE")]
    currency: Vec<String>,
    /// Only those with these words in customer, plan, e-mail or id.
    #[arg(long, value_name = "WORDS", default_value = "")]
    search: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// A table for a spreadsheet.
    Csv,
    /// A workbook, whose numbers and days are numbers and days.
    Xlsx,
    /// One JSON array.
    Json,
}

impl ExportFormat {
    fn table(self) -> TableFormat {
        match self {
            Self::Csv => TableFormat::Csv,
            Self::Xlsx => TableFormat::Xlsx,
            Self::Json => TableFormat::Json,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Interval {
    Monthly,
    Quarterly,
    SemiAnnual,
    Yearly,
}

impl Interval {
    /// As the table says it.
    fn word(self) -> String {
        match self {
            Self::Monthly => "Monthly",
            Self::Quarterly => "Quarterly",
            Self::SemiAnnual => "Semi-annual",
            Self::Yearly => "Yearly",
        }
        .to_owned()
    }
}

/// Writes the report of a run; the file's ending says as what.
pub(super) async fn report(context: &Context, run: u32, file: &Path, report: Report) -> Done {
    let ending = file.extension().and_then(|ending| ending.to_str());
    let format = match ending.map(str::to_lowercase).as_deref() {
        Some("html" | "htm") => ReportFormat::Html,
        Some("csv") => ReportFormat::Csv,
        _ => {
            return Err(Failure::usage(format!(
                "A report is an .html or a .csv file; {} is neither.",
                file.display()
            )));
        }
    };
    // A run that is not there leaves no empty file behind.
    context
        .history_get(drawbridge_api::view::RunRequest { run })
        .await?;
    let mut out = create(file)?;
    let request = ReportRequest { run, format };
    context.report_write(request, &mut out).await?;
    out.flush().map_err(|error| unwritten(file, &error))?;
    let name = file.display().to_string();
    report.answer(&serde_json::json!({ "run": run, "file": name }), || {
        format!("The report of run {run} is in {name}.")
    });
    Ok(Exit::Done)
}

pub(super) async fn run(context: &Context, what: Export, report: Report) -> Done {
    let table = table(context, what).await?;
    let Some(file) = &table.file else {
        return to_stdout(context, &table, report).await;
    };
    let mut out = create(file)?;
    let rows = table.write(context, &mut out).await?;
    out.flush().map_err(|error| unwritten(file, &error))?;
    table.say_age(context, report).await?;
    let name = file.display().to_string();
    report.answer(&serde_json::json!({ "file": name, "rows": rows }), || {
        format!("{} in {name}.", counted(rows, table.one()))
    });
    Ok(Exit::Done)
}

async fn to_stdout(context: &Context, table: &Table, report: Report) -> Done {
    let is_text = table.format != ExportFormat::Xlsx;
    if !is_text && (report.json || std::io::stdout().is_terminal()) {
        return Err(Failure::usage(
            "A workbook is no text: give --file FILE. Nothing was written.",
        ));
    }
    table.say_age(context, report).await?;
    let mut out = Content::new(match table.format {
        ExportFormat::Csv if report.json => Some("csv"),
        _ => None,
    });
    let written = table.write(context, &mut out).await.map(drop);
    let written = written.and_then(|()| {
        let ended = out.end();
        ended.map_err(|error| unwritten(Path::new("The table"), &error))
    });
    // Whoever stops reading, as `head` does, has what was wanted.
    if out.is_left() {
        Ok(Exit::Done)
    } else {
        written.map(|()| Exit::Done)
    }
}

/// What is written, as what, and where to.
struct Table {
    format: ExportFormat,
    file: Option<PathBuf>,
    /// Which subscriptions; runs where there are none wanted.
    subscriptions: Option<SubscriptionsWanted>,
}

impl Table {
    async fn write(&self, context: &Context, out: &mut (dyn Write + Send)) -> Result<u32, Failure> {
        let format = self.format.table();
        Ok(match &self.subscriptions {
            Some(wanted) => {
                context
                    .subscriptions_write(wanted.clone(), format, out)
                    .await?
            }
            None => context.runs_write(format, out).await?,
        })
    }

    fn one(&self) -> &'static str {
        match self.subscriptions {
            // A customer without a subscription has a row too.
            Some(_) => "row",
            None => "run",
        }
    }

    /// How old what is written is: subscriptions are those that were last read.
    async fn say_age(&self, context: &Context, report: Report) -> Result<(), Failure> {
        let Some(wanted) = &self.subscriptions else {
            return Ok(());
        };
        for source in context.source_ages(Nothing {}).await? {
            if wanted.source.is_none_or(|only| only == source.source) {
                report.say(&match source.pulled_at {
                    Some(at) => format!("{}: as read {} UTC", source.name, moment(&at)),
                    None => format!("{}: not read yet; a preview reads it", source.name),
                });
            }
        }
        Ok(())
    }
}

async fn table(context: &Context, what: Export) -> Result<Table, Failure> {
    Ok(match what {
        Export::Runs { format, file } => Table {
            format,
            file,
            subscriptions: None,
        },
        Export::Subscriptions(wish) => {
            let source = match &wish.source {
                Some(name) => Some(connection_named(context, name).await?),
                None => None,
            };
            if let Some(org) = source.as_ref().filter(|it| it.org.is_some()) {
                return Err(Failure::usage(format!(
                    "“{}” is an org: subscriptions are read from a billing source. Nothing was \
                     written.",
                    org.name
                )));
            }
            Table {
                format: wish.format,
                file: wish.file,
                subscriptions: Some(SubscriptionsWanted {
                    search: wish.search,
                    source: source.map(|it| it.id),
                    status: wish.status,
                    interval: wish.interval.into_iter().map(Interval::word).collect(),
                    currency: wish.currency,
                    plan: wish.plan,
                }),
            }
        }
    })
}

fn create(file: &Path) -> Result<BufWriter<File>, Failure> {
    File::create(file)
        .map(BufWriter::new)
        .map_err(|error| unwritten(file, &error))
}

fn unwritten(file: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{} was not written: {error}.", file.display()))
}
