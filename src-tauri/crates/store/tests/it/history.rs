//! The history of runs, and what was written when.

use drawbridge_model::{
    Action, AttemptKind, ConnectionId, Environment, Journal, OrgIdentity, Outcome, PlanRow,
    RecordId, RunId, RunStatus, SyncId, Value, Way,
};
use drawbridge_store::{HistoryEntry, HistoryQuery, HistoryRow, PlanSummary, Store};
use jiff::Timestamp;

use crate::data::{at, change, outcome, record_id, row, sync_in, whole};

fn sign_in(store: &Store, org: ConnectionId) {
    let mut connection = store.connection(org).unwrap().unwrap();
    connection.org = Some(OrgIdentity {
        org_id: RecordId::parse("00D7Q000000LmWe").unwrap(),
        name: "Fernhill Software".to_owned(),
        is_sandbox: true,
        edition: "Enterprise Edition".to_owned(),
        instance: "USA1".to_owned(),
        instance_url: "https://fernhill.my.salesforce.com".to_owned(),
        api_version: "67.0".to_owned(),
        user_id: RecordId::parse("0057Q0000012345").unwrap(),
        username: "ana@fernhill.com".to_owned(),
        user_name: "Ana Ruiz".to_owned(),
    });
    store.update_connection(&connection).unwrap();
}

fn run(store: &Store, sync: SyncId, rows: &[PlanRow], begun: Timestamp) -> RunId {
    let plan = store.create_plan(sync, 1, begun).unwrap();
    start(store, plan, rows, begun)
}

fn start(
    store: &Store,
    plan: drawbridge_model::PlanId,
    rows: &[PlanRow],
    begun: Timestamp,
) -> RunId {
    store.put_plan_rows(plan, rows).unwrap();
    let summary = PlanSummary {
        read: u32::try_from(rows.len()).unwrap(),
        ..PlanSummary::default()
    };
    store.finish_plan(plan, &summary, begun).unwrap();
    store.create_run(plan, &whole(), begun).unwrap()
}

fn all() -> HistoryQuery {
    HistoryQuery {
        limit: 100,
        ..HistoryQuery::default()
    }
}

fn found(store: &Store, query: &HistoryQuery) -> Vec<u32> {
    let page = store.history(query).unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    page.rows.iter().map(|row| of_run(row).run.id.0).collect()
}

fn of_run(entry: &HistoryEntry) -> &HistoryRow {
    match entry {
        HistoryEntry::Run(row) => row,
        other => panic!("{other:?} is no run"),
    }
}

fn minutes(later: i64) -> Timestamp {
    at() + jiff::SignedDuration::from_mins(later)
}

#[test]
fn runs_are_found_by_every_filter_and_by_words() {
    let store = Store::open_in_memory().unwrap();
    let (one, two) = (sync_in(&store, "Nightly"), sync_in(&store, "Weekly"));
    sign_in(&store, one.org);
    let mut blocked = row("b", Action::Blocked);
    blocked.name = "Müller & Söhne".to_owned();
    let first = run(
        &store,
        one.id,
        &[row("a", Action::Unchanged), blocked],
        at(),
    );
    let second = run(&store, two.id, &[row("c", Action::Unchanged)], minutes(10));
    store
        .set_run_status(second, RunStatus::Finished, None, minutes(11))
        .unwrap();
    let (first, second) = (first.0, second.0);

    assert_eq!(found(&store, &all()), [second, first]);
    let by = |change: &dyn Fn(&mut HistoryQuery)| {
        let mut query = all();
        change(&mut query);
        found(&store, &query)
    };
    assert_eq!(by(&|query| query.sync = Some(one.id)), [first]);
    assert_eq!(by(&|query| query.org = Some(two.org)), [second]);
    assert_eq!(
        by(&|query| query.environment = Some(Environment::Sandbox)),
        [second, first]
    );
    assert!(by(&|query| query.environment = Some(Environment::Production)).is_empty());
    assert_eq!(
        by(&|query| query.status = vec![RunStatus::Finished]),
        [second]
    );
    assert_eq!(by(&|query| query.outcome = vec![Outcome::Blocked]), [first]);
    assert_eq!(by(&|query| query.from = Some(minutes(10))), [second]);
    assert_eq!(by(&|query| query.until = Some(minutes(10))), [first]);
    for (words, wanted) in [
        ("nightly", vec![first]),
        ("weekly org", vec![second]),
        ("muller", vec![first]),
        ("night söhne", vec![first]),
        ("ruiz", vec![first]),
        ("nightly weekly", vec![]),
        ("\" NEAR(*", vec![]),
        ("  ", vec![second, first]),
    ] {
        assert_eq!(
            by(&|query| query.search = words.to_owned()),
            wanted,
            "{words}"
        );
    }

    let page = store
        .history(&HistoryQuery {
            limit: 1,
            offset: 1,
            ..all()
        })
        .unwrap();
    assert_eq!((page.rows.len(), page.total, page.all), (1, 2, 2));
    let who = &of_run(&page.rows[0]).who;
    assert_eq!(who.user_name.as_deref(), Some("Ana Ruiz"));
    assert_eq!(who.org_id.as_deref(), Some("00D7Q000000LmWeUAK"));
    assert_eq!(who.environment, Some(Environment::Sandbox));
}

#[test]
fn who_began_a_run_stays_when_somebody_else_signs_in() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    sign_in(&store, sync.org);
    let run = run(&store, sync.id, &[row("a", Action::Unchanged)], at());
    let mut connection = store.connection(sync.org).unwrap().unwrap();
    connection.org.as_mut().unwrap().user_name = "Tom Okafor".to_owned();
    store.update_connection(&connection).unwrap();
    let kept = store.history_row(run).unwrap().unwrap();
    assert_eq!(kept.who.user_name.as_deref(), Some("Ana Ruiz"));
}

#[test]
fn a_customer_rejected_in_the_run_is_found_by_its_name() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    let run = run(&store, sync.id, &[row("zebra", Action::Create)], at());
    let query = HistoryQuery {
        search: "zebra".to_owned(),
        ..all()
    };
    assert!(found(&store, &query).is_empty());
    store
        .put_outcomes(run, &[outcome("zebra", Outcome::Rejected, None)])
        .unwrap();
    store
        .set_run_status(run, RunStatus::Finished, None, at())
        .unwrap();
    assert_eq!(found(&store, &query), [run.0]);
}

#[test]
fn every_write_is_told_newest_first_and_an_undo_is_known() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    let record = record_id(7);
    let write = |run: RunId, when| {
        let customers = ["b".into()];
        let attempt = store
            .begin_attempt(run, AttemptKind::Update, Way::Collections, &customers, when)
            .unwrap();
        store
            .end_attempt(
                run,
                attempt,
                &[outcome("b", Outcome::Updated, Some(record.clone()))],
                when,
            )
            .unwrap();
        store
            .set_run_status(run, RunStatus::Finished, None, when)
            .unwrap();
    };
    let rows = [row("b", Action::Update)];
    let first = run(&store, sync.id, &rows, at());
    write(first, minutes(5));
    let plan = store.create_undo(first, false, minutes(10)).unwrap();
    let mut back = rows;
    back[0].changes = vec![change("Alguna_Value__c", 2, 1)];
    let undo = start(&store, plan, &back, minutes(10));
    write(undo, minutes(15));

    let told = store.writes_to_record(sync.id, &record).unwrap();
    let values: Vec<_> = told
        .iter()
        .map(|write| (write.run, write.undoes, write.at, write.after.clone()))
        .collect();
    assert_eq!(
        values,
        [
            (undo, Some(first), minutes(15), Value::Number(1.into())),
            (first, None, minutes(5), Value::Number(2.into())),
        ]
    );
    assert_eq!(
        store.writes_for_customer(sync.id, &"b".into()).unwrap(),
        told
    );
    assert!(
        store
            .writes_for_customer(sync.id, &"a".into())
            .unwrap()
            .is_empty()
    );
    let other = sync_in(&store, "Other");
    assert!(
        store
            .writes_to_record(other.id, &record)
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        store.customer_of_record(sync.id, &record).unwrap(),
        Some("b".into())
    );
    assert_eq!(
        store.record_of_customer(sync.id, &"b".into()).unwrap(),
        Some(record)
    );
    let undone = store.history_row(first).unwrap().unwrap();
    assert_eq!((undone.undoes, undone.undone_by), (None, Some(undo)));
}
