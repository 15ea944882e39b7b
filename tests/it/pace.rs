//! The limit of calls per time is kept by everything that goes to one billing system together.

use std::collections::BTreeMap;

use drawbridge_api::view::{
    ApiMethodView, ConnectionRequest, ConsoleRequest, OperationDraft, OperationFieldView as F,
    OperationKindView as K, OperationPreviewRequest, OperationRunRequest,
};
use drawbridge_testkit::Workbench;
use drawbridge_testkit::simulator::Server;

fn plan(number: u32) -> OperationDraft {
    OperationDraft {
        kind: K::UpdatePlan,
        fields: BTreeMap::from([
            (F::PlanId, format!("plan_{number}")),
            (F::Name, "Other".to_owned()),
        ]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pulls_a_batch_and_calls_by_hand_at_once_never_meet_the_limit() {
    let bench = Workbench::with_customers(40).await;
    let connection = bench.connect_profitwell().await.id;
    let context = &bench.context;
    let batch = OperationPreviewRequest {
        connection,
        title: "Many".to_owned(),
        drafts: (1..=18).map(plan).collect(),
    };
    let batch = context.operation_preview(batch).await.unwrap().id;
    let run = context.operation_run(OperationRunRequest {
        batch,
        confirm: None,
    });
    let pulls = async {
        for _ in 0..4 {
            let pull = context.source_pull(ConnectionRequest { connection });
            pull.await.unwrap();
        }
    };
    let calls = async {
        for _ in 0..16 {
            let call = ConsoleRequest {
                connection,
                method: ApiMethodView::Get,
                path: "/v2/plans/".to_owned(),
                headers: Vec::new(),
                query: Vec::new(),
                body: None,
                confirmed: false,
                typed: None,
                ticket: None,
            };
            let answer = context.console_call(call).await.unwrap();
            assert_eq!(answer.status, 200);
        }
    };
    let (done, (), ()) = futures::join!(run, pulls, calls);
    assert!(done.unwrap().adds_up);

    let log = bench.state().request_log();
    let ours: Vec<_> = log
        .iter()
        .filter(|it| it.server == Server::Profitwell)
        .collect();
    // More than one window of the limit, so that it would have been met.
    assert!(ours.len() > 45, "{}", ours.len());
    let refused = ours.iter().filter(|it| it.status == 429).count();
    assert_eq!(refused, 0, "of {} calls", ours.len());
}
