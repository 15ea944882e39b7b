//! `sync create`, `sync list`, `sync run`.

use drawbridge_api::Context;
use drawbridge_api::view::{EnvironmentView, Nothing, PackView, SyncCreateRequest, SyncView};

use super::{Done, connection_named, plan, run, sync_named};
use crate::arguments::{Pack, SyncAction};
use crate::failure::{Exit, Failure};
use crate::report::{Report, table};

pub(super) async fn run(context: &Context, action: SyncAction, report: Report) -> Done {
    match action {
        SyncAction::Create {
            name,
            source,
            org,
            pack,
            create_accounts,
        } => {
            let source = connection_named(context, &source).await?;
            let org = connection_named(context, &org).await?;
            let request = SyncCreateRequest {
                name,
                source: source.id,
                org: org.id,
                create_records: create_accounts,
            };
            let wanted = pack.map(|pack| match pack {
                Pack::Alguna => "alguna",
                Pack::Profitwell => "profitwell",
            });
            let given = format!("{:?}", source.provider).to_lowercase();
            if let Some(wanted) = wanted.filter(|wanted| *wanted != given) {
                return Err(Failure::usage(format!(
                    "The pack {wanted} cannot be filled from “{}”, which is {given}.",
                    source.name
                )));
            }
            let sync = context.sync_create(request).await?;
            report.answer(&sync, || {
                format!(
                    "{}\nNext: drawbridge-cli fields \"{}\" --deploy",
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
                            pack_word(sync).to_owned(),
                            format!("v{}", sync.mapping_version),
                        ]
                    })
                    .collect();
                table(&["NAME", "SOURCE", "ORG", "PACK", "MAPPING"], &rows)
            });
            Ok(Exit::Done)
        }
        SyncAction::Run {
            sync,
            yes: _,
            guards,
        } => {
            let sync = sync_named(context, &sync).await?;
            let plan = plan::make(context, &sync, report).await?;
            run::run(context, plan.id, guards, None, report).await
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

fn pack_word(sync: &SyncView) -> &'static str {
    match sync.pack {
        PackView::Alguna => "alguna",
        PackView::Profitwell => "profitwell",
    }
}
