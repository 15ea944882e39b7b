//! What tests of the Salesforce side look at: twelve customers or so, and what a plan says of each.

use drawbridge_api::view::{
    ActionView, MatchDecideRequest, MatchDecisionView, MatchListRequest, MatchStateView,
    PlanRowView, PlanRowsRequest,
};
use drawbridge_testkit::simulator::{Config, Server, State};
use drawbridge_testkit::{Workbench, values, write_twelve};
use tempfile::TempDir;

/// Its Account is named by Alguna.
pub(crate) const OBRIEN: (&str, &str) = ("obrien", "0015f00000TwA01AAF");
/// Its Account is found by the address of a Contact.
pub(crate) const UMLAUT: (&str, &str) = ("umlaut", "0015f00000TwA02AAF");

/// The servers with the customers of the testkit, the workspace beside them, and its sync.
pub(crate) async fn twelve() -> (Workbench, u32, TempDir) {
    let data = tempfile::tempdir().unwrap();
    write_twelve(data.path());
    let bench = Workbench::start(Config {
        data: Some(data.path().to_owned()),
        ..Config::default()
    })
    .await;
    let sync = bench.alguna_sync().await;
    (bench, sync, data)
}

/// What a plan says of a customer.
pub(crate) async fn row(bench: &Workbench, plan: u32, customer: &str) -> PlanRowView {
    let request = PlanRowsRequest::of(plan);
    let page = bench.context.plan_rows(request).await.unwrap();
    let mut rows = page.rows.into_iter();
    rows.find(|row| row.customer == customer).unwrap()
}

/// Makes a plan and looks at one customer.
pub(crate) async fn planned(bench: &Workbench, sync: u32, customer: &str) -> PlanRowView {
    row(bench, bench.plan(sync).await.id, customer).await
}

/// The code of the reason a customer is blocked for.
pub(crate) fn blocked(row: &PlanRowView) -> &str {
    assert_eq!(row.action, ActionView::Blocked, "{row:#?}");
    &row.reason.as_ref().unwrap().code
}

/// A person decides.
pub(crate) async fn decide(
    bench: &Workbench,
    sync: u32,
    customer: &str,
    decision: Option<MatchDecisionView>,
) {
    let request = MatchDecideRequest {
        sync,
        customer: customer.to_owned(),
        decision,
    };
    bench.context.match_decide(request).await.unwrap();
}

/// The problem the Matching tab shows of a customer.
pub(crate) async fn conflict(bench: &Workbench, sync: u32, customer: &str) -> Option<String> {
    let request = MatchListRequest {
        sync,
        state: MatchStateView::Conflict,
        search: customer.to_owned(),
        offset: 0,
        limit: 10,
    };
    let page = bench.context.match_list(request).await.unwrap();
    page.rows.into_iter().next().and_then(|row| row.problem)
}

/// A new Account of a colleague.
pub(crate) fn account(state: &State, name: &str) -> String {
    let named = values([("Name", name.into())]);
    state.create_record("Account", &named, "Ana Ruiz").unwrap()
}

/// The queries that reached the sandbox since a request, decoded as far as it matters.
pub(crate) fn queries(state: &State, since: usize) -> Vec<String> {
    state
        .request_log()
        .into_iter()
        .skip(since)
        .filter(|it| it.server == Server::SalesforceSandbox && it.query.starts_with("q="))
        .map(|it| {
            let text = it.query.replace("%20", " ").replace('+', " ");
            text.replace("%3E", ">").replace("%3D", "=")
        })
        .collect()
}
