//! The history: everything that was sent to either side in one list, found by what it is and by words.

use std::collections::BTreeMap;

use drawbridge_api::view::{
    ApiMethodView, ConsoleRequest, HistoryEntryView, HistoryKindView, HistoryRequest, HistoryView,
    ImportRunRequest, ImportStartRequest, OperationDraft, OperationFieldView as F,
    OperationKindView as K, OperationPreviewRequest, OperationStartRequest, OutcomeView,
    RunStatusView,
};
use drawbridge_testkit::Workbench;

use HistoryKindView::{Call, Import, Operation, Run};

async fn list(bench: &Workbench, request: HistoryRequest) -> HistoryView {
    let limit = if request.limit == 0 {
        100
    } else {
        request.limit
    };
    let request = HistoryRequest { limit, ..request };
    bench.context.history_list(request).await.unwrap()
}

fn kinds(view: &HistoryView) -> Vec<HistoryKindView> {
    view.rows
        .iter()
        .map(|entry| match entry {
            HistoryEntryView::Run(_) => Run,
            HistoryEntryView::Operation(_) => Operation,
            HistoryEntryView::Import(_) => Import,
            HistoryEntryView::Call(_) => Call,
        })
        .collect()
}

fn began(entry: &HistoryEntryView) -> String {
    match entry {
        HistoryEntryView::Run(it) => it.started_at.clone(),
        HistoryEntryView::Operation(it) => it.started_at.clone().unwrap(),
        HistoryEntryView::Import(it) => it.began_at.clone().unwrap(),
        HistoryEntryView::Call(it) => it.begun_at.clone(),
    }
}

fn alias(customer: &str, alias: &str) -> OperationDraft {
    OperationDraft {
        kind: K::AddAlias,
        fields: BTreeMap::from([
            (F::Customer, customer.to_owned()),
            (F::Alias, alias.to_owned()),
        ]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_operations_imports_and_calls_are_one_list_in_the_order_of_time() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let of_sync = bench
        .context
        .sync_get(drawbridge_api::view::SyncRequest { sync })
        .await
        .unwrap();
    let alguna = of_sync.source;
    let run = bench.run(bench.plan(sync).await.id).await.run;

    let call = ConsoleRequest {
        connection: alguna,
        method: ApiMethodView::Get,
        path: "/integrations".to_owned(),
        headers: Vec::new(),
        query: Vec::new(),
        body: None,
        confirmed: false,
        typed: None,
        ticket: None,
    };
    bench.context.console_call(call).await.unwrap();

    let start = |draft| OperationStartRequest {
        connection: alguna,
        draft,
        confirm: None,
    };
    let context = &bench.context;
    let customer = bench.somebody_at_alguna().customers().await[0].id.0.clone();
    context
        .operation_start(start(alias(&customer, "erp-7")))
        .await
        .unwrap();
    context
        .operation_start(start(alias("nobody", "erp-8")))
        .await
        .unwrap();
    // What is only previewed is not in it.
    let preview = OperationPreviewRequest {
        connection: alguna,
        title: "Later".to_owned(),
        drafts: vec![alias(&customer, "erp-9")],
    };
    context.operation_preview(preview).await.unwrap();

    let import = ImportStartRequest {
        sync,
        types: Vec::new(),
        currency: Some("EUR".to_owned()),
    };
    let import = context.import_start(import).await.unwrap();
    assert_eq!(list(&bench, HistoryRequest::default()).await.all, 4);
    let confirmed = ImportRunRequest {
        import: import.id,
        confirm: Some("Alguna".to_owned()),
    };
    context.import_run(confirmed).await.unwrap();

    let everything = list(&bench, HistoryRequest::default()).await;
    assert_eq!(
        kinds(&everything),
        [Import, Operation, Operation, Call, Run],
        "{everything:?}"
    );
    assert_eq!((everything.total, everything.all), (5, 5));
    let times: Vec<String> = everything.rows.iter().map(began).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let HistoryEntryView::Operation(refused) = &everything.rows[1] else {
        panic!("{everything:?}");
    };
    assert!(refused.title.contains("erp-8"), "{refused:?}");

    // A window of it is the same list.
    let window = HistoryRequest {
        offset: 1,
        limit: 2,
        ..HistoryRequest::default()
    };
    let window = list(&bench, window).await;
    assert_eq!(window.rows, everything.rows[1..3]);
    assert_eq!(window.total, 5);

    let by = async |change: &dyn Fn(&mut HistoryRequest)| {
        let mut request = HistoryRequest::default();
        change(&mut request);
        kinds(&list(&bench, request).await)
    };
    assert_eq!(by(&|it| it.kinds = vec![Call, Run]).await, [Call, Run]);
    assert_eq!(by(&|it| it.search = "ERP-7".to_owned()).await, [Operation]);
    assert_eq!(
        by(&|it| it.search = "integrations".to_owned()).await,
        [Call]
    );
    assert_eq!(by(&|it| it.search = "nothing like it".to_owned()).await, []);
    assert_eq!(by(&|it| it.source = Some(alguna)).await.len(), 5);
    assert_eq!(by(&|it| it.source = Some(alguna + 100)).await, []);
    assert_eq!(by(&|it| it.org = Some(of_sync.org)).await, [Import, Run]);
    assert_eq!(by(&|it| it.sync = Some(sync)).await, [Import, Run]);
    let rejected = by(&|it| it.outcome = vec![OutcomeView::Rejected]).await;
    assert_eq!(rejected, [Operation]);
    let finished = by(&|it| it.status = vec![RunStatusView::Finished]).await;
    assert_eq!(finished, [Import, Operation, Operation, Run]);
    let since = run.started_at.clone();
    assert_eq!(by(&|it| it.from = Some(since.clone())).await.len(), 5);
    assert_eq!(by(&|it| it.until = Some(since.clone())).await, []);
}
