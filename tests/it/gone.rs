//! Records that were deleted or merged since they were linked.

use drawbridge_api::view::{
    ActionView, MatchDecisionView, OutcomeView, OutcomesRequest, RunRequest,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, find, values};

use crate::org_side::{OBRIEN, UMLAUT, account, blocked, conflict, decide, planned, row, twelve};

const ID: &str = "Alguna_Customer_ID__c";
const MERGED: &str = "Its record was merged into this one";

async fn synced() -> (Workbench, u32, tempfile::TempDir) {
    let (bench, sync, data) = twelve().await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    assert_adds_up(&run);
    (bench, sync, data)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_record_is_never_made_anew_in_silence() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    state.delete_record("Account", UMLAUT.1).unwrap();
    let count = state.count("Account");
    for _ in 0..2 {
        let plan = bench.plan(sync).await;
        let gone = row(&bench, plan.id, UMLAUT.0).await;
        assert_eq!(blocked(&gone), "record_deleted");
        let reason = gone.reason.unwrap();
        let today = state.now().strftime("%Y-%m-%d").to_string();
        assert!(
            reason.message.contains(UMLAUT.1) && reason.message.contains(&today),
            "{reason:?}"
        );
        assert!(reason.next_step.contains("Restore it"), "{reason:?}");
        assert_adds_up(&bench.run(plan.id).await.run);
        assert_eq!(state.count("Account"), count);
    }
    let shown = conflict(&bench, sync, UMLAUT.0).await.unwrap();
    assert!(shown.contains("was deleted on"), "{shown}");

    // Out of the recycle bin, it is the customer's again.
    state.undelete_record("Account", UMLAUT.1).unwrap();
    let back = planned(&bench, sync, UMLAUT.0).await;
    assert_eq!(back.record.as_deref(), Some(UMLAUT.1));
    assert_eq!(back.action, ActionView::Unchanged, "{back:#?}");

    // A person may decide that it gets a new one, once.
    state.delete_record("Account", UMLAUT.1).unwrap();
    assert_eq!(
        blocked(&planned(&bench, sync, UMLAUT.0).await),
        "record_deleted"
    );
    decide(&bench, sync, UMLAUT.0, Some(MatchDecisionView::CreateNew)).await;
    let plan = bench.plan(sync).await;
    assert_eq!(
        row(&bench, plan.id, UMLAUT.0).await.action,
        ActionView::Create
    );
    assert_adds_up(&bench.run(plan.id).await.run);
    let new = find(&state, "Account", ID, UMLAUT.0)["Id"].clone();
    state
        .delete_record("Account", new.as_str().unwrap())
        .unwrap();
    let again = planned(&bench, sync, UMLAUT.0).await;
    assert_eq!(
        blocked(&again),
        "record_deleted",
        "the decision was for one record"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_found_but_never_written_is_remembered_too() {
    let (bench, sync, _data) = twelve().await;
    bench.plan(sync).await;
    bench.state().delete_record("Account", UMLAUT.1).unwrap();
    assert_eq!(
        blocked(&planned(&bench, sync, UMLAUT.0).await),
        "record_deleted"
    );
    // A record that leaves no trace, as when it is shared no longer or the bin was emptied.
    let (bench, sync, _data) = twelve().await;
    bench.plan(sync).await;
    let state = bench.state();
    state.delete_record("Account", UMLAUT.1).unwrap();
    assert_eq!(
        blocked(&planned(&bench, sync, UMLAUT.0).await),
        "record_deleted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_record_leads_to_the_one_it_was_merged_into() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    let (one, two) = (
        account(&state, "O'Brien Ltd"),
        account(&state, "O'Brien Group"),
    );
    // What Drawbridge wrote to the loser is no base for the winner.
    let theirs = values([("Alguna_Subscription_Status__c", "Odd".into())]);
    state
        .update_record("Account", &one, &theirs, "Ana Ruiz")
        .unwrap();
    state.merge_records("Account", &one, &[UMLAUT.1]).unwrap();
    let plan = bench.plan(sync).await;
    let merged = row(&bench, plan.id, UMLAUT.0).await;
    assert_eq!(merged.record.as_deref(), Some(one.as_str()));
    assert_eq!(merged.matched_by.as_deref(), Some(MERGED));
    assert_eq!(merged.action, ActionView::Update);
    assert_eq!(
        merged.drift, None,
        "nobody changed what was written there: {merged:#?}"
    );

    // Merged on, before anything was written.
    state.merge_records("Account", &two, &[&one]).unwrap();
    let plan = bench.plan(sync).await;
    let chained = row(&bench, plan.id, UMLAUT.0).await;
    assert_eq!(chained.record.as_deref(), Some(two.as_str()));
    assert_eq!(chained.matched_by.as_deref(), Some(MERGED));
    assert_adds_up(&bench.run(plan.id).await.run);
    assert_eq!(find(&state, "Account", ID, UMLAUT.0)["Id"], two.as_str());
    let after = bench.plan(sync).await;
    assert_eq!(after.tally.to_write, 0, "{after:?}");
    assert_eq!(external_ids(&state, "Account", ID)[UMLAUT.0], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_merged_into_another_customer_s_is_a_conflict() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    state
        .merge_records("Account", OBRIEN.1, &[UMLAUT.1])
        .unwrap();
    let plan = bench.plan(sync).await;
    let merged = row(&bench, plan.id, UMLAUT.0).await;
    assert_eq!(blocked(&merged), "merged_into_taken");
    let reason = merged.reason.unwrap().message;
    assert!(
        reason.contains(OBRIEN.1) && reason.contains(OBRIEN.0),
        "{reason}"
    );
    let owner = row(&bench, plan.id, OBRIEN.0).await;
    assert_eq!(
        owner.record.as_deref(),
        Some(OBRIEN.1),
        "its owner keeps it"
    );
    assert!(
        conflict(&bench, sync, UMLAUT.0)
            .await
            .unwrap()
            .contains("merged into")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_merged_while_it_is_written_is_rejected_and_then_followed() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    let plan = bench.plan(sync).await;
    // What Salesforce answers when the merge came between the check and the write.
    let deleted = FaultKind::RowErrors {
        status_code: "ENTITY_IS_DELETED".to_owned(),
        message: "entity is deleted".to_owned(),
        every_nth: 1,
    };
    let mut fault = Fault::new(Server::SalesforceSandbox, "/composite/sobjects", deleted);
    fault.method = Some("PATCH".to_owned());
    fault.body_contains = OBRIEN.1[..15].to_owned();
    state.arm(fault);
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    let request = OutcomesRequest {
        outcome: Some(OutcomeView::Rejected),
        limit: 10,
        ..OutcomesRequest::of(run.id)
    };
    let rejected = bench.context.run_outcomes(request).await.unwrap().rows;
    assert!(!rejected.is_empty(), "{run:?}");
    assert_eq!(rejected[0].code.as_deref(), Some("ENTITY_IS_DELETED"));
    let problems = bench.context.run_problems(RunRequest { run: run.id }).await;
    let problems = problems.unwrap();
    let told = |it: &&drawbridge_api::view::ProblemView| it.title.contains("was deleted");
    let hint = &problems.iter().find(told).unwrap().hint;
    assert!(hint.contains("Preview again"), "{hint}");
    state.clear_faults();
    let winner = account(&state, "O'Brien Ltd");
    state
        .merge_records("Account", &winner, &[OBRIEN.1])
        .unwrap();
    let merged = planned(&bench, sync, OBRIEN.0).await;
    assert_eq!(merged.record, Some(winner));
    assert_eq!(merged.matched_by.as_deref(), Some(MERGED));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_leaves_what_was_merged_since() {
    let (bench, sync, _data) = twelve().await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    let state = bench.state();
    let winner = account(&state, "Mueller Holding");
    state
        .merge_records("Account", &winner, &[UMLAUT.1])
        .unwrap();
    let before = find(&state, "Account", "Id", &winner);
    let plan = bench.undo(run.id).await;
    let left = row(&bench, plan.id, UMLAUT.0).await;
    assert_eq!(left.action, ActionView::Skipped);
    let reason = left.reason.unwrap();
    assert_eq!(reason.code, "merged_since");
    assert!(reason.message.contains(&winner), "{reason:?}");
    assert_adds_up(&bench.run(plan.id).await.run);
    assert_eq!(find(&state, "Account", "Id", &winner), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_against_the_external_id_is_a_conflict_until_one_gives_way() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    let chosen = account(&state, "Mueller by hand");
    bench.plan(sync).await;
    let accept = MatchDecisionView::Accept {
        record: chosen.clone(),
    };
    decide(&bench, sync, UMLAUT.0, Some(accept)).await;
    let torn = planned(&bench, sync, UMLAUT.0).await;
    assert_eq!(blocked(&torn), "link_disagrees");
    let shown = conflict(&bench, sync, UMLAUT.0).await.unwrap();
    assert!(
        shown.contains(UMLAUT.1) && shown.contains(&chosen),
        "{shown}"
    );
    // The one way: the id is cleared in Salesforce. The other: the choice is taken back.
    decide(&bench, sync, UMLAUT.0, None).await;
    let row = planned(&bench, sync, UMLAUT.0).await;
    assert_eq!(row.record.as_deref(), Some(UMLAUT.1));
    let accept = MatchDecisionView::Accept {
        record: chosen.clone(),
    };
    decide(&bench, sync, UMLAUT.0, Some(accept)).await;
    let cleared = values([(ID, serde_json::Value::Null)]);
    state
        .update_record("Account", UMLAUT.1, &cleared, "Ana Ruiz")
        .unwrap();
    let row = planned(&bench, sync, UMLAUT.0).await;
    assert_eq!(row.record, Some(chosen));
}
