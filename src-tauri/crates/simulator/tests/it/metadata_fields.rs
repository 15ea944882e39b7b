//! Custom fields by deploy: every type, the rules of each, and changes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::org;
use crate::packages::{field, manifest, object, options, problems};

fn typed(name: &str, kind: &str, rest: &str) -> (String, String) {
    (
        name.to_owned(),
        field(name, &format!("<type>{kind}</type>{rest}")),
    )
}

fn every_type() -> Vec<(String, String)> {
    let values = "<valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>Pro</fullName><default>true</default><label>Pro</label></value><value><fullName>Free</fullName><default>false</default><label>Free</label></value></valueSetDefinition></valueSet>";
    vec![
        typed(
            "A_Text__c",
            "Text",
            "<length>64</length><externalId>true</externalId><unique>true</unique><caseSensitive>true</caseSensitive>",
        ),
        typed("A_Area__c", "TextArea", ""),
        typed(
            "A_Long__c",
            "LongTextArea",
            "<length>32000</length><visibleLines>4</visibleLines>",
        ),
        typed(
            "A_Html__c",
            "Html",
            "<length>32000</length><visibleLines>25</visibleLines>",
        ),
        typed(
            "A_Secret__c",
            "EncryptedText",
            "<length>20</length><maskChar>asterisk</maskChar><maskType>lastFour</maskType>",
        ),
        typed("A_Email__c", "Email", ""),
        typed("A_Phone__c", "Phone", ""),
        typed("A_Url__c", "Url", ""),
        typed(
            "A_Check__c",
            "Checkbox",
            "<defaultValue>true</defaultValue>",
        ),
        typed(
            "A_Number__c",
            "Number",
            "<precision>10</precision><scale>3</scale>",
        ),
        typed(
            "A_Money__c",
            "Currency",
            "<precision>10</precision><scale>2</scale>",
        ),
        typed(
            "A_Percent__c",
            "Percent",
            "<precision>5</precision><scale>1</scale>",
        ),
        typed("A_Date__c", "Date", ""),
        typed("A_Moment__c", "DateTime", ""),
        typed("A_Time__c", "Time", ""),
        typed("A_Pick__c", "Picklist", values),
        typed(
            "A_Multi__c",
            "MultiselectPicklist",
            &format!("{values}<visibleLines>4</visibleLines>"),
        ),
        typed(
            "A_Place__c",
            "Location",
            "<scale>5</scale><displayLocationInDecimal>true</displayLocationInDecimal>",
        ),
        typed(
            "A_Count__c",
            "AutoNumber",
            "<displayFormat>A-{0000}</displayFormat>",
        ),
        typed(
            "A_Parent__c",
            "Lookup",
            "<referenceTo>Account</referenceTo><relationshipName>Twins</relationshipName>",
        ),
        typed(
            "A_Sum__c",
            "Number",
            "<formula>A_Number__c * 2</formula><precision>18</precision><scale>2</scale>",
        ),
    ]
}

#[tokio::test]
async fn every_type_is_described_written_and_read() {
    let org = org().await;
    let fields = every_type();
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let paths: Vec<String> = names.iter().map(|name| format!("Account.{name}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    // Formulas and auto-numbers may be read only.
    let grants: Vec<String> = paths
        .iter()
        .map(|path| {
            let editable = !matches!(*path, "Account.A_Sum__c" | "Account.A_Count__c");
            format!("<fieldPermissions><editable>{editable}</editable><field>{path}</field><readable>true</readable></fieldPermissions>")
        })
        .collect();
    let inside: String = fields.iter().map(|(_, xml)| xml.as_str()).collect();
    let result = org
        .deploy_files(
            &[
                (
                    "package.xml",
                    manifest(&[("CustomField", &paths), ("PermissionSet", &["All"])]),
                ),
                ("objects/Account.object", object(&inside)),
                (
                    "permissionsets/All.permissionset",
                    crate::packages::permission_set(&[], &grants.concat()),
                ),
            ],
            &options(false, true),
        )
        .await;
    assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    assert_eq!(result["numberComponentsDeployed"], 22);
    org.assign("All").await;

    let (_, describe) = org.get("/sobjects/Account/describe").await;
    let described = describe["fields"].as_array().unwrap();
    let find = |name: &str| {
        described
            .iter()
            .find(|field| field["name"] == name)
            .unwrap()
    };
    for (name, kind) in [
        ("A_Text__c", "string"),
        ("A_Area__c", "textarea"),
        ("A_Long__c", "textarea"),
        ("A_Html__c", "textarea"),
        ("A_Secret__c", "encryptedstring"),
        ("A_Email__c", "email"),
        ("A_Phone__c", "phone"),
        ("A_Url__c", "url"),
        ("A_Check__c", "boolean"),
        ("A_Number__c", "double"),
        ("A_Money__c", "currency"),
        ("A_Percent__c", "percent"),
        ("A_Date__c", "date"),
        ("A_Moment__c", "datetime"),
        ("A_Time__c", "time"),
        ("A_Pick__c", "picklist"),
        ("A_Multi__c", "multipicklist"),
        ("A_Place__c", "location"),
        ("A_Place__Latitude__s", "double"),
        ("A_Count__c", "string"),
        ("A_Parent__c", "reference"),
        ("A_Sum__c", "double"),
    ] {
        assert_eq!(find(name)["type"], kind, "{name}");
    }
    assert_eq!(find("A_Html__c")["htmlFormatted"], true);
    assert_eq!(find("A_Secret__c")["encrypted"], true);
    assert_eq!(find("A_Count__c")["autoNumber"], true);
    assert_eq!(find("A_Sum__c")["calculated"], true);
    assert_eq!(find("A_Sum__c")["updateable"], false);
    assert_eq!(find("A_Parent__c")["relationshipName"], "A_Parent__r");
    let children = describe["childRelationships"].as_array().unwrap();
    assert!(
        children
            .iter()
            .any(|child| child["relationshipName"] == "Twins__r")
    );

    let (_, first) = org.query("SELECT Id FROM Account LIMIT 1").await;
    let parent = &first["records"][0]["Id"];
    let record = json!({
        "Name": "All types", "A_Text__c": "T-1", "A_Area__c": "a", "A_Long__c": "b",
        "A_Html__c": "<b>c</b>", "A_Secret__c": "1234", "A_Email__c": "a@b.example",
        "A_Phone__c": "1", "A_Url__c": "https://b.example", "A_Number__c": 1.5,
        "A_Money__c": 12.25, "A_Percent__c": 7.5, "A_Date__c": "2026-01-31",
        "A_Moment__c": "2026-01-31T10:00:00Z", "A_Time__c": "10:30:00.000Z",
        "A_Multi__c": "Pro;Free", "A_Place__Latitude__s": 40.5, "A_Place__Longitude__s": -3.25,
        "A_Parent__c": parent
    });
    let (status, answer) = org
        .call(Method::POST, "/sobjects/Account", Some(&record))
        .await;
    assert_eq!(status, 201, "{answer}");
    let (status, read) = org
        .query(&format!(
            "SELECT {}, A_Parent__r.Name FROM Account WHERE A_Text__c = 'T-1'",
            names.join(", ")
        ))
        .await;
    assert_eq!(status, 200, "{read}");
    let row = &read["records"][0];
    assert_eq!(row["A_Time__c"], "10:30:00.000Z");
    assert_eq!(
        row["A_Place__c"],
        json!({"latitude": 40.5, "longitude": -3.25})
    );
    assert_eq!(row["A_Count__c"], "A-0001");
    assert_eq!(row["A_Pick__c"], "Pro", "the default value");
    assert_eq!(row["A_Check__c"], true, "the default value");
    assert_eq!(row["A_Sum__c"], Value::Null);
    assert!(row["A_Parent__r"]["Name"].is_string());
    // Nobody writes what Salesforce works out.
    let (status, error) = org
        .call(
            Method::POST,
            "/sobjects/Account",
            Some(&json!({"Name": "B", "A_Count__c": "A-9"})),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("INVALID_FIELD_FOR_INSERT_UPDATE"))
    );
}

#[tokio::test]
async fn changes_keep_data_or_are_refused() {
    let org = org().await;
    let text = |length: u32| {
        field(
            "Code__c",
            &format!("<type>Text</type><length>{length}</length>"),
        )
    };
    let seats = field(
        "Seats__c",
        "<type>Number</type><precision>8</precision><scale>0</scale>",
    );
    org.with_fields("Account", &[("Code__c", text(20)), ("Seats__c", seats)])
        .await;
    for name in ["one", "two"] {
        let record = json!({"Name": name, "Code__c": "ABCDEFGH", "Seats__c": 1200});
        assert_eq!(
            org.call(Method::POST, "/sobjects/Account", Some(&record))
                .await
                .0,
            201
        );
    }
    let change = async |xml: String, name: &str| {
        org.deploy_files(
            &[
                ("package.xml", manifest(&[("CustomField", &[name])])),
                ("objects/Account.object", object(&xml)),
            ],
            &options(false, true),
        )
        .await
    };
    let code = "Account.Code__c";
    let same = change(text(20), code).await;
    let success = &same["details"]["componentSuccesses"][1];
    assert_eq!(
        (success["created"].as_bool(), success["changed"].as_bool()),
        (Some(false), Some(false))
    );
    let id = success["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("00N") && id.len() == 18);

    for (xml, words) in [
        (text(5), "longer values"),
        (
            field(
                "Code__c",
                "<type>Text</type><length>20</length><unique>true</unique>",
            ),
            "duplicate values",
        ),
        (
            field("Code__c", "<type>Date</type>"),
            "Cannot update a field to a Date from something else",
        ),
        (
            field(
                "Code__c",
                "<type>Lookup</type><referenceTo>Account</referenceTo>",
            ),
            "Cannot update a field to a Lookup from something else",
        ),
    ] {
        let result = change(xml, code).await;
        let problem = result["details"]["componentFailures"][0]["problem"]
            .as_str()
            .unwrap();
        assert!(problem.contains(words), "{problem}");
    }
    let result = change(
        field(
            "Seats__c",
            "<type>Number</type><precision>3</precision><scale>0</scale>",
        ),
        "Account.Seats__c",
    )
    .await;
    assert!(problems(&result)[0].1.contains("larger values"));

    let result = change(text(8), code).await;
    assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    let result = change(
        field("Seats__c", "<type>Text</type><length>30</length>"),
        "Account.Seats__c",
    )
    .await;
    assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    let (_, read) = org
        .query("SELECT Code__c, Seats__c FROM Account WHERE Name = 'one'")
        .await;
    assert_eq!(read["records"][0]["Code__c"], "ABCDEFGH");
    assert_eq!(read["records"][0]["Seats__c"], "1200");
    let (status, error) = org
        .call(
            Method::POST,
            "/sobjects/Account",
            Some(&json!({"Name": "x", "Code__c": "123456789"})),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("STRING_TOO_LONG"))
    );
}

#[tokio::test]
async fn twenty_five_external_ids_and_no_more() {
    let org = org().await;
    let names: Vec<String> = (0..26).map(|n| format!("Ext_{n}__c")).collect();
    let paths: Vec<String> = names.iter().map(|name| format!("Account.{name}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let inside: String = names
        .iter()
        .map(|name| {
            field(
                name,
                "<type>Text</type><length>20</length><externalId>true</externalId>",
            )
        })
        .collect();
    let result = org
        .deploy_files(
            &[
                ("package.xml", manifest(&[("CustomField", &paths)])),
                ("objects/Account.object", object(&inside)),
            ],
            &options(false, false),
        )
        .await;
    assert_eq!(result["status"], "SucceededPartial");
    assert_eq!(result["numberComponentsDeployed"], 25);
    let found = problems(&result);
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .1
            .contains("maximum number of 25 External ID fields")
    );
}

#[tokio::test]
async fn every_type_can_be_deleted_purged_and_made_again() {
    let org = org().await;
    let fields = every_type();
    let paths: Vec<String> = fields
        .iter()
        .map(|(name, _)| format!("Account.{name}"))
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let inside: String = fields.iter().map(|(_, xml)| xml.as_str()).collect();
    let package = [
        ("package.xml", manifest(&[("CustomField", &paths)])),
        ("objects/Account.object", object(&inside)),
    ];
    let remove = |list: &[&str]| {
        [
            ("package.xml", manifest(&[])),
            ("destructiveChanges.xml", manifest(&[("CustomField", list)])),
        ]
    };
    for purge in [false, true, false] {
        let made = org.deploy_files(&package, &options(false, true)).await;
        assert_eq!(made["status"], "Succeeded", "{}", made["details"]);
        let used = org
            .deploy_files(&remove(&["Account.A_Number__c"]), &options(false, true))
            .await;
        assert!(
            problems(&used)[0].1.contains("referenced elsewhere"),
            "{}",
            used["details"]
        );
        let asked = json!({"rollbackOnError": true, "purgeOnDelete": purge});
        let gone = org.deploy_files(&remove(&paths), &asked).await;
        assert_eq!(gone["status"], "Succeeded", "{}", gone["details"]);
        assert_eq!(gone["numberComponentsDeployed"], 21);
    }
    let record = &org.simulator.state().records("Account")[0];
    assert!(record.keys().all(|name| !name.starts_with("A_")));
}

#[tokio::test]
async fn the_name_of_a_deleted_field_is_free_and_the_one_it_lies_under_is_not() {
    let org = org().await;
    let deploy = async |name: &str, rest: &str| {
        let path = format!("Account.{name}");
        let package = [
            (
                "package.xml",
                manifest(&[("CustomField", &[path.as_str()])]),
            ),
            ("objects/Account.object", object(&field(name, rest))),
        ];
        org.deploy_files(&package, &options(false, true)).await
    };
    let text = "<type>Text</type><length>9</length>";
    let made = deploy("Note__c", text).await;
    assert_eq!(made["status"], "Succeeded", "{}", made["details"]);
    let remove = [
        ("package.xml", manifest(&[])),
        (
            "destructiveChanges.xml",
            manifest(&[("CustomField", &["Account.Note__c"])]),
        ),
    ];
    let gone = org.deploy_files(&remove, &options(false, true)).await;
    assert_eq!(gone["status"], "Succeeded", "{}", gone["details"]);
    let taken = deploy("note_DEL__c", text).await;
    assert_eq!(taken["status"], "Failed");
    assert!(
        problems(&taken)[0]
            .1
            .starts_with("There is already a field named"),
        "{}",
        taken["details"]
    );
    let again = deploy("Note__c", "<type>Date</type>").await;
    assert_eq!(again["status"], "Succeeded", "{}", again["details"]);
}
