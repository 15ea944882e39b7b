//! Links and aliases of Alguna's customers, changed by hand: said before, sent once, read back, and
//! looked at in Alguna afterwards.

use std::collections::BTreeMap;

use drawbridge_api::view::{
    BillingChoiceKind, BillingChoicesRequest, ErrorCode, OperationCheckRequest, OperationCheckView,
    OperationCsvRequest, OperationDraft, OperationFieldView as F, OperationKindView as K,
    OperationOutcomeView as Outcome, OperationRowView, OperationRowsRequest, OperationRunRequest,
    OperationStartRequest, RunStatusView,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};
use drawbridge_testkit::{SomebodyAtAlguna, Workbench};

const ACCOUNT: &str = "0017e00001W4GYRAA3";
const OTHER: &str = "0015g00000ZzZzZAAV";

struct Desk {
    bench: Workbench,
    connection: u32,
    somebody: SomebodyAtAlguna,
    /// A customer that is linked to nothing.
    customer: String,
}

fn draft(kind: K, fields: &[(F, &str)]) -> OperationDraft {
    let fields: BTreeMap<F, String> = fields
        .iter()
        .map(|(field, text)| (*field, (*text).to_owned()))
        .collect();
    OperationDraft { kind, fields }
}

impl Desk {
    async fn open() -> Self {
        let bench = Workbench::with_customers(40).await;
        let connection = bench.connect_alguna().await.id;
        let somebody = bench.somebody_at_alguna();
        let rows = somebody.customers().await;
        let free = rows.iter().find(|it| {
            it.connected_accounts.is_empty() && !it.aliases.iter().any(|it| it.starts_with("001"))
        });
        let customer = free.expect("a customer without a link").id.0.clone();
        somebody
            .set_aliases(&customer, &["crm-1".to_owned(), "crm-2".to_owned()])
            .await;
        Self {
            bench,
            connection,
            somebody,
            customer,
        }
    }

    /// Alguna has no Salesforce integration any more: links are aliases.
    fn without_integration(&self) {
        let none = FaultKind::Status(200, serde_json::json!({"data": []}));
        let fault = Fault::new(Server::Alguna, "/integrations", none).times(u32::MAX);
        self.bench.state().arm(fault);
    }

    fn link(&self, account: &str) -> OperationDraft {
        let fields = [(F::Customer, self.customer.as_str()), (F::Account, account)];
        draft(K::LinkCustomer, &fields)
    }

    fn unlink(&self, account: &str) -> OperationDraft {
        let fields = [(F::Customer, self.customer.as_str()), (F::Account, account)];
        draft(K::UnlinkCustomer, &fields)
    }

    fn alias(&self, kind: K, alias: &str) -> OperationDraft {
        draft(kind, &[(F::Customer, &self.customer), (F::Alias, alias)])
    }

    async fn check(&self, draft: OperationDraft) -> OperationCheckView {
        let connection = self.connection;
        let request = OperationCheckRequest { connection, draft };
        self.bench.context.operation_check(request).await.unwrap()
    }

    async fn start(&self, draft: OperationDraft) -> OperationRowView {
        let request = OperationStartRequest {
            connection: self.connection,
            draft,
            confirm: None,
        };
        let batch = self.bench.context.operation_start(request).await.unwrap();
        assert_eq!(batch.status, Some(RunStatusView::Finished), "{batch:?}");
        assert!(batch.adds_up, "{batch:?}");
        self.rows(batch.id).await.remove(0)
    }

    async fn must(&self, draft: OperationDraft, outcome: Outcome) -> OperationRowView {
        let row = self.start(draft).await;
        assert_eq!(row.outcome, Some(outcome), "{row:?}");
        row
    }

    async fn rows(&self, batch: u32) -> Vec<OperationRowView> {
        let request = OperationRowsRequest {
            batch,
            outcome: None,
            search: String::new(),
            offset: 0,
            limit: 500,
        };
        self.bench
            .context
            .operation_rows(request)
            .await
            .unwrap()
            .rows
    }

    fn writes(&self) -> usize {
        let log = self.bench.state().request_log();
        let alguna = log.iter().filter(|it| it.server == Server::Alguna);
        alguna.filter(|it| it.is_write).count()
    }

    /// Accounts that connected accounts name.
    async fn named(&self) -> Vec<String> {
        let links = self.somebody.links(&self.customer).await;
        links.connected.into_iter().map(|it| it.external).collect()
    }

    async fn aliases(&self) -> Vec<String> {
        self.somebody.links(&self.customer).await.aliases
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_linked_by_a_connected_account_where_alguna_has_an_integration() {
    let desk = Desk::open().await;
    let before = desk.writes();
    // The short form is as good.
    let said = desk.check(desk.link(&ACCOUNT[..15])).await;
    assert!(said.ready, "{said:?}");
    let sentence = said.sentence.unwrap();
    assert!(sentence.contains(ACCOUNT), "{sentence}");
    assert!(
        sentence.contains("by a connected account of “Fernhill”"),
        "{sentence}"
    );
    let outlook = said.outlook.expect("what the customer has");
    assert_eq!(outlook.now, ["Alias crm-1", "Alias crm-2"]);
    assert_eq!(outlook.later[0], format!("Connected account {ACCOUNT}"));
    assert!(
        said.command
            .starts_with("drawbridge-cli alguna customer link "),
        "{}",
        said.command
    );
    assert_eq!(desk.writes(), before, "a check writes nothing");

    let row = desk.must(desk.link(ACCOUNT), Outcome::Done).await;
    assert_eq!(row.before, ["Alias crm-1", "Alias crm-2"]);
    assert_eq!(row.links_after[0], format!("Connected account {ACCOUNT}"));
    assert_eq!(desk.named().await, [ACCOUNT]);
    assert_eq!(desk.aliases().await, ["crm-1", "crm-2"]);
    assert_eq!(desk.writes(), before + 1);

    let said = desk.check(desk.link(ACCOUNT)).await;
    assert!(
        said.notes.iter().any(|it| it.contains("so already")),
        "{said:?}"
    );
    desk.must(desk.link(ACCOUNT), Outcome::Already).await;
    assert_eq!(desk.writes(), before + 1, "what is so already is not sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_integration_the_alias_is_added_and_all_others_stay() {
    let desk = Desk::open().await;
    desk.without_integration();
    let said = desk.check(desk.link(ACCOUNT)).await;
    let sentence = said.sentence.unwrap();
    assert!(
        sentence.contains("by an alias, as Alguna has no Salesforce integration"),
        "{sentence}"
    );
    desk.must(desk.link(ACCOUNT), Outcome::Done).await;
    assert_eq!(desk.aliases().await, ["crm-1", "crm-2", ACCOUNT]);
    desk.must(desk.unlink(ACCOUNT), Outcome::Done).await;
    assert_eq!(desk.aliases().await, ["crm-1", "crm-2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_is_never_overwritten() {
    let desk = Desk::open().await;
    desk.somebody.connect(&desk.customer, OTHER).await;
    let before = desk.writes();
    let said = desk.check(desk.link(ACCOUNT)).await;
    assert!(!said.ready && said.sentence.is_none(), "{said:?}");
    let problem = &said.problems[0];
    assert_eq!(problem.field, Some(F::Account));
    assert!(problem.message.contains(OTHER), "{problem:?}");
    assert!(problem.message.contains("Unlink customer"), "{problem:?}");
    // Whoever sends it all the same is told no.
    let row = desk.must(desk.link(ACCOUNT), Outcome::Rejected).await;
    assert_eq!(row.code.as_deref(), Some("another_account"));
    assert_eq!(desk.writes(), before);
    assert_eq!(desk.named().await, [OTHER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn unlinking_takes_the_account_off_wherever_it_is_named_and_nothing_else() {
    let desk = Desk::open().await;
    let somebody = &desk.somebody;
    somebody.connect(&desk.customer, ACCOUNT).await;
    let aliases = ["crm-1", ACCOUNT, "crm-2"].map(str::to_owned);
    somebody.set_aliases(&desk.customer, &aliases).await;

    let request = BillingChoicesRequest {
        connection: desk.connection,
        kind: BillingChoiceKind::LinkedAccount,
        search: String::new(),
        customer: Some(desk.customer.clone()),
    };
    let choices = desk.bench.context.billing_choices(request).await.unwrap();
    assert_eq!(choices.len(), 1, "{choices:?}");
    assert_eq!(choices[0].value, ACCOUNT);
    assert_eq!(
        choices[0].detail.as_deref(),
        Some("connected account, alias")
    );

    let before = desk.writes();
    let outlook = desk.check(desk.unlink(ACCOUNT)).await.outlook.unwrap();
    assert_eq!(outlook.later, ["Alias crm-1", "Alias crm-2"]);
    desk.must(desk.unlink(ACCOUNT), Outcome::Done).await;
    assert_eq!(desk.writes(), before + 2);
    assert!(desk.named().await.is_empty());
    assert_eq!(desk.aliases().await, ["crm-1", "crm-2"]);
    desk.must(desk.unlink(ACCOUNT), Outcome::Already).await;
    assert_eq!(desk.writes(), before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn aliases_come_and_go_one_at_a_time() {
    let desk = Desk::open().await;
    desk.must(desk.alias(K::AddAlias, "erp-7"), Outcome::Done)
        .await;
    assert_eq!(desk.aliases().await, ["crm-1", "crm-2", "erp-7"]);
    desk.must(desk.alias(K::AddAlias, "erp-7"), Outcome::Already)
        .await;
    desk.must(desk.alias(K::RemoveAlias, "crm-1"), Outcome::Done)
        .await;
    assert_eq!(desk.aliases().await, ["crm-2", "erp-7"]);
    desk.must(desk.alias(K::RemoveAlias, "crm-1"), Outcome::Already)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_an_account_and_a_customer_one_that_is_there() {
    let desk = Desk::open().await;
    for (account, words) in [
        ("003", "is not a Salesforce id"),
        ("0037e00001W4GYRAA3", "is no Account"),
        ("0017e00001W4GYRAA4", "do not fit"),
    ] {
        let said = desk.check(desk.link(account)).await;
        assert!(said.problems[0].message.contains(words), "{said:?}");
    }
    let nobody = draft(
        K::LinkCustomer,
        &[(F::Customer, "nobody"), (F::Account, ACCOUNT)],
    );
    let said = desk.check(nobody.clone()).await;
    assert_eq!(said.problems[0].field, Some(F::Customer), "{said:?}");
    let row = desk.must(nobody, Outcome::Rejected).await;
    assert_eq!(row.code.as_deref(), Some("not_found"));

    // An operation of the other system is refused.
    let plan = draft(K::CreatePlan, &[(F::PlanId, "p"), (F::Name, "P")]);
    let request = OperationStartRequest {
        connection: desk.connection,
        draft: plan,
        confirm: None,
    };
    let refused = desk
        .bench
        .context
        .operation_start(request)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadRequest);
    assert!(
        refused.message.contains("in ProfitWell only"),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_read_only_is_only_read() {
    let desk = Desk::open().await;
    desk.bench.set_read_only(desk.connection, true).await;
    let said = desk.check(desk.link(ACCOUNT)).await;
    assert!(
        said.sentence.is_some() && said.refused.is_some(),
        "{said:?}"
    );
    let before = desk.writes();
    let request = OperationStartRequest {
        connection: desk.connection,
        draft: desk.link(ACCOUNT),
        confirm: None,
    };
    let refused = desk
        .bench
        .context
        .operation_start(request)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert_eq!(desk.writes(), before);
}

/// Each write with what carries it out, in an order in which each can be done.
fn every_write(desk: &Desk) -> Vec<(OperationDraft, &'static str)> {
    vec![
        (desk.link(ACCOUNT), "POST"),
        (desk.unlink(ACCOUNT), "DELETE"),
        (desk.alias(K::AddAlias, "erp-7"), "PATCH"),
        (desk.alias(K::RemoveAlias, "erp-7"), "PATCH"),
    ]
}

async fn under(kind: FaultKind) -> Vec<usize> {
    let desk = Desk::open().await;
    let state = desk.bench.state();
    let mut calls = Vec::new();
    for (form, method) in every_write(&desk) {
        let before = desk.writes();
        state.arm(Fault::new(Server::Alguna, "/customers", kind.clone()).method(method));
        let row = desk.must(form.clone(), Outcome::Done).await;
        assert!(
            state.faults().is_empty(),
            "{form:?} was not struck: {row:?}"
        );
        calls.push(desk.writes() - before);
        if form.kind == K::LinkCustomer {
            assert_eq!(desk.named().await, [ACCOUNT]);
        }
    }
    assert!(desk.named().await.is_empty());
    assert_eq!(desk.aliases().await, ["crm-1", "crm-2"]);
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_after_the_work_was_done_is_read_back_and_never_sent_again() {
    assert_eq!(under(FaultKind::DropAfterCommit).await, [1; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_never_arrived_is_sent_once_more() {
    assert_eq!(under(FaultKind::DropBeforeCommit).await, [2; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_linked_by_a_file_and_each_has_its_outcome() {
    let desk = Desk::open().await;
    let text = format!(
        "customer,account\n{0},{ACCOUNT}\nnobody,{ACCOUNT}\n{0},{ACCOUNT}\n{0},003\n",
        desk.customer
    );
    let request = |name: &str, text: &str| OperationCsvRequest {
        connection: desk.connection,
        kind: K::LinkCustomer,
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let context = &desk.bench.context;
    let before = desk.writes();
    let batch = context.operation_csv(request("links.csv", &text)).await;
    let batch = batch.unwrap();
    assert_eq!((batch.rows, batch.sendable), (4, 2), "{batch:?}");
    assert_eq!(desk.writes(), before);
    let run = OperationRunRequest {
        batch: batch.id,
        confirm: None,
    };
    let done = context.operation_run(run).await.unwrap();
    assert!(done.adds_up, "{done:?}");
    let counts = done.counts;
    assert_eq!(
        (counts.done, counts.rejected, counts.blocked),
        (1, 1, 2),
        "{:?}",
        desk.rows(batch.id).await
    );
    assert_eq!(desk.named().await, [ACCOUNT]);

    for (name, text, words) in [
        ("book.xlsx", "PK\u{3}\u{4}\u{14}\0\u{6}", "is a workbook"),
        ("empty.csv", "\u{feff}\n", "is empty"),
        ("photo.csv", "\u{fffd}PNG\r\n", "not text in UTF-8"),
    ] {
        let refused = context.operation_csv(request(name, text)).await;
        let refused = refused.unwrap_err();
        assert!(refused.message.contains(words), "{refused:?}");
        assert!(refused.message.contains(name), "{refused:?}");
    }
}
