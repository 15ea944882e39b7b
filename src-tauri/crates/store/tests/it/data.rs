//! Rows for the tests.

use drawbridge_model::{
    AccountPolicy, Action, Change, ConnectionId, Currency, Customer, CustomerId, Decision, Deed,
    Environment, FieldName, Interval, Mapping, Money, Outcome, Pack, PlanRow, Provider, PullEnd,
    Reason, Record, RecordId, Revenue, RevenueStatus, RowOutcome, SObjectName, Subscription,
    SubscriptionId, SubscriptionStatus, Sync, Value, Way, Written,
};
use drawbridge_store::{NewConnection, NewRun, NewSync, Scope, Store};
use jiff::Timestamp;
use rust_decimal::Decimal;

pub(crate) fn at() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// The end of a pull that read everything.
pub(crate) fn full() -> PullEnd {
    PullEnd {
        at: at(),
        full: true,
        source_time: Some(at()),
    }
}

/// A run of a whole plan.
pub(crate) fn whole() -> NewRun {
    pilot(Scope::All)
}

/// A run of a part of a plan.
pub(crate) fn pilot(scope: Scope) -> NewRun {
    NewRun {
        way: Way::Collections,
        reason: "Few records.".to_owned(),
        scope,
    }
}

pub(crate) fn mapping() -> Mapping {
    Mapping {
        version: 1,
        sobject: SObjectName::from("Account"),
        external_id: FieldName::from("Alguna_Customer_ID__c"),
        rules: Vec::new(),
    }
}

/// A sync between two new connections.
pub(crate) fn sync_in(store: &Store, name: &str) -> Sync {
    let connection = |suffix: &str, provider| {
        store
            .insert_connection(&NewConnection {
                name: format!("{name} {suffix}"),
                provider,
                environment: (provider == Provider::Salesforce).then_some(Environment::Sandbox),
                base_url: "https://example.com".to_owned(),
                client_id: None,
            })
            .unwrap()
            .id
    };
    let new = NewSync {
        name: name.to_owned(),
        source: connection("source", Provider::Alguna),
        org: connection("org", Provider::Salesforce),
        pack: Pack::Alguna,
        account_policy: AccountPolicy::SourceMayCreate,
        mask_emails: true,
    };
    store.insert_sync(&new, &mapping(), at()).unwrap()
}

pub(crate) fn customer(id: &str, name: &str) -> Customer {
    Customer {
        name: Some(name.to_owned()),
        ..Customer::new(CustomerId::from(id))
    }
}

pub(crate) fn money(text: &str, currency: &str) -> Money {
    Money {
        amount: text.parse().unwrap(),
        currency: Currency::parse(currency).unwrap(),
    }
}

pub(crate) fn subscription(id: &str, of: &str, mrr: &str, currency: &str) -> Subscription {
    Subscription {
        id: SubscriptionId::from(id),
        customer: CustomerId::from(of),
        name: format!("Subscription {id}"),
        plan: Some("Gold".to_owned()),
        status: SubscriptionStatus::Active,
        currency: Currency::parse(currency).unwrap(),
        interval: Some(Interval::Monthly),
        revenue: Some(Revenue {
            mrr: money(mrr, currency),
            arr: money(mrr, currency),
            status: RevenueStatus::Complete,
        }),
        started_at: Some(at()),
        renews_on: None,
        ended_at: None,
        created_at: None,
        updated_at: None,
    }
}

/// One complete pull.
pub(crate) fn pull(
    store: &Store,
    source: ConnectionId,
    customers: &[Customer],
    subscriptions: &[Subscription],
) -> u64 {
    use drawbridge_model::Cache;
    let pull = store.begin_pull(source, at()).unwrap();
    for chunk in customers.chunks(1000) {
        store.put_customers(source, pull, chunk).unwrap();
    }
    for chunk in subscriptions.chunks(1000) {
        store.put_subscriptions(source, pull, chunk).unwrap();
    }
    store.finish_pull(source, pull, full()).unwrap().customers
}

pub(crate) fn record_id(number: u32) -> RecordId {
    RecordId::parse(&format!("001{number:012}")).unwrap()
}

pub(crate) fn record(number: u32) -> Record {
    Record {
        sobject: SObjectName::from("Account"),
        id: record_id(number),
        values: [(FieldName::from("Name"), Value::text("Acme"))].into(),
        modstamp: at(),
        modified_by: None,
        modified_by_id: None,
        modified_at: None,
    }
}

pub(crate) fn change(field: &str, before: i64, after: i64) -> Change {
    Change {
        field: FieldName::from(field),
        before: Value::Number(Decimal::from(before)),
        after: Value::Number(Decimal::from(after)),
        base: None,
        decision: Decision::Write,
        drift: None,
    }
}

/// A row of that action; updates change one field.
pub(crate) fn row(customer: &str, action: Action) -> PlanRow {
    let writes = matches!(action, Action::Create | Action::Update);
    PlanRow {
        customer: CustomerId::from(customer),
        name: format!("Name of {customer}"),
        action,
        record: (action == Action::Update).then(|| record_id(7)),
        parent: None,
        matched_by: None,
        changes: if writes {
            vec![change("Alguna_Value__c", 1, 2)]
        } else {
            Vec::new()
        },
        reason: matches!(action, Action::Skipped | Action::Blocked).then_some(Reason::NoRecord),
        seen: Some(at()),
        held: false,
    }
}

pub(crate) fn outcome(customer: &str, outcome: Outcome, record: Option<RecordId>) -> RowOutcome {
    RowOutcome {
        customer: CustomerId::from(customer),
        outcome,
        record,
        problem: None,
    }
}

/// What an update of [`row`] writes.
pub(crate) fn written(customer: &str, record: RecordId) -> Written {
    Written {
        customer: CustomerId::from(customer),
        record,
        deed: Deed::Updated,
        certain: true,
        saved_at: None,
        fields: vec![(
            FieldName::from("Alguna_Value__c"),
            Value::Number(Decimal::from(1)),
            Value::Number(Decimal::from(2)),
        )],
    }
}
