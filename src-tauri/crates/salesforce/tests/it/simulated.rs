//! Whole stories against the simulated org.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use drawbridge_model::{
    CustomField, CustomFieldKind, CustomerId, DeleteResult, Environment, FieldName, FieldPackage,
    ReadQuery, Record, RecordId, RowResult, SObjectName, Sensitive, Target, TargetError, Value,
    WriteBatch, WriteKind, WriteRow,
};
use drawbridge_salesforce::oauth::{self, LoginRequest};
use drawbridge_salesforce::{
    CheckState, DeployReport, Org, Scope, TokenKeeper, Tokens, parse_login_url,
};
use drawbridge_simulator::{Config, Simulator, approve, deny, start};

use crate::{Kept, quick};

pub(crate) async fn simulator() -> Simulator {
    let config = Config {
        customers: 40,
        ..Config::default()
    };
    start(config).await.unwrap()
}

pub(crate) fn tokens(simulator: &Simulator) -> Tokens {
    let signed_in = &simulator.credentials().sandbox;
    let host = signed_in.instance_url.strip_prefix("http://").unwrap();
    let url = format!(
        "force://{}::{}@{host}",
        simulator.credentials().client_id,
        signed_in.refresh_token
    );
    let mut tokens = oauth::from_sfdx_url(&Sensitive::new(url)).unwrap();
    tokens.access_token = Sensitive::new(signed_in.access_token.clone());
    tokens
}

pub(crate) fn org(simulator: &Simulator) -> Org {
    Org::new(tokens(simulator), Kept::new(), quick()).unwrap()
}

pub(crate) fn account() -> SObjectName {
    SObjectName::from("Account")
}

pub(crate) fn named(name: &str) -> FieldName {
    FieldName::from(name)
}

/// Thirteen fields of every kind.
pub(crate) fn package() -> FieldPackage {
    let field = |name: String, kind| CustomField {
        sobject: account(),
        label: name.trim_end_matches("__c").replace('_', " "),
        name: FieldName(name),
        kind,
        description: "For the test.".to_owned(),
    };
    let text = |external_id| CustomFieldKind::Text {
        length: 255,
        external_id,
    };
    let amount = CustomFieldKind::Currency {
        precision: 10,
        scale: 2,
    };
    let mut fields = vec![
        field("Key__c".to_owned(), text(true)),
        field("Value__c".to_owned(), amount),
        field("Link__c".to_owned(), CustomFieldKind::Url),
        field("Other_Link__c".to_owned(), CustomFieldKind::Url),
    ];
    fields.extend((1..=3).map(|at| field(format!("Moment_{at}__c"), CustomFieldKind::DateTime)));
    fields.extend((1..=6).map(|at| field(format!("Text_{at}__c"), text(false))));
    FieldPackage {
        permission_set: "Drawbridge_Sync".to_owned(),
        permission_set_label: "Drawbridge sync".to_owned(),
        existing: Vec::new(),
        fields,
    }
}

async fn deploy(org: &Org, check_only: bool) -> DeployReport {
    let heard = Mutex::new(Vec::new());
    let report = org
        .deploy(&package(), check_only, |status| {
            heard.lock().unwrap().push(status);
        })
        .await
        .unwrap();
    let heard = heard.into_inner().unwrap();
    assert!(heard.iter().all(|status| status.id == report.id) && heard.len() >= 2);
    report
}

pub(crate) async fn prepared(simulator: &Simulator) -> Org {
    let org = org(simulator);
    assert!(deploy(&org, false).await.succeeded);
    org.assign_permission_set("Drawbridge_Sync").await.unwrap();
    org
}

pub(crate) fn row(customer: &str, record: Option<&RecordId>, values: &[(&str, Value)]) -> WriteRow {
    WriteRow {
        customer: CustomerId::from(customer),
        record: record.cloned(),
        values: values
            .iter()
            .map(|(name, value)| (named(name), value.clone()))
            .collect(),
    }
}

pub(crate) fn upsert(rows: Vec<WriteRow>) -> WriteBatch {
    WriteBatch {
        sobject: account(),
        kind: WriteKind::Upsert(named("Key__c")),
        rows,
        allow_duplicates: false,
    }
}

pub(crate) async fn all(org: &Org, query: &ReadQuery) -> Vec<Record> {
    let describe = org.describe(&query.sobject).await.unwrap();
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let page = org.read(query, &describe, cursor.as_deref()).await.unwrap();
        rows.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
}

pub(crate) fn query(fields: &[&str], only: Option<(&str, Vec<String>)>) -> ReadQuery {
    ReadQuery {
        sobject: account(),
        fields: fields.iter().map(|name| named(name)).collect(),
        only: only.map(|(name, values)| (named(name), values)),
        not_blank: None,
        changed_since: None,
    }
}

#[tokio::test]
async fn a_whole_login_a_call_and_its_end() {
    let simulator = simulator().await;
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    simulator
        .state()
        .register_redirect_uri(&oauth::redirect_uri(port));
    let request = LoginRequest {
        login_url: parse_login_url(&simulator.urls().salesforce_sandbox).unwrap(),
        client_id: simulator.credentials().client_id.clone(),
        port,
    };
    let pending = oauth::begin(request.clone()).unwrap();
    let url = pending.authorize_url().to_string();
    let login = tokio::spawn(pending.finish(Duration::from_secs(10), std::future::pending()));
    let page = approve(&url).await.unwrap();
    assert!(page.contains("Signed in"), "{page}");
    let tokens = login.await.unwrap().unwrap();

    let org = Org::new(tokens, Kept::new(), quick()).unwrap();
    let identity = org.identity().await.unwrap();
    assert_eq!(
        identity.org_id.as_str(),
        simulator.credentials().sandbox.org_id
    );
    assert_eq!(identity.username, simulator.credentials().sandbox.username);
    assert!(identity.is_sandbox);
    assert_eq!(identity.api_version, "67.0");
    assert_eq!(simulator.state().write_calls(), 0);

    org.revoke().await.unwrap();
    org.revoke().await.unwrap();
    let error = org.identity().await.unwrap_err();
    assert!(matches!(error, TargetError::SignInNeeded { .. }), "{error}");

    let pending = oauth::begin(request).unwrap();
    let url = pending.authorize_url().to_string();
    let login = tokio::spawn(pending.finish(Duration::from_secs(10), std::future::pending()));
    let page = deny(&url).await.unwrap();
    assert!(page.contains("Not signed in"), "{page}");
    assert!(matches!(
        login.await.unwrap(),
        Err(drawbridge_salesforce::Error::Denied)
    ));
}

#[tokio::test]
async fn a_login_renewed_by_another_process_is_taken_over() {
    let simulator = simulator().await;
    let keychain = Kept::new();
    let open = || {
        let keeper = Arc::clone(&keychain) as Arc<dyn TokenKeeper>;
        Org::new(tokens(&simulator), keeper, quick()).unwrap()
    };
    let (window, terminal) = (open(), open());
    simulator.state().expire_sessions();
    window.identity().await.unwrap();
    // The refresh token both began with is dead by now.
    terminal.identity().await.unwrap();
    assert_eq!(
        keychain.refresh_tokens().len(),
        1,
        "one renewal serves both"
    );
}

#[tokio::test]
async fn an_imported_login_renews_itself_once_for_ten_calls() {
    let simulator = simulator().await;
    let kept = Kept::new();
    let mut login = tokens(&simulator);
    login.access_token = Sensitive::from("");
    let org = Org::new(login, Arc::clone(&kept) as Arc<dyn TokenKeeper>, quick()).unwrap();
    org.identity().await.unwrap();
    assert_eq!(kept.refresh_tokens().len(), 1);

    simulator.state().expire_sessions();
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let org = org.clone();
            tokio::spawn(async move { org.describe(&account()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(kept.refresh_tokens().len(), 2);
    let renewals = simulator
        .state()
        .request_log()
        .iter()
        .filter(|request| request.path.ends_with("/oauth2/token"))
        .count();
    assert_eq!(renewals, 2);

    // What was kept is a login of its own.
    let last = kept.0.lock().unwrap().last().unwrap().to_secret();
    let again = Tokens::from_secret(&last, "sandbox").unwrap();
    let org = Org::new(again, Kept::new(), quick()).unwrap();
    org.describe(&account()).await.unwrap();
}

#[tokio::test]
async fn fields_are_checked_then_made_and_then_seen() {
    let simulator = simulator().await;
    let org = org(&simulator);
    let before = org.describe(&account()).await.unwrap();
    let checked = deploy(&org, true).await;
    assert!(checked.succeeded && checked.check_only);
    assert_eq!(
        org.describe(&account()).await.unwrap(),
        before,
        "a check changed something"
    );

    let made = deploy(&org, false).await;
    assert!(made.succeeded, "{made:?}");
    let created = made
        .components
        .iter()
        .filter(|one| one.kind == "CustomField" && one.created)
        .count();
    assert_eq!(created, 13, "{made:?}");
    assert!(
        !org.permission_set_assigned("Drawbridge_Sync")
            .await
            .unwrap()
    );
    org.assign_permission_set("Drawbridge_Sync").await.unwrap();
    org.assign_permission_set("Drawbridge_Sync").await.unwrap();
    assert!(
        org.permission_set_assigned("Drawbridge_Sync")
            .await
            .unwrap()
    );

    let describe = org.describe(&account()).await.unwrap();
    for wanted in package().fields {
        let field = describe.field(&wanted.name).unwrap();
        assert!(
            field.custom && field.updateable && field.createable,
            "{field:?}"
        );
    }
    let key = describe.field(&named("Key__c")).unwrap();
    assert!(key.external_id && key.unique && key.case_sensitive);
    let value = describe.field(&named("Value__c")).unwrap();
    assert_eq!((value.precision, value.scale), (10, 2));
}

#[tokio::test]
async fn values_come_back_exactly() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let values = [
        ("Name", Value::text("O'Neil & \"Söhne\" \\ Co")),
        ("Key__c", Value::text("cus_aB")),
        ("Value__c", Value::Number("12345678.91".parse().unwrap())),
        (
            "Moment_1__c",
            Value::Moment("2026-03-29T01:30:00Z".parse().unwrap()),
        ),
        ("Link__c", Value::text("https://example.com/?a=b&c=d")),
        ("Text_1__c", Value::Blank),
    ];
    let written = org
        .write(&upsert(vec![row("cus_aB", None, &values)]))
        .await
        .unwrap();
    let RowResult::Written {
        record,
        created: true,
    } = &written[0]
    else {
        panic!("{written:?}");
    };
    let fields: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    let keys = vec!["x'; DROP".to_owned(), "cus_aB".to_owned()];
    let read = all(&org, &query(&fields, Some(("Key__c", keys)))).await;
    assert_eq!(read.len(), 1);
    for (name, value) in &values {
        assert_eq!(read[0].value(&named(name)), value, "{name}");
    }
    assert!(read[0].modified_by.is_some() && read[0].modified_at.is_some());

    // Again: the same record, changed; and read back by its id beside one that is none.
    let values = [
        ("Key__c", Value::text("cus_aB")),
        ("Value__c", Value::Number("0.1".parse().unwrap())),
    ];
    let again = org
        .write(&upsert(vec![row("cus_aB", None, &values)]))
        .await
        .unwrap();
    assert_eq!(
        again,
        [RowResult::Written {
            record: record.clone(),
            created: false
        }]
    );
    let describe = org.describe(&account()).await.unwrap();
    let nobody = RecordId::parse("001000000000AAA").unwrap();
    let found = org
        .read_by_id(&[nobody, record.clone()], &[named("Value__c")], &describe)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, *record);
    assert_eq!(found[0].value(&named("Value__c")), &values[1].1);
    assert!(found[0].modstamp >= read[0].modstamp);
}

#[tokio::test]
async fn long_lists_and_pages_lose_nothing() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let key = |at: usize| format!("cus_with_a_rather_long_identifier_{at:05}");
    for start in (0..2_200).step_by(200) {
        let rows = (start..start + 200)
            .map(|at| {
                row(
                    &key(at),
                    None,
                    &[
                        ("Key__c", Value::Text(key(at))),
                        ("Name", Value::Text(format!("N{at}"))),
                    ],
                )
            })
            .collect();
        let results = org.write(&upsert(rows)).await.unwrap();
        assert!(
            results
                .iter()
                .all(|result| matches!(result, RowResult::Written { created: true, .. }))
        );
    }
    let mut every = query(&["Key__c"], None);
    every.not_blank = Some(named("Key__c"));
    let before = org.calls_made();
    assert_eq!(all(&org, &every).await.len(), 2_200);
    assert_eq!(org.calls_made() - before, 3, "describe and two pages");

    let stamps = |records: &[Record]| records.iter().map(|it| it.modstamp).collect::<Vec<_>>();
    let newest = stamps(&all(&org, &every).await).into_iter().max().unwrap();
    let since = |moment| ReadQuery {
        changed_since: Some(moment),
        ..every.clone()
    };
    let changed = all(&org, &since(newest)).await;
    assert!(stamps(&changed).contains(&newest));
    let later = newest.checked_add(jiff::Span::new().seconds(2)).unwrap();
    assert_eq!(all(&org, &since(later)).await, []);

    let wanted: Vec<String> = (0..2_200).step_by(2).map(key).collect();
    let before = org.calls_made();
    let found = all(&org, &query(&["Key__c"], Some(("Key__c", wanted.clone())))).await;
    assert!(org.calls_made() - before > 3, "the list must be split");
    let mut keys: Vec<String> = found
        .iter()
        .map(|record| record.value(&named("Key__c")).to_string())
        .collect();
    keys.sort();
    assert_eq!(keys, wanted);
    assert_eq!(org.calls_made() as usize, simulator.state().api_calls());
    assert!(org.usage().unwrap().used > 0);
}

#[tokio::test]
async fn refused_rows_are_data_and_keep_their_places() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let too_long = Value::Text("x".repeat(300));
    let rows = vec![
        row(
            "a",
            None,
            &[("Key__c", Value::text("a")), ("Name", Value::text("A"))],
        ),
        row(
            "b",
            None,
            &[("Key__c", Value::text("b")), ("Name", too_long)],
        ),
        row(
            "c",
            None,
            &[("Key__c", Value::text("c")), ("Name", Value::text("C"))],
        ),
    ];
    let results = org.write(&upsert(rows)).await.unwrap();
    assert!(matches!(
        results[0],
        RowResult::Written { created: true, .. }
    ));
    assert!(
        matches!(&results[1], RowResult::Refused(problem) if problem.code == "STRING_TOO_LONG"),
        "{results:?}"
    );
    assert!(matches!(
        results[2],
        RowResult::Written { created: true, .. }
    ));
}

#[tokio::test]
async fn a_preflight_reads_only_and_finds_the_wrong_label() {
    let simulator = simulator().await;
    let org = org(&simulator);
    let mut scope = Scope {
        environment: Environment::Sandbox,
        sobjects: vec![account(), SObjectName::from("Contact")],
        creates: true,
        makes_fields: true,
        keys: Vec::new(),
    };
    let checks = org.preflight(&scope).await;
    let failed: Vec<_> = checks
        .iter()
        .filter(|check| check.state == CheckState::Failed)
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(checks.len() >= 10, "{checks:?}");
    assert_eq!(simulator.state().write_calls(), 0);
    assert!(org.calls_made() <= 14, "{} calls", org.calls_made());

    scope.environment = Environment::Production;
    let checks = org.preflight(&scope).await;
    assert!(checks.iter().any(|check| check.name == "Sandbox or production" && check.state == CheckState::Failed));

    simulator.stop().await;
    let checks = org.preflight(&scope).await;
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0].state, CheckState::Failed);
}

#[tokio::test]
async fn deleted_records_are_listed_with_what_they_were_merged_into() {
    let simulator = simulator().await;
    let org = org(&simulator);
    let state = simulator.state();
    let made = |name: &str| {
        let values = serde_json::Map::from_iter([("Name".to_owned(), name.into())]);
        let id = state.create_record("Account", &values, "Ana Ruiz").unwrap();
        RecordId::parse(&id).unwrap()
    };
    let (winner, loser, deleted) = (made("Winner"), made("Loser"), made("Deleted"));
    let merged = state.merge_records("Account", winner.as_str(), &[loser.as_str()]);
    merged.unwrap();
    state.delete_record("Account", deleted.as_str()).unwrap();
    let gone = async |since| {
        let page = org.gone(&account(), since, None).await.unwrap();
        assert_eq!(page.next, None);
        page.rows
    };
    let all = gone(None).await;
    let of = |id: &RecordId| all.iter().find(|it| it.id == *id).cloned();
    assert_eq!(of(&loser).unwrap().merged_into, Some(winner.clone()));
    assert_eq!(of(&deleted).unwrap().merged_into, None);
    assert_eq!(of(&winner), None);
    let newest = all.iter().map(|it| it.at).max().unwrap();
    let later = newest.checked_add(jiff::Span::new().seconds(2)).unwrap();
    assert_eq!(gone(Some(later)).await, []);
    state.undelete_record("Account", deleted.as_str()).unwrap();
    assert!(gone(None).await.iter().all(|it| it.id != deleted));
}

#[tokio::test]
async fn two_hundred_records_are_deleted_in_one_call_each_with_its_result() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let rows = (0..200)
        .map(|number| {
            let key = format!("cus_{number}");
            let values = [("Name", Value::text(&key)), ("Key__c", Value::text(&key))];
            row(&key, None, &values)
        })
        .collect();
    let written = org.write(&upsert(rows)).await.unwrap();
    let ids: Vec<RecordId> = written
        .iter()
        .map(|result| match result {
            RowResult::Written { record, .. } => record.clone(),
            RowResult::Refused(problem) => panic!("{problem:?}"),
        })
        .collect();
    let calls = org.calls_made();
    let deleted = org.delete(&ids).await.unwrap();
    assert_eq!(org.calls_made(), calls + 1);
    assert_eq!(deleted, vec![DeleteResult::Deleted; 200]);
    let describe = org.describe(&account()).await.unwrap();
    let left = org.read_by_id(&ids, &[], &describe).await.unwrap();
    assert_eq!(left, []);
    // Once more: Salesforce says of each that it is deleted.
    for result in org.delete(&ids[..2]).await.unwrap() {
        assert!(
            matches!(&result, DeleteResult::Refused(problem) if problem.code == "ENTITY_IS_DELETED"),
            "{result:?}"
        );
    }
    assert_eq!(org.delete(&[]).await.unwrap(), []);
    let error = org.delete(&[ids.clone(), ids].concat()).await.unwrap_err();
    assert!(error.to_string().contains("Nothing was sent"), "{error}");
}
