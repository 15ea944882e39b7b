//! Bulk API 2.0, ingest: what becomes of rows and files.

use drawbridge_simulator::Config;
use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::{accounts, open, over, result, run, set_state, text, upsert};
use crate::client::{org, org_with};

#[tokio::test]
async fn rows_succeed_and_fail_one_by_one() {
    let org = org().await;
    org.with_billing_fields().await;
    run(&org, upsert(), accounts(0..1)).await;
    // The extra empty Id column is what jsforce sends.
    let long = "x".repeat(256);
    let file = format!(
        "Id,Billing_Id__c,Name,MRR__c,Phone,Description\n\
         ,A-0,,#N/A,123,\n\
         ,A-1,\"Acme, \"\"Inc|x\",1.5,#N/A,\n\
         ,A-1,Again,,,\n\
         ,A-2,,,,\n\
         ,A-3,{long},,,\n\
         ,A-4,Fern,lots,,\n\
         ,,Fern,,,\n\
         ,A-5,\" Fern\",0,,\"two\nlines\"\n"
    );
    let job = run(&org, upsert(), file).await;
    assert_eq!(
        (
            &job["state"],
            &job["numberRecordsProcessed"],
            &job["numberRecordsFailed"]
        ),
        (&json!("JobComplete"), &json!(8), &json!(5))
    );
    let failed = result(&org, &job, "failedResults/").await;
    assert_eq!(
        failed[0],
        "\"sf__Id\",\"sf__Error\",Id,Billing_Id__c,Name,MRR__c,Phone,Description"
    );
    assert_eq!(failed.len(), 6);
    for wanted in [
        "\"\",\"DUPLICATE_VALUE:Duplicate external id specified: A-1:Billing_Id__c --\",\"\",\"A-1\",\"Again\",\"\",\"\",\"\"".to_owned(),
        "\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --\",\"\",\"A-2\",\"\",\"\",\"\",\"\"".to_owned(),
        "\"\",\"INVALID_TYPE_ON_FIELD_IN_RECORD:MRR: value not of required type: lots:MRR__c --\",\"\",\"A-4\",\"Fern\",\"lots\",\"\",\"\"".to_owned(),
        "\"\",\"MISSING_ARGUMENT:Billing_Id__c not specified:Billing_Id__c --\",\"\",\"\",\"Fern\",\"\",\"\",\"\"".to_owned(),
        format!("\"\",\"STRING_TOO_LONG:Account Name: data value too large: {long} (max length=255):Name --\",\"\",\"A-3\",\"{long}\",\"\",\"\",\"\""),
    ] {
        assert!(failed.contains(&wanted), "{wanted}\nnot in\n{}", failed.join("\n"));
    }
    let id = job["id"].as_str().unwrap();
    let successes = text(&org, &format!("/jobs/ingest/{id}/SUCCESSFULRESULTS")).await;
    assert!(successes.starts_with("\"sf__Id\",\"sf__Created\",Id,Billing_Id__c,Name,"));
    assert!(
        successes.contains("\",\"false\",\"\",\"A-0\",\"\",\"#N/A\",\"123\",\"\"\n"),
        "{successes}"
    );
    assert!(
        successes.contains("\",\"true\",\"\",\"A-1\",\"Acme, \"\"Inc|x\",\"1.5\",\"#N/A\",\"\"\n"),
        "{successes}"
    );
    assert!(successes.contains("\"two\nlines\"\n"), "{successes}");
    assert_eq!(
        result(&org, &job, "unprocessedRecords").await,
        ["Id,Billing_Id__c,Name,MRR__c,Phone,Description"]
    );
    let (_, found) = org
        .query("SELECT Name, MRR__c, Phone, Description FROM Account WHERE Billing_Id__c IN ('A-0', 'A-1', 'A-5') ORDER BY Billing_Id__c")
        .await;
    let records = &found["records"];
    assert_eq!(
        (
            &records[0]["Name"],
            &records[0]["MRR__c"],
            &records[0]["Phone"]
        ),
        (&json!("Fern 0"), &Value::Null, &json!("123"))
    );
    assert_eq!(records[1]["Name"], "Acme, \"Inc|x");
    assert_eq!(
        (&records[2]["MRR__c"], &records[2]["Description"]),
        (&json!(0.0), &json!("two\nlines"))
    );
}

#[tokio::test]
async fn insert_update_delete_and_hard_delete() {
    let org = org().await;
    org.with_billing_fields().await;
    let asked = |operation: &str| json!({"object": "account", "operation": operation, "columnDelimiter": "PIPE", "lineEnding": "CRLF"});
    let job = run(
        &org,
        asked("insert"),
        "Name|MRR__c\r\nMoss|5\r\n\"Fern\r\n|\"|6",
    )
    .await;
    assert_eq!(
        (&job["object"], &job["numberRecordsFailed"]),
        (&json!("Account"), &json!(0)),
        "{job}"
    );
    let path = format!(
        "/jobs/ingest/{}/successfulResults",
        job["id"].as_str().unwrap()
    );
    let created = text(&org, &path).await;
    assert!(
        created.starts_with("\"sf__Id\"|\"sf__Created\"|Name|MRR__c\r\n"),
        "{created}"
    );
    let ids: Vec<&str> = created
        .split("\r\n")
        .filter_map(|line| line.get(1..19))
        .filter(|id| id.starts_with("001"))
        .collect();
    assert_eq!(ids.len(), 2, "{created}");

    let (first, second) = (ids[0], ids[1]);
    let file =
        format!("Id|Phone\r\n{first}|1\r\n{first}|2\r\n001000000000000AAA|3\r\n|4\r\n003|5\r\n");
    let job = run(&org, asked("update"), file).await;
    assert_eq!(
        (&job["numberRecordsProcessed"], &job["numberRecordsFailed"]),
        (&json!(5), &json!(4))
    );
    let failed = result(&org, &job, "failedResults").await.join("\n");
    for wanted in [
        format!("\"{first}\"|\"DUPLICATE_VALUE:duplicate id in list: {first}:--\"|"),
        "\"001000000000000AAA\"|\"INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--\"|"
            .to_owned(),
        "\"\"|\"MISSING_ARGUMENT:Id not specified in an update call:--\"|\"\"|\"4\"".to_owned(),
        "MALFORMED_ID:".to_owned(),
    ] {
        assert!(failed.contains(&wanted), "{wanted}\nnot in\n{failed}");
    }

    let before = org.simulator.state().count("Account");
    let job = run(&org, asked("delete"), format!("Id\r\n{first}\r\n")).await;
    assert_eq!(job["numberRecordsFailed"], 0);
    let again = run(&org, asked("delete"), format!("Id\r\n{first}\r\n")).await;
    assert!(
        result(&org, &again, "failedResults").await[1]
            .contains("ENTITY_IS_DELETED:entity is deleted:--")
    );
    assert_eq!(org.simulator.state().count("Account"), before - 1);

    let (status, answer) = org
        .call(Method::POST, "/jobs/ingest", Some(&asked("hardDelete")))
        .await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (400, &json!("FEATURENOTENABLED"))
    );
    org.simulator.state().permit_hard_delete(true);
    let job = run(&org, asked("hardDelete"), format!("Id\r\n{second}\r\n")).await;
    assert_eq!(job["numberRecordsFailed"], 0);
    let all = format!("/queryAll?q=SELECT+Id+FROM+Account+WHERE+Id+IN+('{first}','{second}')");
    let (_, left) = org.get(&all).await;
    assert_eq!(
        left["totalSize"], 1,
        "only the recycle bin's record is left"
    );
}

#[tokio::test]
async fn parents_are_named_by_their_keys() {
    let org = org().await;
    org.with_billing_fields().await;
    run(&org, upsert(), accounts(0..2)).await;
    let asked = json!({"object": "Contact", "operation": "insert"});
    let file = "LastName,Account.Billing_Id__c,EmailBouncedDate,Birthdate\nRuiz,A-1,2026-01-31T10:00:00.000+01:00,1990-02-03\nSoto,A-9,,\nPaz,#N/A,noon,\nGil,,,03.02.1990\nMar,#N/A,2026-01-31,\n";
    let job = run(&org, asked.clone(), file).await;
    assert_eq!(job["state"], "JobComplete", "{job}");
    let failed = result(&org, &job, "failedResults").await.join("\n");
    for wanted in [
        "INVALID_FIELD:Foreign key external ID: a-9 not found for field Billing_Id__c in entity Account:--\"",
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Email Bounced Date: value not of required type: noon:EmailBouncedDate --",
        "value not of required type: 03.02.1990:Birthdate --",
    ] {
        assert!(failed.contains(wanted), "{wanted}\nnot in\n{failed}");
    }
    let (_, found) = org.query("SELECT Account.Name, EmailBouncedDate, Birthdate FROM Contact WHERE LastName = 'Ruiz' AND Account.Billing_Id__c = 'A-1'").await;
    let record = &found["records"][0];
    assert_eq!(
        (
            &record["Account"]["Name"],
            &record["EmailBouncedDate"],
            &record["Birthdate"]
        ),
        (
            &json!("Fern 1"),
            &json!("2026-01-31T09:00:00.000+0000"),
            &json!("1990-02-03")
        )
    );
    for (file, unknown) in [
        (
            "LastName,Lead:Account.Billing_Id__c\nA,B\n",
            "Lead:Account.Billing_Id__c",
        ),
        ("Industryy,LastName,Bad\nA,B,C\n", "Industryy"),
        ("\u{FEFF}LastName\nA\n", "\u{FEFF}LastName"),
        ("LastName, Phone\nA,1\n", " Phone"),
    ] {
        let job = run(&org, asked.clone(), file).await;
        assert_eq!(job["state"], "Failed");
        assert_eq!(
            job["errorMessage"],
            format!("InvalidBatch : Field name not found : {unknown}")
        );
        assert_eq!(job["numberRecordsProcessed"], 0);
        assert_eq!(result(&org, &job, "unprocessedrecords").await.len(), 2);
        assert_eq!(result(&org, &job, "failedResults").await.len(), 1);
    }
}

#[tokio::test]
async fn a_field_without_access_is_unknown() {
    let org = org().await;
    org.with_billing_fields().await;
    org.simulator
        .state()
        .hide_field("Account", "MRR__c")
        .unwrap();
    let job = run(&org, upsert(), accounts(0..1)).await;
    assert_eq!(
        job["errorMessage"],
        "InvalidBatch : Field name not found : MRR__c"
    );
}

#[tokio::test]
async fn empty_and_broken_files() {
    let org = org().await;
    org.with_billing_fields().await;
    let job = run(&org, upsert(), "").await;
    assert_eq!(job["state"], "Failed");
    let job = run(&org, upsert(), "Billing_Id__c,Name\n").await;
    assert_eq!(
        (&job["state"], &job["numberRecordsProcessed"]),
        (&json!("JobComplete"), &json!(0))
    );
    let job = run(&org, upsert(), "Billing_Id__c,Name\r\nA,B\r\n").await;
    assert_eq!(
        job["errorMessage"],
        "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF"
    );
    assert_eq!(result(&org, &job, "unprocessedrecords").await.len(), 2);
    let id = open(&org, upsert()).await;
    set_state(&org, &id, "UploadComplete").await;
    assert_eq!(over(&org, "ingest", &id).await["state"], "Failed");
}

#[tokio::test]
async fn records_of_one_transaction_share_a_stamp_that_is_not_ahead() {
    let org = org_with(Config {
        customers: 10,
        rate_limits: false,
        ..Config::default()
    })
    .await;
    org.with_billing_fields().await;
    run(&org, upsert(), accounts(0..5000)).await;
    let (_, found) = org.query("SELECT SystemModstamp FROM Account WHERE Billing_Id__c != null ORDER BY SystemModstamp DESC LIMIT 1").await;
    let last = found["records"][0]["SystemModstamp"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, found) = org
        .query(&format!(
            "SELECT count() FROM Account WHERE SystemModstamp = {}",
            last.replace("+0000", "Z")
        ))
        .await;
    assert_eq!(found["totalSize"], 200);
    let (_, job) = org.get("/jobs/ingest").await;
    let ended = job["records"][0]["systemModstamp"].as_str().unwrap();
    assert!(last.as_str() < ended, "{last} {ended}");
}
