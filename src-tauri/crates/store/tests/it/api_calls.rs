use drawbridge_model::{
    ApiCall, ApiCallEnd, ApiCallId, ApiCallOutcome, ApiMethod, Connection, ConnectionId, Provider,
};
use drawbridge_store::{ApiCallQuery, NewConnection, Store};

use crate::data::at;

fn connection(store: &Store, name: &str) -> Connection {
    let new = NewConnection {
        name: name.to_owned(),
        provider: Provider::Profitwell,
        environment: None,
        base_url: "https://api.profitwell.com".to_owned(),
        client_id: None,
    };
    store.insert_connection(&new).unwrap()
}

fn call(method: ApiMethod, path: &str) -> ApiCall {
    ApiCall {
        method,
        path: path.to_owned(),
        headers: vec![("X-Note".to_owned(), "by hand".to_owned())],
        query: vec![("per_page".to_owned(), "5".to_owned())],
        body: method
            .changes()
            .then(|| r#"{"email": "Ada@example.com"}"#.to_owned()),
    }
}

fn end(status: u16) -> ApiCallEnd {
    ApiCallEnd {
        outcome: ApiCallOutcome::Answered,
        status: Some(status),
        elapsed_ms: 132,
        size: 2_048,
        message: None,
    }
}

fn all() -> ApiCallQuery {
    ApiCallQuery {
        limit: 100,
        ..ApiCallQuery::default()
    }
}

#[test]
fn a_call_is_written_down_before_it_is_sent_and_closed_after() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    let store = Store::open(&path, None).unwrap();
    let ours = connection(&store, "Billing");
    let sent = call(ApiMethod::Put, "/v2/users/a/");
    let id = store
        .begin_api_call(&ours, &sent, Some("ana"), at())
        .unwrap();
    // What a crash leaves.
    drop(store);
    let store = Store::open(&path, None).unwrap();
    let begun = store.api_call(id).unwrap().unwrap();
    assert_eq!((begun.end, begun.begun_at), (None, at()));
    assert_eq!(begun.call, sent);
    assert_eq!(
        (begun.connection, begun.connection_name.as_str()),
        (ours.id, "Billing")
    );
    store.end_api_call(id, &end(200), None).unwrap();
    let ended = store.api_call(id).unwrap().unwrap();
    assert_eq!(ended.end, Some(end(200)));
    let lost = ApiCallEnd {
        outcome: ApiCallOutcome::Lost,
        status: None,
        message: Some("cut off".to_owned()),
        ..end(0)
    };
    store.end_api_call(id, &lost, None).unwrap();
    assert_eq!(store.api_call(id).unwrap().unwrap().end, Some(lost));
    assert_eq!(store.api_call(ApiCallId(99)).unwrap(), None);
    // A connection that is left takes its calls not with it: they say what was done.
    store.delete_connection(ours.id).unwrap();
    assert_eq!(store.api_calls(&all()).unwrap().total, 1);
}

#[test]
fn calls_are_found_by_words_connection_and_kind_in_windows() {
    let store = Store::open_in_memory().unwrap();
    let (one, two) = (connection(&store, "Billing"), connection(&store, "Other"));
    for (connection, method, path) in [
        (&one, ApiMethod::Get, "/v2/plans/"),
        (&one, ApiMethod::Put, "/v2/users/spider man/"),
        (&two, ApiMethod::Get, "/v2/customers/"),
        (&two, ApiMethod::Delete, "/v2/users/100%/"),
    ] {
        store
            .begin_api_call(connection, &call(method, path), Some("ana"), at())
            .unwrap();
    }
    let paths = |query: ApiCallQuery| -> Vec<String> {
        let page = store.api_calls(&query).unwrap();
        assert_eq!(page.all, 4);
        page.rows.into_iter().map(|row| row.call.path).collect()
    };
    assert_eq!(paths(all())[0], "/v2/users/100%/", "newest first");
    let found = |search: &str| {
        paths(ApiCallQuery {
            search: search.to_owned(),
            ..all()
        })
    };
    assert_eq!(found("put SPIDER"), ["/v2/users/spider man/"]);
    assert_eq!(found("ada@EXAMPLE.com").len(), 2, "bodies are searched");
    assert_eq!(found("other get"), ["/v2/customers/"]);
    assert_eq!(found("100%"), ["/v2/users/100%/"]);
    assert_eq!(found("' OR 1=1 --"), [""; 0]);
    assert_eq!(
        paths(ApiCallQuery {
            connection: Some(one.id),
            ..all()
        })
        .len(),
        2
    );
    assert_eq!(
        paths(ApiCallQuery {
            connection: Some(ConnectionId(9)),
            ..all()
        }),
        [""; 0]
    );
    assert_eq!(
        paths(ApiCallQuery {
            changes: true,
            ..all()
        })
        .len(),
        2
    );
    let window = ApiCallQuery {
        offset: 1,
        limit: 2,
        ..all()
    };
    assert_eq!(
        paths(window.clone()),
        ["/v2/customers/", "/v2/users/spider man/"]
    );
    assert_eq!(store.api_calls(&window).unwrap().total, 4);
}

#[test]
fn old_reads_go_and_changes_stay() {
    let store = Store::open_in_memory().unwrap();
    let ours = connection(&store, "Billing");
    let change = call(ApiMethod::Post, "/v2/plans/");
    store
        .begin_api_call(&ours, &change, Some("ana"), at())
        .unwrap();
    for number in 0..510 {
        let read = call(ApiMethod::Get, &format!("/v2/plans/{number}/"));
        store
            .begin_api_call(&ours, &read, Some("ana"), at())
            .unwrap();
    }
    let page = store.api_calls(&all()).unwrap();
    assert_eq!(page.total, 501);
    assert_eq!(page.rows[0].call.path, "/v2/plans/509/");
    let changes = ApiCallQuery {
        changes: true,
        ..all()
    };
    assert_eq!(store.api_calls(&changes).unwrap().total, 1);
}

#[test]
fn who_was_forgotten_is_forgotten_here_too() {
    let store = Store::open_in_memory().unwrap();
    let ours = connection(&store, "Billing");
    let sent = call(
        ApiMethod::Post,
        "/v2/gdpr/anonymize_by_email/ada@example.com/",
    );
    let id = store
        .begin_api_call(&ours, &sent, Some("ana"), at())
        .unwrap();
    let kept = ApiCall {
        path: "/v2/gdpr/anonymize_by_email/…/".to_owned(),
        body: None,
        ..sent
    };
    store.end_api_call(id, &end(200), Some(&kept)).unwrap();
    let row = store.api_call(id).unwrap().unwrap();
    assert_eq!((row.call, row.end), (kept, Some(end(200))));
    let ada = ApiCallQuery {
        search: "ada".to_owned(),
        ..all()
    };
    assert_eq!(store.api_calls(&ada).unwrap().total, 0);
}

#[test]
fn a_connection_is_read_only_when_it_was_said_and_not_before() {
    let store = Store::open_in_memory().unwrap();
    let looked_up = connection(&store, "Billing");
    assert!(!looked_up.read_only);
    let ours = store.set_read_only(looked_up.id, true).unwrap();
    assert!(ours.read_only);
    // A check that began before ends after.
    store.update_connection(&looked_up).unwrap();
    assert_eq!(store.connection(ours.id).unwrap().as_ref(), Some(&ours));
    // One that was kept before there was a word for it.
    let old = serde_json::to_string(&Connection {
        read_only: false,
        user_changes: Vec::new(),
        ..ours
    })
    .unwrap();
    let old = old.replace(r#","read_only":false"#, "");
    assert!(!old.contains("read_only"));
    assert!(!serde_json::from_str::<Connection>(&old).unwrap().read_only);
}
