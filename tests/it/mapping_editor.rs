//! Writing a mapping: rules tried on customers, saved as versions, proposed, read from a file.

use drawbridge_api::view::{
    BlankPolicyView, DifferenceKindView, ErrorCode, LengthPolicyView, MappingCheckRequest,
    MappingProposalsRequest, MappingReadRequest, MappingRequest, MappingTryRequest,
    MappingVersionRequest, RuleDraft, SeverityView, SyncRequest, WritePolicyView,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};
use drawbridge_testkit::{Workbench, assert_adds_up};

fn rule(field: &str, source: &str) -> RuleDraft {
    RuleDraft {
        field: field.to_owned(),
        source: source.to_owned(),
        write: WritePolicyView::Always,
        blank: BlankPolicyView::Leave,
        length: LengthPolicyView::Block,
    }
}

fn tried(sync: u32, source: &str, search: &str, offset: u32) -> MappingTryRequest {
    MappingTryRequest {
        sync,
        rule: rule("Description", source),
        search: search.to_owned(),
        offset,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_rule_is_tried_saved_previewed_and_written() {
    let bench = Workbench::with_customers(40).await;
    let sync = bench.alguna_sync().await;
    let first = bench.plan(sync).await;
    assert_adds_up(&bench.run(first.id).await.run);

    let context = &bench.context;
    let fields = context.mapping_fields(SyncRequest { sync }).await.unwrap();
    let description = fields.iter().find(|field| field.name == "Description");
    assert_eq!(description.unwrap().label, "Account Description");
    assert!(fields.iter().all(|field| field.name != "OwnerId"));

    let expression = "{{ customer.name | upper }} / {{ customer.tax_rate | default(\"no tax\") }}";
    let requests = bench.state().request_log().len();
    let one = context
        .mapping_try(tried(sync, expression, "", 0))
        .await
        .unwrap();
    assert_eq!(one.problems, []);
    assert_eq!((one.samples.len(), one.total), (5, 40));
    for sample in &one.samples {
        let value = sample.value.as_ref().unwrap();
        assert!(
            value.text.starts_with(&sample.name.to_uppercase()),
            "{sample:?}"
        );
    }
    let next = context
        .mapping_try(tried(sync, expression, "", 5))
        .await
        .unwrap();
    assert!(next.samples.iter().all(|it| !one.samples.contains(it)));
    let wanted = &next.samples[0];
    let found = context
        .mapping_try(tried(sync, expression, &wanted.name, 0))
        .await
        .unwrap();
    assert!(found.samples.contains(wanted));
    assert!(found.total < 40);
    assert_eq!(
        bench.state().request_log().len(),
        requests,
        "trying a rule asks neither side"
    );

    let mut request = bench.mapping_as_saved(sync).await;
    let based_on = request.based_on;
    request.rules.push(rule("Description", expression));
    let saved = context.mapping_save(request).await.unwrap();
    assert_eq!(saved.version, based_on + 1);
    let plan = bench.plan(sync).await;
    assert!(plan.columns.iter().any(|it| it.field == "Description"));
    assert_adds_up(&bench.run(plan.id).await.run);
    let written: Vec<String> = bench
        .state()
        .records("Account")
        .iter()
        .filter_map(|record| Some(record["Description"].as_str()?.to_owned()))
        .filter(|text| text.contains(" / "))
        .collect();
    assert!(written.len() > 20, "{written:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_expression_says_where_and_is_not_saved() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let wrong = "Hello\n{{ customer.nmae | uper }}";
    let view = bench
        .context
        .mapping_try(tried(sync, wrong, "", 0))
        .await
        .unwrap();
    let places: Vec<_> = view
        .problems
        .iter()
        .map(|it| (it.line, it.column, it.problem.next_step.as_str()))
        .collect();
    assert_eq!(places.len(), 2, "{view:?}");
    assert_eq!((places[0].0, places[0].1), (Some(2), Some(4)));
    assert_eq!(places[0].2, "Did you mean customer.name?");
    assert!(places[1].2.starts_with("Did you mean upper?"));
    assert!(view.samples.iter().all(|it| it.value.is_none()));

    let mut request = bench.mapping_as_saved(sync).await;
    request.rules.push(rule("Description", wrong));
    let check = MappingCheckRequest {
        sync,
        rules: request.rules.clone(),
        sample: 0,
    };
    let checked = bench.context.mapping_check(check).await.unwrap();
    let last = checked.rules.last().unwrap();
    assert_eq!(last.problems.len(), 2);
    assert_eq!(last.problems[0].severity, SeverityView::Stops);
    let refused = bench
        .context
        .mapping_save(request.clone())
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadRequest);
    assert!(refused.message.contains("customer.nmae"), "{refused:?}");
    let kept = bench.mapping_as_saved(sync).await;
    assert_eq!(
        (kept.based_on, kept.rules.len() + 1),
        (1, request.rules.len())
    );

    // Switched off it does no harm and waits.
    request.rules.last_mut().unwrap().write = WritePolicyView::Never;
    bench.context.mapping_save(request.clone()).await.unwrap();
    let late = bench.context.mapping_save(request).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::PlanStale);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_external_id_stays_written_from_the_customers_id() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let saved = bench.mapping_as_saved(sync).await;
    let is_id = |rule: &RuleDraft| rule.field == "Alguna_Customer_ID__c";
    let mut without = saved.clone();
    without.rules.retain(|rule| !is_id(rule));
    let mut other = saved.clone();
    for rule in &mut other.rules {
        if is_id(rule) {
            rule.source = "{{ customer.name }}".to_owned();
        }
    }
    for request in [without, other] {
        let refused = bench.context.mapping_save(request).await.unwrap_err();
        assert!(refused.message.contains("Alguna_Customer_ID__c"));
    }
    assert_eq!(bench.mapping_as_saved(sync).await.based_on, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_listed_looked_at_and_taken_back() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let first = bench.mapping_as_saved(sync).await;
    let mut second = first.clone();
    second.rules.push(rule("Description", "customer.name"));
    bench.context.mapping_save(second).await.unwrap();

    let request = SyncRequest { sync };
    let versions = bench.context.mapping_versions(request).await.unwrap();
    let numbers: Vec<u32> = versions.iter().map(|it| it.version).collect();
    assert_eq!(numbers, [2, 1]);
    assert!(versions.iter().all(|it| it.saved_at.is_some()));
    assert_eq!(versions[0].differences.len(), 1);
    assert_eq!(versions[0].differences[0].kind, DifferenceKindView::Added);

    let request = MappingVersionRequest { sync, version: 1 };
    let old = bench.context.mapping_version(request).await.unwrap();
    assert!(old.usable);
    assert_eq!(old.differences[0].field, "Description");
    assert_eq!(old.differences[0].kind, DifferenceKindView::Removed);
    let mut back = first.clone();
    (back.based_on, back.rules) = (2, old.rules);
    assert_eq!(bench.context.mapping_save(back).await.unwrap().version, 3);
    assert_eq!(bench.mapping_as_saved(sync).await.rules, first.rules);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_describe_invites_is_proposed() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let saved = bench.mapping_as_saved(sync).await;
    let ask = |rules: Vec<RuleDraft>| {
        bench
            .context
            .mapping_proposals(MappingProposalsRequest { sync, rules })
    };
    assert_eq!(ask(saved.rules.clone()).await.unwrap(), []);
    let mut fewer = saved.rules.clone();
    fewer.retain(|rule| rule.field != "Alguna_Tax_Rate__c");
    let proposals = ask(fewer).await.unwrap();
    assert_eq!(proposals.len(), 1);
    assert!(saved.rules.contains(&proposals[0].rule));
    assert!(proposals[0].because.contains("Alguna pack"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_shown_before_it_is_saved() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let context = &bench.context;
    let file = context
        .mapping_export_file(SyncRequest { sync })
        .await
        .unwrap();
    let path = file.path.unwrap();
    assert!(path.ends_with("alguna-to-uat-v1.toml"), "{path}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), file.text);

    let read = |text: String| context.mapping_read(MappingReadRequest { sync, text });
    let same = read(file.text.clone()).await.unwrap();
    assert!(same.usable && same.differences.is_empty());
    let changed = file.text.replace(
        "value = \"customer.tax_rate\"",
        "expression = \"{{ customer.tax }}\"",
    );
    assert_ne!(changed, file.text);
    let changed = read(changed).await.unwrap();
    assert!(!changed.usable);
    assert_eq!(changed.differences.len(), 1);
    assert!(changed.problems[0].message.contains("customer.tax"));
    let broken = read("version = 1\nsobject = \"Account".to_owned())
        .await
        .unwrap();
    assert!(!broken.usable && broken.rules.is_empty());
    assert!(
        broken.problems[0].message.starts_with("Line 2"),
        "{broken:?}"
    );
    let other = read(
        file.text
            .replace("sobject = \"Account\"", "sobject = \"Contact\""),
    )
    .await
    .unwrap();
    assert!(!other.usable && other.problems[0].message.contains("Contact"));
    assert_eq!(bench.mapping_as_saved(sync).await.based_on, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_shown_while_the_org_does_not_answer() {
    let bench = Workbench::with_customers(40).await;
    let sync = bench.alguna_sync().await;
    let get = MappingRequest {
        sync,
        sample: 0,
        stored: false,
    };
    let page = Fault::new(Server::SalesforceSandbox, "/describe", FaultKind::Html503);
    let down = bench.state().arm(page.clone().times(u32::MAX));

    // No record was read yet, so no field is known either, and none is called missing.
    let stored = bench.context.mapping_get(get.clone()).await.unwrap();
    let unreached = stored.unreached.unwrap();
    assert_eq!(unreached.why.unwrap().code, ErrorCode::Busy);
    assert_eq!(unreached.fields_at, None);
    assert!(!stored.rules.is_empty());
    assert!(stored.rules.iter().all(|rule| rule.field_kind.is_none()));
    assert!(stored.rules.iter().all(|rule| rule.problems.is_empty()));

    bench.state().disarm(down);
    let plan = bench.plan(sync).await;
    let down = bench.state().arm(page.times(u32::MAX));
    let stored = bench.context.mapping_get(get.clone()).await.unwrap();
    let unreached = stored.unreached.clone().unwrap();
    let read_at = unreached.fields_at.unwrap();
    assert!(read_at >= plan.started_at && read_at <= plan.finished_at.unwrap());
    assert!(stored.rules.iter().all(|rule| rule.field_kind.is_some()));
    assert!(stored.rules.iter().any(|rule| rule.sample.is_some()));
    assert_eq!(stored.problems, []);

    // What is stored is there without asking anybody.
    let requests = bench.state().request_log().len();
    let only = MappingRequest {
        stored: true,
        ..get.clone()
    };
    let only = bench.context.mapping_get(only).await.unwrap();
    assert_eq!(bench.state().request_log().len(), requests);
    assert_eq!(only.unreached.unwrap().why, None);
    assert_eq!(only.rules, stored.rules);

    bench.state().disarm(down);
    let asked = bench.context.mapping_get(get).await.unwrap();
    assert_eq!(asked.unreached, None);
    let problems = asked.rules.iter().filter(|rule| !rule.problems.is_empty());
    assert!(problems.count() > 0);
}
