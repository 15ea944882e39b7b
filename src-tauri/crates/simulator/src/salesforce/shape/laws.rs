//! What must hold whatever is written, in orgs with features on.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::OrgShape;
use super::places::picklist;
use crate::salesforce::fill::Fill;
use crate::salesforce::oauth::OAuth;
use crate::salesforce::org::{Identity, Org, Setting};
use crate::salesforce::write::Writer;

/// An org of this shape without customers.
pub(crate) fn org(shape: OrgShape) -> Org {
    let identity = Identity {
        org_id: "00D5f000007FrnHEAS".to_owned(),
        org_name: "Law",
        domain: "law",
        instance: "EU48",
        is_sandbox: false,
        username: "ana.ruiz@law.example",
        email: "ana.ruiz@law.example",
        user_id: crate::salesforce::canonical("0055f000001AnRz").unwrap(),
    };
    let time = crate::now::MovableClock::default();
    let mut org = Org::new(Setting {
        identity,
        oauth: OAuth::new("key", Vec::new(), 1, time.clone()),
        daily_calls: 1000,
        password: String::new(),
        time,
    })
    .unwrap();
    Fill::new(&mut org).setup().unwrap();
    org.reshape(shape).unwrap();
    org
}

fn writer(org: &Org) -> Writer {
    Writer::unrestricted(org.identity.user_id.clone())
}

/// A change to some of the four parts of an address.
fn address() -> impl Strategy<Value = Map<String, Value>> {
    let countries = prop_oneof![
        Just("US"),
        Just("CA"),
        Just("DE"),
        Just("United States"),
        Just("Canada"),
        Just("Narnia")
    ];
    let states = prop_oneof![
        Just("CA"),
        Just("ON"),
        Just("California"),
        Just("ontario"),
        Just("Nowhere")
    ];
    let part = |values: BoxedStrategy<&'static str>| prop_oneof![3 => Just(None), 1 => Just(Some(Value::Null)), 3 => values.prop_map(|v| Some(Value::from(v)))];
    (
        part(countries.clone().boxed()),
        part(countries.boxed()),
        part(states.clone().boxed()),
        part(states.boxed()),
    )
        .prop_map(|(country, country_code, state, state_code)| {
            [
                ("BillingCountry", country),
                ("BillingCountryCode", country_code),
                ("BillingState", state),
                ("BillingStateCode", state_code),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
        })
}

fn row(org: &Org, sobject: &str, id: &str) -> Map<String, Value> {
    org.all_records(sobject)
        .unwrap()
        .into_iter()
        .find(|record| record["Id"] == id)
        .unwrap()
}

/// Whether code and label of a place are of one value of the picklist, or both empty.
fn agree(org: &Org, record: &Map<String, Value>, part: &str) -> bool {
    let code = record[&format!("Billing{part}Code")].as_str();
    let label = record[&format!("Billing{part}")].as_str();
    let values = picklist(
        org.schema.object("Account").unwrap(),
        &format!("Billing{part}Code"),
    )
    .unwrap();
    match (code, label) {
        (None, None) => true,
        (Some(code), Some(label)) => values
            .iter()
            .any(|place| place.value == code && place.label == label),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn codes_and_texts_of_an_address_agree(changes in proptest::collection::vec(address(), 1..8)) {
        let mut org = org(OrgShape { state_and_country_picklists: true, ..OrgShape::default() });
        let writer = writer(&org);
        let name = json!({"Name": "A"});
        let id = org.create_as("Account", name.as_object().unwrap(), &writer).unwrap();
        for change in changes {
            let before = row(&org, "Account", &id);
            let done = org.update_as("Account", &id, &change, &writer).is_ok_and(|row| row.is_ok());
            let after = row(&org, "Account", &id);
            if !done {
                prop_assert_eq!(&before, &after, "a refused change leaves no trace");
            }
            prop_assert!(agree(&org, &after, "Country") && agree(&org, &after, "State"), "{:?}: {:?}", change, after);
            prop_assert!(after["BillingStateCode"].is_null() || !after["BillingCountryCode"].is_null());
        }
    }

    #[test]
    fn a_person_and_its_contact_are_the_same(changes in proptest::collection::vec((any::<bool>(), 0_usize..5, "[a-z]{0,5}"), 1..12)) {
        const FIELDS: [(&str, &str); 5] = [("LastName", "LastName"), ("FirstName", "FirstName"), ("PersonTitle", "Title"), ("Phone", "Phone"), ("PersonMailingCity", "MailingCity")];
        let mut org = org(OrgShape { person_accounts: true, ..OrgShape::default() });
        let writer = writer(&org);
        let id = org.create_as("Account", json!({"LastName": "Moss"}).as_object().unwrap(), &writer).unwrap();
        let contact = row(&org, "Account", &id)["PersonContactId"].as_str().unwrap().to_owned();
        for (on_account, field, text) in changes {
            let (account_field, contact_field) = FIELDS[field];
            let (sobject, target, name) = if on_account { ("Account", &id, account_field) } else { ("Contact", &contact, contact_field) };
            let change = Map::from_iter([(name.to_owned(), Value::from(text))]);
            let _ = org.update_as(sobject, target, &change, &writer).unwrap();
            let (account, person) = (row(&org, "Account", &id), row(&org, "Contact", &contact));
            for (left, right) in FIELDS {
                prop_assert_eq!(&account[left], &person[right]);
            }
            prop_assert_eq!(&account["Name"], &person["Name"]);
            prop_assert_eq!(&account["SystemModstamp"], &person["SystemModstamp"]);
            prop_assert!(account["Name"].as_str().unwrap().ends_with(account["LastName"].as_str().unwrap()));
        }
    }

    #[test]
    fn switches_come_and_go(turns in proptest::collection::vec(0_usize..5, 1..10)) {
        let mut org = org(OrgShape::default());
        let plain: Vec<String> = org.schema.object("Account").unwrap().fields.iter().map(|field| field.name.clone()).collect();
        let mut shape = OrgShape::default();
        for turn in turns {
            match turn {
                0 => shape.multi_currency = !shape.multi_currency,
                1 => shape.person_accounts = !shape.person_accounts,
                2 => shape.state_and_country_picklists = !shape.state_and_country_picklists,
                3 => shape = shape.with_account_record_types(),
                _ => shape.record_types.clear(),
            }
            org.reshape(shape.clone()).unwrap();
            let writer = writer(&org);
            let made = org.create_as("Account", json!({"Name": "A"}).as_object().unwrap(), &writer);
            prop_assert!(made.is_ok(), "{:?}", made);
            let columns: Vec<String> = org.schema.object("Account").unwrap().fields.iter().map(|field| field.name.clone()).collect();
            let mut unique = columns.clone();
            unique.sort_unstable();
            unique.dedup();
            prop_assert_eq!(columns.len(), unique.len());
        }
        org.reshape(OrgShape::default()).unwrap();
        let back: Vec<String> = org.schema.object("Account").unwrap().fields.iter().map(|field| field.name.clone()).collect();
        prop_assert_eq!(plain, back);
    }
}
