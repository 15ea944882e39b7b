//! Amounts in several currencies halt, unless something says what each is in.

use std::collections::BTreeMap;

use drawbridge_model::{
    BlankPolicy, Currency, Customer, CustomerId, Describe, FieldKind, FieldName, FieldRule,
    LengthPolicy, Mapping, Money, Pack, Record, Value, WritePolicy,
};
use drawbridge_sync::currencies::{Amounts, Currencies};
use drawbridge_sync::pack::{self, Facts};

use crate::facts::{Case, describe, field, record};

fn customer(id: &str, currency: &str) -> Customer {
    Customer {
        last_name: Some("Ruiz".to_owned()),
        mrr: Some(Money {
            amount: 12.into(),
            currency: Currency::parse(currency).unwrap(),
        }),
        ..Customer::new(id.into())
    }
}

fn amounts(
    customer: &Customer,
    mapping: &Mapping,
    describe: &Describe,
    record: Option<&Record>,
) -> Option<Amounts> {
    let row = Case {
        record,
        ..Case::new(Pack::Profitwell, mapping, customer)
    }
    .plan();
    let facts = Facts {
        customer,
        subscription: None,
        members: &[],
        mask_emails: false,
    };
    Amounts::of(&row, &facts, mapping, describe, record)
}

/// A plan with customers in these currencies, whose records hold these values, in an org that says
/// this of its own.
fn currencies(
    own: Option<&str>,
    mapping: &Mapping,
    describe: &Describe,
    customers: &[(&str, Option<&Record>)],
) -> Currencies {
    let own = own.map(|code| Currency::parse(code).unwrap());
    let mut currencies = Currencies::of(describe, own);
    for (at, (currency, record)) in customers.iter().enumerate() {
        let customer = customer(&at.to_string(), currency);
        if let Some(amounts) = amounts(&customer, mapping, describe, *record) {
            currencies.add(&customer.id, amounts);
        }
    }
    currencies
}

/// The halt of such a plan.
fn halt_in(
    own: Option<&str>,
    mapping: &Mapping,
    describe: &Describe,
    customers: &[(&str, Option<&Record>)],
) -> Option<String> {
    let halt = currencies(own, mapping, describe, customers).halt()?;
    assert_eq!(halt.name, "currencies-mixed");
    Some(halt.message)
}

/// The halt in an org that does not say its currency.
fn halt(
    mapping: &Mapping,
    describe: &Describe,
    customers: &[(&str, Option<&Record>)],
) -> Option<String> {
    halt_in(None, mapping, describe, customers)
}

fn several_currencies() -> Describe {
    let mut describe = describe(Pack::Profitwell);
    describe
        .fields
        .push(field("CurrencyIsoCode", "Currency", FieldKind::Picklist));
    describe
}

fn in_currency(code: &str) -> Record {
    let values = [(FieldName::from("CurrencyIsoCode"), Value::text(code))];
    record(Pack::Profitwell, BTreeMap::from(values))
}

#[test]
fn one_currency_never_halts_and_others_are_counted_beside_it() {
    let (mapping, one) = (
        pack::default_mapping(Pack::Profitwell),
        describe(Pack::Profitwell),
    );
    assert_eq!(halt(&mapping, &one, &[]), None);
    assert_eq!(halt(&mapping, &one, &[("EUR", None), ("EUR", None)]), None);
    let mixed = [
        ("USD", None),
        ("EUR", None),
        ("USD", None),
        ("GBP", None),
        ("EUR", None),
        ("USD", None),
    ];
    let named = currencies(None, &mapping, &one, &mixed)
        .halt()
        .unwrap()
        .customers;
    assert_eq!(named.as_slice(), ["1", "4", "3"].map(CustomerId::from));
    insta::assert_snapshot!(halt(&mapping, &one, &mixed).unwrap(), @"Amounts in several currencies would stand side by side: 2 in EUR, 1 in GBP would be written, but most customers are in USD, and neither the org nor the fields say which currency they hold. Unless this is meant, hold those rows, or map the amounts to Number or Text fields.");
}

#[test]
fn only_amounts_that_would_be_written_halt() {
    let (mapping, one) = (
        pack::default_mapping(Pack::Profitwell),
        describe(Pack::Profitwell),
    );
    // It holds the amount already.
    let there = record(
        Pack::Profitwell,
        BTreeMap::from([(
            FieldName::from("ProfitWell_MRR__c"),
            Value::Number(12.into()),
        )]),
    );
    let customers = [("USD", None), ("USD", None), ("EUR", Some(&there))];
    assert_eq!(halt(&mapping, &one, &customers), None);
    let customers = [("USD", None), ("USD", None), ("EUR", None)];
    assert!(halt(&mapping, &one, &customers).is_some());
}

#[test]
fn a_record_of_another_currency_halts_and_one_of_the_same_does_not() {
    let (mapping, several) = (
        pack::default_mapping(Pack::Profitwell),
        several_currencies(),
    );
    let (dollars, euros) = (in_currency("USD"), in_currency("EUR"));
    let right = [("USD", Some(&dollars)), ("EUR", Some(&euros))];
    assert_eq!(halt(&mapping, &several, &right), None);
    let wrong = [("USD", Some(&dollars)), ("EUR", Some(&dollars))];
    insta::assert_snapshot!(halt(&mapping, &several, &wrong).unwrap(), @"Amounts in several currencies would stand side by side: 1 in EUR would be written, but the records are in another currency, and the mapping does not set CurrencyIsoCode. Unless this is meant, hold those rows, or map the currency too.");
}

#[test]
fn a_mapping_that_writes_the_currency_or_no_amount_does_not_halt() {
    let mixed = [("USD", None), ("EUR", None)];
    let mut mapping = pack::default_mapping(Pack::Profitwell);
    assert!(halt(&mapping, &several_currencies(), &mixed).is_some());
    mapping.rules.push(FieldRule {
        source: "{{ customer.currency }}".to_owned(),
        field: FieldName::from("CurrencyIsoCode"),
        write: WritePolicy::Always,
        blank: BlankPolicy::Leave,
        length: LengthPolicy::Block,
    });
    assert_eq!(halt(&mapping, &several_currencies(), &mixed), None);
    let mut mapping = pack::default_mapping(Pack::Profitwell);
    mapping.rules.retain(|rule| {
        !matches!(
            rule.source.as_str(),
            "customer.mrr" | "customer.total_spend"
        )
    });
    assert_eq!(halt(&mapping, &several_currencies(), &mixed), None);
}

#[test]
fn an_org_of_another_currency_halts_though_all_customers_share_one() {
    let (mapping, one) = (
        pack::default_mapping(Pack::Profitwell),
        describe(Pack::Profitwell),
    );
    let euros = [("EUR", None), ("EUR", None)];
    assert_eq!(halt_in(Some("EUR"), &mapping, &one, &euros), None);
    insta::assert_snapshot!(halt_in(Some("USD"), &mapping, &one, &euros).unwrap(), @"The org counts in USD, and amounts in another currency would be read as USD: 2 in EUR would be written. Unless this is meant, hold those rows, or map the amounts to Number or Text fields.");
    // The org's word counts, not what most customers pay in.
    let mixed = [("EUR", None), ("EUR", None), ("USD", None)];
    insta::assert_snapshot!(halt_in(Some("USD"), &mapping, &one, &mixed).unwrap(), @"The org counts in USD, and amounts in another currency would be read as USD: 2 in EUR would be written. Unless this is meant, hold those rows, or map the amounts to Number or Text fields.");
}

#[test]
fn new_records_of_an_org_with_several_get_the_users_own() {
    let (mapping, several) = (
        pack::default_mapping(Pack::Profitwell),
        several_currencies(),
    );
    let new = [("EUR", None)];
    assert_eq!(halt_in(Some("EUR"), &mapping, &several, &new), None);
    insta::assert_snapshot!(halt_in(Some("GBP"), &mapping, &several, &new).unwrap(), @"Amounts in several currencies would stand side by side: 1 in EUR would be written, but the records are in another currency (new ones get GBP, your default), and the mapping does not set CurrencyIsoCode. Unless this is meant, hold those rows, or map the currency too.");
}

#[test]
fn an_org_that_does_not_say_is_said_so() {
    let (mapping, one) = (
        pack::default_mapping(Pack::Profitwell),
        describe(Pack::Profitwell),
    );
    let note = |own, customers: &[_]| currencies(own, &mapping, &one, customers).note();
    assert_eq!(note(Some("EUR"), &[("EUR", None)]), None);
    assert_eq!(note(None, &[]), None, "there are no amounts");
    insta::assert_snapshot!(note(None, &[("EUR", None), ("GBP", None)]).unwrap(), @"The org did not say which currency it counts in. Amounts stand there as they are in the source: 1 in EUR, 1 in GBP.");
}
