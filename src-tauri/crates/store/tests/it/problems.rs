use drawbridge_model::{Action, Journal, Outcome, Problem, RowOutcome};
use drawbridge_store::{PlanSummary, Store};

use crate::data::{at, row, sync_in, whole};

#[test]
fn problems_that_differ_in_values_alone_are_one() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let plan = store.create_plan(sync, 1, at()).unwrap();
    store
        .put_plan_rows(plan, &[row("x", Action::Skipped)])
        .unwrap();
    store
        .finish_plan(plan, &PlanSummary::default(), at())
        .unwrap();
    let run = store.create_run(plan, &whole(), at()).unwrap();
    let rejected = |customer: &str, code: &str, message: &str| RowOutcome {
        customer: customer.into(),
        outcome: Outcome::Rejected,
        record: None,
        problem: Some(Problem::new(code, message)),
    };
    store
        .put_outcomes(
            run,
            &[
                rejected(
                    "a",
                    "DUPLICATE_VALUE",
                    "duplicates record with id: 001000000000001",
                ),
                rejected(
                    "b",
                    "DUPLICATE_VALUE",
                    "duplicates record with id: 001000000000002",
                ),
                rejected(
                    "c",
                    "DUPLICATE_VALUE",
                    "duplicates record with id: 001000000000002",
                ),
                rejected("d", "STRING_TOO_LONG", "Name: too long (80)"),
            ],
        )
        .unwrap();
    let groups = store.problems(run).unwrap();
    let of: Vec<_> = groups
        .iter()
        .map(|g| (g.code.as_str(), g.rows, g.message.as_str()))
        .collect();
    assert_eq!(
        of[0],
        (
            "DUPLICATE_VALUE",
            3,
            "duplicates record with id: 001000000000002"
        )
    );
    assert!(of.contains(&("STRING_TOO_LONG", 1, "Name: too long (80)")));
    assert_eq!(groups.len(), 3);
    let skipped = groups
        .iter()
        .find(|g| g.outcome == Outcome::Skipped)
        .unwrap();
    assert_eq!(
        (skipped.code.as_str(), skipped.example_customer.as_str()),
        ("no_record", "x")
    );
    assert!(skipped.message.contains("only updates existing ones"));
}
