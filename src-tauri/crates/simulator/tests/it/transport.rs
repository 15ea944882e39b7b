//! What lies below the interface: https, encodings, methods, sizes.

use std::io::{Read, Write};
use std::time::Duration;

use drawbridge_simulator::{Fault, FaultKind, Server};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::{GzEncoder, ZlibEncoder};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Org, org};

fn secure_client(org: &Org) -> Client {
    let authority = reqwest::Certificate::from_pem(org.simulator.certificate_pem().as_bytes());
    Client::builder()
        .no_proxy()
        .tls_certs_only([authority.unwrap()])
        .build()
        .unwrap()
}

fn token(org: &Org) -> String {
    org.simulator.credentials().sandbox.access_token.clone()
}

fn port(org: &Org) -> u16 {
    url::Url::parse(&org.simulator.urls().salesforce_sandbox)
        .unwrap()
        .port()
        .unwrap()
}

/// Sends bytes as they are and gives the whole answer; the request must ask for a close.
async fn raw(org: &Org, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port(org))).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn https_on_the_same_port() {
    let org = org().await;
    let client = secure_client(&org);
    let secure = org.simulator.secure_urls();
    // Somebody who connects and says nothing holds up nobody, by http or https.
    let silent = TcpStream::connect(("127.0.0.1", port(&org))).await.unwrap();
    let mut half = TcpStream::connect(("127.0.0.1", port(&org))).await.unwrap();
    half.write_all(&[0x16, 0x03, 0x01]).await.unwrap();
    for base in [
        secure.salesforce_sandbox.clone(),
        secure.salesforce_sandbox.replace("localhost", "127.0.0.1"),
        secure.salesforce_sandbox.replace("localhost", "[::1]"),
    ] {
        let answer = client
            .get(format!("{base}/services/data/v67.0"))
            .bearer_auth(token(&org))
            .send();
        let answer = tokio::time::timeout(Duration::from_secs(5), answer).await;
        let root: Value = answer.unwrap().unwrap().json().await.unwrap();
        assert!(root["identity"].as_str().unwrap().starts_with(&base));
    }
    for base in [
        &secure.profitwell,
        &secure.alguna,
        &secure.salesforce_production,
    ] {
        let answer = client.get(format!("{base}/sim/certificate")).send().await;
        let pem = answer.unwrap().text().await.unwrap();
        assert_eq!(pem, org.simulator.certificate_pem());
        assert!(!pem.contains("PRIVATE"));
    }
    assert_eq!(org.get("/limits").await.0, 200, "plain http still works");
    let stranger = crate::client::http().get(&secure.alguna).send().await;
    assert!(stranger.is_err(), "the certificate is nobody else's");
    let refresh = json!({"grant_type": "refresh_token", "client_id": org.simulator.credentials().client_id,
        "refresh_token": org.simulator.credentials().sandbox.refresh_token});
    let answer = client
        .post(format!(
            "{}/services/oauth2/token",
            secure.salesforce_sandbox
        ))
        .form(&refresh)
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["instance_url"], secure.salesforce_sandbox.as_str());
    drop((silent, half));
}

#[tokio::test]
async fn connections_break_over_https_too() {
    let org = org().await;
    let (client, state) = (secure_client(&org), org.simulator.state());
    let base = org.simulator.secure_urls().salesforce_sandbox;
    let contacts = state.count("Contact");
    let create = || {
        client
            .post(format!("{base}/services/data/v67.0/sobjects/Contact"))
            .bearer_auth(token(&org))
            .json(&json!({"LastName": "Lost"}))
            .send()
    };
    for (kind, done) in [
        (FaultKind::DropBeforeCommit, 0),
        (FaultKind::Reset, 0),
        (FaultKind::DropAfterCommit, 1),
    ] {
        state.arm(Fault::new(
            Server::SalesforceSandbox,
            "/sobjects",
            kind.clone(),
        ));
        assert!(create().await.is_err(), "{kind:?}");
        assert_eq!(state.count("Contact"), contacts + done, "{kind:?}");
    }
    let late = FaultKind::LateCommit(300);
    state.arm(Fault::new(Server::SalesforceSandbox, "/sobjects", late));
    assert!(create().await.is_err());
    assert_eq!(state.count("Contact"), contacts + 1, "not yet");
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(state.count("Contact"), contacts + 2, "by now");
    state.arm(Fault::new(
        Server::SalesforceSandbox,
        "/sobjects",
        FaultKind::Truncate,
    ));
    let answer = create().await.unwrap();
    assert!(answer.bytes().await.is_err());
}

#[tokio::test]
async fn gzip_both_ways() {
    let org = org().await;
    let client = Client::builder().no_proxy().no_gzip().build().unwrap();
    let describe = org.data("/sobjects/Account/describe");
    let ask = |address: &str| client.get(address).bearer_auth(token(&org));
    let plain = ask(&describe).send().await.unwrap();
    assert!(plain.headers().get("content-encoding").is_none());
    let plain = plain.bytes().await.unwrap();
    let packed = ask(&describe).header("accept-encoding", "deflate, gzip");
    let packed = packed.send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.unwrap();
    let mut text = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut text).unwrap();
    assert!(text == plain && packed.len() * 3 < plain.len());
    let small = ask(&org.data("/limits/recordCount")).header("accept-encoding", "gzip");
    let small = small.send().await.unwrap();
    assert!(small.headers().get("content-encoding").is_none());

    let contact = json!({"LastName": "Packed"}).to_string();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(contact.as_bytes()).unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(contact.as_bytes()).unwrap();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    bomb.write_all(&vec![b' '; 51 * 1024 * 1024]).unwrap();
    for (encoding, body, status) in [
        ("gzip", gzip.finish().unwrap(), 201),
        ("deflate", zlib.finish().unwrap(), 201),
        ("gzip", bomb.finish().unwrap(), 413),
        ("gzip", b"not gzip".to_vec(), 400),
        ("br", contact.into_bytes(), 415),
    ] {
        let answer = client
            .post(org.data("/sobjects/Contact"))
            .bearer_auth(token(&org))
            .header("content-encoding", encoding)
            .header("content-type", "application/json; charset=utf-8")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{encoding}");
        if status == 413 {
            let error: Value = answer.json().await.unwrap();
            assert_eq!(error[0]["errorCode"], "REQUEST_TOO_LARGE");
        }
    }
}

#[tokio::test]
async fn heads_options_and_wrong_methods() {
    let org = org().await;
    let request = |method: &str, path: &str| {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            token(&org)
        )
    };
    let path = "/services/data/v67.0/limits/recordCount";
    let got = raw(&org, &request("GET", path)).await;
    let head = raw(&org, &request("HEAD", path)).await;
    let (_, body) = got.split_once("\r\n\r\n").unwrap();
    let (lines, nothing) = head.split_once("\r\n\r\n").unwrap();
    assert_eq!(nothing, "");
    let length = format!("content-length: {}", body.len());
    assert!(head.starts_with("HTTP/1.1 200") && lines.to_lowercase().contains(&length));
    let log = org.simulator.state().request_log();
    assert_eq!(log.last().unwrap().method, "HEAD");

    let path = "/services/data/v67.0/sobjects/Account/001000000000001AAA";
    let answer = raw(&org, &request("PUT", path)).await;
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
    assert!(answer.contains(r#""message":"HTTP Method 'PUT' not allowed. Allowed are HEAD,GET,PATCH,DELETE","errorCode":"METHOD_NOT_ALLOWED""#));
    let answer = raw(
        &org,
        &format!("OPTIONS {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer
            .to_lowercase()
            .contains("allow: head,get,patch,delete,options")
    );
}

#[tokio::test]
async fn odd_but_true_requests() {
    let org = org().await;
    let base = &org.simulator.urls().salesforce_sandbox;
    for path in [
        "//services/data/v67.0/limits",
        "/services//data/v67.0/limits/",
        "/services/data/v67.0/sobjects/aCCOUNT/describe/",
    ] {
        let answer = org
            .http
            .get(format!("{base}{path}"))
            .bearer_auth(token(&org))
            .header("content-type", "application/json")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    // Chunked, as a JSON call and as a form.
    let chunked = |text: String| {
        let pieces: Vec<Result<Vec<u8>, std::io::Error>> = text
            .bytes()
            .collect::<Vec<_>>()
            .chunks(7)
            .map(|piece| Ok(piece.to_vec()))
            .collect();
        reqwest::Body::wrap_stream(futures::stream::iter(pieces))
    };
    let answer = org
        .http
        .post(org.data("/sobjects/Contact"))
        .bearer_auth(token(&org))
        .header("content-type", "application/json;charset=UTF-8")
        .body(chunked(r#"{"LastName":"Chunked"}"#.to_owned()))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let form = format!(
        "grant_type=refresh_token&client_id={}&refresh_token={}",
        org.simulator.credentials().client_id,
        org.simulator.credentials().sandbox.refresh_token
    );
    let answer = org
        .http
        .post(format!("{base}/services/oauth2/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(chunked(form))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn refused_before_it_is_read() {
    let org = org().await;
    let send = async |method: Method, path: String, kind: &str, body: Vec<u8>| {
        let answer = org
            .http
            .request(method, org.data(&path))
            .bearer_auth(token(&org))
            .header("content-type", kind)
            .body(body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (
            status,
            serde_json::from_str::<Value>(&text).unwrap_or(json!(text)),
        )
    };
    let json_kind = "application/json";
    let (status, error) = send(
        Method::POST,
        "/sobjects/Contact".to_owned(),
        "text/plain",
        b"{}".to_vec(),
    )
    .await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(error[0]["errorCode"], "UNSUPPORTED_MEDIA_TYPE");
    let latin = b"{\"LastName\":\"Mu\xf1oz\"}".to_vec();
    let (status, error) = send(
        Method::POST,
        "/sobjects/Contact".to_owned(),
        json_kind,
        latin,
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(error[0]["errorCode"], "JSON_PARSER_ERROR");
    let large = vec![b' '; 50 * 1024 * 1024 + 1];
    let (status, error) = send(
        Method::POST,
        "/composite/sobjects".to_owned(),
        json_kind,
        large,
    )
    .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(error[0]["errorCode"], "REQUEST_TOO_LARGE");

    let long = |length: usize| format!("/query?q={}", "a".repeat(length));
    let (status, _) = send(Method::GET, long(16_400), json_kind, Vec::new()).await;
    assert_eq!(status, StatusCode::URI_TOO_LONG);
    // Longer than any client library sends.
    let path = format!("/services/data/v67.0{}", long(70_000));
    let answer = raw(
        &org,
        &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 414"), "another status");
    let (status, _) = send(Method::GET, long(16_300), json_kind, Vec::new()).await;
    assert_eq!(status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let (status, _) = send(Method::GET, long(15_000), json_kind, Vec::new()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "read, and malformed");
}

#[tokio::test]
async fn requests_run_side_by_side() {
    let org = org().await;
    let state = org.simulator.state();
    state.arm(Fault::new(Server::SalesforceSandbox, "/limits", FaultKind::Slow(400)).times(20));
    let started = std::time::Instant::now();
    let calls = (0..20).map(|_| org.get("/limits"));
    for (status, _) in futures::future::join_all(calls).await {
        assert_eq!(status, 200);
    }
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(state.api_calls(), 20);
}

#[tokio::test]
async fn a_client_that_leaves_while_kept_waiting_asked_for_nothing() {
    let org = org().await;
    let state = org.simulator.state();
    let before = state.count("Contact");
    state.arm(Fault::new(
        Server::SalesforceSandbox,
        "/sobjects/Contact",
        FaultKind::Slow(300),
    ));
    let record = json!({"LastName": "Late"});
    let call = org.send(Method::POST, "/sobjects/Contact", Some(&record));
    let waited = tokio::time::timeout(Duration::from_millis(100), call).await;
    assert!(waited.is_err());
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(state.count("Contact"), before);
    assert_eq!(state.write_calls(), 0);
}
