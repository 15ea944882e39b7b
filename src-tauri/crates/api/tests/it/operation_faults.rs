//! Operations while ProfitWell or the way to it fails: nothing is sent twice, nothing is lost.

use drawbridge_api::view::{OperationDraft, OperationKindView, OperationOutcomeView};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

use crate::operations::{Desk, change, churn, creation, draft, plan, unchurn};
use drawbridge_api::view::OperationFieldView as F;

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
