//! What goes over the wire, and what each kind of answer becomes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use drawbridge_model::{
    CustomerId, Describe, FieldName, ReadQuery, RecordId, RowResult, SObjectName, SecretError,
    Sensitive, Target, TargetError, Value, WriteBatch, WriteKind, WriteRow,
};
use drawbridge_salesforce::{Org, TokenKeeper, Tokens};
use url::Url;

use crate::scripted::{Answer, Asked, Scripted};
use crate::{Kept, quick};

const VERSIONS: &str = r#"[{"version":"31.0"},{"version":"67.0"},{"version":"68.0"}]"#;

fn over() -> Answer {
    let body = r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#;
    Answer::Json(401, body.to_owned())
}

fn tokens(url: &Url) -> Tokens {
    Tokens {
        access_token: Sensitive::from("old"),
        refresh_token: Some(Sensitive::from("refresh-0")),
        instance_url: url.clone(),
        identity_url: None,
        login_url: url.clone(),
        client_id: Some("key".to_owned()),
        client_secret: None,
    }
}

fn org(server: &Scripted) -> Org {
    Org::new(tokens(&server.url), Kept::new(), quick()).unwrap()
}

/// A server that lists its versions and answers the rest as told.
async fn serve(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Scripted {
    Scripted::start(move |asked| {
        if asked.line == "GET /services/data" {
            return Answer::Json(200, VERSIONS.to_owned());
        }
        script(asked)
    })
    .await
}

fn describe() -> Describe {
    Describe {
        sobject: SObjectName::from("Account"),
        label: "Account".to_owned(),
        createable: true,
        updateable: true,
        fields: Vec::new(),
    }
}

fn everything() -> ReadQuery {
    ReadQuery {
        sobject: SObjectName::from("Account"),
        fields: Vec::new(),
        only: None,
        not_blank: None,
        changed_since: None,
    }
}

fn batch() -> WriteBatch {
    WriteBatch {
        sobject: SObjectName::from("Account"),
        kind: WriteKind::Update,
        rows: vec![WriteRow {
            customer: CustomerId::from("cus_1"),
            record: RecordId::parse("0017e00001W4GYR").ok(),
            values: [(FieldName::from("Name"), Value::text("Acme"))].into(),
        }],
        allow_duplicates: false,
    }
}

/// Refuses every access token but the newest; each refresh token works once.
async fn rotating(count: Arc<AtomicUsize>) -> Scripted {
    let server_count = Arc::clone(&count);
    serve(move |asked| {
        let issued = server_count.load(Ordering::SeqCst);
        if asked.is("/services/oauth2/token") {
            if !asked.body.contains(&format!("refresh_token=refresh-{issued}")) {
                let body = r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#;
                return Answer::Json(400, body.to_owned());
            }
            let next = server_count.fetch_add(1, Ordering::SeqCst) + 1;
            let host = asked.head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("host").then(|| value.to_owned())
            });
            let body = serde_json::json!({
                "access_token": format!("new-{next}"), "refresh_token": format!("refresh-{next}"),
                "instance_url": format!("http://{}", host.unwrap()), "token_type": "Bearer",
                "id": "https://test.salesforce.com/id/00Di0000000icUBEAY/005i0000002MUqLAAW",
                "issued_at": "1790000000000", "scope": "refresh_token api", "signature": "x",
            });
            return Answer::Json(200, body.to_string());
        }
        if issued > 0 && asked.bearer() == Some(format!("new-{issued}")) {
            Answer::Json(200, r#"{"totalSize":0,"done":true,"records":[]}"#.to_owned())
        } else {
            over()
        }
    })
    .await
}

#[tokio::test]
async fn ten_calls_at_once_renew_the_session_once_and_keep_it() {
    let count = Arc::new(AtomicUsize::new(0));
    let server = rotating(Arc::clone(&count)).await;
    let kept = Kept::new();
    let org = Org::new(
        tokens(&server.url),
        Arc::clone(&kept) as Arc<dyn TokenKeeper>,
        quick(),
    )
    .unwrap();
    org.api_version().await.unwrap();
    let calls = (0..10).map(|_| {
        let org = org.clone();
        tokio::spawn(async move { org.read(&everything(), &describe(), None).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(kept.refresh_tokens(), ["refresh-1"]);
    assert_eq!(org.calls_made(), 10, "refused calls do not count");
}

struct Broken;

impl TokenKeeper for Broken {
    fn save(&self, _: &Tokens) -> Result<(), SecretError> {
        Err(SecretError::NoKeychain {
            reason: "locked".to_owned(),
        })
    }
}

#[tokio::test]
async fn a_login_that_cannot_be_kept_is_not_used() {
    let count = Arc::new(AtomicUsize::new(0));
    let server = rotating(count).await;
    let org = Org::new(tokens(&server.url), Arc::new(Broken), quick()).unwrap();
    for _ in 0..2 {
        let error = org
            .read(&everything(), &describe(), None)
            .await
            .unwrap_err();
        assert!(matches!(error, TargetError::Secret(_)), "{error}");
    }
    assert!(
        server
            .asked("query")
            .iter()
            .all(|asked| asked.bearer().as_deref() == Some("old")),
        "the new token was used before it was kept"
    );
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_lose_the_new_refresh_token() {
    let count = Arc::new(AtomicUsize::new(0));
    let server = rotating(Arc::clone(&count)).await;
    let kept = Kept::new();
    let org = Org::new(
        tokens(&server.url),
        Arc::clone(&kept) as Arc<dyn TokenKeeper>,
        quick(),
    )
    .unwrap();
    org.api_version().await.unwrap();
    for wait in 0..20 {
        let (query, describe) = (everything(), describe());
        let read = org.read(&query, &describe, None);
        let _ = tokio::time::timeout(std::time::Duration::from_micros(wait * 200), read).await;
    }
    org.read(&everything(), &describe(), None).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(kept.refresh_tokens(), ["refresh-1"]);
}

#[tokio::test]
async fn a_session_the_policy_forbids_is_not_renewed() {
    let server = serve(|_| {
        let body = r#"[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]"#;
        Answer::Json(401, body.to_owned())
    })
    .await;
    let error = org(&server)
        .read(&everything(), &describe(), None)
        .await
        .unwrap_err();
    assert!(
        matches!(error, TargetError::BlockedByPolicy { .. }),
        "{error}"
    );
    assert!(server.asked("oauth2/token").is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_stays() {
    let elsewhere = Scripted::start(|_| Answer::Json(200, "[]".to_owned())).await;
    let location = format!("Location: {}x\r\n", elsewhere.url);
    let server = serve(move |_| Answer::Raw(302, location.clone(), String::new())).await;
    let org = org(&server);
    let read = org
        .read(&everything(), &describe(), None)
        .await
        .unwrap_err();
    assert!(matches!(read, TargetError::NotTheApi { .. }), "{read}");
    let write = org.write(&batch()).await.unwrap_err();
    assert!(matches!(write, TargetError::LostAnswer { .. }), "{write}");
    assert!(elsewhere.asked("").is_empty());
}

#[tokio::test]
async fn a_cursor_cannot_lead_elsewhere() {
    let elsewhere = Scripted::start(|_| Answer::Json(200, "[]".to_owned())).await;
    let next = format!("//{}", elsewhere.url.authority());
    let body = serde_json::json!({"records": [], "nextRecordsUrl": next}).to_string();
    let server = serve(move |_| Answer::Json(200, body.clone())).await;
    let org = org(&server);
    let page = org.read(&everything(), &describe(), None).await.unwrap();
    let error = org
        .read(&everything(), &describe(), page.next.as_deref())
        .await
        .unwrap_err();
    assert!(matches!(error, TargetError::NotTheApi { .. }), "{error}");
    assert!(elsewhere.asked("").is_empty());
}

/// What the failure must be, and how the answer is made from a body.
type Case = (&'static str, fn(&'static str) -> Answer, &'static str);

#[tokio::test]
async fn a_write_is_sent_once_whatever_happens() {
    let down = r#"[{"message":"down","errorCode":"SERVER_UNAVAILABLE"}]"#;
    let concurrent = r#"[{"message":"ConcurrentPerOrgLongTxn Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]"#;
    let answers: [Case; 8] = [
        ("lost", |_| Answer::Drop, ""),
        (
            "lost",
            |body| Answer::Cut(body.to_owned()),
            r#"[{"id":"0017e00001W4GYRAA3","success":true,"errors":[]}]"#,
        ),
        (
            "lost",
            |body| Answer::Raw(503, String::new(), body.to_owned()),
            "<html></html>",
        ),
        (
            "lost",
            |body| Answer::Raw(200, String::new(), body.to_owned()),
            "<html></html>",
        ),
        ("lost", |body| Answer::Json(200, body.to_owned()), "[]"),
        (
            "lost",
            |body| Answer::Json(500, body.to_owned()),
            r#"[{"message":"x","errorCode":"UNKNOWN_EXCEPTION"}]"#,
        ),
        ("busy", |body| Answer::Json(503, body.to_owned()), down),
        (
            "busy",
            |body| Answer::Json(403, body.to_owned()),
            concurrent,
        ),
    ];
    for (expected, answer, body) in answers {
        let server = serve(move |_| answer(body)).await;
        let error = org(&server).write(&batch()).await.unwrap_err();
        let kind = match error {
            TargetError::LostAnswer { .. } => "lost",
            TargetError::Busy { .. } => "busy",
            _ => "other",
        };
        assert_eq!(kind, expected, "{error}");
        assert_eq!(server.asked("PATCH").len(), 1, "{error}");
    }
}

#[tokio::test]
async fn a_write_to_nobody_was_not_sent() {
    let server = serve(|_| Answer::Drop).await;
    let org = org(&server);
    org.api_version().await.unwrap();
    drop(server);
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    // The connection that was open may still be in the pool; a fresh client has none.
    let error = org.write(&batch()).await.unwrap_err();
    assert!(
        matches!(
            error,
            TargetError::Unreachable { .. } | TargetError::LostAnswer { .. }
        ),
        "{error}"
    );
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let nobody = Url::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    let org = Org::new(tokens(&nobody), Kept::new(), quick()).unwrap();
    let error = org.write(&batch()).await.unwrap_err();
    assert!(matches!(error, TargetError::Unreachable { .. }), "{error}");
    assert_eq!(org.calls_made(), 0);
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing() {
    let server = serve(|_| Answer::Drop).await;
    let mut https = server.url.clone();
    https.set_scheme("https").unwrap();
    let org = Org::new(tokens(&https), Kept::new(), quick()).unwrap();
    let error = org.write(&batch()).await.unwrap_err();
    assert!(matches!(error, TargetError::Unreachable { .. }), "{error}");
    let text = server
        .asked("")
        .into_iter()
        .map(|asked| asked.head)
        .collect::<String>();
    assert!(!text.contains("old"), "{text}");
}

#[tokio::test]
async fn a_certificate_file_without_certificates_is_named() {
    let url = Url::parse("https://acme.my.salesforce.com").unwrap();
    let options = drawbridge_salesforce::Options {
        extra_ca: Some(b"nothing".to_vec()),
        ..quick()
    };
    let error = Org::new(tokens(&url), Kept::new(), options).unwrap_err();
    assert!(error.to_string().contains("no certificate"), "{error}");
}

#[tokio::test]
async fn a_renewal_that_breaks_is_no_lost_write() {
    let server = serve(|asked| {
        if asked.is("oauth2/token") {
            Answer::Drop
        } else {
            over()
        }
    })
    .await;
    let error = org(&server).write(&batch()).await.unwrap_err();
    assert!(matches!(error, TargetError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_renewed_session_sends_a_refused_write_once_more() {
    let count = Arc::new(AtomicUsize::new(0));
    let inner = Arc::clone(&count);
    let server = serve(move |asked| {
        if asked.is("oauth2/token") {
            let host = asked.head.split("ost: ").nth(1).unwrap().split("\r\n").next().unwrap();
            let body = serde_json::json!({"access_token": "new", "token_type": "Bearer", "instance_url": format!("http://{host}")});
            return Answer::Json(200, body.to_string());
        }
        if asked.bearer().as_deref() == Some("old") {
            return over();
        }
        inner.fetch_add(1, Ordering::SeqCst);
        Answer::Json(200, r#"[{"id":"0017e00001W4GYRAA3","success":true,"errors":[]}]"#.to_owned())
    })
    .await;
    let results = org(&server).write(&batch()).await.unwrap();
    assert!(matches!(
        results[..],
        [RowResult::Written { created: false, .. }]
    ));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn reads_are_asked_again_and_usage_is_noted() {
    let count = Arc::new(AtomicUsize::new(0));
    let inner = Arc::clone(&count);
    let server = serve(move |_| match inner.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::Drop,
        1 => Answer::Raw(503, String::new(), "<html></html>".to_owned()),
        2 => Answer::Cut(r#"{"records":[]}"#.to_owned()),
        _ => Answer::Raw(
            200,
            "Sforce-Limit-Info: api-usage=18/5000\r\n".to_owned(),
            r#"{"records":[],"done":true}"#.to_owned(),
        ),
    })
    .await;
    let org = org(&server);
    let page = org.read(&everything(), &describe(), None).await.unwrap();
    assert!(page.rows.is_empty() && page.next.is_none());
    assert_eq!(count.load(Ordering::SeqCst), 4);
    assert_eq!(org.usage().unwrap().left(), 4982);
}

#[tokio::test]
async fn too_old_an_org_is_refused_before_anything_is_sent() {
    let server = Scripted::start(|_| Answer::Json(200, r#"[{"version":"59.0"}]"#.to_owned())).await;
    let error = org(&server).write(&batch()).await.unwrap_err();
    assert!(error.to_string().contains("59.0"), "{error}");
    assert!(server.asked("PATCH").is_empty());
}
