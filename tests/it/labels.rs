//! The login is checked against the label, and production asks for its domain.

use drawbridge_api::view::{
    ActionView, ConnectionRequest, ConnectionStatusView, ConnectionView, EnvironmentView,
    ErrorCode, Nothing, PlanRowsRequest, RunStartRequest,
};
use drawbridge_api::{Sensitive, oauth};
use drawbridge_testkit::{Workbench, assert_adds_up, run_request};

#[tokio::test(flavor = "multi_thread")]
async fn production_called_sandbox_is_not_connected() {
    let bench = Workbench::with_customers(20).await;
    let url = bench.simulator.urls().salesforce_production.clone();
    let refused = bench.sign_in("UAT", EnvironmentView::Sandbox, &url).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongOrg);
    assert!(refused.message.contains("SANDBOX"), "{refused:?}");
    assert!(refused.hint.is_some());
    let connections = bench.context.connection_list(Nothing {}).await.unwrap();
    assert!(connections.is_empty(), "{connections:?}");
    assert_eq!(
        bench.secrets.ever_seen(),
        Vec::<String>::new(),
        "no login is kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_called_production_is_not_connected_either() {
    let bench = Workbench::with_customers(20).await;
    let url = bench.simulator.urls().salesforce_sandbox.clone();
    let refused = bench
        .sign_in("Live", EnvironmentView::Production, &url)
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::WrongOrg);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_org_under_the_same_name_is_refused() {
    let bench = Workbench::with_customers(20).await;
    let first = bench.connect_sandbox().await;
    let other = Workbench::start(drawbridge_testkit::simulator::Config {
        customers: 20,
        seed: 8,
        ..Default::default()
    })
    .await;
    // The same name for another org: production is the only other org there is, under its label.
    let url = other.simulator.urls().salesforce_production.clone();
    other
        .state()
        .register_redirect_uri(&drawbridge_api::oauth::redirect_uri(bench.login_port));
    let refused = bench
        .sign_in("UAT", EnvironmentView::Production, &url)
        .await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongOrg);
    let pinned = first.org.as_ref().unwrap().org_id.clone();
    assert!(refused.message.contains(&pinned), "{refused:?}");
    let now = bench.context.connection_list(Nothing {}).await.unwrap();
    assert_eq!(now.len(), 1);
    assert_eq!(now[0].org.as_ref().unwrap().org_id, pinned);
    assert_eq!(now[0].environment, Some(EnvironmentView::Sandbox));
}

#[tokio::test(flavor = "multi_thread")]
async fn production_is_written_only_after_its_domain_was_typed() {
    let bench = Workbench::with_customers(40).await;
    let (source, org) = (
        bench.connect_alguna().await,
        bench.connect_production().await,
    );
    let sync = bench.create_sync(&source, &org, true).await.id;
    bench.deploy(sync).await;
    let plan = bench.plan(sync).await;
    let domain = org.org.unwrap().domain;
    let writes = bench.state().write_calls();
    let request = |confirm: Option<&str>| RunStartRequest {
        confirm: confirm.map(str::to_owned),
        ..run_request(plan.id)
    };
    for wrong in [None, Some(""), Some("yes"), Some("login.salesforce.com")] {
        let refused = bench.try_run(request(wrong)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Guard, "{wrong:?}");
        assert!(refused.message.contains(&domain), "{refused:?}");
    }
    assert_eq!(bench.state().write_calls(), writes);
    let run = bench.try_run(request(Some(&domain))).await.unwrap().run;
    assert_adds_up(&run);
    assert!(bench.state().write_calls() > writes);
    let sandbox =
        drawbridge_testkit::external_ids(&bench.state(), "Account", "Alguna_Customer_ID__c");
    assert!(sandbox.is_empty(), "the sandbox is another org");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_elsewhere_is_checked_against_the_label_too() {
    let bench = Workbench::with_customers(20).await;
    let credentials = bench.simulator.credentials();
    for (name, label, login) in [
        ("Live", EnvironmentView::Production, &credentials.sandbox),
        ("UAT", EnvironmentView::Sandbox, &credentials.production),
    ] {
        let host = login.instance_url.strip_prefix("http://").unwrap();
        let url = format!(
            "force://{}::{}@{host}",
            credentials.client_id, login.refresh_token
        );
        let tokens = oauth::from_sfdx_url(&Sensitive::new(url)).unwrap();
        let refused = bench.context.org_connect_with(name, label, tokens).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code, ErrorCode::WrongOrg, "{refused:?}");
        assert_eq!(drawbridge_testkit::kept(&bench.secrets, name), None);
    }
    let connections = bench.context.connection_list(Nothing {}).await.unwrap();
    assert!(connections.is_empty(), "{connections:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_damaged_secret_leaves_the_other_connections_alone() {
    let mut bench = Workbench::with_customers(20).await;
    let org = bench.connect_sandbox().await;
    let source = bench.connect_alguna().await;
    for damage in ["", "no login", "\u{0}\u{1}", "a=", "force://"] {
        bench.secrets.put("UAT", damage);
        bench.reopen();
        let listed = bench.context.connection_list(Nothing {}).await.unwrap();
        assert_eq!(listed.len(), 2, "{damage:?}");
        let check = async |connection: u32| {
            let request = ConnectionRequest { connection };
            bench.context.connection_check(request).await.unwrap()
        };
        let damaged = check(org.id).await;
        assert_ne!(
            damaged.status,
            ConnectionStatusView::Connected,
            "{damage:?}"
        );
        assert!(damaged.status_reason.is_some(), "{damage:?}");
        let whole = check(source.id).await;
        assert_eq!(whole.status, ConnectionStatusView::Connected, "{damage:?}");
    }
    // A new sign-in mends it.
    assert_eq!(bench.connect_sandbox().await.id, org.id);
}

/// Whether any value of the plan is masked.
async fn is_masked(bench: &Workbench, org: &ConnectionView) -> bool {
    let source = bench.context.connection_list(Nothing {}).await.unwrap();
    let source = source
        .into_iter()
        .find(|it| it.name == "ProfitWell")
        .unwrap();
    let sync = bench.create_sync(&source, org, true).await.id;
    bench.deploy(sync).await;
    let plan = bench.plan(sync).await;
    let request = PlanRowsRequest {
        action: Some(ActionView::Create),
        limit: 100,
        ..PlanRowsRequest::of(plan.id)
    };
    let rows = bench.context.plan_rows(request).await.unwrap().rows;
    let said = serde_json::to_string(&rows).unwrap();
    assert!(
        !rows.is_empty() && said.contains('@'),
        "addresses are written"
    );
    said.contains(".invalid")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_gets_masked_addresses_and_production_never_does() {
    let bench = Workbench::with_customers(60).await;
    bench.connect_profitwell().await;
    let sandbox = bench.connect_sandbox().await;
    assert!(is_masked(&bench, &sandbox).await);
    let production = bench.connect_production().await;
    assert!(!is_masked(&bench, &production).await);
}
