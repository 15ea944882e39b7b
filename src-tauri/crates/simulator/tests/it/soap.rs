//! SOAP as jsforce, simple-salesforce and the sf CLI speak it.

use base64::Engine;
use drawbridge_simulator::OrgShape;

use crate::client::{billing_fields, org};
use crate::packages::{inside, zip};

#[tokio::test]
async fn a_failed_deploy_in_the_form_of_simple_salesforce() {
    let org = org().await;
    let mut files = billing_fields();
    files[1].1 = files[1].1.replace("<length>64</length>", "");
    files.truncate(2);
    files[0].1 = crate::packages::manifest(&[("CustomField", &["Account.Billing_Id__c"])]);
    let encoded = base64::engine::general_purpose::STANDARD.encode(zip(&files));
    let token = &org.simulator.credentials().sandbox.access_token;
    let envelope = |body: &str| {
        format!(
            "<soapenv:Envelope\n xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"\n xmlns:met=\"http://soap.sforce.com/2006/04/metadata\"><soapenv:Header><met:CallOptions><met:client>c</met:client></met:CallOptions><met:SessionHeader><met:sessionId>{token}</met:sessionId></met:SessionHeader></soapenv:Header><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
        )
    };
    // Python's words for true and false, and a stray None.
    let deploy = format!(
        "<met:deploy><met:ZipFile>{encoded}</met:ZipFile><met:DeployOptions><met:allowMissingFiles>False</met:allowMissingFiles><met:checkOnly>False</met:checkOnly><met:rollbackOnError>True</met:rollbackOnError><met:singlePackage>True</met:singlePackage>\nNone\n</met:DeployOptions></met:deploy>"
    );
    let (status, answer) = org.soap("m/59.0/deployRequest", envelope(&deploy)).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("xmlns=\"http://soap.sforce.com/2006/04/metadata\""));
    assert_eq!(inside(&answer, "state").as_deref(), Some("Queued"));
    let id = inside(&answer, "id").unwrap();
    let check = format!(
        "<met:checkDeployStatus><met:asyncProcessId>{id}</met:asyncProcessId><met:includeDetails>true</met:includeDetails></met:checkDeployStatus>"
    );
    let mut seen = Vec::new();
    let last = loop {
        let (_, answer) = org
            .soap(&format!("m/59.0/deployRequest/{id}"), envelope(&check))
            .await;
        seen.push(inside(&answer, "status").unwrap());
        if answer.contains("<done>true</done>") {
            break answer;
        }
    };
    assert_eq!(seen, ["Pending", "InProgress", "Failed"]);
    assert_eq!(inside(&last, "numberComponentErrors").as_deref(), Some("1"));
    assert_eq!(last.matches("<componentFailures>").count(), 1);
    assert!(
        last.contains("<problem>Must specify 'length' for a CustomField of type Text</problem>")
    );
    assert!(last.contains("<lineNumber>3</lineNumber>"), "{last}");
    assert!(
        inside(&last, "createdDate").unwrap().ends_with("000Z")
            || inside(&last, "createdDate").unwrap().ends_with('Z')
    );
}

#[tokio::test]
async fn signing_in_and_out() {
    let org = org().await;
    let credentials = org.simulator.credentials().sandbox.clone();
    let login = |password: &str| {
        format!(
            "<se:Envelope xmlns:se=\"http://schemas.xmlsoap.org/soap/envelope/\"><se:Header/><se:Body><login xmlns=\"urn:partner.soap.sforce.com\"><username>{}</username><password>{password}</password></login></se:Body></se:Envelope>",
            credentials.username
        )
    };
    let (status, answer) = org.soap("u/64.0", login("wrong")).await;
    assert_eq!(status, 500);
    assert!(answer.contains("<faultcode>sf:INVALID_LOGIN</faultcode><faultstring>INVALID_LOGIN: Invalid username, password, security token; or user locked out.</faultstring>"));
    assert_eq!(
        inside(&answer, "sf:exceptionCode").as_deref(),
        Some("INVALID_LOGIN")
    );
    let (status, answer) = org.soap("u/65.0", login(&credentials.password)).await;
    assert_eq!(status, 500);
    assert!(answer.contains("sf:UNSUPPORTED_API_VERSION"));
    let (status, answer) = org.soap("u/64.0", login(&credentials.password)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(inside(&answer, "passwordExpired").as_deref(), Some("false"));
    assert_eq!(inside(&answer, "organizationId"), Some(credentials.org_id));
    assert!(
        inside(&answer, "serverUrl")
            .unwrap()
            .contains("/services/Soap/u/64.0/00D")
    );
    let session = inside(&answer, "sessionId").unwrap();
    let with_session = |operation: &str| {
        format!(
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header><SessionHeader><sessionId>{session}</sessionId></SessionHeader></e:Header><e:Body><{operation} xmlns=\"urn:partner.soap.sforce.com\"/></e:Body></e:Envelope>"
        )
    };
    let (status, answer) = org.soap("u/64.0", with_session("getUserInfo")).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        inside(&answer, "userName"),
        Some(credentials.username.clone())
    );
    assert_eq!(
        inside(&answer, "orgDefaultCurrencyIsoCode"),
        Some("EUR".to_owned())
    );
    let reshape = |change: fn(&mut OrgShape)| org.simulator.state().reshape(change).unwrap();
    reshape(|shape| "USD".clone_into(&mut shape.currency));
    let (_, answer) = org.soap("u/64.0", with_session("getUserInfo")).await;
    assert_eq!(
        inside(&answer, "orgDefaultCurrencyIsoCode"),
        Some("USD".to_owned())
    );
    reshape(|shape| shape.multi_currency = true);
    let (_, answer) = org.soap("u/64.0", with_session("getUserInfo")).await;
    assert_eq!(
        inside(&answer, "userDefaultCurrencyIsoCode"),
        Some("EUR".to_owned()),
        "the corporate one"
    );
    assert_eq!(org.soap("u/64.0", with_session("logout")).await.0, 200);
    let (status, answer) = org.soap("u/64.0", with_session("getUserInfo")).await;
    assert_eq!(status, 500);
    assert!(answer.contains("<faultcode>sf:INVALID_SESSION_ID</faultcode>"));
    assert!(answer.contains(
        "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session"
    ));
}

#[tokio::test]
async fn listing_cancelling_and_what_is_not_served() {
    let org = org().await;
    let (status, answer) = org
        .soap(
            "m/67.0",
            org.envelope("<describeMetadata><asOfVersion>67.0</asOfVersion></describeMetadata>"),
        )
        .await;
    assert_eq!(status, 200);
    assert_eq!(answer.matches("<metadataObjects>").count(), 2);
    let encoded = base64::engine::general_purpose::STANDARD.encode(zip(&billing_fields()));
    let deploy = format!(
        "<deploy><ZipFile>{encoded}</ZipFile><DeployOptions><rollbackOnError>true</rollbackOnError></DeployOptions></deploy>"
    );
    let (_, answer) = org.soap("m/67.0", org.envelope(&deploy)).await;
    let id = inside(&answer, "id").unwrap();
    let (status, answer) = org
        .soap(
            "m/67.0",
            org.envelope(&format!(
                "<cancelDeploy><String>{id}</String></cancelDeploy>"
            )),
        )
        .await;
    assert_eq!(status, 200, "{answer}");
    let check =
        format!("<checkDeployStatus><asyncProcessId>{id}</asyncProcessId></checkDeployStatus>");
    let (_, answer) = org.soap("m/67.0", org.envelope(&check)).await;
    assert_eq!(inside(&answer, "status").as_deref(), Some("Canceled"));
    assert_eq!(org.simulator.state().count("PermissionSet"), 0);

    let last = org
        .soap_deploy(&zip(&billing_fields()), "<checkOnly>true</checkOnly>")
        .await;
    let id = inside(&last, "id");
    let validation = last
        .rfind("<id>0Af")
        .map(|at| last[at + 4..at + 22].to_owned());
    assert!(id.is_some() && validation.is_some());
    let quick = format!(
        "<deployRecentValidation><validationId>{}</validationId></deployRecentValidation>",
        validation.unwrap()
    );
    let (status, answer) = org.soap("m/67.0", org.envelope(&quick)).await;
    assert_eq!(status, 200, "{answer}");
    let id = inside(&answer, "result").unwrap();
    assert!(id.starts_with("0Af"));
    org.ended(&id).await;
    let listing = "<listMetadata><queries><type>CustomField</type></queries><queries><type>PermissionSet</type></queries><asOfVersion>67.0</asOfVersion></listMetadata>";
    let (_, answer) = org.soap("m/67.0", org.envelope(listing)).await;
    assert!(answer.contains("<fullName>Account.MRR__c</fullName>"));
    assert!(answer.contains("<fullName>Billing_Sync</fullName>"));

    for (path, envelope, code) in [
        ("m/67.0", org.envelope("<retrieve/>"), "soapenv:Client"),
        (
            "m/20.0",
            org.envelope("<describeMetadata/>"),
            "sf:UNSUPPORTED_API_VERSION",
        ),
        ("m/67.0", "<x".to_owned(), "soapenv:Client"),
        ("m/67.0", "<a/>".to_owned(), "soapenv:Client"),
        (
            "m/67.0",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><Envelope><Body><a>&b;</a></Body></Envelope>".to_owned(),
            "soapenv:Client",
        ),
        (
            "m/67.0",
            org.envelope("<deploy><ZipFile>%%%</ZipFile></deploy>"),
            "sf:INVALID_TYPE",
        ),
        ("m/67.0", org.envelope("<deploy/>"), "sf:MISSING_ARGUMENT"),
        (
            "m/67.0",
            org.envelope(
                "<checkDeployStatus><asyncProcessId>é</asyncProcessId></checkDeployStatus>",
            ),
            "sf:INVALID_CROSS_REFERENCE_KEY",
        ),
    ] {
        let (status, answer) = org.soap(path, envelope).await;
        assert_eq!(status, 500, "{answer}");
        assert_eq!(inside(&answer, "faultcode").as_deref(), Some(code));
    }
}

#[tokio::test]
async fn an_org_without_the_api_answers_faults() {
    let org = org().await;
    let set = async |enabled: bool| {
        let address = format!("{}/sim/org", org.simulator.urls().salesforce_sandbox);
        let body = serde_json::json!({"api_enabled": enabled});
        let answer = org.http.patch(address).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    };
    let credentials = org.simulator.credentials().sandbox.clone();
    let login = format!(
        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><login xmlns=\"urn:partner.soap.sforce.com\"><username>{}</username><password>{}</password></login></e:Body></e:Envelope>",
        credentials.username, credentials.password
    );
    for (enabled, expected) in [(false, 500), (true, 200)] {
        set(enabled).await;
        for (path, envelope) in [
            ("u/64.0", login.clone()),
            ("u/64.0", org.envelope("<getUserInfo/>")),
            ("m/67.0", org.envelope("<describeMetadata/>")),
        ] {
            let (status, answer) = org.soap(path, envelope).await;
            assert_eq!(status, expected, "{path}: {answer}");
            assert_eq!(
                answer.contains("<faultcode>sf:API_DISABLED_FOR_ORG</faultcode>"),
                !enabled,
                "{path}: {answer}"
            );
        }
    }
}
