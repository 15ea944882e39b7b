//! `connections`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    ConnectionRequest, ConnectionStatusView, EnvironmentView, Nothing, ProviderView,
};

use super::{Done, connect, connection_named};
use crate::arguments::Connections;
use crate::failure::Exit;
use crate::report::{Report, table};

pub(super) async fn run(context: &Context, action: Option<Connections>, report: Report) -> Done {
    if let Some(Connections::Check { name }) = action {
        let connection = connection_named(context, &name).await?;
        let checked = context
            .connection_check(ConnectionRequest {
                connection: connection.id,
            })
            .await?;
        report.answer(&checked, || connect::describe(&checked));
        let stands = checked.status == ConnectionStatusView::Connected;
        return Ok(if stands { Exit::Done } else { Exit::Failed });
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
                    connection.host.clone(),
                ]
            })
            .collect();
        table(&["NAME", "PRODUCT", "STATUS", "HOST"], &rows)
    });
    Ok(Exit::Done)
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
        ConnectionStatusView::BlockedByPolicy => "blocked by policy",
    }
}
