//! A sync is promoted to another org: checked without a write, its fields created, made there.

use drawbridge_api::view::{
    BlankPolicyView, ErrorCode, LengthPolicyView, PromotionFinishRequest, PromotionRequest,
    PromotionState, RuleDraft, SyncRequest, WritePolicyView,
};
use drawbridge_testkit::Workbench;

fn finish(sync: u32, org: u32, name: &str) -> PromotionFinishRequest {
    PromotionFinishRequest {
        sync,
        org,
        name: name.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checklist_writes_nothing_and_the_sync_is_made_when_nothing_is_in_the_way() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let mut request = bench.mapping_as_saved(sync).await;
    request.rules.push(RuleDraft {
        field: "Description".to_owned(),
        source: "{{ customer.name | upper }}".to_owned(),
        write: WritePolicyView::Always,
        blank: BlankPolicyView::Leave,
        length: LengthPolicyView::Block,
    });
    bench.context.mapping_save(request).await.unwrap();
    let org = bench.connect_production().await.id;
    let state = bench.state();
    let (writes, syncs) = (state.write_calls(), 1);

    let request = PromotionRequest { sync, org };
    let checklist = bench
        .context
        .promotion_check(request.clone())
        .await
        .unwrap();
    assert_eq!(state.write_calls(), writes, "a checklist writes nothing");
    assert_eq!(checklist.suggested_name, "Alguna to Live");
    assert_eq!(checklist.existing, None);
    let to_do: Vec<&str> = checklist
        .lines
        .iter()
        .filter(|line| line.state == PromotionState::ToDo)
        .map(|line| line.field.as_str())
        .collect();
    assert!(to_do.contains(&"Alguna_Customer_ID__c"), "{checklist:?}");
    assert!(checklist.creatable > 5 && checklist.blocking >= checklist.creatable);
    let refused = bench
        .context
        .promotion_finish(finish(sync, org, "Alguna to Live"))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::FieldMissing);
    assert_eq!(state.write_calls(), writes);
    assert_eq!(
        bench
            .context
            .sync_list(drawbridge_api::view::Nothing {})
            .await
            .unwrap()
            .len(),
        syncs
    );

    let deployed = bench
        .context
        .promotion_deploy(request.clone())
        .await
        .unwrap();
    assert!(deployed.succeeded && deployed.created > 0, "{deployed:?}");
    // Nothing is missing any more: no field is touched.
    let again = bench.context.promotion_deploy(request.clone()).await;
    assert_eq!(again.unwrap().created, 0);
    assert!(
        state.write_calls() > writes,
        "creating fields is counted as writing"
    );
    let checklist = bench
        .context
        .promotion_check(request.clone())
        .await
        .unwrap();
    assert_eq!(
        (checklist.blocking, checklist.creatable),
        (0, 0),
        "{checklist:?}"
    );
    let made = bench
        .context
        .promotion_finish(finish(sync, org, "Alguna to Live"))
        .await
        .unwrap();
    assert_eq!((made.org, made.name.as_str()), (org, "Alguna to Live"));
    assert_eq!(
        bench.mapping_as_saved(made.id).await.rules,
        bench.mapping_as_saved(sync).await.rules
    );
    assert!(made.latest_plan.is_none(), "the first preview is next");
    let plan = bench.plan(made.id).await;
    assert!(plan.columns.iter().any(|it| it.field == "Description"));

    // A later change of the mapping goes to the sync that is there.
    let mut request_again = bench.mapping_as_saved(sync).await;
    request_again.rules.pop();
    bench.context.mapping_save(request_again).await.unwrap();
    let checklist = bench.context.promotion_check(request).await.unwrap();
    let existing = checklist.existing.unwrap();
    assert_eq!((existing.sync, existing.same), (made.id, false));
    let again = bench
        .context
        .promotion_finish(finish(sync, org, ""))
        .await
        .unwrap();
    assert_eq!((again.id, again.mapping_version), (made.id, 2));
    let unchanged = bench
        .context
        .promotion_finish(finish(sync, org, ""))
        .await
        .unwrap();
    assert_eq!(
        unchanged.mapping_version, 2,
        "the same mapping is no new version"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_drawbridge_cannot_set_right_says_who_can() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let org = bench.connect_production().await.id;
    let mut request = bench.mapping_as_saved(sync).await;
    for field in ["Description", "Website"] {
        request.rules.push(RuleDraft {
            field: field.to_owned(),
            source: "{{ customer.name }}".to_owned(),
            write: WritePolicyView::Always,
            blank: BlankPolicyView::Leave,
            length: LengthPolicyView::Block,
        });
    }
    bench.context.mapping_save(request.clone()).await.unwrap();
    let request = PromotionRequest { sync, org };
    let deployed = bench.context.promotion_deploy(request.clone()).await;
    assert!(deployed.unwrap().succeeded);
    bench
        .state()
        .production()
        .hide_field("Account", "Website")
        .unwrap();
    let checklist = bench.context.promotion_check(request).await.unwrap();
    let line = |name: &str| {
        let found = checklist.lines.iter().find(|line| line.field == name);
        found.unwrap_or_else(|| panic!("{name} is in the checklist"))
    };
    assert_eq!(line("Description").state, PromotionState::Ok);
    let hidden = line("Website");
    assert_eq!(hidden.state, PromotionState::Cannot);
    assert!(hidden.blocking);
    let remedy = hidden.checks[0].remedy.as_deref().unwrap();
    assert!(remedy.starts_with("An admin of the org"), "{remedy}");
    let refused = bench
        .context
        .promotion_finish(finish(sync, org, "Alguna to Live"))
        .await
        .unwrap_err();
    assert!(refused.message.contains("Website"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_is_promoted_to_another_org_and_to_nothing_else() {
    let bench = Workbench::with_customers(20).await;
    let id = bench.alguna_sync().await;
    let sync = bench
        .context
        .sync_get(SyncRequest { sync: id })
        .await
        .unwrap();
    for (other, why) in [(sync.org, "already"), (sync.source, "billing source")] {
        let request = PromotionRequest {
            sync: id,
            org: other,
        };
        let refused = bench.context.promotion_check(request).await.unwrap_err();
        assert!(refused.message.contains(why), "{refused:?}");
    }
}
