//! Orgs with several currencies.

use serde_json::json;

use crate::client::org;
use crate::shape::{created, describe, field, read, refused};

#[tokio::test]
async fn several_currencies() {
    let org = org().await;
    assert_eq!(
        refused(
            &org,
            "Account",
            json!({"Name": "A", "CurrencyIsoCode": "EUR"})
        )
        .await,
        (
            "INVALID_FIELD".to_owned(),
            "No such column 'CurrencyIsoCode' on sobject of type Account".to_owned()
        )
    );
    assert_eq!(org.query("SELECT IsoCode FROM CurrencyType").await.0, 400);

    org.simulator
        .state()
        .reshape(|shape| shape.multi_currency = true)
        .unwrap();
    let account = describe(&org, "Account").await;
    let code = field(&account, "CurrencyIsoCode").unwrap();
    assert_eq!(code["restrictedPicklist"], true);
    let values: Vec<&str> = code["picklistValues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["EUR", "USD", "GBP", "JPY"]);
    let (_, rows) = org
        .query("SELECT IsoCode, ConversionRate, DecimalPlaces, IsCorporate, IsActive FROM CurrencyType WHERE IsCorporate = true")
        .await;
    assert_eq!(rows["totalSize"], 1);
    assert_eq!(rows["records"][0]["IsoCode"], "EUR");

    let id = created(&org, "Account", json!({"Name": "A"})).await;
    assert_eq!(read(&org, "Account", &id).await["CurrencyIsoCode"], "EUR");
    let id = created(
        &org,
        "Contact",
        json!({"LastName": "A", "CurrencyIsoCode": "JPY"}),
    )
    .await;
    assert_eq!(read(&org, "Contact", &id).await["CurrencyIsoCode"], "JPY");
    for wrong in ["XXX", "SEK"] {
        let (code, text) = refused(
            &org,
            "Account",
            json!({"Name": "A", "CurrencyIsoCode": wrong}),
        )
        .await;
        assert_eq!(code, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
        assert_eq!(
            text,
            format!("Account Currency: bad value for restricted picklist field: {wrong}")
        );
    }
    let (_, stored) = org
        .query("SELECT count() FROM Account WHERE CurrencyIsoCode = null")
        .await;
    assert_eq!(stored["totalSize"], 0);
    // Two corporate currencies make no sense; the org stays as it was.
    let state = org.simulator.state();
    assert!(
        state
            .reshape(|shape| shape.currencies[1].is_corporate = true)
            .is_err()
    );
    assert!(!state.shape().currencies[1].is_corporate);
    state.reshape(|shape| shape.multi_currency = false).unwrap();
    assert!(field(&describe(&org, "Account").await, "CurrencyIsoCode").is_none());
}
