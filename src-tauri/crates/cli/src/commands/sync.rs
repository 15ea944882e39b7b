//! `sync create`, `sync list`, `sync set`, `sync links`, `sync export`, `sync import`, `sync promote`, `sync run`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    EnvironmentView, Nothing, PackView, SeverityView, SyncCreateRequest, SyncRequest,
    SyncSaveRequest, SyncView,
};

use super::{Done, connection_named, plan, promote, run, sync_named};
use crate::arguments::{Pack, Switch, SyncAction, Yardstick};
use crate::failure::{Exit, Failure};
use crate::report::{Report, table};
use crate::visible;

pub(super) async fn run(context: &Context, action: SyncAction, report: Report) -> Done {
    match action {
        SyncAction::Create {
            name,
            source,
            org,
            pack,
            create_accounts,
            record_links,
        } => {
            let source = connection_named(context, &source).await?;
            let org = connection_named(context, &org).await?;
            let request = SyncCreateRequest {
                name,
                source: source.id,
                org: org.id,
                pack: pack.map(Pack::view),
                create_records: create_accounts,
                record_links: record_links.map(|it| it == Switch::On),
            };
            let needed = pack.map(|pack| (pack, pack.source()));
            let given = format!("{:?}", source.provider).to_lowercase();
            if let Some((pack, _)) = needed.filter(|(_, needed)| *needed != given) {
                return Err(Failure::usage(format!(
                    "The pack {} cannot be filled from “{}”, which is {given}.",
                    word(pack.view()),
                    source.name
                )));
            }
            let sync = context.sync_create(request).await?;
            let links = super::writeback::reason(context, &sync).await?;
            report.answer(&sync, || {
                format!(
                    "{}\n{links}\nNext: drawbridge-cli fields \"{}\" --deploy",
                    line(&sync),
                    sync.name
                )
            });
            Ok(Exit::Done)
        }
        SyncAction::List => {
            let syncs = context.sync_list(Nothing {}).await?;
            report.answer(&syncs, || {
                if syncs.is_empty() {
                    return "There are no syncs yet. Make one with `drawbridge-cli sync create`."
                        .to_owned();
                }
                let rows: Vec<Vec<String>> = syncs
                    .iter()
                    .map(|sync| {
                        vec![
                            sync.name.clone(),
                            sync.source_name.clone(),
                            format!("{} ({})", sync.org_name, environment(sync)),
                            word(sync.pack).to_owned(),
                            format!("v{}", sync.mapping_version),
                        ]
                    })
                    .collect();
                table(&["NAME", "SOURCE", "ORG", "PACK", "MAPPING"], &rows)
            });
            Ok(Exit::Done)
        }
        SyncAction::Set {
            sync,
            name,
            create_accounts,
            mask_emails,
            speaker,
        } => {
            let sync = sync_named(context, &sync).await?;
            let request = SyncSaveRequest {
                sync: sync.id,
                name,
                create_records: create_accounts.map(|it| it == Switch::On),
                mask_emails: mask_emails.map(|it| it == Switch::On),
                speaker: speaker.map(|order| order.into_iter().map(Yardstick::view).collect()),
            };
            let saved = context.sync_save(request).await?;
            report.answer(&saved, || {
                let masks = saved.mask_emails && saved.environment == EnvironmentView::Production;
                let never =
                    "\nProduction is never masked: e-mail addresses are written as they are.";
                format!(
                    "{}\nThe next preview follows it.{}",
                    line(&saved),
                    if masks { never } else { "" }
                )
            });
            Ok(Exit::Done)
        }
        SyncAction::Export { sync, file } => {
            let sync = sync_named(context, &sync).await?;
            let text = context
                .mapping_export(SyncRequest { sync: sync.id })
                .await?
                .text;
            let written = file.as_ref().map(|file| file.display().to_string());
            if let Some(file) = &file {
                std::fs::write(file, &text).map_err(|error| {
                    Failure::usage(format!("{} was not written: {error}.", file.display()))
                })?;
            }
            let document = serde_json::json!({ "mapping": text, "file": written });
            report.content(&document, || match written {
                Some(file) => format!("Mapping version {} is in {file}.", sync.mapping_version),
                None => text.trim_end().to_owned(),
            });
            Ok(Exit::Done)
        }
        SyncAction::Import { sync, file } => {
            let sync = sync_named(context, &sync).await?;
            let text = std::fs::read_to_string(&file).map_err(|error| {
                Failure::usage(format!("{} cannot be read: {error}.", file.display()))
            })?;
            let request = SyncRequest { sync: sync.id };
            let imported = context.mapping_import(request, &text).await?;
            report.answer(&imported, || {
                let mapping = &imported.mapping;
                let mut lines = vec![if imported.saved {
                    format!("Mapping version {} is saved.", mapping.version)
                } else {
                    format!(
                        "The file says what version {} says: nothing was saved.",
                        mapping.version
                    )
                }];
                let of_rules = mapping.rules.iter().flat_map(|rule| &rule.problems);
                lines.extend(mapping.problems.iter().chain(of_rules).map(|problem| {
                    let word = match problem.severity {
                        SeverityView::Stops => "No plan is made",
                        SeverityView::Blocks => "Records are blocked",
                        SeverityView::Warns => "Note",
                    };
                    format!("  {word}: {} {}", problem.message, problem.next_step)
                }));
                lines.push(format!("Next: drawbridge-cli plan \"{}\"", sync.name));
                visible::lines(&lines)
            });
            Ok(Exit::Done)
        }
        SyncAction::Links {
            sync,
            switch,
            integration,
        } => {
            let sync = sync_named(context, &sync).await?;
            super::writeback::switch(context, &sync, switch, integration, report).await
        }
        SyncAction::Promote {
            sync,
            to,
            check,
            create_fields,
            name,
        } => {
            let sync = sync_named(context, &sync).await?;
            let org = connection_named(context, &to).await?;
            let wish = promote::Wish {
                check,
                create_fields,
                name,
            };
            promote::run(context, &sync, &org, wish, report).await
        }
        SyncAction::Run {
            sync,
            yes: _,
            guards,
        } => {
            let sync = sync_named(context, &sync).await?;
            let plan = plan::make(context, &sync, report).await?;
            let wish = run::Wish {
                plan: plan.id,
                guards,
                limit: None,
                only: Vec::new(),
                way: None,
            };
            run::run(context, wish, report).await
        }
    }
}

fn line(sync: &SyncView) -> String {
    format!(
        "{}: {} to {} ({}), {}",
        sync.name,
        sync.source_name,
        sync.org_name,
        environment(sync),
        if sync.create_records {
            "creates and updates records"
        } else {
            "updates existing records only"
        }
    )
}

fn environment(sync: &SyncView) -> &'static str {
    match sync.environment {
        EnvironmentView::Sandbox => "SANDBOX",
        EnvironmentView::Production => "PRODUCTION",
    }
}

/// A pack as `--pack` takes it.
fn word(pack: PackView) -> &'static str {
    match pack {
        PackView::Alguna => "alguna",
        PackView::Profitwell => "profitwell",
        PackView::ProfitwellAccount => "profitwell-account",
    }
}

impl Pack {
    fn view(self) -> PackView {
        match self {
            Self::Alguna => PackView::Alguna,
            Self::Profitwell => PackView::Profitwell,
            Self::ProfitwellAccount => PackView::ProfitwellAccount,
        }
    }

    /// The billing system that fills it.
    fn source(self) -> &'static str {
        match self {
            Self::Alguna => "alguna",
            Self::Profitwell | Self::ProfitwellAccount => "profitwell",
        }
    }
}
