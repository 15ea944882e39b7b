//! `connections`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    ConnectionRequest, ConnectionStatusView, EnvironmentView, KeyReplaceRequest, Nothing,
    ProviderView, ReadOnlyRequest, RelinkRequest, RelinkView,
};

use super::{Done, connect, connection_named, from_environment};
use crate::arguments::{Connections, Switch};
use crate::failure::Exit;
use crate::report::{Report, grouped, table};
use crate::visible;

pub(super) async fn run(context: &Context, action: Option<Connections>, report: Report) -> Done {
    if let Some(Connections::Check { name }) = &action {
        let connection = connection_named(context, name).await?;
        let checked = context
            .connection_check(ConnectionRequest {
                connection: connection.id,
            })
            .await?;
        report.answer(&checked, || connect::describe(&checked));
        let stands = checked.status == ConnectionStatusView::Connected;
        return Ok(if stands { Exit::Done } else { Exit::Failed });
    }
    if let Some(Connections::Relink { name, yes }) = action {
        return relink(context, &name, yes, report).await;
    }
    if let Some(Connections::ReplaceKey { name, token_env }) = action {
        let request = KeyReplaceRequest {
            connection: connection_named(context, &name).await?.id,
            key: from_environment(&token_env)?,
        };
        let replaced = context.source_replace_key(request).await?;
        report.answer(&replaced, || connect::describe(&replaced));
        return Ok(Exit::Done);
    }
    if let Some(Connections::ReadOnly { name, switch }) = action {
        return read_only(context, &name, switch == Switch::On, report).await;
    }
    let connections = context.connection_list(Nothing {}).await?;
    report.answer(&connections, || {
        if connections.is_empty() {
            return "There are no connections yet. Make one with `drawbridge-cli connect`."
                .to_owned();
        }
        let rows: Vec<Vec<String>> = connections
            .iter()
            .map(|connection| {
                vec![
                    connection.name.clone(),
                    product(connection.provider, connection.environment).to_owned(),
                    status_word(connection.status).to_owned(),
                    if connection.read_only {
                        "read-only"
                    } else {
                        ""
                    }
                    .to_owned(),
                    connection.host.clone(),
                ]
            })
            .collect();
        table(&["NAME", "PRODUCT", "STATUS", "USE", "HOST"], &rows)
    });
    Ok(Exit::Done)
}

async fn read_only(context: &Context, name: &str, read_only: bool, report: Report) -> Done {
    let connection = connection_named(context, name).await?.id;
    let view = context
        .connection_set_read_only(ReadOnlyRequest {
            connection,
            read_only,
        })
        .await?;
    report.answer(&view, || {
        if view.read_only {
            format!("“{}” is read-only: nothing is changed there.", view.name)
        } else {
            format!(
                "“{}” may be changed again, each time when it is confirmed.",
                view.name
            )
        }
    });
    Ok(Exit::Done)
}

async fn relink(context: &Context, name: &str, apply: bool, report: Report) -> Done {
    let connection = connection_named(context, name).await?.id;
    let relinked = context
        .connection_relink(RelinkRequest { connection, apply })
        .await?;
    report.answer(&relinked, || describe_relink(&relinked));
    Ok(Exit::Done)
}

fn describe_relink(relinked: &RelinkView) -> String {
    let name = &relinked.connection.name;
    let mut lines = vec![format!(
        "“{name}” was org {} and is org {} since its refresh.",
        relinked.from_org, relinked.to_org
    )];
    for sync in &relinked.syncs {
        lines.push(format!(
            "{}: {} found again by external ID, {} there under the same record id, {} not there",
            sync.name,
            grouped(sync.found_again),
            grouped(sync.need_review),
            grouped(sync.not_there)
        ));
        if sync.need_review > 0 {
            lines.push(
                "  The same record id proves nothing in a copy: the next preview finds those again \
                 that an address or the billing system leads to, and the others wait for a decision."
                    .to_owned(),
            );
        }
        if !sync.missing_fields.is_empty() {
            lines.push(format!(
                "  The copy lacks {}. Create them: drawbridge-cli fields '{}' --deploy",
                sync.missing_fields.join(", "),
                sync.name
            ));
        }
    }
    lines.push(if relinked.applied {
        "Re-linked. Preview each sync next.".to_owned()
    } else {
        format!("Nothing was changed. Do it: drawbridge-cli connections relink '{name}' --yes")
    });
    visible::lines(&lines)
}

fn product(provider: ProviderView, environment: Option<EnvironmentView>) -> &'static str {
    match (provider, environment) {
        (ProviderView::Alguna, _) => "Alguna",
        (ProviderView::Profitwell, _) => "ProfitWell",
        (ProviderView::Salesforce, Some(EnvironmentView::Sandbox)) => "Salesforce SANDBOX",
        (ProviderView::Salesforce, _) => "Salesforce PRODUCTION",
    }
}

pub(super) fn status_word(status: ConnectionStatusView) -> &'static str {
    match status {
        ConnectionStatusView::Connected => "connected",
        ConnectionStatusView::NeedsSignIn => "needs sign-in",
        ConnectionStatusView::Unreachable => "unreachable",
        ConnectionStatusView::Refreshed => "refreshed: re-link it",
        ConnectionStatusView::BlockedByPolicy => "blocked by policy",
    }
}
