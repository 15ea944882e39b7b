//! The history, reports of runs and the explanation of values, over the simulated servers.

use drawbridge_api::TableFormat;
use drawbridge_api::view::{
    BalanceView, EnvironmentView, ErrorCode, HistoryEntryView, HistoryRequest, HistoryRowView,
    OutcomeView, ReportFormat, ReportRequest, RunRequest, RunStartRequest, ValueExplainRequest,
    ValueExplainView, ValueStanding,
};
use drawbridge_testkit::simulator::{Config, Fault, FaultKind, Server};
use drawbridge_testkit::{CURRENCIES_MIXED, Workbench, assert_adds_up, values, write_twelve};

const VALUE: &str = "Alguna_Subscription_Value__c";

async fn twelve() -> (Workbench, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    write_twelve(data.path());
    // And two whose names a page and a spreadsheet must not take at their word.
    let path = data.path().join("customers.csv");
    let mut customers = std::fs::read_to_string(&path).unwrap();
    customers
        .push_str("markup,Tom & <b>Bold</b> Signs,USD,,,,,,\n=form,=Equals+Consulting,USD,,,,,,\n");
    std::fs::write(&path, customers).unwrap();
    let bench = Workbench::start(Config {
        data: Some(data.path().to_owned()),
        ..Config::default()
    })
    .await;
    (bench, data)
}

fn all() -> HistoryRequest {
    HistoryRequest {
        limit: 50,
        ..HistoryRequest::default()
    }
}

async fn found(bench: &Workbench, request: HistoryRequest) -> Vec<HistoryRowView> {
    let page = bench.context.history_list(request).await.unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    let rows = page.rows.into_iter().map(|entry| match entry {
        HistoryEntryView::Run(row) => row,
        other => panic!("{other:?} is no run"),
    });
    rows.collect()
}

fn numbers(rows: &[HistoryRowView]) -> Vec<u32> {
    rows.iter().map(|row| row.run).collect()
}

async fn report(bench: &Workbench, run: u32, format: ReportFormat) -> String {
    let mut bytes = Vec::new();
    let request = ReportRequest { run, format };
    bench
        .context
        .report_write(request, &mut bytes)
        .await
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

async fn explain(bench: &Workbench, request: ValueExplainRequest) -> ValueExplainView {
    bench.context.value_explain(request).await.unwrap()
}

fn of_customer(sync: u32, customer: &str) -> ValueExplainRequest {
    ValueExplainRequest {
        sync,
        customer: Some(customer.to_owned()),
        ..ValueExplainRequest::default()
    }
}

/// Snapshots a text without what differs from run to run.
fn assert_same(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d+", "HOST");
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "MOMENT");
    settings.bind(|| insta::assert_snapshot!(name.to_owned(), text));
}

/// What a page says, one line a cell, without its tags and its style.
fn page_text(html: &str) -> String {
    let body = html.split_once("<body>").unwrap().1;
    let mut text = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => {
                inside = true;
                text.push('\n');
            }
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_and_undos_are_listed_with_who_and_whether_they_add_up() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let fault = FaultKind::RowErrors {
        status_code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".into(),
        message: "Region must be set".into(),
        every_nth: 10,
    };
    let fault = Fault::new(Server::SalesforceSandbox, "/composite/sobjects", fault);
    bench.state().arm(fault.method("PATCH").times(u32::MAX));
    let first = bench.run(bench.plan(sync).await.id).await.run;
    bench.state().clear_faults();
    assert!(first.counts.rejected > 0);
    let undo = bench.run(bench.undo(first.id).await.id).await.run;

    let rows = found(&bench, all()).await;
    assert_eq!(numbers(&rows), [undo.id, first.id]);
    let [undone, ran] = &rows[..] else { panic!() };
    assert_eq!(
        (undone.undoes, ran.undone_by),
        (Some(first.id), Some(undo.id))
    );
    assert_eq!(ran.counts, first.counts);
    assert_eq!(ran.balance, BalanceView::Right);
    assert_eq!(ran.environment, EnvironmentView::Sandbox);
    assert!(ran.user_name.is_some() && ran.org_id.is_some(), "{ran:?}");
    assert_eq!(ran.mapping_version, first.mapping_version);

    let by = |change: fn(&mut HistoryRequest)| {
        let mut request = all();
        change(&mut request);
        found(&bench, request)
    };
    let rejected = by(|request| request.outcome = vec![OutcomeView::Rejected]).await;
    assert_eq!(numbers(&rejected), [first.id]);
    let live = by(|request| request.environment = Some(EnvironmentView::Production)).await;
    assert!(live.is_empty());
    let later = by(|request| request.from = Some("2999-01-01T00:00:00Z".to_owned())).await;
    assert!(later.is_empty());
    let words = by(|request| request.search = "alguna uat".to_owned()).await;
    assert_eq!(words.len(), 2);
    let request = HistoryRequest {
        until: Some("yesterday".to_owned()),
        ..all()
    };
    let error = bench.context.history_list(request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest);

    let whole = bench
        .context
        .history_get(RunRequest { run: first.id })
        .await;
    let whole = whole.unwrap();
    assert_eq!(&whole.run, ran);
    let rule = |problem: &&drawbridge_api::view::ProblemView| {
        problem.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    };
    let rule = whole.problems.iter().find(rule).unwrap();
    assert_eq!(rule.rows, first.counts.rejected);

    let mut table = Vec::new();
    bench
        .context
        .runs_write(TableFormat::Csv, &mut table)
        .await
        .unwrap();
    let table = String::from_utf8(table).unwrap();
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(table.contains(",UAT,SANDBOX,"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_run_tells_every_row_and_runs_nothing() {
    let (bench, _data) = twelve().await;
    let sync = bench.alguna_sync().await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    assert_adds_up(&run);
    let html = report(&bench, run.id, ReportFormat::Html).await;
    assert!(
        !html.contains("<script") && !html.contains("<b>Bold"),
        "{html}"
    );
    assert!(
        html.contains("Tom &amp; &lt;b&gt;Bold&lt;/b&gt; Signs"),
        "{html}"
    );
    assert_same("run_report", &page_text(&html));

    let csv = report(&bench, run.id, ReportFormat::Csv).await;
    assert!(csv.starts_with('\u{feff}'));
    assert!(csv.contains("'=Equals"), "{csv}");
    assert!(!csv.contains(",=Equals") && !csv.contains("\n="), "{csv}");
    let table: Vec<&str> = csv
        .lines()
        .skip_while(|line| !line.starts_with("Customer,"))
        .collect();
    for customer in ["obrien", "umlaut"] {
        assert!(table.iter().any(|line| line.starts_with(customer)), "{csv}");
    }

    let saved = |format| {
        let request = ReportRequest {
            run: run.id,
            format,
        };
        async { bench.context.report_save(request).await.unwrap().path }
    };
    let (one, two) = (
        saved(ReportFormat::Html).await,
        saved(ReportFormat::Html).await,
    );
    assert_ne!(one, two, "nothing is replaced");
    assert!(
        std::fs::read_to_string(&one)
            .unwrap()
            .ends_with("</html>\n")
    );
    let unknown = ReportRequest {
        run: 99,
        format: ReportFormat::Csv,
    };
    let error = bench.context.report_save(unknown).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_rows_than_a_report_holds_at_a_time_are_all_in_it() {
    let bench = Workbench::with_customers(1_200).await;
    let sync = bench.alguna_sync().await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    let html = report(&bench, run.id, ReportFormat::Html).await;
    let rows = html.split_once("<h2>Records</h2>").unwrap().1;
    assert_eq!(rows.matches("<tr><td>").count(), run.read as usize);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_explained_by_its_rule_and_every_write() {
    let (bench, _data) = twelve().await;
    let sync = bench.alguna_sync().await;
    let first = bench.run(bench.plan(sync).await.id).await.run;

    let told = explain(&bench, of_customer(sync, "obrien")).await;
    let json = serde_json::to_string_pretty(&told).unwrap();
    assert_same("value_explain", &json);
    let field = |told: &ValueExplainView, name: &str| {
        let field = told.fields.iter().find(|field| field.field == name);
        field.unwrap().clone()
    };
    let id = field(&told, "Alguna_Customer_ID__c");
    assert_eq!(id.standing, ValueStanding::ReadBack);
    assert_eq!(id.writes[0].run, first.id);
    assert_eq!(id.writes[0].before.text, "");
    assert_eq!(id.writes[0].after.text, "obrien");

    // The same by the record, and one field by its label.
    let by_record = ValueExplainRequest {
        sync,
        record: told.record.clone(),
        field: Some(id.label.to_lowercase()),
        ..ValueExplainRequest::default()
    };
    let one = explain(&bench, by_record).await;
    assert_eq!(one.customer.as_deref(), Some("obrien"));
    assert_eq!(one.fields, [id]);

    // Somebody changes a value in Salesforce; the next reading names them.
    let valued = told
        .fields
        .iter()
        .find(|field| field.field == VALUE || field.field == "Alguna_Subscription_Name__c");
    assert!(valued.is_some());
    let theirs = [
        ("Alguna_Customer_ID__c", "obrien".into()),
        ("BillingCity", "Elsewhere".into()),
    ];
    bench
        .state()
        .update_record(
            "Account",
            told.record.as_deref().unwrap(),
            &values(theirs),
            "Tom Okafor",
        )
        .unwrap();
    bench.plan(sync).await;
    let told = explain(&bench, of_customer(sync, "obrien")).await;
    assert_eq!(
        field(&told, "Alguna_Customer_ID__c").standing,
        ValueStanding::AsWritten
    );
    let city = field(&told, "BillingCity");
    if city.writes.is_empty() {
        assert_eq!(city.standing, ValueStanding::NeverWritten);
    } else {
        assert_eq!(city.standing, ValueStanding::Drifted);
        assert_eq!(city.drift.unwrap().by.as_deref(), Some("Tom Okafor"));
    }

    // Undone: both writes are told, each knows the other.
    let undo = bench.run(bench.undo(first.id).await.id).await.run;
    let told = explain(&bench, of_customer(sync, "obrien")).await;
    let id = field(&told, "Alguna_Customer_ID__c");
    let runs: Vec<_> = id
        .writes
        .iter()
        .map(|write| {
            (
                write.run,
                write.undoes,
                write.undone_by,
                write.rule.is_some(),
            )
        })
        .collect();
    assert_eq!(
        runs,
        [
            (undo.id, Some(first.id), None, false),
            (first.id, None, Some(undo.id), true),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn explaining_asks_neither_side_and_names_what_it_does_not_know() {
    let (bench, _data) = twelve().await;
    let sync = bench.alguna_sync().await;
    bench.run(bench.plan(sync).await.id).await;
    let seen = bench.state().request_log().len();
    explain(&bench, of_customer(sync, "umlaut")).await;
    assert_eq!(bench.state().request_log().len(), seen);
    let error = |request| async { bench.context.value_explain(request).await.unwrap_err() };
    assert_eq!(
        error(of_customer(sync, "nobody")).await.code,
        ErrorCode::NotFound
    );
    let field = ValueExplainRequest {
        field: Some("Fax".to_owned()),
        ..of_customer(sync, "umlaut")
    };
    assert_eq!(error(field).await.code, ErrorCode::NotFound);
    let nothing = ValueExplainRequest {
        sync,
        ..ValueExplainRequest::default()
    };
    assert_eq!(error(nothing).await.code, ErrorCode::BadRequest);
    let odd = ValueExplainRequest {
        sync,
        record: Some("../../etc".to_owned()),
        ..ValueExplainRequest::default()
    };
    assert_eq!(error(odd).await.code, ErrorCode::BadRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_in_several_currencies_halt_until_it_is_accepted() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let halt = plan.halts.iter().find(|halt| halt.name == CURRENCIES_MIXED);
    let message = &halt.unwrap().message;
    assert!(
        message.contains(" in EUR") || message.contains(" in USD"),
        "{message}"
    );
    let writes = bench.state().write_calls();
    let request = RunStartRequest::whole(plan.id);
    let refused = bench.try_run(request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert!(refused.message.contains(message), "{refused:?}");
    assert_eq!(bench.state().write_calls(), writes);
    assert_adds_up(&bench.run(plan.id).await.run);
    assert!(
        bench.plan(sync).await.halts.is_empty(),
        "nothing is written"
    );
}
