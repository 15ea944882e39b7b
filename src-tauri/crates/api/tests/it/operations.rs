//! Every operation of ProfitWell against the simulated one, with what it holds afterwards.

use std::collections::BTreeMap;

use drawbridge_api::view::{
    BillingChoiceKind, BillingChoicesRequest, BillingCustomerRequest, BillingCustomersRequest,
    BillingHistoryRequest, BillingPlanRequest, BillingPlansRequest, ErrorCode, Nothing,
    OperationBatchView, OperationCheckRequest, OperationCheckView, OperationDraft,
    OperationFieldView, OperationKindView, OperationOutcomeView, OperationRowView,
    OperationRowsRequest, OperationStartRequest, ProviderView, RunStatusView,
};
use drawbridge_testkit::Workbench;
use drawbridge_testkit::simulator::{Config, Server};
use serde_json::Value;

use OperationFieldView as F;
use OperationKindView as K;

/// A workspace with ProfitWell connected, whose limits do not slow the test down.
pub(crate) struct Desk {
    pub(crate) bench: Workbench,
    pub(crate) connection: u32,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let bench = Workbench::start(Config {
            customers: 30,
            rate_limits: false,
            ..Config::default()
        })
        .await;
        let connection = bench.connect_profitwell().await.id;
        Self { bench, connection }
    }

    pub(crate) fn writes(&self) -> usize {
        let log = self.bench.state().request_log();
        let billing = log.iter().filter(|it| it.server == Server::Profitwell);
        billing.filter(|it| it.is_write).count()
    }

    pub(crate) async fn check(&self, draft: OperationDraft) -> OperationCheckView {
        let connection = self.connection;
        let request = OperationCheckRequest { connection, draft };
        self.bench.context.operation_check(request).await.unwrap()
    }

    /// Carries one out, and gives its batch and row.
    pub(crate) async fn start(
        &self,
        draft: OperationDraft,
        confirm: Option<&str>,
    ) -> (OperationBatchView, OperationRowView) {
        let request = OperationStartRequest {
            connection: self.connection,
            draft,
            confirm: confirm.map(str::to_owned),
        };
        let batch = self.bench.context.operation_start(request).await.unwrap();
        let row = self.rows(batch.id).await.remove(0);
        (batch, row)
    }

    pub(crate) async fn rows(&self, batch: u32) -> Vec<OperationRowView> {
        let request = OperationRowsRequest {
            batch,
            outcome: None,
            search: String::new(),
            offset: 0,
            limit: 500,
        };
        let page = self.bench.context.operation_rows(request).await.unwrap();
        page.rows
    }

    /// Carries one out that must come to this.
    pub(crate) async fn must(
        &self,
        draft: OperationDraft,
        outcome: OperationOutcomeView,
    ) -> OperationRowView {
        let confirm = draft.fields.get(&F::User).cloned();
        let (batch, row) = self.start(draft, confirm.as_deref()).await;
        assert_eq!(row.outcome, Some(outcome), "{row:?}");
        assert_eq!(batch.status, Some(RunStatusView::Finished), "{batch:?}");
        assert!(batch.adds_up, "{batch:?}");
        row
    }

    pub(crate) async fn history(&self, user: &str) -> Vec<Value> {
        let told = self.bench.somebody_at_profitwell().history(user).await;
        told.as_array().cloned().unwrap_or_default()
    }
}

pub(crate) fn draft(kind: K, fields: &[(F, &str)]) -> OperationDraft {
    let fields: BTreeMap<F, String> = fields
        .iter()
        .map(|(field, text)| (*field, (*text).to_owned()))
        .collect();
    OperationDraft { kind, fields }
}

pub(crate) fn creation(user: &str, alias: &str) -> OperationDraft {
    draft(
        K::CreateSubscription,
        &[
            (F::Email, "ada@example.com"),
            (F::UserAlias, user),
            (F::SubscriptionAlias, alias),
            (F::PlanId, "web_plan"),
            (F::PlanInterval, "month"),
            (F::Value, "50"),
            (F::EffectiveDate, "2025-01-01"),
        ],
    )
}

pub(crate) fn change(user: &str, alias: &str) -> OperationDraft {
    draft(
        K::UpdateSubscription,
        &[
            (F::Subscription, alias),
            (F::User, user),
            (F::PlanId, "venom_plan"),
            (F::PlanInterval, "year"),
            (F::Value, "75.50"),
            (F::EffectiveDate, "2025-02-01"),
        ],
    )
}

pub(crate) fn churn(user: &str, alias: &str, date: &str) -> OperationDraft {
    draft(
        K::ChurnSubscription,
        &[
            (F::Subscription, alias),
            (F::User, user),
            (F::EffectiveDate, date),
        ],
    )
}

pub(crate) fn unchurn(user: &str, alias: &str) -> OperationDraft {
    draft(
        K::UnchurnSubscription,
        &[(F::Subscription, alias), (F::User, user)],
    )
}

pub(crate) fn plan(kind: K, id: &str, name: &str) -> OperationDraft {
    draft(kind, &[(F::PlanId, id), (F::Name, name)])
}

#[tokio::test(flavor = "multi_thread")]
async fn all_operations_do_what_they_say() {
    let desk = Desk::open().await;
    let (context, connection) = (&desk.bench.context, desk.connection);
    let (done, already) = (OperationOutcomeView::Done, OperationOutcomeView::Already);
    let rejected = OperationOutcomeView::Rejected;

    // Create: checking sends nothing and says it in both units.
    let said = desk.check(creation("ada", "ada_1")).await;
    assert!(said.ready, "{said:?}");
    let sentence = said.sentence.unwrap();
    for words in ["50.00 USD (5000 cents) a month", "“ada”", "2025-01-01"] {
        assert!(sentence.contains(words), "{sentence}");
    }
    assert_eq!(desk.writes(), 0);
    let row = desk.must(creation("ada", "ada_1"), done).await;
    assert_eq!(row.sentence, sentence, "what was shown is what is kept");
    let made = desk.history("ada").await.remove(0);
    assert_eq!(made["value"], 5000);
    assert_eq!(made["plan_interval"], "month");
    assert_eq!(made["plan_currency"], "usd");
    assert_eq!(made["status"], "active");
    assert_eq!(made["effective_date"], 1_735_689_600);
    assert_eq!(made["subscription_alias"], "ada_1");
    let user_id = made["user_id"].as_str().unwrap().to_owned();

    // Update, which keeps what was there.
    let row = desk.must(change("ada", "ada_1"), done).await;
    assert!(row.before[0].contains("50.00 USD"), "{row:?}");
    assert_eq!(row.after.unwrap().value.as_deref(), Some("75.50"));
    let lines = desk.history("ada").await;
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["value"], 7550);
    assert_eq!(lines[1]["plan_interval"], "year");
    let writes = desk.writes();
    desk.must(change("ada", "ada_1"), already).await;
    assert_eq!(desk.writes(), writes, "it is so already: nothing is sent");

    // Churn, twice, and on another day.
    desk.must(churn("ada", "ada_1", "2031-01-01"), done).await;
    let last = desk.history("ada").await.pop().unwrap();
    assert_eq!(last["status"], "churned_voluntary");
    desk.must(churn("ada", "ada_1", "2031-01-01"), already)
        .await;
    let row = desk
        .must(churn("ada", "ada_1", "2031-02-01"), rejected)
        .await;
    assert!(row.message.unwrap().contains("un-churn it first"));
    desk.must(unchurn("ada", "ada_1"), done).await;
    assert_eq!(desk.history("ada").await.len(), 2);
    desk.must(unchurn("ada", "ada_1"), already).await;

    // List subscriptions: ten unless more are asked for.
    for number in 2..=13 {
        desk.must(creation("ada", &format!("ada_{number}")), done)
            .await;
    }
    let mut request = BillingHistoryRequest {
        connection,
        user: user_id.clone(),
        limit: None,
        all: false,
    };
    let listed = context.billing_history(request.clone()).await.unwrap();
    assert_eq!((listed.events.len(), listed.total), (10, 14));
    request.all = true;
    let listed = context.billing_history(request.clone()).await.unwrap();
    assert_eq!(listed.events.len(), 14);
    let choices = BillingChoicesRequest {
        connection,
        kind: BillingChoiceKind::Subscription,
        search: "ada_1".to_owned(),
        customer: None,
    };
    let choices = context.billing_choices(choices).await.unwrap();
    assert!(choices.iter().any(|it| it.label == "ada_13"), "{choices:?}");

    // Whose a subscription is is known by now: it need not be said.
    let mut unsaid = change("", "ada_5");
    unsaid.fields.remove(&F::User);
    let row = desk.must(unsaid, done).await;
    assert_eq!(row.before.len(), 1, "{row:?}");

    // Users.
    let email = [(F::User, "ada"), (F::Email, "ada@lovelace.example")];
    let row = desk.must(draft(K::UpdateUser, &email), done).await;
    assert_eq!(row.before, ["ada@example.com"]);
    assert_eq!(
        desk.history("ada").await[0]["email"],
        "ada@lovelace.example"
    );

    // Plans.
    desk.must(plan(K::CreatePlan, "Scale Up/1", "Scale"), done)
        .await;
    desk.must(plan(K::CreatePlan, "Scale Up/1", "Scale"), already)
        .await;
    let row = desk
        .must(plan(K::CreatePlan, "Scale Up/1", "X"), rejected)
        .await;
    assert!(row.message.unwrap().contains("called “Scale”"));
    desk.must(plan(K::UpdatePlan, "Scale Up/1", "Scale more"), done)
        .await;
    let request = BillingPlanRequest {
        connection,
        plan: "Scale Up/1".to_owned(),
    };
    let read = context.billing_plan(request).await.unwrap();
    assert_eq!(read.name, "Scale more");
    let request = BillingPlansRequest {
        connection,
        limit: Some(1),
        all: false,
    };
    let plans = context.billing_plans(request).await.unwrap();
    assert_eq!(plans.plans.len(), 1);
    assert_eq!(
        plans.total as usize,
        desk.bench.somebody_at_profitwell().plans().await.len()
    );

    // Customers.
    let mut request = BillingCustomersRequest {
        connection,
        start: None,
        end: None,
        email: None,
        descending: true,
        limit: None,
        all: false,
    };
    let customers = context.billing_customers(request.clone()).await.unwrap();
    assert_eq!((customers.customers.len(), customers.more), (10, true));
    let newest = &customers.customers[0];
    assert_eq!(newest.email.as_deref(), Some("ada@lovelace.example"));
    request.all = true;
    let all = context.billing_customers(request.clone()).await.unwrap();
    assert!(
        all.customers.len() > 20 && !all.more,
        "{}",
        all.customers.len()
    );
    request.email = Some("ada@lovelace.example".to_owned());
    let one = context.billing_customers(request.clone()).await.unwrap();
    assert_eq!(one.customers.len(), 1);
    request.start = Some("yesterday".to_owned());
    let error = context.billing_customers(request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest);
    let request = BillingCustomerRequest {
        connection,
        customer: newest.id.clone(),
    };
    let read = context.billing_customer(request).await.unwrap();
    assert_eq!(&read, newest);

    // Delete, only when the id is typed.
    let deletion = draft(K::DeleteUser, &[(F::User, "ada")]);
    assert_eq!(
        desk.check(deletion.clone()).await.confirm.as_deref(),
        Some("ada")
    );
    let writes = desk.writes();
    for typed in [None, Some(""), Some("ad"), Some("ADA")] {
        let request = OperationStartRequest {
            connection,
            draft: deletion.clone(),
            confirm: typed.map(str::to_owned),
        };
        let refused = context.operation_start(request).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Guard, "{refused:?}");
    }
    assert_eq!(desk.writes(), writes);
    let row = desk.must(deletion.clone(), done).await;
    assert!(row.before.len() > 12, "what was there is kept: {row:?}");
    assert_eq!(
        desk.bench.somebody_at_profitwell().history("ada").await,
        Value::Null
    );
    desk.must(deletion, rejected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_makes_nothing_twice_and_aliases_are_made_up() {
    let desk = Desk::open().await;
    let mut form = creation("", "");
    form.fields.remove(&F::UserAlias);
    form.fields.remove(&F::SubscriptionAlias);
    let said = desk.check(form.clone()).await;
    let user = said.generated[&F::UserAlias].clone();
    assert!(user.chars().count() <= 36 && said.generated[&F::SubscriptionAlias].len() <= 36);
    desk.must(form.clone(), OperationOutcomeView::Done).await;
    let row = desk.must(form.clone(), OperationOutcomeView::Already).await;
    assert_eq!(row.subject, said.generated[&F::SubscriptionAlias]);
    assert_eq!(desk.history(&user).await.len(), 1);
    // Another price is another subscription.
    form.fields.insert(F::Value, "51".to_owned());
    desk.must(form, OperationOutcomeView::Done).await;
    // The same alias with other values is nobody's success.
    desk.must(creation("bob", "bob_1"), OperationOutcomeView::Done)
        .await;
    let mut other = creation("bob", "bob_1");
    other.fields.insert(F::Value, "99".to_owned());
    let row = desk.must(other, OperationOutcomeView::Rejected).await;
    assert!(
        row.message.unwrap().contains("50.00 USD a month"),
        "{:?}",
        row.code
    );
    let row = desk
        .must(creation("carla", "bob_1"), OperationOutcomeView::Rejected)
        .await;
    assert_eq!(row.code.as_deref(), Some("exists"));
    assert!(desk.history("carla").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_connection_is_not_written_to() {
    let desk = Desk::open().await;
    desk.bench.set_read_only(desk.connection, true).await;
    let said = desk.check(creation("ada", "ada_1")).await;
    assert!(said.refused.unwrap().contains("read-only"));
    let request = OperationStartRequest {
        connection: desk.connection,
        draft: creation("ada", "ada_1"),
        confirm: None,
    };
    let refused = desk
        .bench
        .context
        .operation_start(request)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Guard);
    assert_eq!(desk.writes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_of_a_form_is_named_at_once_and_nothing_is_sent() {
    let desk = Desk::open().await;
    let form = draft(
        K::CreateSubscription,
        &[
            (F::UserAlias, "pwu_mine"),
            (F::SubscriptionAlias, &"x".repeat(37)),
            (F::PlanInterval, "quarter"),
            (F::PlanCurrency, "xyz"),
            (F::Value, "49.005"),
            (F::EffectiveDate, "1735689600000"),
            (F::ChurnType, "voluntary"),
        ],
    );
    let said = desk.check(form).await;
    assert!(!said.ready && said.sentence.is_none());
    let fields: Vec<_> = said.problems.iter().filter_map(|it| it.field).collect();
    for field in [
        F::Email,
        F::UserAlias,
        F::SubscriptionAlias,
        F::PlanId,
        F::PlanInterval,
        F::PlanCurrency,
        F::Value,
        F::EffectiveDate,
        F::ChurnType,
    ] {
        assert!(fields.contains(&field), "{field:?} of {:?}", said.problems);
    }
    let text = format!("{:?}", said.problems);
    assert!(
        text.contains("milliseconds") && text.contains("third of its price"),
        "{text}"
    );
    // Of every form, each required field is asked for.
    for form in desk
        .bench
        .context
        .operation_forms(Nothing {})
        .await
        .unwrap()
        .into_iter()
        .filter(|form| form.provider == ProviderView::Profitwell)
    {
        let empty = desk.check(draft(form.kind, &[])).await;
        for slot in form.slots.iter().filter(|slot| slot.required) {
            let asked = |it: &&_| {
                drawbridge_api::view::OperationProblemView::clone(it).field == Some(slot.field)
            };
            assert!(empty.problems.iter().any(|it| asked(&it)), "{slot:?}");
        }
    }
    let trial = [(F::Status, "trialing"), (F::Value, "5")];
    let mut form = creation("ada", "ada_1");
    for (field, text) in trial {
        form.fields.insert(field, text.to_owned());
    }
    assert_eq!(desk.check(form).await.problems[0].field, Some(F::Value));
    assert_eq!(desk.writes(), 0);
}
