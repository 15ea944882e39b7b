use drawbridge_model::{Action, CustomerId, Decision, Drift, FieldName, Journal, PlanId, PlanRow};
use drawbridge_store::{
    Halt, PlanRowQuery, PlanRowSort, PlanStatus, PlanSummary, PlanTally, Store, StoreError,
};

use crate::data::{at, change, mapping, row, sync_in, whole};

fn query() -> PlanRowQuery {
    PlanRowQuery {
        limit: 100,
        ..PlanRowQuery::default()
    }
}

fn ready(store: &Store, rows: &[PlanRow]) -> PlanId {
    let sync = sync_in(store, "Nightly").id;
    let plan = store.create_plan(sync, 1, at()).unwrap();
    for chunk in rows.chunks(1000) {
        store.put_plan_rows(plan, chunk).unwrap();
    }
    store
        .finish_plan(plan, &PlanSummary::default(), at())
        .unwrap();
    plan
}

fn customers(store: &Store, plan: PlanId, query: &PlanRowQuery) -> Vec<String> {
    let page = store.plan_rows(plan, query).unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    page.rows.into_iter().map(|row| row.customer.0).collect()
}

#[test]
fn a_plan_is_filtered_searched_and_sorted() {
    let store = Store::open_in_memory().unwrap();
    let mut rows = vec![
        row("a", Action::Update),
        row("b", Action::Update),
        row("c", Action::Create),
        row("d", Action::Unchanged),
        row("e", Action::Blocked),
    ];
    "Zürich AG".clone_into(&mut rows[0].name);
    rows[0].changes = vec![change("X__c", 0, 5), change("Y__c", 100, 1)];
    rows[1].changes[0].drift = Some(Drift { by: None, at: None });
    rows[1].changes[0].decision = Decision::Hold;
    let plan = ready(&store, &rows);
    assert_eq!(customers(&store, plan, &query()), ["b", "c", "d", "e", "a"]);
    let of = |change: &dyn Fn(&mut PlanRowQuery)| {
        let mut query = query();
        change(&mut query);
        customers(&store, plan, &query)
    };
    assert_eq!(of(&|q| q.action = Some(Action::Update)), ["b", "a"]);
    assert_eq!(of(&|q| q.drift_only = true), ["b"]);
    assert_eq!(of(&|q| q.held_only = true), ["b"]);
    assert_eq!(
        of(&|q| q.field = vec!["Y__c".into(), "No__c".into()]),
        ["a"]
    );
    assert!(of(&|q| q.field = vec!["No__c".into()]).is_empty());
    assert_eq!(of(&|q| "ZÜRICH".clone_into(&mut q.search)), ["a"]);
    assert_eq!(of(&|q| "%_'\"".clone_into(&mut q.search)), [""; 0]);
    assert_eq!(
        of(&|q| {
            "name".clone_into(&mut q.search);
            q.sort = PlanRowSort::Customer;
        }),
        ["b", "c", "d", "e"]
    );
    assert_eq!(
        of(&|q| q.sort = PlanRowSort::LargestChange),
        ["a", "b", "c", "d", "e"]
    );
    assert_eq!(
        store.plan_row(plan, &"a".into()).unwrap().as_ref(),
        Some(&rows[0])
    );
}

#[test]
fn decisions_are_kept_and_counted() {
    let store = Store::open_in_memory().unwrap();
    let mut update = row("a", Action::Update);
    update.changes = vec![change("X__c", 0, 5), change("Y__c", 100, 1)];
    let plan = ready(
        &store,
        &[update, row("b", Action::Create), row("c", Action::Skipped)],
    );
    let tally = || store.plan_tally(plan).unwrap();
    assert_eq!(tally().to_write, 2);
    let field = FieldName::from("X__c");
    let a = CustomerId::from("a");
    let decided = store
        .decide_field(plan, &a, &field, Decision::Hold)
        .unwrap();
    assert_eq!(decided.writes().count(), 1);
    assert_eq!(tally().to_write, 2);
    store
        .decide_field(plan, &a, &"Y__c".into(), Decision::Hold)
        .unwrap();
    store.decide_row(plan, &"b".into(), true).unwrap();
    assert_eq!(
        tally(),
        PlanTally {
            to_write: 0,
            to_delete: 0,
            held_rows: 1,
            held_fields: 2,
            drifted: 0
        }
    );
    store.decide_row(plan, &"b".into(), false).unwrap();
    assert_eq!(tally().to_write, 1);
    assert!(matches!(
        store.decide_row(plan, &"zz".into(), true),
        Err(StoreError::NotFound { .. })
    ));
}

#[test]
fn only_the_newest_plan_of_the_present_mapping_is_ready() {
    let store = Store::open_in_memory().unwrap();
    let first = ready(&store, &[row("a", Action::Update)]);
    let sync = store.plan(first).unwrap().unwrap().sync;
    let status = |plan| store.plan(plan).unwrap().unwrap().status;
    let second = store.create_plan(sync, 1, at()).unwrap();
    assert_eq!(status(first), PlanStatus::Ready);
    let summary = PlanSummary {
        read: 5,
        halts: vec![Halt {
            code: "source_shrunk".to_owned(),
            message: "The source has half as many customers.".to_owned(),
            accepted: false,
        }],
        ..PlanSummary::default()
    };
    store.finish_plan(second, &summary, at()).unwrap();
    assert_eq!(status(first), PlanStatus::Stale);
    store.accept_halt(second, "source_shrunk").unwrap();
    assert!(store.accept_halt(second, "other").is_err());
    let read = store.latest_plan(sync).unwrap().unwrap();
    assert_eq!(
        (read.id, read.read, read.halts[0].accepted),
        (second, 5, true)
    );
    store.save_mapping(sync, &mapping(), at()).unwrap();
    assert_eq!(status(second), PlanStatus::Stale);
    assert!(matches!(
        store.create_run(second, &whole(), at()),
        Err(StoreError::PlanNotReady { .. })
    ));
    let third = store.create_plan(sync, 2, at()).unwrap();
    store
        .fail_plan(third, "The org cannot be reached.", at())
        .unwrap();
    assert_eq!(status(third), PlanStatus::Failed);
    assert!(
        store
            .put_plan_rows(third, &[row("a", Action::Update)])
            .is_err()
    );
}

#[test]
fn the_rows_of_a_halt_are_found_by_its_code() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let plan = store.create_plan(sync, 1, at()).unwrap();
    let rows = ["a", "b", "c"].map(|id| row(id, Action::Update));
    store.put_plan_rows(plan, &rows).unwrap();
    let ids = |ids: &[&str]| {
        ids.iter()
            .copied()
            .map(CustomerId::from)
            .collect::<Vec<_>>()
    };
    store
        .put_halt_rows(plan, "many", &ids(&["a", "c"]))
        .unwrap();
    store.put_halt_rows(plan, "other", &ids(&["b"])).unwrap();
    store.put_halt_rows(plan, "none", &[]).unwrap();
    store
        .finish_plan(plan, &PlanSummary::default(), at())
        .unwrap();
    let of = |halt: &str, search: &str| PlanRowQuery {
        halt: Some(halt.to_owned()),
        search: search.to_owned(),
        ..query()
    };
    assert_eq!(customers(&store, plan, &of("many", "")), ["a", "c"]);
    assert_eq!(customers(&store, plan, &of("other", "")), ["b"]);
    assert_eq!(customers(&store, plan, &of("none", "")), [""; 0]);
    let counts = store.halt_row_counts(plan).unwrap();
    let counts: Vec<_> = counts
        .iter()
        .map(|(halt, rows)| (halt.as_str(), *rows))
        .collect();
    assert_eq!(counts, [("many", 2), ("other", 1)]);
    assert!(store.put_halt_rows(plan, "late", &ids(&["a"])).is_err());
}
