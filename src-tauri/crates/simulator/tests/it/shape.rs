//! Orgs that are set up differently, and switches turned while they run.

use drawbridge_simulator::{ALGUNA_USER, Config, Edition, OrgRecordType, OrgShape};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, field_names, org, org_with};

pub(crate) async fn shaped(shape: OrgShape) -> Org {
    org_with(Config {
        customers: 60,
        rate_limits: false,
        sandbox: shape,
        ..Config::default()
    })
    .await
}

pub(crate) async fn describe(org: &Org, sobject: &str) -> Value {
    let (status, describe) = org.get(&format!("/sobjects/{sobject}/describe")).await;
    assert_eq!(status, 200, "{describe}");
    describe
}

pub(crate) fn field<'a>(describe: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = describe["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name)
}

pub(crate) async fn create(org: &Org, sobject: &str, values: Value) -> (u16, Value) {
    org.call(Method::POST, &format!("/sobjects/{sobject}"), Some(&values))
        .await
}

pub(crate) async fn created(org: &Org, sobject: &str, values: Value) -> String {
    let (status, answer) = create(org, sobject, values).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn refused(org: &Org, sobject: &str, values: Value) -> (String, String) {
    let (status, answer) = create(org, sobject, values).await;
    assert_eq!(status, 400, "{answer}");
    let text = |key: &str| answer[0][key].as_str().unwrap().to_owned();
    (text("errorCode"), text("message"))
}

pub(crate) async fn read(org: &Org, sobject: &str, id: &str) -> Value {
    let (status, record) = org.get(&format!("/sobjects/{sobject}/{id}")).await;
    assert_eq!(status, 200, "{record}");
    record
}

#[tokio::test]
async fn editions_and_the_api() {
    let org = org().await;
    let state = org.simulator.state();
    let (_, found) = org
        .query("SELECT OrganizationType, TrialExpirationDate FROM Organization")
        .await;
    assert_eq!(
        found["records"][0]["OrganizationType"],
        "Enterprise Edition"
    );
    assert!(found["records"][0]["TrialExpirationDate"].is_null());

    state
        .reshape(|shape| {
            shape.edition = Edition::Unlimited;
            shape.trial_expiration = Some("2027-01-01T00:00:00Z".parse().unwrap());
        })
        .unwrap();
    let (_, found) = org
        .query("SELECT OrganizationType, TrialExpirationDate FROM Organization")
        .await;
    assert_eq!(found["records"][0]["OrganizationType"], "Unlimited Edition");
    assert_eq!(
        found["records"][0]["TrialExpirationDate"],
        "2027-01-01T00:00:00.000+0000"
    );

    state
        .reshape(|shape| shape.edition = Edition::Professional)
        .unwrap();
    let (status, error) = org.get("/limits").await;
    assert_eq!(status, 403);
    assert_eq!(
        error,
        json!([{"message": "The REST API is not enabled for this Organization.", "errorCode": "API_DISABLED_FOR_ORG"}])
    );
    state
        .reshape(|shape| shape.api_enabled = Some(true))
        .unwrap();
    assert_eq!(org.get("/limits").await.0, 200);

    state.reshape(|shape| shape.rest_sessions = false).unwrap();
    let (status, error) = org.get("/limits").await;
    assert_eq!(
        (status, &error[0]["errorCode"]),
        (401, &json!("INVALID_SESSION_ID"))
    );
    assert_eq!(
        error[0]["message"],
        "This session is not valid for use with the REST API"
    );
}

#[tokio::test]
async fn calls_left_are_set_by_hand() {
    let org = org().await;
    org.simulator.state().set_api_calls(98, 100);
    let answer = org.send(Method::GET, "/limits", None).await.unwrap();
    assert_eq!(answer.headers()["sforce-limit-info"], "api-usage=99/100");
    assert_eq!(org.get("/limits").await.0, 200);
    let (status, error) = org.get("/limits").await;
    assert_eq!(
        (status, &error[0]["errorCode"]),
        (403, &json!("REQUEST_LIMIT_EXCEEDED"))
    );
}

#[tokio::test]
async fn states_and_countries() {
    let org = shaped(OrgShape {
        state_and_country_picklists: true,
        ..OrgShape::default()
    })
    .await;
    let account = describe(&org, "Account").await;
    let state = field(&account, "BillingStateCode").unwrap();
    assert_eq!(state["controllerName"], "BillingCountryCode");
    assert_eq!(state["dependentPicklist"], true);
    assert!(state["picklistValues"][0]["validFor"].is_string());
    // Stored texts got their codes.
    let (_, coded) = org
        .query("SELECT count() FROM Account WHERE BillingCountryCode != null")
        .await;
    assert!(coded["totalSize"].as_u64().unwrap() > 0);

    let id = created(
        &org,
        "Account",
        json!({"Name": "A", "BillingCountryCode": "US", "BillingState": "california"}),
    )
    .await;
    let record = read(&org, "Account", &id).await;
    assert_eq!(
        (
            record["BillingCountry"].as_str(),
            record["BillingStateCode"].as_str(),
            record["BillingState"].as_str()
        ),
        (Some("United States"), Some("CA"), Some("California"))
    );
    assert_eq!(record["BillingAddress"]["countryCode"], "US");
    assert_eq!(record["BillingAddress"]["stateCode"], "CA");

    let (code, text) = refused(
        &org,
        "Account",
        json!({"Name": "A", "BillingCountry": "United States", "BillingState": "Bavaria"}),
    )
    .await;
    assert_eq!(code, "FIELD_INTEGRITY_EXCEPTION");
    assert_eq!(
        text,
        "There's a problem with this state, even though it may appear correct. Please select a state from the list of valid states.: Billing State/Province"
    );
    let (code, text) = refused(
        &org,
        "Account",
        json!({"Name": "A", "BillingState": "California"}),
    )
    .await;
    assert_eq!(code, "FIELD_INTEGRITY_EXCEPTION");
    assert_eq!(
        text,
        "A country/territory must be specified before specifying a state value for field: Billing State/Province"
    );
    let (code, _) = refused(
        &org,
        "Account",
        json!({"Name": "A", "BillingCountry": "Narnia"}),
    )
    .await;
    assert_eq!(code, "FIELD_INTEGRITY_EXCEPTION");
    // Moving to another country with the old state is refused, clearing both is not.
    let path = format!("/sobjects/Account/{id}");
    let (status, _) = org
        .call(
            Method::PATCH,
            &path,
            Some(&json!({"BillingCountryCode": "DE"})),
        )
        .await;
    assert_eq!(status, 400);
    let gone = json!({"BillingCountryCode": null, "BillingState": null});
    assert_eq!(org.call(Method::PATCH, &path, Some(&gone)).await.0, 204);
    let record = read(&org, "Account", &id).await;
    assert!(record["BillingCountry"].is_null() && record["BillingStateCode"].is_null());
    assert!(record["BillingAddress"].is_null());
}

#[tokio::test]
async fn record_types() {
    let org = org().await;
    assert!(field(&describe(&org, "Account").await, "RecordTypeId").is_none());
    org.simulator
        .state()
        .reshape(|shape| {
            *shape = shape.clone().with_account_record_types();
            shape.record_types[1]
                .picklists
                .insert("CleanStatus".to_owned(), vec!["Pending".to_owned()]);
        })
        .unwrap();
    let account = describe(&org, "Account").await;
    assert!(field(&account, "RecordTypeId").is_some());
    let infos = account["recordTypeInfos"].as_array().unwrap();
    let names: Vec<&str> = infos
        .iter()
        .map(|info| info["developerName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Customer", "Partner", "Legacy", "Master"]);
    assert_eq!(infos[0]["defaultRecordTypeMapping"], true);
    assert_eq!(infos[3]["defaultRecordTypeMapping"], false);
    let id_of = |index: usize| infos[index]["recordTypeId"].as_str().unwrap().to_owned();

    let id = created(&org, "Account", json!({"Name": "A"})).await;
    let (_, found) = org
        .query(&format!(
            "SELECT RecordType.DeveloperName FROM Account WHERE Id = '{id}'"
        ))
        .await;
    assert_eq!(
        found["records"][0]["RecordType"]["DeveloperName"],
        "Customer"
    );
    let (code, text) = refused(
        &org,
        "Account",
        json!({"Name": "A", "RecordTypeId": id_of(2)}),
    )
    .await;
    assert_eq!(code, "INVALID_CROSS_REFERENCE_KEY");
    assert_eq!(
        text,
        format!(
            "Record Type ID: this ID value isn't valid for the user: {}",
            id_of(2)
        )
    );
    let partner = json!({"Name": "P", "RecordTypeId": id_of(1), "CleanStatus": "Matched"});
    assert_eq!(
        refused(&org, "Account", partner).await.0,
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    );
    created(
        &org,
        "Account",
        json!({"Name": "A", "CleanStatus": "Matched"}),
    )
    .await;
    // The same record type has another id in another org.
    let production = org.simulator.state().production();
    production
        .reshape(|shape| *shape = shape.clone().with_account_record_types())
        .unwrap();
    assert_ne!(production.records("RecordType")[0]["Id"], json!(id_of(0)));
    let wrong = OrgRecordType {
        sobject: "Nothing".to_owned(),
        ..OrgRecordType::default()
    };
    assert!(
        production
            .reshape(|shape| shape.record_types.push(wrong))
            .is_err()
    );
}

#[tokio::test]
async fn a_refreshed_sandbox_is_another_org() {
    let org = org().await;
    let state = org.simulator.state();
    org.with_billing_fields().await;
    let before = org.simulator.credentials().sandbox.org_id.clone();
    let production = state.production();
    let id = production
        .create_record(
            "Account",
            json!({"Name": "From production"}).as_object().unwrap(),
            "Tom Okafor",
        )
        .unwrap();
    production
        .reshape(|shape| shape.multi_currency = true)
        .unwrap();

    let org_id = state.refresh_sandbox().unwrap();
    assert_ne!(org_id, before);
    assert_eq!(org.get("/limits").await.0, 401, "sessions are dead");
    let refresh = org
        .http
        .post(format!(
            "{}/services/oauth2/token",
            org.simulator.urls().salesforce_sandbox
        ))
        .form(&[
            ("grant_type", "refresh_token"),
            ("client_id", &org.simulator.credentials().client_id),
            (
                "refresh_token",
                &org.simulator.credentials().sandbox.refresh_token,
            ),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(refresh.status(), 400, "refresh tokens are dead");

    let token = state.new_session();
    let get = async |path: &str| -> Value {
        let answer = org
            .http
            .get(org.data(path))
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    };
    let found = get("/query?q=SELECT+Id,Name,IsSandbox+FROM+Organization").await;
    assert_eq!(found["records"][0]["Id"], json!(org_id));
    assert_eq!(found["records"][0]["IsSandbox"], true);
    let copy = get(&format!("/sobjects/Account/{id}")).await;
    assert_eq!(
        (&copy["Name"], &copy["CurrencyIsoCode"]),
        (&json!("From production"), &json!("EUR"))
    );
    assert!(
        copy.get("Billing_Id__c").is_none(),
        "fields are production's"
    );
    let user = get("/query?q=SELECT+Username,Email+FROM+User+WHERE+Name='Ana+Ruiz'").await;
    assert_eq!(user["records"][0]["Username"], "ana.ruiz@fernhill.com.uat");
    assert_eq!(user["records"][0]["Email"], "ana.ruiz@fernhill.com.invalid");
    // The copy lives on its own.
    let made = state
        .create_record(
            "Account",
            json!({"Name": "Mine"}).as_object().unwrap(),
            "Tom Okafor",
        )
        .unwrap();
    assert!(
        !production
            .records("Account")
            .iter()
            .any(|record| record["Id"] == json!(made))
    );
    assert!(production.reshape(|_| {}).is_ok());
}

#[tokio::test]
async fn algunas_own_integration() {
    let org = org().await;
    let state = org.simulator.state();
    state
        .reshape(|shape| shape.alguna_integration = true)
        .unwrap();
    let names = field_names(&describe(&org, "Account").await);
    let own = names
        .iter()
        .filter(|name| name.starts_with("Alguna_"))
        .count();
    assert_eq!(own, 13);
    let (_, written) = org
        .query("SELECT Id, LastModifiedBy.Name FROM Account WHERE Alguna_Customer_ID__c != null")
        .await;
    assert!(written["totalSize"].as_u64().unwrap() > 5);
    assert_eq!(written["records"][0]["LastModifiedBy"]["Name"], ALGUNA_USER);
    let id = written["records"][0]["Id"].as_str().unwrap();
    let values = json!({"Alguna_Subscription_Value__c": 250.5});
    state
        .update_record("Account", id, values.as_object().unwrap(), ALGUNA_USER)
        .unwrap();
    assert_eq!(
        read(&org, "Account", id).await["Alguna_Subscription_Value__c"],
        250.5
    );
}

#[tokio::test]
async fn switches_by_hand() {
    let org = org().await;
    let base = &org.simulator.urls().salesforce_sandbox;
    let call = async |method: Method, path: &str, body: Value| -> (u16, Value) {
        let answer = org
            .http
            .request(method, format!("{base}/sim/{path}"))
            .json(&body)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let (status, shape) = call(
        Method::PATCH,
        "org",
        json!({"multi_currency": true, "edition": "developer", "daily_calls": 15000, "calls_today": 3}),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(
        (
            &shape["edition"],
            &shape["daily_calls"],
            &shape["person_accounts"]
        ),
        (&json!("developer"), &json!(15000), &json!(false))
    );
    let (_, shape) = call(Method::GET, "org", Value::Null).await;
    assert_eq!(shape["multi_currency"], true);
    let (status, error) = call(Method::PATCH, "org", json!({"multi_curency": true})).await;
    assert_eq!(status, 400);
    assert!(error["error"].as_str().unwrap().contains("multi_curency"));

    let rule = json!({"sobject": "Account", "name": "No_Fax", "message": "No fax.", "condition": "Fax != null"});
    assert_eq!(call(Method::POST, "rules", rule).await.0, 201);
    assert_eq!(
        refused(&org, "Account", json!({"Name": "A", "Fax": "1"}))
            .await
            .1,
        "No fax."
    );
    let (_, rules) = call(Method::DELETE, "rules/No_Fax", Value::Null).await;
    assert_eq!(rules["validation"], json!([]));

    let deed = |values: Value| json!({"sobject": "Account", "values": values, "by": "Priya Nair"});
    let (_, one) = call(Method::POST, "records/create", deed(json!({"Name": "One"}))).await;
    let (_, two) = call(Method::POST, "records/create", deed(json!({"Name": "Two"}))).await;
    let merge = json!({"sobject": "Account", "id": one["id"], "losers": [two["id"]]});
    assert_eq!(call(Method::POST, "records/merge", merge).await.0, 200);
    let names = org
        .names("SELECT Name FROM Account WHERE Name IN ('One', 'Two')")
        .await;
    assert_eq!(names, ["One"]);
    let (status, refreshed) = call(Method::POST, "org/refresh", Value::Null).await;
    assert_eq!(status, 200);
    assert_ne!(
        refreshed["org_id"],
        json!(org.simulator.credentials().sandbox.org_id)
    );
    assert_eq!(
        org.simulator.state().write_calls(),
        1,
        "only the refused one asked to write"
    );
}
