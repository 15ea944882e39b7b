//! A mapping as a file: out, changed by hand, in again, and what is refused.

use drawbridge_api::view::{
    ActionView, ErrorCode, MappingProblemView, MappingReadRequest, PlanDecideRequest,
    PlanRowsRequest, SeverityView, SyncRequest,
};
use drawbridge_testkit::{Workbench, assert_adds_up};

async fn exported(bench: &Workbench, sync: u32) -> String {
    let request = SyncRequest { sync };
    bench.context.mapping_export(request).await.unwrap().text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_changed_in_the_file_is_what_the_next_run_writes() {
    let bench = Workbench::with_customers(40).await;
    let sync = bench.alguna_sync().await;
    let request = SyncRequest { sync };
    let text = exported(&bench, sync).await;
    let again = bench.context.mapping_import(request.clone(), &text).await;
    let again = again.unwrap();
    assert_eq!(
        (again.saved, again.mapping.version),
        (false, 1),
        "it says what is saved"
    );
    assert_eq!(exported(&bench, sync).await, text, "byte for byte");

    let shouted = text.replace(
        "value = \"subscription.name\"",
        "expression = \"{{ subscription.name | upper }}\"",
    );
    assert_ne!(shouted, text);
    let saved = bench
        .context
        .mapping_import(request, &shouted)
        .await
        .unwrap();
    assert_eq!((saved.saved, saved.mapping.version), (true, 2));
    let rules = &saved.mapping.rules;
    let rule = rules
        .iter()
        .find(|rule| rule.field == "Alguna_Subscription_Name__c")
        .unwrap();
    assert!(rule.source.contains("upper"), "{rule:?}");
    assert_adds_up(&bench.run(bench.plan(sync).await.id).await.run);
    let names: Vec<String> = bench
        .state()
        .records("Account")
        .iter()
        .filter_map(|record| Some(record["Alguna_Subscription_Name__c"].as_str()?.to_owned()))
        .collect();
    assert!(names.len() > 10);
    assert!(names.iter().all(|name| *name == name.to_uppercase()));
}

/// What an expression gives is known only from customers: until some are read, nothing is said.
#[tokio::test(flavor = "multi_thread")]
async fn an_expression_that_never_fits_its_field_is_named() {
    let bench = Workbench::with_customers(40).await;
    let sync = bench.alguna_sync().await;
    let request = SyncRequest { sync };
    let text = exported(&bench, sync).await;
    let rule = |text: &str, field: &str, value: &str| {
        format!("{text}\n[[rule]]\nfield = \"{field}\"\nexpression = \"{value}\"\n")
    };
    let unfit = rule(&text, "AnnualRevenue", "{{ customer.name }}");
    let unfit = rule(&unfit, "NumberOfEmployees", "{{ 21 }}%");
    let read = async || {
        let request = MappingReadRequest {
            sync,
            text: unfit.clone(),
        };
        let beside = bench.context.mapping_read(request).await.unwrap();
        let said = |it: &MappingProblemView| it.message.contains("can take the value of none");
        assert!(beside.usable, "{beside:?}");
        beside.problems.into_iter().filter(said).collect::<Vec<_>>()
    };
    assert_eq!(read().await, [], "no customer was read yet");
    bench.plan(sync).await;
    let found = read().await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].severity, SeverityView::Blocks);
    assert!(found[0].message.contains("AnnualRevenue"), "{found:?}");

    let imported = bench.context.mapping_import(request, &unfit).await.unwrap();
    let rules = imported.mapping.rules.iter();
    let named: Vec<&str> = rules
        .filter(|rule| rule.problems.iter().any(|it| found.contains(it)))
        .map(|rule| rule.field.as_str())
        .collect();
    assert_eq!(named, ["AnnualRevenue", "NumberOfEmployees"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_mistakes_names_them_all_and_changes_nothing() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let request = SyncRequest { sync };
    let text = exported(&bench, sync).await;
    let wrong = text
        .replace(
            "value = \"subscription.name\"",
            "expression = \"{{ subscription.nam }}\"",
        )
        .replace("Alguna_Tax_Rate__c", "No_Such_Field__c");
    let error = bench
        .context
        .mapping_import(request.clone(), &wrong)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest);
    for word in ["subscription.nam", "No_Such_Field__c", "not imported"] {
        assert!(error.message.contains(word), "{word}: {}", error.message);
    }
    let error = bench
        .context
        .mapping_import(request.clone(), "sobject = 'Account'\nrules = 5\n[[oops")
        .await
        .unwrap_err();
    assert!(error.message.contains("Line "), "{}", error.message);
    let kept = exported(&bench, sync).await;
    assert_eq!(kept, text);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_found_by_the_customer_s_id_and_by_nothing_made_of_it() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let text = exported(&bench, sync).await;
    let rule = text
        .split("\n\n")
        .find(|part| part.contains("\"customer.id\""))
        .unwrap();
    let changed = |from: &str, to: &str| {
        let other = rule.replacen(from, to, 1);
        assert_ne!(other, rule, "{rule}");
        text.replacen(rule, &other, 1)
    };
    let wrong = [
        text.replacen(rule, "", 1),
        changed(
            "value = \"customer.id\"",
            "expression = \"X-{{ customer.id }}\"",
        ),
        changed("\"always\"", "\"never\""),
        changed("\"always\"", "\"if_empty\""),
    ];
    for file in wrong {
        let request = SyncRequest { sync };
        let refused = bench.context.mapping_import(request, &file).await;
        let error = refused.expect_err(&file);
        assert_eq!(error.code, ErrorCode::BadRequest);
        for word in ["found by Alguna_Customer_ID__c", "written always"] {
            assert!(error.message.contains(word), "{word}: {}", error.message);
        }
    }
    assert_eq!(exported(&bench, sync).await, text);

    // Nor is the id of a new record held for itself: it would be sent all the same.
    let plan = bench.plan(sync).await;
    let rows = bench.context.plan_rows(created(plan.id)).await.unwrap();
    let new = rows.rows[0].customer.clone();
    let hold = |field: Option<&str>| PlanDecideRequest {
        plan: plan.id,
        customer: new.clone(),
        field: field.map(str::to_owned),
        hold: true,
    };
    let id = hold(Some("Alguna_Customer_ID__c"));
    let error = bench.context.plan_decide(id).await.unwrap_err();
    assert!(error.message.contains("is not held"), "{}", error.message);
    let other = hold(Some("Alguna_Subscription_Name__c"));
    assert_eq!(
        bench.context.plan_decide(other).await.unwrap().held_fields,
        1
    );
    assert_eq!(
        bench
            .context
            .plan_decide(hold(None))
            .await
            .unwrap()
            .held_rows,
        1
    );
}

/// A first new record of a plan.
fn created(plan: u32) -> PlanRowsRequest {
    PlanRowsRequest {
        action: Some(ActionView::Create),
        limit: 1,
        ..PlanRowsRequest::of(plan)
    }
}
