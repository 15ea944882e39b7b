use std::time::Duration;

use drawbridge_model::{
    Action, AttemptKind, BulkJobId, Cache, Counts, CustomerId, Decision, FieldName, Journal,
    LinkedBy, Outcome, PlanId, PlanRow, Problem, RecordId, RunId, RunStatus, SyncId, Timed, Twin,
    Value, Way,
};
use drawbridge_store::{OutcomeQuery, PlanStatus, PlanSummary, Scope, Store, StoreError};

use crate::data::{at, outcome, pilot, record_id, row, sync_in, whole, written};

fn planned(store: &Store, rows: &[PlanRow]) -> (SyncId, PlanId) {
    let sync = sync_in(store, "Nightly").id;
    let plan = store.create_plan(sync, 1, at()).unwrap();
    store.put_plan_rows(plan, rows).unwrap();
    let summary = PlanSummary {
        read: u32::try_from(rows.len()).unwrap(),
        ..PlanSummary::default()
    };
    store.finish_plan(plan, &summary, at()).unwrap();
    (sync, plan)
}

fn mixed() -> Vec<PlanRow> {
    let mut rows = vec![
        row("a", Action::Create),
        row("b", Action::Update),
        row("c", Action::Update),
        row("d", Action::Unchanged),
        row("e", Action::Skipped),
        row("f", Action::Blocked),
        row("g", Action::Create),
        row("h", Action::Update),
    ];
    rows[6].held = true;
    rows[7].changes[0].decision = Decision::Hold;
    rows
}

fn ids(rows: &[PlanRow]) -> Vec<&str> {
    rows.iter().map(|row| row.customer.as_str()).collect()
}

fn accepted(store: &Store, sync: SyncId, customer: &str) -> Option<(RecordId, LinkedBy)> {
    let link = store.accepted_link(sync, &customer.into()).unwrap();
    link.map(|link| (link.record, link.by))
}

/// Open rows of both actions, by customer id.
fn open_ids(store: &Store, run: RunId) -> Vec<String> {
    let mut open: Vec<String> = [Action::Create, Action::Update]
        .into_iter()
        .flat_map(|action| store.open_rows(run, action, None, 10).unwrap())
        .map(|row| row.customer.0)
        .collect();
    open.sort();
    open
}

#[test]
fn a_run_adds_up_from_its_first_moment_to_its_last() {
    let store = Store::open_in_memory().unwrap();
    let (sync, plan) = planned(&store, &mixed());
    let run = store.create_run(plan, &whole(), at()).unwrap();
    let begun = store.run(run).unwrap().unwrap();
    assert_eq!((begun.read, begun.to_write), (8, 3));
    assert_eq!(begun.status, RunStatus::Running);
    assert_eq!(
        begun.counts,
        Counts {
            unchanged: 1,
            skipped: 1,
            blocked: 1,
            held: 2,
            ..Counts::default()
        }
    );
    assert_eq!(store.plan(plan).unwrap().unwrap().status, PlanStatus::Used);
    assert_eq!(open_ids(&store, run), ["a", "b", "c"]);
    let updates = |after: &str, limit| {
        let rows = store.open_rows(run, Action::Update, Some(&after.into()), limit);
        rows.unwrap()
            .into_iter()
            .map(|row| row.customer.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(updates("a", 1), ["b"]);
    assert_eq!(updates("b", 9), ["c"]);

    let customers: Vec<CustomerId> = vec!["b".into(), "a".into()];
    let attempt = store
        .begin_attempt(run, AttemptKind::Update, Way::Collections, &customers, at())
        .unwrap();
    let open = store.open_attempts(run).unwrap();
    assert_eq!((open.len(), &open[0].customers), (1, &customers));
    assert_eq!(
        ids(&Journal::plan_rows(&store, run, &customers).unwrap()),
        ["b", "a"]
    );
    assert_eq!(
        store.planned_records(run, &customers).unwrap(),
        [Some(record_id(7)), None]
    );
    assert!(store.planned_records(run, &["nobody".into()]).is_err());
    store
        .end_attempt(
            run,
            attempt,
            &[
                outcome("a", Outcome::Created, Some(record_id(1))),
                outcome("b", Outcome::Updated, Some(record_id(2))),
            ],
            at(),
        )
        .unwrap();
    assert!(store.open_attempts(run).unwrap().is_empty());
    assert!(store.end_attempt(run, attempt, &[], at()).is_err());
    assert_eq!(open_ids(&store, run), ["c"]);
    assert_eq!(
        accepted(&store, sync, "a"),
        Some((record_id(1), LinkedBy::Run))
    );
    let base = store.base(sync, &record_id(2)).unwrap();
    assert_eq!(base.values().next(), Some(&Value::Number(2.into())));

    let mut rejected = outcome("c", Outcome::Rejected, None);
    rejected.problem = Some(Problem {
        code: "STRING_TOO_LONG".to_owned(),
        message: "Name: data value too large".to_owned(),
        fields: vec!["Name".to_owned()],
        twin: Some(Twin {
            record: record_id(9),
            allowable: true,
        }),
    });
    store
        .put_outcomes(run, std::slice::from_ref(&rejected))
        .unwrap();
    store
        .set_run_status(run, RunStatus::Finished, None, at())
        .unwrap();
    let org = store.sync(sync).unwrap().unwrap().org;
    assert_eq!(store.timed(org, Way::Collections).unwrap(), None);
    for (calls, worked) in [(3, 250), (4, 500)] {
        store
            .add_effort(run, calls, Duration::from_millis(worked))
            .unwrap();
    }
    let timed = Timed {
        runs: 1,
        calls: 7,
        rows: 3,
        worked: Duration::from_millis(750),
    };
    assert_eq!(store.timed(org, Way::Collections).unwrap(), Some(timed));
    assert_eq!(store.timed(org, Way::Bulk).unwrap(), None);
    store.set_verified(run, 2, 0).unwrap();
    let ended = store.runs().unwrap().remove(0);
    assert!(ended.counts.adds_up_to(ended.read), "{:?}", ended.counts);
    assert_eq!(ended.counts, store.counts(run).unwrap());
    assert_eq!((ended.api_calls, ended.verified), (7, Some(2)));
    assert_eq!(ended.finished_at, Some(at()));

    let page = |query: &OutcomeQuery| store.outcomes(run, query).unwrap();
    let query = OutcomeQuery {
        limit: 10,
        ..OutcomeQuery::default()
    };
    assert_eq!((page(&query).total, page(&query).rows.len()), (8, 8));
    let found = page(&OutcomeQuery {
        outcome: Some(Outcome::Rejected),
        ..query.clone()
    });
    assert_eq!(found.rows[0].problem, rejected.problem);
    assert_eq!(found.rows[0].changes.len(), 1);
    let found = page(&OutcomeQuery {
        search: "of B".to_owned(),
        ..query.clone()
    });
    assert_eq!((found.total, found.rows[0].name.as_str()), (1, "Name of b"));
    assert_eq!(
        found.rows[0].changes[0].change.before,
        Value::Number(1.into())
    );
    let held = page(&OutcomeQuery {
        outcome: Some(Outcome::Held),
        ..query
    });
    let code = |n: usize| held.rows[n].problem.as_ref().unwrap().code.clone();
    assert_eq!([code(0), code(1)], ["held_by_person", "all_fields_held"]);
}

#[test]
fn a_plan_is_run_once() {
    let store = Store::open_in_memory().unwrap();
    let (_, plan) = planned(&store, &mixed());
    store.create_run(plan, &whole(), at()).unwrap();
    let error = store.create_run(plan, &whole(), at()).unwrap_err();
    assert!(matches!(
        error,
        StoreError::PlanNotReady {
            status: PlanStatus::Used,
            ..
        }
    ));
    assert_eq!(store.runs().unwrap().len(), 1);
}

#[test]
fn a_pilot_leaves_the_first_rows_open_and_holds_the_rest() {
    for (limit, open) in [
        (0, vec![]),
        (1, vec!["a"]),
        (2, vec!["a", "b"]),
        (9, vec!["a", "b", "c"]),
    ] {
        let store = Store::open_in_memory().unwrap();
        let (_, plan) = planned(&store, &mixed());
        let run = store
            .create_run(plan, &pilot(Scope::First(limit)), at())
            .unwrap();
        assert_eq!(open_ids(&store, run), open, "limit {limit}");
        let begun = store.run(run).unwrap().unwrap();
        assert_eq!(begun.to_write as usize, open.len());
        assert_eq!(begun.counts.total() + begun.to_write, 8);
        let pilot: u32 = store
            .problems(run)
            .unwrap()
            .iter()
            .filter(|group| group.code == "not_in_pilot")
            .map(|group| group.rows)
            .sum();
        assert_eq!(pilot as usize, 3 - open.len());
    }
}

#[test]
fn a_pilot_of_chosen_rows_leaves_those_open_that_are_to_be_written() {
    let store = Store::open_in_memory().unwrap();
    let (_, plan) = planned(&store, &mixed());
    // g is held by a person, d needs nothing, z is nobody.
    let chosen = ["c", "d", "g", "z"].map(CustomerId::from).to_vec();
    let run = store
        .create_run(plan, &pilot(Scope::Only(chosen)), at())
        .unwrap();
    assert_eq!(open_ids(&store, run), ["c"]);
    let begun = store.run(run).unwrap().unwrap();
    assert_eq!((begun.to_write, begun.counts.held), (1, 4));
}

#[test]
fn a_bulk_job_is_known_from_the_moment_it_is_recorded() {
    let store = Store::open_in_memory().unwrap();
    let (_, plan) = planned(&store, &mixed());
    let new = drawbridge_store::NewRun {
        way: Way::Bulk,
        reason: "Many records.".to_owned(),
        ..whole()
    };
    let run = store.create_run(plan, &new, at()).unwrap();
    let kept = store.run(run).unwrap().unwrap();
    assert_eq!(
        (kept.way, kept.way_reason.as_str()),
        (Way::Bulk, "Many records.")
    );
    let (customers, job) = (vec!["b".into(), "c".into()], BulkJobId("750x".to_owned()));
    let attempt = store
        .begin_attempt(run, AttemptKind::Update, Way::Bulk, &customers, at())
        .unwrap();
    let open = store.open_attempts(run).unwrap();
    assert_eq!(
        (open[0].way, &open[0].job, open[0].begun_at),
        (Way::Bulk, &None, at())
    );
    store.set_attempt_job(run, attempt, &job).unwrap();
    assert_eq!(store.open_attempts(run).unwrap()[0].job, Some(job.clone()));
    let done = [outcome("b", Outcome::Updated, Some(record_id(2)))];
    store.end_attempt(run, attempt, &done, at()).unwrap();
    assert!(store.set_attempt_job(run, attempt, &job).is_err());
    let settled = store.settled(run, &customers).unwrap();
    assert_eq!(settled, ["b".into()].into());
}

#[test]
fn rejected_rows_are_opened_again_and_no_others() {
    let store = Store::open_in_memory().unwrap();
    let (_, plan) = planned(&store, &mixed());
    let run = store.create_run(plan, &whole(), at()).unwrap();
    let rows = [
        outcome("a", Outcome::Rejected, None),
        outcome("b", Outcome::Rejected, None),
        outcome("c", Outcome::Updated, Some(record_id(3))),
    ];
    store.put_outcomes(run, &rows).unwrap();
    store
        .set_run_status(run, RunStatus::Finished, None, at())
        .unwrap();
    let customers = ["c", "d", "z"].map(CustomerId::from);
    assert_eq!(
        store.reopen_rejected(run, Some(&customers), at()).unwrap(),
        0
    );
    assert_eq!(store.run(run).unwrap().unwrap().status, RunStatus::Finished);
    let customers = ["b".into()];
    assert_eq!(
        store.reopen_rejected(run, Some(&customers), at()).unwrap(),
        1
    );
    assert_eq!(open_ids(&store, run), ["b"]);
    let kept = store.run(run).unwrap().unwrap();
    assert_eq!(kept.status, RunStatus::Interrupted);
    assert_eq!((kept.counts.rejected, kept.counts.updated), (1, 1));
    assert_eq!(store.reopen_rejected(run, None, at()).unwrap(), 1);
    assert_eq!(open_ids(&store, run), ["a", "b"]);
}

#[test]
fn what_was_written_is_what_the_plan_said_however_often() {
    let store = Store::open_in_memory().unwrap();
    let mut rows = mixed();
    let mut held = rows[1].changes[0].clone();
    held.field = FieldName::from("Alguna_Plan__c");
    held.decision = Decision::Hold;
    rows[1].changes.push(held);
    let (sync, plan) = planned(&store, &rows);
    let run = store.create_run(plan, &whole(), at()).unwrap();
    for _ in 0..2 {
        let attempt = store
            .begin_attempt(
                run,
                AttemptKind::Update,
                Way::Collections,
                &["b".into()],
                at(),
            )
            .unwrap();
        let rows = [
            outcome("b", Outcome::Updated, Some(record_id(2))),
            outcome("c", Outcome::Unknown, Some(record_id(3))),
        ];
        store.end_attempt(run, attempt, &rows, at()).unwrap();
    }
    let all = store.written(run, None, 10).unwrap();
    assert_eq!(all, [written("b", record_id(2))]);
    assert!(store.written(run, all.last(), 10).unwrap().is_empty());
    assert_eq!(store.base(sync, &record_id(2)).unwrap().len(), 1);
    assert!(store.base(sync, &record_id(3)).unwrap().is_empty());
}

#[test]
fn an_attempt_whose_rows_cannot_all_be_kept_stays_open_as_it_was() {
    let store = Store::open_in_memory().unwrap();
    let (sync, plan) = planned(&store, &mixed());
    let run = store.create_run(plan, &whole(), at()).unwrap();
    let attempt = store
        .begin_attempt(run, AttemptKind::Update, Way::Bulk, &["b".into()], at())
        .unwrap();
    let rows =
        ["b", "nobody"].map(|customer| outcome(customer, Outcome::Updated, Some(record_id(2))));
    assert!(store.end_attempt(run, attempt, &rows, at()).is_err());
    assert_eq!(store.open_attempts(run).unwrap().len(), 1);
    assert_eq!(open_ids(&store, run), ["a", "b", "c"]);
    assert!(store.written(run, None, 10).unwrap().is_empty());
    assert!(store.base(sync, &record_id(2)).unwrap().is_empty());
    assert_eq!(accepted(&store, sync, "b"), None);
}

#[test]
fn runs_left_by_a_dead_process_are_interrupted_and_living_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    let store = Store::open(&path, None).unwrap();
    let (sync, plan) = planned(&store, &mixed());
    let living = store.create_run(plan, &whole(), at()).unwrap();
    let lock = store.lock_run(living).unwrap();
    let plan = store.create_plan(sync, 1, at()).unwrap();
    store
        .finish_plan(plan, &PlanSummary::default(), at())
        .unwrap();
    let dead = store.create_run(plan, &whole(), at()).unwrap();

    // Another process sees the same file and the same locks.
    let other = Store::open(&path, None).unwrap();
    assert!(matches!(
        other.lock_run(living),
        Err(StoreError::RunIsExecuting { .. })
    ));
    assert_eq!(other.interrupt_running(at()).unwrap(), [dead]);
    let status = |run| store.run(run).unwrap().unwrap().status;
    assert_eq!(status(dead), RunStatus::Interrupted);
    assert_eq!(status(living), RunStatus::Running);
    drop(lock);
    assert_eq!(other.interrupt_running(at()).unwrap(), [living]);
    assert!(other.interrupt_running(at()).unwrap().is_empty());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .filter(|file| {
            file.as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .contains("lock")
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_store_in_memory_has_locks_too() {
    let store = Store::open_in_memory().unwrap();
    let run = drawbridge_model::RunId(1);
    let lock = store.lock_run(run).unwrap();
    assert!(store.clone().lock_run(run).is_err());
    drop(lock);
    assert!(store.lock_run(run).is_ok());
}

#[test]
fn rows_of_one_parent_are_written_one_after_the_other() {
    let store = Store::open_in_memory().unwrap();
    let of = |customer: &str, parent: Option<u32>| PlanRow {
        parent: parent.map(record_id),
        ..row(customer, Action::Update)
    };
    let rows = [
        of("a", Some(2)),
        of("b", Some(1)),
        of("c", None),
        of("d", Some(2)),
        of("e", Some(1)),
    ];
    let (_, plan) = planned(&store, &rows);
    let run = store.create_run(plan, &whole(), at()).unwrap();
    let mut seen: Vec<CustomerId> = Vec::new();
    // A page at a time, as the executor reads them.
    loop {
        let page = store
            .open_rows(run, Action::Update, seen.last(), 2)
            .unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|row| row.customer));
    }
    let seen: Vec<&str> = seen.iter().map(CustomerId::as_str).collect();
    assert_eq!(seen, ["c", "b", "e", "a", "d"]);
}
