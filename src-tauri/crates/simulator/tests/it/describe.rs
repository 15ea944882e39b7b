//! Describe answers, and answers only to what changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, field_names, org};

const FIELD_KEYS: &str = "aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label length mask maskType name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey precision queryByDistance referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead";
const ENTRY_KEYS: &str = "activateable associateEntityType associateParentEntity createable custom customSetting deepCloneable deletable deprecatedAndHidden feedEnabled hasSubtypes isInterface isSubtype keyPrefix label labelPlural layoutable mergeable mruEnabled name queryable replicateable retrieveable searchable triggerable undeletable updateable urls";
const MORE_KEYS: &str = "actionOverrides childRelationships compactLayoutable defaultImplementation extendedBy extendsInterfaces fields implementedBy implementsInterfaces listviewable lookupLayoutable namedLayoutInfos networkScopeFieldName recordTypeInfos searchLayoutable sobjectDescribeOption supportedScopes";

fn keys(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn all_keys_are_there() {
    let org = org().await;
    let (_, list) = org.get("/sobjects").await;
    assert_eq!(
        (&list["encoding"], &list["maxBatchSize"]),
        (&json!("UTF-8"), &json!(200))
    );
    let mut entry: Vec<&str> = ENTRY_KEYS.split(' ').collect();
    entry.sort_unstable();
    for object in list["sobjects"].as_array().unwrap() {
        let mut found = keys(object);
        found.sort_unstable();
        assert_eq!(found, entry, "{}", object["name"]);
    }
    let (_, basic) = org.get("/sobjects/account").await;
    assert_eq!(basic["objectDescribe"]["name"], "Account");
    assert_eq!(basic["recentItems"], json!([]));

    // As text, because the order of a field's keys counts.
    let answer = org
        .send(Method::GET, "/sobjects/Account/describe", None)
        .await
        .unwrap();
    let text = answer.text().await.unwrap();
    let first = text.split("\"fields\":[{").nth(1).unwrap();
    let first = &first[..first.find("},{\"aggregatable\"").unwrap()];
    let mut position = 0;
    for key in FIELD_KEYS.split(' ') {
        let found = first[position..].find(&format!("\"{key}\":"));
        position += found.unwrap_or_else(|| panic!("{key} is missing or out of order"));
    }
    let describe: Value = serde_json::from_str(&text).unwrap();
    let mut expected: Vec<&str> = entry.iter().copied().chain(MORE_KEYS.split(' ')).collect();
    expected.sort_unstable();
    let mut found = keys(&describe);
    found.sort_unstable();
    assert_eq!(found, expected);
    for field in describe["fields"].as_array().unwrap() {
        assert_eq!(field.as_object().unwrap().len(), 57);
    }
    let contacts = describe["childRelationships"]
        .as_array()
        .unwrap()
        .iter()
        .find(|child| child["relationshipName"] == "Contacts")
        .unwrap();
    assert_eq!(
        (&contacts["childSObject"], &contacts["field"]),
        (&json!("Contact"), &json!("AccountId"))
    );
    assert_eq!(
        describe["recordTypeInfos"][0]["recordTypeId"],
        "012000000000000AAA"
    );
}

/// The list of fields a real org describes, as the crate ships it.
#[tokio::test]
async fn standard_fields_are_as_in_a_real_org() {
    let org = org().await;
    for sobject in ["Account", "Contact"] {
        let (_, describe) = org.get(&format!("/sobjects/{sobject}/describe")).await;
        let fields = describe["fields"].as_array().unwrap();
        for line in include_str!("../../src/salesforce/fields.tsv")
            .lines()
            .skip(1)
        {
            let cells: Vec<&str> = line.split('\t').collect();
            // Without record types there is no RecordTypeId.
            if cells[0] != sobject || cells[1] == "RecordTypeId" {
                continue;
            }
            let field = fields
                .iter()
                .find(|field| field["name"] == cells[1])
                .unwrap();
            for (key, cell) in [("label", 2), ("type", 3), ("soapType", 4)] {
                assert_eq!(field[key], cells[cell], "{} {key}", cells[1]);
            }
            for (key, cell) in [("length", 5), ("precision", 7), ("scale", 8), ("digits", 9)] {
                assert_eq!(field[key].to_string(), cells[cell], "{} {key}", cells[1]);
            }
            for (key, cell) in [
                ("createable", 10),
                ("updateable", 11),
                ("nillable", 12),
                ("defaultedOnCreate", 13),
                ("idLookup", 14),
                ("filterable", 15),
                ("sortable", 16),
                ("groupable", 17),
                ("restrictedPicklist", 18),
                ("permissionable", 19),
            ] {
                assert_eq!(field[key], cells[cell] == "1", "{} {key}", cells[1]);
            }
        }
    }
}

async fn since(org: &Org, path: &str, header: &str, value: &str) -> reqwest::Response {
    org.http
        .get(org.data(path))
        .bearer_auth(&org.simulator.credentials().sandbox.access_token)
        .header(header, value)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn unchanged_is_304() {
    let org = org().await;
    let path = "/sobjects/Account/describe";
    let answer = org.send(Method::GET, path, None).await.unwrap();
    let date = answer.headers()["last-modified"]
        .to_str()
        .unwrap()
        .to_owned();
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    let same = since(&org, path, "If-Modified-Since", &date).await;
    assert_eq!(same.status(), 304);
    assert_eq!(same.headers()["etag"], tag.as_str());
    assert!(same.headers().contains_key("sforce-limit-info"));
    assert_eq!(since(&org, path, "If-None-Match", &tag).await.status(), 304);
    assert_eq!(
        since(
            &org,
            path,
            "If-Modified-Since",
            "Sat, 01 Jan 2000 00:00:00 GMT"
        )
        .await
        .status(),
        200
    );
    // A change shows, also within the same second.
    org.with_billing_fields().await;
    let changed = since(&org, path, "If-Modified-Since", &date).await;
    assert_eq!(changed.status(), 200);
    let describe: Value = changed.json().await.unwrap();
    assert!(field_names(&describe).contains(&"MRR__c".to_owned()));

    let record = org.simulator.state().records("Account").remove(0);
    let path = format!("/sobjects/Account/{}", record["Id"].as_str().unwrap());
    let answer = org.send(Method::GET, &path, None).await.unwrap();
    let date = answer.headers()["last-modified"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        since(&org, &path, "If-Modified-Since", &date)
            .await
            .status(),
        304
    );
}

#[tokio::test]
async fn pretty_print() {
    let org = org().await;
    let answer = since(
        &org,
        "/query?q=SELECT+Id+FROM+User+LIMIT+1",
        "X-PrettyPrint",
        "1",
    )
    .await;
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("{\n  \""), "{text}");
    assert!(text.contains("\"done\" : true"), "{text}");
    let _: Value = serde_json::from_str(&text).unwrap();
}

#[tokio::test]
async fn children_that_can_be_selected_are_described() {
    let org = org().await;
    for (sobject, names) in [
        ("Account", &["ChildAccounts", "Contacts"][..]),
        (
            "PermissionSet",
            &["Assignments", "FieldPerms", "ObjectPerms"],
        ),
        ("User", &["PermissionSetAssignments"]),
    ] {
        let (_, describe) = org.get(&format!("/sobjects/{sobject}/describe")).await;
        let children = describe["childRelationships"].as_array().unwrap();
        let known: Vec<_> = children
            .iter()
            .filter_map(|child| child["relationshipName"].as_str())
            .collect();
        assert_eq!(known, names, "{sobject}");
        for name in names {
            let soql = format!("SELECT Id, (SELECT Id FROM {name}) FROM {sobject} LIMIT 1");
            assert_eq!(org.query(&soql).await.0, 200, "{soql}");
        }
    }
}
