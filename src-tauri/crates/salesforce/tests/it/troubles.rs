//! The simulated org in trouble: lost answers, pages instead of data, a quota used up.

use std::time::Duration;

use drawbridge_model::{Target, TargetError, Value};
use drawbridge_salesforce::Org;
use drawbridge_simulator::{Fault, FaultKind, Server};

use crate::simulated::{account, all, org, prepared, query, row, simulator, tokens, upsert};
use crate::{Kept, quick};

const SANDBOX: Server = Server::SalesforceSandbox;

#[tokio::test]
async fn a_lost_answer_says_so_and_nothing_is_sent_again() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let state = simulator.state();
    for (kind, done) in [
        (FaultKind::DropAfterCommit, true),
        (FaultKind::Truncate, true),
        (FaultKind::DropBeforeCommit, false),
        (FaultKind::Html503, false),
        (FaultKind::Html200, false),
    ] {
        let before = state.count("Account");
        let calls = state.write_calls();
        state.arm(Fault::new(SANDBOX, "composite/sobjects", kind.clone()).method("PATCH"));
        let key = format!("{kind:?}");
        let values = [("Key__c", Value::text(&key)), ("Name", Value::text("N"))];
        let error = org
            .write(&upsert(vec![row(&key, None, &values)]))
            .await
            .unwrap_err();
        assert!(
            matches!(error, TargetError::LostAnswer { .. }),
            "{kind:?}: {error}"
        );
        assert_eq!(state.write_calls() - calls, 1, "{kind:?}");
        assert_eq!(
            state.count("Account") - before,
            usize::from(done),
            "{kind:?}"
        );
        let found = all(&org, &query(&["Key__c"], Some(("Key__c", vec![key])))).await;
        assert_eq!(
            found.len(),
            usize::from(done),
            "{kind:?}: reading back tells"
        );
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_lost() {
    let simulator = simulator().await;
    prepared(&simulator).await;
    let mut options = quick();
    options.timeout = Duration::from_millis(400);
    let org = Org::new(tokens(&simulator), Kept::new(), options).unwrap();
    org.api_version().await.unwrap();
    let state = simulator.state();
    let calls = state.write_calls();
    state.arm(Fault::new(SANDBOX, "composite/sobjects", FaultKind::Hang).method("PATCH"));
    let values = [("Key__c", Value::text("k")), ("Name", Value::text("N"))];
    let error = org
        .write(&upsert(vec![row("k", None, &values)]))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, TargetError::LostAnswer { reason, .. } if reason.contains("in time")),
        "{error}"
    );
    assert_eq!(state.write_calls() - calls, 1);
}

#[tokio::test]
async fn troubles_of_reading() {
    let simulator = simulator().await;
    let org = org(&simulator);
    let state = simulator.state();
    for kind in [
        FaultKind::Html503,
        FaultKind::DropBeforeCommit,
        FaultKind::Truncate,
    ] {
        state.arm(Fault::new(SANDBOX, "describe", kind).times(2));
        org.describe(&account()).await.unwrap();
    }
    state.arm(Fault::new(SANDBOX, "describe", FaultKind::Html200));
    let html = org.describe(&account()).await.unwrap_err();
    assert!(matches!(html, TargetError::NotTheApi { .. }), "{html}");
    state.arm(Fault::new(SANDBOX, "describe", FaultKind::QuotaExceeded));
    let quota = org.describe(&account()).await.unwrap_err();
    assert!(matches!(quota, TargetError::QuotaUsedUp { .. }), "{quota}");
    let off = FaultKind::salesforce_error(
        403,
        "API_DISABLED_FOR_ORG",
        "The REST API is not enabled for this Organization.",
    );
    state.arm(Fault::new(SANDBOX, "describe", off));
    let blocked = org.describe(&account()).await.unwrap_err();
    assert!(
        matches!(blocked, TargetError::BlockedByPolicy { .. }),
        "{blocked}"
    );

    let describe = org.describe(&account()).await.unwrap();
    let missing = org
        .read(&query(&["Nothing__c"], None), &describe, None)
        .await
        .unwrap_err();
    assert!(
        matches!(&missing, TargetError::FieldMissing { message } if message.contains("Nothing__c")),
        "{missing}"
    );
}

#[tokio::test]
async fn a_revoked_login_is_tried_once_and_then_every_call_says_to_sign_in_again() {
    let simulator = simulator().await;
    let state = simulator.state();
    let keychain = Kept::new();
    let ours = Org::new(tokens(&simulator), keychain.clone(), quick()).unwrap();
    ours.identity().await.unwrap();
    // An admin ends the login.
    org(&simulator).revoke().await.unwrap();
    let asked = |path: &str| {
        let log = state.request_log();
        log.iter().filter(|it| it.path.contains(path)).count()
    };
    let (renewals, calls) = (asked("/oauth2/token"), asked("/"));
    let at_once = (0..8).map(|_| {
        let org = ours.clone();
        tokio::spawn(async move { org.permission_set_assigned("Drawbridge_Sync").await })
    });
    for answer in at_once.collect::<Vec<_>>() {
        let error = answer.await.unwrap().unwrap_err();
        assert!(matches!(error, TargetError::SignInNeeded { .. }), "{error}");
    }
    assert_eq!(asked("/oauth2/token") - renewals, 1, "one try for all");
    let known = asked("/");
    assert!(known > calls);
    for _ in 0..5 {
        let error = ours.identity().await.unwrap_err();
        assert!(
            matches!(&error, TargetError::SignInNeeded { message } if message.contains("expired")),
            "{error}"
        );
    }
    assert_eq!(asked("/"), known, "nobody is asked again");
}
