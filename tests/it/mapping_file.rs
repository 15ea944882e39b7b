//! A mapping as a file: out, changed by hand, in again, and what is refused.

use drawbridge_api::view::{ErrorCode, SyncRequest};
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
    assert_eq!(again.unwrap().version, 2);
    let unchanged = exported(&bench, sync).await;
    assert_eq!(
        unchanged,
        text.replacen("version = 1", "version = 2", 1),
        "byte for byte but for the version"
    );

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
    let rule = saved
        .rules
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
