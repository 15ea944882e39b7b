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
    let grants: String = paths
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
                    crate::packages::permission_set(&[], &grants),
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
async fn each_rule_has_its_words_and_its_place() {
    let org = org().await;
    let cases: Vec<(&str, &str, &str)> = vec![
        (
            "Too_Long__c",
            "<type>Text</type><length>256</length>",
            "Length must be between 1 and 255",
        ),
        (
            "No_Length__c",
            "<type>Text</type>",
            "Must specify 'length' for a CustomField of type Text",
        ),
        (
            "Len_On_Date__c",
            "<type>Date</type><length>3</length>",
            "Can not specify 'length' for a CustomField of type Date",
        ),
        (
            "No_Scale__c",
            "<type>Number</type><precision>10</precision>",
            "Must specify 'scale' for a CustomField of type Number",
        ),
        (
            "Precise__c",
            "<type>Currency</type><precision>19</precision><scale>2</scale>",
            "precision must be between 1 and 18",
        ),
        (
            "Scaled__c",
            "<type>Currency</type><precision>2</precision><scale>3</scale>",
            "not smaller than scale",
        ),
        (
            "No_Default__c",
            "<type>Checkbox</type>",
            "Must specify 'defaultValue' for a CustomField of type Checkbox",
        ),
        (
            "Odd_Default__c",
            "<type>Checkbox</type><defaultValue>yes</defaultValue>",
            "either true or false",
        ),
        (
            "Ext_Date__c",
            "<type>Date</type><externalId>true</externalId>",
            "Can not specify 'externalId' for a CustomField of type Date",
        ),
        (
            "Uniq_Money__c",
            "<type>Currency</type><precision>8</precision><scale>2</scale><unique>true</unique>",
            "Can not specify 'unique' for a CustomField of type Currency",
        ),
        (
            "Case_Only__c",
            "<type>Text</type><length>9</length><caseSensitive>true</caseSensitive>",
            "Can not specify 'caseSensitive'",
        ),
        (
            "Lines__c",
            "<type>LongTextArea</type><length>300</length>",
            "Must specify 'visibleLines'",
        ),
        (
            "Short_Long__c",
            "<type>LongTextArea</type><length>255</length><visibleLines>3</visibleLines>",
            "Length must be between 256 and 131072",
        ),
        (
            "Req_Check__c",
            "<type>Checkbox</type><defaultValue>false</defaultValue><required>true</required>",
            "Can not specify 'required'",
        ),
        (
            "No_Values__c",
            "<type>Picklist</type>",
            "Must specify 'valueSet'",
        ),
        (
            "Global__c",
            "<type>Picklist</type><valueSet><valueSetName>Colors</valueSetName></valueSet>",
            "no GlobalValueSet named Colors found",
        ),
        (
            "Twice__c",
            "<type>Picklist</type><valueSet><valueSetDefinition><sorted>false</sorted><value><fullName>A</fullName><default>false</default></value><value><fullName>a</fullName><default>false</default></value></valueSetDefinition></valueSet>",
            "Duplicate label or value",
        ),
        (
            "No_Target__c",
            "<type>Lookup</type>",
            "Must specify 'referenceTo'",
        ),
        (
            "Lost_Target__c",
            "<type>Lookup</type><referenceTo>Nothing__c</referenceTo>",
            "In field: referenceTo - no CustomObject named Nothing__c found",
        ),
        (
            "Detail__c",
            "<type>MasterDetail</type><referenceTo>Contact</referenceTo><relationshipName>Ds</relationshipName>",
            "Cannot create a MasterDetail field on Account",
        ),
        (
            "Formula__c",
            "<type>Text</type><formula>Missing__c &amp; 'x'</formula>",
            "Field Missing__c does not exist. Check spelling.",
        ),
        (
            "Counter__c",
            "<type>AutoNumber</type><displayFormat>none</displayFormat>",
            "Invalid display format",
        ),
        (
            "Sum__c",
            "<type>Summary</type><summaryOperation>count</summaryOperation><summaryForeignKey>Contact.AccountId</summaryForeignKey>",
            "In field: summaryForeignKey - no CustomField named Contact.AccountId found",
        ),
        (
            "double__under__c",
            "<type>Date</type>",
            "cannot end with an underscore or contain two consecutive underscore",
        ),
        (
            "A123456789012345678901234567890123456789X__c",
            "<type>Date</type>",
            "Value too long for field: DeveloperName maximum length is:40",
        ),
        ("NoType__c", "", "Required field is missing: type"),
        (
            "Not_Custom",
            "<type>Date</type>",
            "Entity of type 'CustomField' named 'Account.Not_Custom' cannot be found",
        ),
    ];
    let paths: Vec<String> = cases
        .iter()
        .map(|(name, ..)| format!("Account.{name}"))
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let mut inside: String = cases
        .iter()
        .map(|(name, rest, _)| field(name, rest))
        .collect();
    inside.push_str("<fields><fullName>Labelled__c</fullName><label>12345678901234567890123456789012345678901</label><type>Date</type></fields>");
    let mut names = paths.clone();
    names.push("Account.Labelled__c");
    let result = org
        .deploy_files(
            &[
                ("package.xml", manifest(&[("CustomField", &names)])),
                ("objects/Account.object", object(&inside)),
            ],
            &options(false, false),
        )
        .await;
    assert_eq!(result["status"], "Failed");
    let found = problems(&result);
    assert_eq!(found.len(), names.len(), "{found:?}");
    for (name, _, words) in &cases {
        let path = format!("Account.{name}");
        let (_, problem) = found
            .iter()
            .find(|(full_name, _)| *full_name == path)
            .unwrap();
        assert!(problem.contains(words), "{name}: {problem}");
    }
    let (_, labelled) = found
        .iter()
        .find(|(name, _)| name == "Account.Labelled__c")
        .unwrap();
    assert_eq!(
        labelled,
        "Value too long for field: MasterLabel maximum length is:40"
    );
    let failures = result["details"]["componentFailures"].as_array().unwrap();
    let second = failures
        .iter()
        .find(|f| f["fullName"] == "Account.No_Length__c")
        .unwrap();
    // The XML declaration, the root and the first field stand above.
    assert_eq!(
        (
            second["lineNumber"].as_i64(),
            second["columnNumber"].as_i64()
        ),
        (Some(4), Some(9))
    );
    assert_eq!(second["problemType"], "Error");
}

#[tokio::test]
async fn files_that_cannot_be_read_fail_by_line() {
    let org = org().await;
    let deploy = async |inside: &str| {
        org.deploy_files(
            &[
                (
                    "package.xml",
                    manifest(&[("CustomField", &["Account.X__c"])]),
                ),
                ("objects/Account.object", object(inside)),
            ],
            &options(false, true),
        )
        .await
    };
    let result = deploy("<fields><fullName>X__c</fullName>\n<colour>red</colour></fields>").await;
    let failure = &result["details"]["componentFailures"][0];
    assert_eq!(
        failure["problem"],
        "Error parsing file: Element {http://soap.sforce.com/2006/04/metadata}colour invalid at this location in type CustomField"
    );
    assert_eq!(failure["lineNumber"], 4);
    let result = deploy("<fields><fullName>X__c</fullName><type>Colour</type></fields>").await;
    assert_eq!(
        result["details"]["componentFailures"][0]["problem"],
        "Error parsing file: 'Colour' is not a valid value for the enum 'FieldType'"
    );
    let result = deploy("<fields>").await;
    assert_eq!(result["status"], "Failed");
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
