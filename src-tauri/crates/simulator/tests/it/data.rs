//! Loading CSV files.

use std::fmt::Write;

use drawbridge_simulator::{Config, Error, start};

use crate::client::{http, org_with};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[tokio::test]
async fn files_are_served() {
    let folder = folder(&[
        (
            "customers.csv",
            "id,name,currency,created_at,salesforce_id,tax_rate\nC1,Fern & Co,EUR,2025-01-02,0015e00000D0007AAB,0.19\nC2,Moss,USD,,,\n",
        ),
        (
            "contacts.csv",
            "customer_id,email,first_name\nC1,ana@fern.example,Ana\n",
        ),
        (
            "subscriptions.csv",
            "id,customer_id,plan,interval,price,contract_start,contract_end,next_renewal_date\nS1,C1,Growth,yearly,1200.00,2026-01-01,2027-01-01,2027-01-01\n",
        ),
        (
            "accounts.csv",
            "Id,Name,AnnualRevenue\n0015e00000D0007,Fern,250000.5\n,Unlinked,\n",
        ),
        (
            "salesforce_contacts.csv",
            "LastName,Email,AccountId\nRuiz,ana@fern.example,0015e00000D0007\n",
        ),
    ]);
    let org = org_with(Config {
        data: Some(folder.path().to_owned()),
        rate_limits: false,
        ..Config::default()
    })
    .await;
    let (_, found) = org
        .query("SELECT Id, AnnualRevenue, (1) FROM Account")
        .await;
    assert_eq!(found[0]["errorCode"], "MALFORMED_QUERY");
    let (_, found) = org
        .query("SELECT Id, AnnualRevenue FROM Account WHERE Name = 'Fern'")
        .await;
    assert_eq!(found["records"][0]["Id"], "0015e00000D0007AAB");
    assert_eq!(found["records"][0]["AnnualRevenue"], 250_000.5);
    assert_eq!(
        org.names("SELECT Name FROM Contact WHERE Account.Name = 'Fern'")
            .await,
        ["Ruiz"]
    );
    let answer: serde_json::Value = http()
        .get(format!(
            "{}/subscriptions/S1/revenue",
            org.simulator.urls().alguna
        ))
        .bearer_auth(&org.simulator.credentials().alguna_api_key)
        .header("Alguna-Version", "2026-04-01")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (answer["mrr"].as_str(), answer["arr"].as_str()),
        (Some("100.00"), Some("1200.00"))
    );
}

#[tokio::test]
async fn mistakes_name_file_line_and_column() {
    for (file, text, line, column) in [
        ("customers.csv", "id,name\nC1,Fern\nC1,Moss\n", 3, "id"),
        ("customers.csv", "id,nmae\nC1,Fern\n", 1, "nmae"),
        (
            "contacts.csv",
            "customer_id,email\nC9,a@b.example\n",
            2,
            "customer_id",
        ),
        (
            "accounts.csv",
            "Name,AnnualRevenue\nFern,1\nMoss,lots\n",
            3,
            "AnnualRevenue",
        ),
        ("accounts.csv", "Name,Colour\nFern,red\n", 2, "Colour"),
        (
            "profitwell_customers.csv",
            "customer_id,status,mrr_cents\nA,active,12.5\n",
            2,
            "mrr_cents",
        ),
    ] {
        let folder = folder(&[(file, text)]);
        let error = start(Config {
            data: Some(folder.path().to_owned()),
            ..Config::default()
        })
        .await
        .unwrap_err();
        let Error::Data {
            file: named,
            line: at,
            column: cell,
            ..
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!(
            (named.as_str(), *at, cell.as_str()),
            (file, line, column),
            "{error}"
        );
    }
}

#[tokio::test]
async fn profitwell_rows_are_served_as_they_are_and_many_load_quickly() {
    let mut profitwell = "customer_id,email,first_name,last_name,mrr_cents,plans,status,created_on,activated_on,churned_on,updated_on,total_spend_cents\n".to_owned();
    let mut contacts = "LastName,Email\n".to_owned();
    for n in 0..7043 {
        let spend = if n % 640 == 0 {
            String::new()
        } else {
            "2985".to_owned()
        };
        writeln!(profitwell, "{n:04}-ORFBO,{n}-orfbo@telco.example,,,2985,One year;Fiber optic,active,2026-10-01T00:00:00Z,2026-10-01T00:00:00Z,,2026-11-01T00:00:00Z,{spend}").unwrap();
        if n % 2 == 1 {
            writeln!(contacts, "{n:04}-ORFBO,{n}-orfbo@telco.example").unwrap();
        }
    }
    let folder = folder(&[
        ("profitwell_customers.csv", &profitwell),
        ("salesforce_contacts.csv", &contacts),
    ]);
    let started = std::time::Instant::now();
    let org = org_with(Config {
        data: Some(folder.path().to_owned()),
        rate_limits: false,
        ..Config::default()
    })
    .await;
    assert!(
        started.elapsed().as_secs() < 20,
        "loading took {:?}",
        started.elapsed()
    );
    assert_eq!(org.simulator.state().count("Contact"), 3521);
    let address = format!(
        "{}/v2/customers/0000-ORFBO/",
        org.simulator.urls().profitwell
    );
    let row: serde_json::Value = http()
        .get(address)
        .header(
            "Authorization",
            &org.simulator.credentials().profitwell_token,
        )
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(row["customer_id"], "0000-ORFBO");
    assert_eq!(row["plans"], serde_json::json!(["One year", "Fiber optic"]));
    assert!(row["total_spend_cents"].is_null() && row["first_name"].is_null());
    assert_eq!(row["mrr_cents"], 2985);
}
