//! temporary
use drawbridge_model::{NoReporter, SyncId};
use drawbridge_store::{PlanSummary, Store};
use drawbridge_sync::plan::{Input, make_offline};
use std::time::Instant;

#[test]
#[ignore = "measures"]
fn speed() {
    let path = std::env::var("DB").unwrap();
    let store = Store::open(path.as_ref(), None).unwrap();
    let sync = store.syncs().unwrap().remove(0);
    let mapping = store.mapping(sync.id).unwrap();
    let at = "2026-11-21T12:00:00Z".parse().unwrap();
    let plan = store.create_plan(sync.id, mapping.version, at).unwrap();
    let started = Instant::now();
    let input = Input {
        plan,
        sync: &sync,
        mapping: &mapping,
        mask_emails: true,
    };
    let _ = SyncId(1);
    let summary = make_offline(input, &store, &NoReporter).unwrap();
    eprintln!("made {:?} {:?}", started.elapsed(), summary.counts);
    let started = Instant::now();
    store
        .finish_plan(plan, &PlanSummary::default(), at)
        .unwrap();
    eprintln!("finished {:?}", started.elapsed());
}
