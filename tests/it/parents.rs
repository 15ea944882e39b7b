//! Contacts of one Account: no two calls under way lock it against each other.

use drawbridge_api::view::RunStatusView;
use drawbridge_testkit::simulator::{Fault, FaultKind, RowLocks, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, field, values};
use serde_json::Value;

/// Gives the Contacts to Accounts, as many to each as `of` says for the Contact's position.
fn give_contacts(state: &State, of: impl Fn(usize) -> usize) {
    let accounts = state.records("Account");
    let id = |record: &serde_json::Map<String, Value>| field(record, "Id").clone();
    for (position, contact) in state.records("Contact").iter().enumerate() {
        let account = id(&accounts[of(position) % accounts.len()]);
        let contact = id(contact);
        let edit = values([("AccountId", account)]);
        state
            .update_record("Contact", contact.as_str().unwrap(), &edit, "Ana Ruiz")
            .unwrap();
    }
}

/// A run of all Contacts by calls, while calls under way hold the Accounts of their rows. Gives how
/// many calls wrote.
async fn run_while_parents_are_held(of: impl Fn(usize) -> usize) -> (usize, u32) {
    let bench = Workbench::with_customers(900).await;
    let state = bench.state();
    let sync = bench.profitwell_sync(false).await;
    give_contacts(&state, of);
    let plan = bench.plan(sync).await;
    assert!(plan.tally.to_write > 400, "{:?}", plan.tally);
    let locks = FaultKind::RowLocks(RowLocks::new(1).parallel_only());
    let fault = Fault::new(Server::SalesforceSandbox, "/composite/sobjects", locks);
    state.arm(fault.method("PATCH").times(u32::MAX));
    let before = state.write_calls();
    let finished = bench.run(plan.id).await;
    assert_eq!(finished.run.status, RunStatusView::Finished, "{finished:?}");
    assert_adds_up(&finished.run);
    assert_eq!(finished.run.counts.updated, plan.counts.update);
    (state.write_calls() - before, plan.counts.update)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contacts_of_one_account_go_in_one_call() {
    // Up to forty to an Account: 200 rows end within one.
    let (calls, rows) = run_while_parents_are_held(|position| position / 40).await;
    // Each call may leave less than forty rows to the next; no row is sent a second time.
    let most = (rows as usize).div_ceil(200 - 39);
    assert!(
        calls <= most,
        "{calls} calls for {rows} rows, at most {most}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_contacts_of_one_account_than_a_call_takes_go_one_call_after_the_other() {
    let (calls, rows) = run_while_parents_are_held(|_| 0).await;
    assert_eq!(calls, (rows as usize).div_ceil(200));
}
