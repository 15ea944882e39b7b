//! What is wrong with a field or a file, in words and with its place.

use crate::client::org;
use crate::packages::{field, manifest, object, options, problems};

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
            "Open_Number__c",
            "<type>AutoNumber</type><displayFormat>A-{0</displayFormat>",
            "Invalid display format: A-{0",
        ),
        (
            "Two_Numbers__c",
            "<type>AutoNumber</type><displayFormat>{0}-{00}</displayFormat>",
            "Invalid display format: {0}-{00}",
        ),
        (
            "Long_Default__c",
            "<type>Text</type><length>3</length><defaultValue>\"four\"</defaultValue>",
            "Default value of Long_Default__c does not fit: Long Default: data value too large: four (max length=3)",
        ),
        (
            "Figure_In_Text__c",
            "<type>Text</type><length>3</length><defaultValue>12</defaultValue>",
            "does not fit its type Text: received Number",
        ),
        (
            "Words_In_Number__c",
            "<type>Number</type><precision>4</precision><scale>2</scale><defaultValue>\"1\"</defaultValue>",
            "does not fit its type Number: received Text",
        ),
        (
            "Large_Default__c",
            "<type>Number</type><precision>4</precision><scale>2</scale><defaultValue>100</defaultValue>",
            "Default value of Large_Default__c does not fit: Large Default: value outside of valid range on numeric field: 100.0",
        ),
        (
            "Default_Date__c",
            "<type>Date</type><defaultValue>\"2026-01-01\"</defaultValue>",
            "does not fit its type Date: received Text",
        ),
        (
            "Default_Mail__c",
            "<type>Email</type><defaultValue>\"nobody\"</defaultValue>",
            "invalid email address: nobody",
        ),
        (
            "Default_Choice__c",
            "<type>Picklist</type><defaultValue>\"Blue\"</defaultValue><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>Red</fullName><default>false</default><label>Red</label></value></valueSetDefinition></valueSet>",
            "bad value for restricted picklist field: Blue",
        ),
        (
            "Default_Link__c",
            "<type>Lookup</type><referenceTo>Account</referenceTo><relationshipName>Links</relationshipName><defaultValue>\"x\"</defaultValue>",
            "Can not specify 'defaultValue' for a CustomField of type Lookup",
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
