//! The journal of operations.

use drawbridge_model::{
    After, BillingPlan, ConnectionId, Operation, OperationKind, OperationLedger, OperationOutcome,
    OperationResult, RunStatus, SubscriptionEvent,
};
use drawbridge_store::{
    BatchOrigin, BatchQuery, NewBatch, NewOperation, OperationQuery, RowProblem, Store,
};

use crate::data::at;

fn plan(number: u32, problem: bool) -> NewOperation {
    let plan = BillingPlan {
        id: format!("plan_{number}"),
        name: format!("Plan {number}"),
    };
    let problems = problem.then(|| RowProblem {
        field: Some("name".to_owned()),
        message: "This is required.".to_owned(),
    });
    NewOperation {
        number,
        kind: OperationKind::CreatePlan,
        subject: plan.id.clone(),
        sentence: format!("Plan “{}” is made.", plan.id),
        operation: (!problem).then_some(Operation::CreatePlan(plan)),
        problems: problems.into_iter().collect(),
    }
}

fn batch(title: &str) -> NewBatch {
    NewBatch {
        connection: ConnectionId(7),
        connection_name: "ProfitWell".to_owned(),
        origin: BatchOrigin::Csv,
        title: title.to_owned(),
        who: Some("ada".to_owned()),
    }
}

fn result(outcome: OperationOutcome) -> OperationResult {
    OperationResult {
        outcome,
        code: None,
        message: None,
        after: None,
    }
}

#[test]
fn what_was_begun_comes_first_and_every_row_has_one_outcome() {
    let store = Store::open_in_memory().unwrap();
    let now = at();
    let rows: Vec<_> = (1..=6).map(|n| plan(n, n == 4)).collect();
    let id = store.create_batch(&batch("plans.csv"), &rows, now).unwrap();
    let read = store.batch(id).unwrap().unwrap();
    assert_eq!((read.rows, read.sendable, read.status), (6, 5, None));
    assert_eq!(read.made, batch("plans.csv"));
    let blocked = OperationQuery {
        outcome: Some(OperationOutcome::Blocked),
        limit: 10,
        ..OperationQuery::default()
    };
    let (shown, total) = store.operation_rows(id, &blocked).unwrap();
    assert_eq!((shown[0].row.number, total), (4, 1));

    store
        .set_batch_status(id, RunStatus::Running, None, now)
        .unwrap();
    store.begin_operation(id, 3, now).unwrap();
    let open = store.open_operations(id, 10).unwrap();
    let numbers: Vec<u32> = open.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [3, 1, 2, 5, 6], "begun ones first");
    assert_eq!(open[0].begun_at, Some(now));
    // Closed without an outcome it is open again.
    store.end_operation(id, 3, None, now).unwrap();
    assert_eq!(store.open_operations(id, 1).unwrap()[0].number, 1);
    for number in [1, 2, 3, 5, 6] {
        store.begin_operation(id, number, now).unwrap();
        let outcome = result(OperationOutcome::Done);
        store
            .end_operation(id, number, Some(&outcome), now)
            .unwrap();
        // An outcome is for good.
        let again = result(OperationOutcome::Rejected);
        assert!(store.end_operation(id, number, Some(&again), now).is_err());
        assert!(store.begin_operation(id, number, now).is_err());
    }
    let counts = store.batch(id).unwrap().unwrap().counts;
    assert_eq!((counts.done, counts.blocked, counts.total()), (5, 1, 6));
}

#[test]
fn batches_are_found_by_what_they_did_and_a_left_connection_keeps_its_history() {
    let store = Store::open_in_memory().unwrap();
    let now = at();
    let first = store
        .create_batch(&batch("one.csv"), &[plan(1, false)], now)
        .unwrap();
    let second = store
        .create_batch(&batch("two.csv"), &[plan(2, false)], now)
        .unwrap();
    let find = |search: &str| {
        let query = BatchQuery {
            search: search.to_owned(),
            limit: 10,
            ..BatchQuery::default()
        };
        let (found, _) = store.batches(&query).unwrap();
        found.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(find(""), [second, first], "newest first");
    assert_eq!(find("PLAN_1"), [first]);
    assert_eq!(find("Two"), [second]);
    assert_eq!(find("ada").len(), 2);
    assert!(find("%' OR 1").is_empty());

    let after = SubscriptionEvent {
        user_id: Some("pwu_1".to_owned()),
        user_alias: None,
        subscription_id: "pws_1".to_owned(),
        subscription_alias: Some("s".to_owned()),
        email: None,
        plan: None,
        interval: None,
        currency: None,
        status: "active".to_owned(),
        value: None,
        effective_at: None,
        churn_type: None,
    };
    let done = OperationResult {
        after: Some(After::Subscription(Box::new(after))),
        ..result(OperationOutcome::Done)
    };
    store.end_operation(first, 1, Some(&done), now).unwrap();
    for handle in ["s", "pws_1"] {
        let user = store.user_of(second, handle).unwrap();
        assert_eq!(user.as_deref(), Some("pwu_1"), "{handle}");
    }
    store.delete_connection(ConnectionId(7)).unwrap();
    assert_eq!(store.user_of(second, "s").unwrap(), None);
    assert_eq!(find("").len(), 2);
}

#[test]
fn one_writer_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("d.db"), None).unwrap();
    let lock = store.lock_operations(ConnectionId(1)).unwrap();
    assert!(store.lock_operations(ConnectionId(1)).is_err());
    drop(store.lock_operations(ConnectionId(2)).unwrap());
    drop(lock);
    drop(store.lock_operations(ConnectionId(1)).unwrap());
}
