//! Operations while ProfitWell or the way to it fails: nothing is sent twice, nothing is lost.

use std::time::Duration;

use drawbridge_api::view::{
    ErrorCode, OperationBatchView, OperationDraft, OperationFieldView as F, OperationKindView,
    OperationOutcomeView, OperationPreviewRequest, OperationRequest, OperationRunRequest,
    RunStatusView,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

use crate::operations::{Desk, change, churn, creation, draft, plan, unchurn};

/// Each write, on a user of its own, with the method and path that carry it out.
fn every_write(user: &str) -> Vec<(OperationDraft, &'static str, &'static str)> {
    let alias = format!("{user}_1");
    let churned = format!("{user}_2");
    vec![
        (
            creation(user, &format!("{user}_9")),
            "POST",
            "/v2/subscriptions",
        ),
        (change(user, &alias), "PUT", "/v2/subscriptions"),
        (
            churn(user, &alias, "2031-01-01"),
            "DELETE",
            "/v2/subscriptions",
        ),
        (unchurn(user, &churned), "PUT", "/v2/unchurn"),
        (
            draft(
                OperationKindView::UpdateUser,
                &[(F::User, user), (F::Email, "new@example.com")],
            ),
            "PUT",
            "/v2/users",
        ),
        (
            plan(OperationKindView::CreatePlan, &format!("{user}_new"), "New"),
            "POST",
            "/v2/plans",
        ),
        (
            plan(
                OperationKindView::UpdatePlan,
                &format!("{user}_plan"),
                "Newer",
            ),
            "PUT",
            "/v2/plans",
        ),
        (
            draft(OperationKindView::DeleteUser, &[(F::User, user)]),
            "DELETE",
            "/v2/users",
        ),
    ]
}

/// A user with a subscription, one that churns, and a plan.
async fn prepare(desk: &Desk, user: &str) {
    let done = OperationOutcomeView::Done;
    let churned = format!("{user}_2");
    desk.must(creation(user, &format!("{user}_1")), done).await;
    desk.must(creation(user, &churned), done).await;
    desk.must(churn(user, &churned, "2031-01-01"), done).await;
    let id = format!("{user}_plan");
    desk.must(plan(OperationKindView::CreatePlan, &id, "Old"), done)
        .await;
}

/// Carries each write out under a fault; gives how many calls each took.
async fn under(kind: FaultKind, user: &str) -> Vec<usize> {
    let desk = Desk::open().await;
    prepare(&desk, user).await;
    let state = desk.bench.state();
    let mut calls = Vec::new();
    for (form, method, path) in every_write(user) {
        let before = desk.writes();
        state.arm(Fault::new(Server::Profitwell, path, kind.clone()).method(method));
        let row = desk.must(form.clone(), OperationOutcomeView::Done).await;
        assert!(
            state.faults().is_empty(),
            "{form:?} was not struck: {row:?}"
        );
        calls.push(desk.writes() - before);
    }
    let somebody = desk.bench.somebody_at_profitwell();
    assert!(somebody.history(user).await.is_null());
    let plans = somebody.plans().await;
    assert!(plans.contains(&(format!("{user}_new"), "New".to_owned())));
    assert!(plans.contains(&(format!("{user}_plan"), "Newer".to_owned())));
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_after_the_work_was_done_is_read_back_and_never_sent_again() {
    assert_eq!(under(FaultKind::DropAfterCommit, "dora").await, [1; 8]);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_answer_and_a_gateway_that_gave_up_are_no_reason_to_send_again() {
    let gateway = FaultKind::Gateway {
        status: 504,
        after_commit: true,
    };
    assert_eq!(under(gateway, "gus").await, [1; 8]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_arrive_is_sent_once_more() {
    assert_eq!(under(FaultKind::DropBeforeCommit, "bea").await, [2; 8]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_call_waits_and_goes_through() {
    let throttled = FaultKind::TooManyRequests {
        retry_after: Some(1),
    };
    assert_eq!(under(throttled, "tia").await, [2; 8]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_that_cannot_be_read_back_is_unknown_and_not_sent_again() {
    let desk = Desk::open().await;
    desk.bench
        .somebody_at_profitwell()
        .subscribe_as("una", "una_1")
        .await;
    let mut form = change("una", "una_1");
    form.fields.remove(&F::User);
    let said = desk.check(form.clone()).await;
    assert!(said.notes[0].contains("could not be read back"), "{said:?}");
    let before = desk.writes();
    let fault = Fault::new(
        Server::Profitwell,
        "/v2/subscriptions",
        FaultKind::DropAfterCommit,
    );
    desk.bench.state().arm(fault.method("PUT"));
    let row = desk.must(form.clone(), OperationOutcomeView::Unknown).await;
    assert!(row.message.unwrap().contains("not sent again"));
    assert_eq!(desk.writes() - before, 1);
    // A look at the history tells whose it is; then it is known to be so already.
    let request = drawbridge_api::view::BillingHistoryRequest {
        connection: desk.connection,
        user: "una".to_owned(),
        limit: None,
        all: true,
    };
    desk.bench.context.billing_history(request).await.unwrap();
    desk.must(form, OperationOutcomeView::Already).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_each_time_is_asked_three_times_and_no_more() {
    let desk = Desk::open().await;
    prepare(&desk, "sam").await;
    let before = desk.writes();
    let broken = FaultKind::Status(500, serde_json::Value::Null);
    let fault = Fault::new(Server::Profitwell, "/v2/subscriptions", broken);
    desk.bench.state().arm(fault.method("PUT").times(u32::MAX));
    let row = desk
        .must(change("sam", "sam_1"), OperationOutcomeView::Unknown)
        .await;
    assert!(row.message.unwrap().contains("3 times"));
    assert_eq!(desk.writes() - before, 3);
    desk.bench.state().clear_faults();
    desk.must(change("sam", "sam_1"), OperationOutcomeView::Done)
        .await;
}

async fn resume(desk: &Desk, batch: u32) -> OperationBatchView {
    let request = OperationRunRequest {
        batch,
        confirm: None,
    };
    desk.bench.context.operation_run(request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_row_s_own_fault_interrupts_and_resumes() {
    let desk = Desk::open().await;
    prepare(&desk, "ivy").await;
    let state = desk.bench.state();
    let tomorrow = FaultKind::TooManyRequests {
        retry_after: Some(80_000),
    };
    for (number, (kind, words)) in [
        (FaultKind::ExpiredSession, "refused the key"),
        (tomorrow, "80000"),
        (FaultKind::Html200, "did not answer as"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("Name {number}");
        let form = plan(OperationKindView::UpdatePlan, "ivy_plan", &name);
        let before = desk.writes();
        state.arm(Fault::new(Server::Profitwell, "/v2/plans", kind).times(u32::MAX));
        let (batch, row) = desk.start(form, None).await;
        assert_eq!(batch.status, Some(RunStatusView::Interrupted), "{batch:?}");
        assert!(
            batch.reason.as_deref().unwrap().contains(words),
            "{batch:?}"
        );
        assert_eq!((row.outcome, batch.open), (None, 1));
        state.clear_faults();
        let ended = resume(&desk, batch.id).await;
        assert_eq!(ended.counts.done, 1, "{ended:?}");
        assert!(desk.writes() - before <= 2);
    }
    let plans = desk.bench.somebody_at_profitwell().plans().await;
    assert!(
        plans.contains(&("ivy_plan".to_owned(), "Name 2".to_owned())),
        "{plans:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_reach_the_right_place_or_none() {
    let desk = Desk::open().await;
    let done = OperationOutcomeView::Done;
    for (number, name) in [
        "a/../../v2/users/x?y=1#z",
        "%2e%2e%2fplans",
        "Zoë & Søn's \"shop\"",
        "'; DROP TABLE users; --",
        "<script>alert(1)</script>",
        "=cmd|'/c calc'!A1",
        "日本語 名前",
        "-rf",
    ]
    .into_iter()
    .enumerate()
    {
        let alias = format!("{name}_s").chars().take(36).collect::<String>();
        desk.must(creation(name, &alias), done).await;
        desk.must(change(name, &alias), done).await;
        desk.must(churn(name, &alias, "2031-01-01"), done).await;
        desk.must(unchurn(name, &alias), done).await;
        let email = [(F::User, name), (F::Email, name)];
        desk.must(draft(OperationKindView::UpdateUser, &email), done)
            .await;
        desk.must(plan(OperationKindView::CreatePlan, name, name), done)
            .await;
        let new = format!("{name}!");
        desk.must(plan(OperationKindView::UpdatePlan, name, &new), done)
            .await;
        let plans = desk.bench.somebody_at_profitwell().plans().await;
        assert!(
            plans.contains(&(name.to_owned(), new)),
            "{number}: {plans:?}"
        );
        desk.must(
            draft(OperationKindView::DeleteUser, &[(F::User, name)]),
            done,
        )
        .await;
    }
    let before = desk.writes();
    for name in [".", "..", "a\0", "a\nb", "\u{202e}evil", &"x".repeat(300)] {
        for form in [
            creation(name, "fine"),
            creation("fine", name),
            change("fine", name),
            unchurn(name, "fine"),
            draft(OperationKindView::DeleteUser, &[(F::User, name)]),
            plan(OperationKindView::CreatePlan, name, "fine"),
            plan(OperationKindView::UpdatePlan, name, "fine"),
        ] {
            let said = desk.check(form.clone()).await;
            assert!(!said.ready, "{form:?}");
        }
    }
    // Who is not there is not there, and nothing else happens.
    let row = desk
        .must(change("nobody", "nothing"), OperationOutcomeView::Rejected)
        .await;
    assert!(row.message.unwrap().contains("Stripe"), "{:?}", row.code);
    assert_eq!(desk.writes(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_is_previewed_stopped_and_resumed_by_one_writer() {
    let desk = Desk::open().await;
    let somebody = desk.bench.somebody_at_profitwell();
    for number in 0..12 {
        somebody
            .subscribe_as(&format!("u{number}"), &format!("s{number}"))
            .await;
    }
    let before = desk.writes();
    let mut drafts: Vec<_> = (0..12)
        .map(|number| change(&format!("u{number}"), &format!("s{number}")))
        .collect();
    drafts.push(change("u1", "pwu_no"));
    let request = |title: &str| OperationPreviewRequest {
        connection: desk.connection,
        title: title.to_owned(),
        drafts: drafts.clone(),
    };
    let context = &desk.bench.context;
    let batch = context.operation_preview(request("Dearer")).await.unwrap();
    assert_eq!((batch.rows, batch.sendable, batch.status), (13, 12, None));
    let other = context.operation_preview(request("Again")).await.unwrap();
    assert_eq!(desk.writes(), before, "a preview sends nothing");

    let slow = Fault::new(
        Server::Profitwell,
        "/v2/subscriptions",
        FaultKind::Slow(150),
    );
    desk.bench.state().arm(slow.method("PUT").times(u32::MAX));
    let running = {
        let context = context.clone();
        let request = OperationRunRequest {
            batch: batch.id,
            confirm: None,
        };
        tokio::spawn(async move { context.operation_run(request).await })
    };
    while desk.writes() < before + 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for batch in [batch.id, other.id] {
        let request = OperationRunRequest {
            batch,
            confirm: None,
        };
        let refused = context.operation_run(request).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::AlreadyRunning, "{refused:?}");
    }
    let request = OperationRequest { batch: batch.id };
    context.operation_stop(request).await.unwrap();
    let stopped = running.await.unwrap().unwrap();
    assert_eq!(stopped.status, Some(RunStatusView::Stopped), "{stopped:?}");
    assert!(stopped.open > 0 && stopped.counts.done >= 2, "{stopped:?}");
    desk.bench.state().clear_faults();
    let ended = resume(&desk, batch.id).await;
    assert!(ended.adds_up, "{ended:?}");
    assert_eq!((ended.counts.done, ended.counts.blocked), (12, 1));
    assert_eq!(desk.writes() - before, 12);
    // The same once more changes nothing.
    let again = resume(&desk, other.id).await;
    assert_eq!((again.counts.already, again.counts.blocked), (12, 1));
    assert_eq!(desk.writes() - before, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_whose_reading_back_fails_once_is_still_ours() {
    let desk = Desk::open().await;
    prepare(&desk, "dora").await;
    let state = desk.bench.state();
    let lost = Fault::new(Server::Profitwell, "/v2/users", FaultKind::DropAfterCommit);
    state.arm(lost.method("DELETE"));
    let watch = state.clone();
    let arming = tokio::spawn(async move {
        while !watch.faults().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The first look finds nothing; the second, two seconds later, does not come through.
        tokio::time::sleep(Duration::from_secs(1)).await;
        watch.arm(Fault::new(Server::Profitwell, "/v2/", FaultKind::Html200).method("GET"));
    });
    let before = desk.writes();
    let form = draft(OperationKindView::DeleteUser, &[(F::User, "dora")]);
    let row = desk.must(form, OperationOutcomeView::Done).await;
    arming.await.unwrap();
    assert!(state.faults().is_empty(), "both struck");
    assert_eq!(desk.writes() - before, 1, "{row:?}");
}
