//! Calls made by hand: looked at, confirmed, written down, made once, shown and saved.

use std::fs;
use std::path::Path;
use std::time::Duration;

use drawbridge_api::view::{
    AnswerFormat, AnswerKindView, AnswerRowsRequest, AnswerSaveRequest, ApiCallRequest,
    ApiCallStateView, ApiCallView, ApiCallsRequest, ApiMethodView, ConnectionView,
    ConsoleCancelRequest, ConsoleRequest, ErrorCode, Nothing, PairView,
};
use drawbridge_testkit::Workbench;
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

fn call(connection: &ConnectionView, method: ApiMethodView, path: &str) -> ConsoleRequest {
    ConsoleRequest {
        connection: connection.id,
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        query: Vec::new(),
        body: None,
        confirmed: false,
        typed: None,
        ticket: None,
    }
}

fn plan(connection: &ConnectionView, id: &str) -> ConsoleRequest {
    ConsoleRequest {
        body: Some(format!(r#"{{"id": "{id}", "name": "By hand"}}"#)),
        confirmed: true,
        ..call(connection, ApiMethodView::Post, "/v2/plans")
    }
}

fn all() -> ApiCallsRequest {
    ApiCallsRequest {
        limit: 50,
        ..ApiCallsRequest::default()
    }
}

/// The newest call of the history.
async fn newest(bench: &Workbench) -> ApiCallView {
    let history = bench.context.console_list(all()).await.unwrap();
    history.rows.into_iter().next().unwrap()
}

fn asked(bench: &Workbench, path: &str) -> usize {
    let log = bench.state().request_log();
    log.iter().filter(|it| it.path.contains(path)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_needs_no_word_and_its_rows_are_shown_in_windows_and_saved() {
    let bench = Workbench::with_customers(60).await;
    let ours = bench.connect_profitwell().await;
    let request = ConsoleRequest {
        query: vec![PairView {
            name: "per_page".to_owned(),
            value: "12".to_owned(),
        }],
        ..call(&ours, ApiMethodView::Get, "/v2/customers")
    };
    let check = bench.context.console_check(request.clone()).await.unwrap();
    assert_eq!(check.path, "/v2/customers/");
    assert!(
        check.sentence.starts_with("In ProfitWell: lists customers"),
        "{}",
        check.sentence
    );
    assert!(!check.changes && check.refusal.is_none() && check.type_this.is_none());
    let answer = bench.context.console_call(request).await.unwrap();
    assert_eq!((answer.status, answer.status_text.as_str()), (200, "OK"));
    assert_eq!((answer.kind, answer.rows), (AnswerKindView::Json, 12));
    assert!(answer.text.starts_with("[\n  {\n    \""), "{}", answer.text);
    let window = AnswerRowsRequest {
        call: answer.call,
        offset: 10,
        limit: 5,
    };
    let rows = bench.context.console_rows(window).await.unwrap();
    assert_eq!((rows.rows.len(), rows.total), (2, 12));
    assert_eq!(rows.rows[0].len(), answer.columns.len());

    let save = |format| AnswerSaveRequest {
        call: answer.call,
        format,
    };
    let csv = bench
        .context
        .console_save(save(AnswerFormat::Csv))
        .await
        .unwrap();
    let text = fs::read_to_string(&csv.path).unwrap();
    assert!(text.starts_with("\u{feff}customer_id,"), "{text}");
    assert_eq!(text.lines().count(), 13);
    let whole = bench
        .context
        .console_save(save(AnswerFormat::Whole))
        .await
        .unwrap();
    let ending = Path::new(&whole.path).extension().unwrap();
    assert_eq!(ending, "json");
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&fs::read_to_string(&whole.path).unwrap()).unwrap();
    assert_eq!(rows.len(), 12);
    let again = bench
        .context
        .console_save(save(AnswerFormat::Whole))
        .await
        .unwrap();
    assert_ne!(again.path, whole.path, "nothing is replaced");

    let history = bench.context.console_list(all()).await.unwrap();
    assert_eq!(history.total, 1);
    let row = &history.rows[0];
    assert_eq!(
        (row.state, row.status),
        (ApiCallStateView::Answered, Some(200))
    );
    assert_eq!(row.size, answer.size);
    assert_eq!(row.query[0].value, "12");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_something_is_confirmed_and_what_cannot_be_taken_back_is_typed() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    let unconfirmed = ConsoleRequest {
        confirmed: false,
        ..plan(&ours, "gone")
    };
    let refused = bench.context.console_call(unconfirmed).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert!(
        refused.message.contains("In ProfitWell: creates a plan."),
        "{}",
        refused.message
    );

    let subscription = call(&ours, ApiMethodView::Post, "/v2/subscriptions/");
    let check = bench
        .context
        .console_check(subscription.clone())
        .await
        .unwrap();
    assert!(
        check.sentence.contains("Give it a subscription_alias"),
        "{}",
        check.sentence
    );
    let named = ConsoleRequest {
        body: Some(r#"{"subscription_alias": "s-1"}"#.to_owned()),
        ..subscription
    };
    let check = bench.context.console_check(named).await.unwrap();
    assert!(
        check.sentence.ends_with("there is none."),
        "{}",
        check.sentence
    );
    let exclude = call(
        &ours,
        ApiMethodView::Post,
        "/v2/metrics/exclude_customer/c%201",
    );
    let check = bench.context.console_check(exclude.clone()).await.unwrap();
    assert_eq!(check.type_this.as_deref(), Some("c 1"));
    assert!(check.irreversible.is_some() && check.refusal.is_none());
    let mut delete = call(&ours, ApiMethodView::Delete, "/v2/users/spiderman/");
    delete.confirmed = true;
    for typed in [None, Some(""), Some("Spiderman"), Some("users")] {
        delete.typed = typed.map(str::to_owned);
        let refused = bench
            .context
            .console_call(delete.clone())
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::Guard, "{typed:?}");
        assert!(refused.hint.unwrap().ends_with("typing: spiderman"));
    }
    assert_eq!(bench.context.console_list(all()).await.unwrap().all, 0);
    assert_eq!(
        (asked(&bench, "/v2/users"), asked(&bench, "/v2/plans")),
        (0, 0)
    );

    let made = bench
        .context
        .console_call(plan(&ours, "by-hand"))
        .await
        .unwrap();
    assert_eq!(
        (made.status, made.sentence.as_str()),
        (201, "ProfitWell has done it.")
    );
    delete.typed = Some(" spiderman ".to_owned());
    let none = bench.context.console_call(delete).await.unwrap();
    assert_eq!(none.status, 404);
    assert!(none.note.unwrap().contains("payment provider"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_only_read_refuses_what_may_change_something() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    assert!(bench.set_read_only(ours.id, true).await.read_only);
    let check = bench.context.console_check(plan(&ours, "p")).await.unwrap();
    assert_eq!(check.refusal.unwrap().code, ErrorCode::Guard);
    let refused = bench
        .context
        .console_call(plan(&ours, "p"))
        .await
        .unwrap_err();
    assert!(
        refused.message.contains("“ProfitWell” is read-only"),
        "{}",
        refused.message
    );
    assert_eq!(asked(&bench, "/v2/plans"), 0);
    let read = call(&ours, ApiMethodView::Get, "/v2/plans/");
    assert_eq!(bench.context.console_call(read).await.unwrap().status, 200);
    bench.set_read_only(ours.id, false).await;
    assert_eq!(
        bench
            .context
            .console_call(plan(&ours, "p"))
            .await
            .unwrap()
            .status,
        201
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guards_refuse_before_anything_is_sent_or_written_down() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    let key = bench.simulator.credentials().profitwell_token.clone();
    let before = bench.state().request_log().len();
    let header = |name: &str, value: &str| ConsoleRequest {
        headers: vec![PairView {
            name: name.to_owned(),
            value: value.to_owned(),
        }],
        ..call(&ours, ApiMethodView::Get, "/v2/plans/")
    };
    let get = |path: &str| call(&ours, ApiMethodView::Get, path);
    for (request, code) in [
        (get("https://evil.example/v2/plans/"), ErrorCode::Guard),
        (get("/v2/../v1/plans/"), ErrorCode::Guard),
        (get("v2/plans"), ErrorCode::BadRequest),
        (header("Authorization", "mine"), ErrorCode::Guard),
        (header("X-Note", &key), ErrorCode::Guard),
        (header("X-A", "b\r\nc: d"), ErrorCode::Guard),
        (
            ConsoleRequest {
                body: Some("{".to_owned()),
                ..plan(&ours, "p")
            },
            ErrorCode::BadRequest,
        ),
    ] {
        let check = bench.context.console_check(request.clone()).await.unwrap();
        assert_eq!(check.refusal.unwrap().code, code, "{}", request.path);
        let refused = bench.context.console_call(request).await.unwrap_err();
        assert_eq!(refused.code, code);
        assert!(
            refused.message.ends_with("Nothing was sent."),
            "{}",
            refused.message
        );
        assert!(!refused.message.contains(&key));
    }
    assert_eq!(bench.state().request_log().len(), before);
    assert_eq!(bench.context.console_list(all()).await.unwrap().all, 0);
    let org = bench.connect_sandbox().await;
    let refused = bench
        .context
        .console_call(call(&org, ApiMethodView::Get, "/"))
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::BadRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_noted_as_lost_and_nothing_is_sent_again() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    let kind = FaultKind::DropAfterCommit;
    bench
        .state()
        .arm(Fault::new(Server::Profitwell, "/v2/plans", kind));
    let error = bench
        .context
        .console_call(plan(&ours, "p"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::LostAnswer);
    assert!(
        error.message.contains("It may have been done"),
        "{}",
        error.message
    );
    assert!(error.hint.unwrap().contains("before you send it again"));
    assert_eq!(asked(&bench, "/v2/plans"), 1);
    let row = newest(&bench).await;
    assert_eq!((row.state, row.status), (ApiCallStateView::Lost, None));
    // A gateway's error leaves it open, too.
    let kind = FaultKind::Gateway {
        status: 504,
        after_commit: true,
    };
    bench
        .state()
        .arm(Fault::new(Server::Profitwell, "/v2/plans", kind));
    let answer = bench.context.console_call(plan(&ours, "q")).await.unwrap();
    assert!(
        answer.sentence.contains("may have been done"),
        "{}",
        answer.sentence
    );
    assert!(answer.note.unwrap().contains("before you send this again"));
    assert_eq!(asked(&bench, "/v2/plans"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn alguna_gets_a_key_by_which_a_lost_call_can_be_sent_again_safely() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_alguna().await;
    let wanted = ConsoleRequest {
        body: Some(r#"{"name": "By hand", "currency": "EUR"}"#.to_owned()),
        confirmed: true,
        ..call(&ours, ApiMethodView::Post, "/customers")
    };
    let kind = FaultKind::DropAfterCommit;
    bench
        .state()
        .arm(Fault::new(Server::Alguna, "/customers", kind).method("POST"));
    let lost = bench
        .context
        .console_call(wanted.clone())
        .await
        .unwrap_err();
    assert_eq!(lost.code, ErrorCode::LostAnswer);
    let row = newest(&bench).await;
    assert_eq!(row.headers[0].name, "Idempotency-Key");
    let again = ConsoleRequest {
        headers: row.headers,
        ..wanted
    };
    let made = bench.context.console_call(again).await.unwrap();
    assert!((200..300).contains(&made.status), "{made:?}");
    assert!(
        made.headers
            .iter()
            .any(|it| it.name == "idempotent-replayed" && it.value == "true")
    );
    let read = call(&ours, ApiMethodView::Get, "/customers?limit=100&offset=0");
    let listed = bench.context.console_call(read).await.unwrap();
    assert_eq!(listed.text.matches("\"By hand\"").count(), 1, "made once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_answer_is_shown_in_part_and_saved_whole() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    let strike = |bytes| {
        Fault::new(
            Server::Profitwell,
            "/v2/customers",
            FaultKind::HugeAnswer(bytes),
        )
    };
    bench.state().arm(strike(12_000_000));
    let read = call(&ours, ApiMethodView::Get, "/v2/customers/");
    let answer = bench.context.console_call(read.clone()).await.unwrap();
    assert!(answer.size >= 12_000_000 && answer.text_cut);
    assert!(answer.text.len() < 300 * 1024, "{}", answer.text.len());
    assert!(answer.rows > 50_000);
    let end = AnswerRowsRequest {
        call: answer.call,
        offset: answer.rows - 1,
        limit: 9,
    };
    assert_eq!(bench.context.console_rows(end).await.unwrap().rows.len(), 1);
    let save = AnswerSaveRequest {
        call: answer.call,
        format: AnswerFormat::Csv,
    };
    let saved = bench.context.console_save(save).await.unwrap();
    let lines = fs::read_to_string(&saved.path).unwrap().lines().count();
    assert_eq!(lines, answer.rows as usize + 1);
    bench.state().arm(strike(65 * 1024 * 1024));
    let error = bench.context.console_call(read).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AnswerCut);
    let row = newest(&bench).await;
    assert_eq!((row.state, row.status), (ApiCallStateView::Cut, Some(200)));
    assert!(row.size > 64 * 1024 * 1024);
    let again = AnswerSaveRequest {
        call: row.call,
        ..save
    };
    let error = bench.context.console_save(again).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_anonymised_is_forgotten_by_the_history_and_the_key_is_nowhere() {
    let mut bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    let key = bench.simulator.credentials().profitwell_token.clone();
    let list = call(&ours, ApiMethodView::Get, "/v2/customers/?per_page=1");
    let answer = bench.context.console_call(list).await.unwrap();
    let customers: Vec<serde_json::Value> = serde_json::from_str(&answer.text).unwrap();
    let id = customers[0]["customer_id"].as_str().unwrap();
    let path = format!("/v2/gdpr/anonymize_by_customer_id/{id}/");
    let wanted = ConsoleRequest {
        confirmed: true,
        typed: Some(id.to_owned()),
        ..call(&ours, ApiMethodView::Post, &path)
    };
    let done = bench.context.console_call(wanted).await.unwrap();
    assert!((200..300).contains(&done.status), "{done:?}");
    // A call that repeats the key in its path and body is kept without it.
    let mut echo = plan(&ours, &key);
    echo.path = format!("/v2/plans/{key}/");
    echo.method = ApiMethodView::Put;
    let answer = bench.context.console_call(echo).await.unwrap();
    assert!(!format!("{answer:?}").contains(&key));
    let history = bench.context.console_list(all()).await.unwrap();
    let text = format!("{history:?}");
    assert!(!text.contains(id) && !text.contains(&key), "{text}");
    let call = history.rows[1].call;
    let one = bench
        .context
        .console_get(ApiCallRequest { call })
        .await
        .unwrap();
    assert_eq!(one.path, "/v2/gdpr/anonymize_by_customer_id/…/");
    bench.reopen();
    for entry in fs::read_dir(bench.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            let found = bytes.windows(key.len()).any(|part| part == key.as_bytes());
            assert!(!found, "the key is in {}", path.display());
        }
    }
    assert_eq!(bench.context.console_list(all()).await.unwrap().total, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_call_is_offered_and_reaches_its_system() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    let endpoints = bench.context.console_endpoints(Nothing {}).await.unwrap();
    assert!(endpoints.len() > 60, "{}", endpoints.len());
    for path in [
        "/v2/metrics/monthly/",
        "/v2/company/settings/",
        "/v2/customer_traits/trait/",
        "/v2/metrics/exclude_customer/{customer}/",
        "/v2/gdpr/anonymize_by_email/{email}/",
    ] {
        assert!(endpoints.iter().any(|it| it.path == path), "{path}");
    }
    for path in [
        "/v2/api-status/",
        "/v2/company/settings/",
        "/v2/metrics/plans/",
        "/v2/metrics/monthly/",
    ] {
        let answer = bench
            .context
            .console_call(call(&ours, ApiMethodView::Get, path))
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{path}");
    }
    let monthly = call(&ours, ApiMethodView::Get, "/v2/metrics/monthly/");
    let monthly = bench.context.console_call(monthly).await.unwrap();
    assert_eq!(monthly.columns, ["list", "date", "value"]);
}

/// A call that hangs, is cancelled, and what is told and kept of it.
async fn cancelled(
    bench: &Workbench,
    request: ConsoleRequest,
) -> (drawbridge_api::view::ErrorView, ApiCallView) {
    let context = bench.context.clone();
    let ticket = format!("{:?}", request.method);
    let request = ConsoleRequest {
        ticket: Some(ticket.clone()),
        ..request
    };
    let call = tokio::spawn(async move { context.console_call(request).await });
    let cancel = ConsoleCancelRequest { ticket };
    // It may not be under way yet.
    while newest(bench).await.state != ApiCallStateView::UnderWay {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    bench.context.console_cancel(cancel.clone()).await.unwrap();
    let told = call.await.unwrap().unwrap_err();
    let gone = bench.context.console_cancel(cancel).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    (told, newest(bench).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_cancelled_may_have_arrived_and_is_kept_as_not_known() {
    let bench = Workbench::with_customers(20).await;
    let ours = bench.connect_profitwell().await;
    let read = call(&ours, ApiMethodView::Get, "/v2/plans/");
    assert_eq!(
        bench
            .context
            .console_call(read.clone())
            .await
            .unwrap()
            .status,
        200
    );
    let slow = || {
        let fault = Fault::new(Server::Profitwell, "/v2/plans", FaultKind::Hang);
        bench.state().arm(fault);
    };
    slow();
    let (told, kept) = cancelled(&bench, plan(&ours, "slow")).await;
    assert_eq!(told.code, ErrorCode::LostAnswer);
    for words in [
        "was cancelled before an answer came",
        "It may have been done",
    ] {
        assert!(told.message.contains(words), "{}", told.message);
    }
    assert_eq!(kept.state, ApiCallStateView::Lost);
    assert!(kept.changes && kept.status.is_none(), "{kept:?}");
    assert!(kept.message.unwrap().contains("cancelled"));

    slow();
    let (told, kept) = cancelled(&bench, read).await;
    assert!(
        told.message.contains("nothing was changed"),
        "{}",
        told.message
    );
    assert_eq!(kept.state, ApiCallStateView::Lost);
    assert!(!kept.changes);
}
