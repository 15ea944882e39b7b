//! Which record a customer finds, and what is only proposed.

use std::collections::{BTreeMap, HashMap};

use drawbridge_model::{
    AcceptedLink, Acquaintance, Address, Apart, Customer, CustomerContact, CustomerId, FieldName,
    FormerCustomer, GoneRecord, LedgerError, LinkedBy, MatchKey, Matched, MatchedBy, Proposal,
    Reason, Record, RecordId, SObjectName, Takeover, Value,
};
use drawbridge_sync::matching::{Lookup, at_once, find, keys_of_address, keys_of_record};

pub(crate) const EXTERNAL_ID: &str = "Alguna_Customer_ID__c";

#[derive(Default)]
pub(crate) struct Org {
    pub(crate) records: HashMap<RecordId, Record>,
    pub(crate) keys: Vec<(MatchKey, RecordId)>,
    pub(crate) gone: HashMap<RecordId, GoneRecord>,
    pub(crate) accepted: HashMap<CustomerId, AcceptedLink>,
    pub(crate) apart: HashMap<CustomerId, Apart>,
    /// Whether customers may share a record.
    pub(crate) shares: bool,
    /// Customers that the billing system no longer has.
    pub(crate) former: Vec<CustomerId>,
    /// Ids that it never had.
    pub(crate) strangers: Vec<CustomerId>,
    pub(crate) takeovers: Vec<Takeover>,
}

impl Org {
    pub(crate) fn account(&mut self, number: u8, fields: &[(&str, &str)]) -> RecordId {
        let id = RecordId::parse(&format!("0015e0000000{number:03}")).unwrap();
        let values: BTreeMap<FieldName, Value> = fields
            .iter()
            .map(|(name, text)| (FieldName::from(*name), Value::text(*text)))
            .collect();
        let record = Record {
            sobject: SObjectName::from("Account"),
            id: id.clone(),
            values,
            modstamp: "2026-11-01T00:00:00Z".parse().unwrap(),
            modified_by: None,
            modified_by_id: None,
            modified_at: None,
        };
        for key in keys_of_record(&record, &EXTERNAL_ID.into()) {
            self.keys.push((key, id.clone()));
        }
        self.records.insert(id.clone(), record);
        id
    }

    pub(crate) fn contact(&mut self, account: &RecordId, address: &str) {
        for key in keys_of_address(address) {
            self.keys.push((key, account.clone()));
        }
    }

    pub(crate) fn link(&mut self, customer: &Customer, record: &RecordId, by: LinkedBy) {
        let record = record.clone();
        self.accepted
            .insert(customer.id.clone(), AcceptedLink { record, by });
    }

    pub(crate) fn find(&self, customer: &Customer) -> Matched {
        let known = Acquaintance {
            customer: customer.id.clone(),
            name: customer.display_name(),
            by_id: self
                .by_key(&MatchKey::ExternalId(customer.id.0.clone()))
                .unwrap(),
            accepted: self.accepted.get(&customer.id).cloned(),
            apart: self.apart.get(&customer.id).copied(),
        };
        let found = find(customer, &known, &EXTERNAL_ID.into(), self).unwrap();
        // What the first look says, the whole search says as well.
        assert!(at_once(&known).is_none_or(|matched| matched == found));
        found
    }

    fn proposals(&self, customer: &Customer) -> Vec<Proposal> {
        match self.find(customer) {
            Matched::Proposed { proposals } => proposals,
            other => panic!("{other:?}"),
        }
    }
}

impl Lookup for Org {
    fn shares(&self) -> bool {
        self.shares
    }

    fn by_key(&self, key: &MatchKey) -> Result<Vec<RecordId>, LedgerError> {
        let mut found: Vec<RecordId> = self
            .keys
            .iter()
            .filter(|(known, _)| known == key)
            .map(|(_, id)| id.clone())
            .collect();
        found.sort();
        found.dedup();
        found.truncate(3);
        Ok(found)
    }

    fn record(&self, id: &RecordId) -> Result<Option<Record>, LedgerError> {
        Ok(self.records.get(id).cloned())
    }

    fn gone(&self, id: &RecordId) -> Result<Option<GoneRecord>, LedgerError> {
        Ok(self.gone.get(id).cloned())
    }

    fn has(&self, id: &CustomerId) -> Result<bool, LedgerError> {
        Ok(!self.former.contains(id) && !self.strangers.contains(id))
    }

    fn former(&self, id: &CustomerId) -> Result<Option<FormerCustomer>, LedgerError> {
        let known = self.former.iter().find(|former| *former == id);
        Ok(known.map(|id| FormerCustomer {
            id: id.clone(),
            name: None,
            gone_at: None,
        }))
    }

    fn takeover(&self, customer: &CustomerId) -> Result<Option<Takeover>, LedgerError> {
        let of = |takeover: &&Takeover| takeover.customer == *customer;
        Ok(self.takeovers.iter().find(of).cloned())
    }

    fn handed_over(&self, former: &CustomerId) -> Result<Option<Takeover>, LedgerError> {
        let of = |takeover: &&Takeover| takeover.former.id == *former;
        Ok(self.takeovers.iter().find(of).cloned())
    }
}

pub(crate) fn customer(name: &str, address: &str) -> Customer {
    Customer {
        name: Some(name.to_owned()),
        contacts: vec![CustomerContact {
            id: "c".to_owned(),
            email: Some(address.to_owned()),
            first_name: None,
            last_name: None,
            is_primary: true,
        }],
        ..Customer::new(CustomerId::from("aKq7Wmzt"))
    }
}

#[test]
fn a_name_or_a_domain_is_proposed_and_never_taken() {
    let mut org = Org::default();
    let same_name = org.account(1, &[("Name", "MULLER & SOHNE")]);
    let same_domain = org.account(2, &[("Name", "Other"), ("Website", "www.mueller.example")]);
    let proposals = org.proposals(&customer("Müller und Söhne GmbH", "ap@mueller.example"));
    let found: Vec<_> = proposals.iter().map(|it| (&it.record, it.score)).collect();
    assert_eq!(found, [(&same_name, 65), (&same_domain, 60)]);
    assert_eq!(
        proposals[0].evidence[0].to_string(),
        "the name “MULLER & SOHNE”"
    );
}

#[test]
fn evidence_of_several_kinds_ranks_a_record_first() {
    let mut org = Org::default();
    org.account(1, &[("Name", "Fernhill Foods Inc")]);
    let both = org.account(
        2,
        &[
            ("Name", "Fernhill Foods"),
            ("Website", "https://fernhill.example"),
            ("BillingPostalCode", "ls1 4dy"),
            ("BillingCity", "LEEDS"),
        ],
    );
    let mut customer = customer("Fernhill Foods Ltd", "ana@fernhill.example");
    customer.billing_address = Some(Address {
        city: Some("Leeds".to_owned()),
        postal_code: Some("LS1 4DY".to_owned()),
        ..Address::default()
    });
    let proposals = org.proposals(&customer);
    assert_eq!(proposals[0].record, both);
    assert_eq!(proposals[0].score, 91);
    let words: Vec<String> = proposals[0]
        .evidence
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        words,
        [
            "the name “Fernhill Foods”",
            "the domain fernhill.example",
            "the postal code LS1 4DY",
            "the city Leeds"
        ]
    );
}

#[test]
fn one_address_is_proof_and_a_shared_one_evidence() {
    let mut org = Org::default();
    let (one, two) = (org.account(1, &[]), org.account(2, &[]));
    org.contact(&one, "ana@fernhill.example.invalid");
    let ana = customer("Fernhill", "Ana@Fernhill.example");
    let found = Matched::Found {
        record: one.clone(),
        by: MatchedBy::Email,
    };
    assert_eq!(org.find(&ana), found);
    org.contact(&two, "ana@fernhill.example");
    let scores: Vec<u8> = org.proposals(&ana).iter().map(|it| it.score).collect();
    assert_eq!(scores, [92, 92], "address and domain, both shared");
}

#[test]
fn free_mail_says_nothing_beyond_the_address() {
    let mut org = Org::default();
    let account = org.account(1, &[("Website", "gmail.com")]);
    org.contact(&account, "somebody@gmail.com");
    assert_eq!(
        org.find(&customer("Zed", "zed@gmail.com")),
        Matched::NotFound
    );
}

#[test]
fn a_record_of_another_customer_says_so() {
    let mut org = Org::default();
    let taken = org.account(1, &[("Name", "Fernhill"), (EXTERNAL_ID, "bZz00000")]);
    let proposals = org.proposals(&customer("Fernhill", "x@y.example"));
    assert_eq!(proposals[0].taken_by, Some(CustomerId::from("bZz00000")));
    // Proof of that kind is a contradiction.
    org.contact(&taken, "x@y.example");
    let contradiction = Reason::SharedRecord {
        record: taken.clone(),
        others: vec![CustomerId::from("bZz00000")],
    };
    assert_eq!(
        org.find(&customer("Fernhill", "x@y.example")),
        Matched::Conflict {
            reason: contradiction
        }
    );
    // An id that nobody has is told as such: no other customer's record has to be sorted out.
    let id = CustomerId::from("bZz00000");
    org.strangers.push(id.clone());
    let reason = Reason::StrangersId { record: taken, id };
    assert_eq!(
        org.find(&customer("Fernhill", "x@y.example")),
        Matched::Conflict { reason }
    );
}

#[test]
fn decisions_are_followed() {
    let mut org = Org::default();
    let likely = org.account(1, &[("Name", "Fernhill")]);
    let chosen = org.account(2, &[("Name", "Something Else")]);
    let fernhill = customer("Fernhill", "x@y.example");
    org.link(&fernhill, &chosen, LinkedBy::Person);
    let accepted = Matched::Found {
        record: chosen,
        by: MatchedBy::AcceptedLink,
    };
    assert_eq!(org.find(&fernhill), accepted);
    org.accepted.clear();
    for apart in [Apart::CreateNew, Apart::Ignore] {
        org.apart.insert(fernhill.id.clone(), apart);
        assert_eq!(org.find(&fernhill), Matched::Decided { apart });
    }
    // Once a record carries the customer's id, “create new” has been done; “ignore” still holds.
    let record = org.records.get_mut(&likely).unwrap();
    record
        .values
        .insert(EXTERNAL_ID.into(), Value::text(fernhill.id.as_str()));
    let key = MatchKey::ExternalId(fernhill.id.0.clone());
    org.keys.push((key, likely.clone()));
    let ignored = Matched::Decided {
        apart: Apart::Ignore,
    };
    assert_eq!(org.find(&fernhill), ignored);
    org.apart.insert(fernhill.id.clone(), Apart::CreateNew);
    let done = Matched::Found {
        record: likely,
        by: MatchedBy::ExternalId,
    };
    assert_eq!(org.find(&fernhill), done);
}

#[test]
fn an_address_that_several_have_is_never_taken_even_if_one_of_them_is_another_s() {
    let mut org = Org::default();
    let taken = org.account(1, &[(EXTERNAL_ID, "bZz00000")]);
    let free = org.account(2, &[]);
    for account in [&taken, &free] {
        org.contact(account, "office@shared.example");
    }
    let proposals = org.proposals(&customer("Shared", "office@shared.example"));
    let found: Vec<_> = proposals.iter().map(|it| &it.record).collect();
    assert_eq!(found, [&taken, &free]);
    assert!(proposals[0].taken_by.is_some() && proposals[1].taken_by.is_none());
}

#[test]
fn the_external_id_outranks_a_run_s_link_and_not_a_person_s() {
    let mut org = Org::default();
    let ours = customer("Fernhill", "x@y.example");
    let carries = org.account(1, &[(EXTERNAL_ID, ours.id.as_str())]);
    let linked = org.account(2, &[]);
    org.link(&ours, &linked, LinkedBy::Run);
    let by_id = Matched::Found {
        record: carries.clone(),
        by: MatchedBy::ExternalId,
    };
    assert_eq!(org.find(&ours), by_id);
    org.link(&ours, &linked, LinkedBy::Person);
    let torn = Matched::Conflict {
        reason: Reason::LinkDisagrees {
            by_id: carries.clone(),
            chosen: linked.clone(),
        },
    };
    assert_eq!(org.find(&ours), torn);
    // A choice that is gone holds nothing up.
    org.records.remove(&linked);
    assert_eq!(org.find(&ours), by_id);
}

#[test]
fn a_choice_settles_which_of_two_records_with_the_id_it_is() {
    let mut org = Org::default();
    let ours = customer("Fernhill", "x@y.example");
    let one = org.account(1, &[(EXTERNAL_ID, ours.id.as_str())]);
    let two = org.account(2, &[(EXTERNAL_ID, ours.id.as_str())]);
    let several = Matched::Conflict {
        reason: Reason::SeveralRecords {
            records: vec![one.clone(), two],
        },
    };
    assert_eq!(org.find(&ours), several);
    org.link(&ours, &one, LinkedBy::Person);
    let chosen = Matched::Found {
        record: one,
        by: MatchedBy::ExternalId,
    };
    assert_eq!(org.find(&ours), chosen);
}

/// Ids as people and billing systems write them.
#[test]
fn an_id_is_the_same_in_fifteen_characters_and_in_eighteen_and_another_in_another_case() {
    let mut org = Org::default();
    let record = |text: &str| RecordId::parse(text).unwrap();
    let (lower, upper) = (record("0015e00000abcde"), record("0015e00000abcdE"));
    assert_ne!(lower, upper);
    for id in [&lower, &upper] {
        let given = org.account(1, &[]);
        let mut there = org.records[&given].clone();
        there.id = id.clone();
        org.records.insert(id.clone(), there);
    }
    let aliased = |alias: &str| Customer {
        aliases: vec!["crm-77".to_owned(), alias.to_owned()],
        ..Customer::new(CustomerId::from("00042"))
    };
    for (alias, want) in [
        ("0015e00000abcde", Some(&lower)),
        (lower.as_str(), Some(&lower)),
        ("0015e00000abcdE", Some(&upper)),
        (upper.as_str(), Some(&upper)),
        ("0015e00000ABCDE", None),
        ("0015e00000abcd", None),
    ] {
        let found = match org.find(&aliased(alias)) {
            Matched::Found { record, .. } => Some(record),
            _ => None,
        };
        assert_eq!(found.as_ref(), want, "{alias}");
    }
}

#[test]
fn customer_ids_that_differ_in_case_or_in_zeros_find_records_of_their_own() {
    let mut org = Org::default();
    let ids = ["aKq7Wmzt", "AkQ7wMZT", "00042", "42", "0042"];
    let records: Vec<RecordId> = (1..)
        .zip(ids)
        .map(|(number, id)| org.account(number, &[(EXTERNAL_ID, id)]))
        .collect();
    for (id, record) in ids.iter().zip(records) {
        let by = MatchedBy::ExternalId;
        let customer = Customer::new(CustomerId::from(*id));
        assert_eq!(org.find(&customer), Matched::Found { record, by }, "{id}");
    }
}

#[test]
fn a_record_of_a_customer_that_is_gone_is_offered_and_goes_over_by_decision_alone() {
    let mut org = Org::default();
    let taken = org.account(1, &[("Name", "Acme"), (EXTERNAL_ID, "old")]);
    org.account(2, &[("Name", "Acme by hand")]);
    org.contact(&taken, "ana@acme.example");
    let new = customer("Acme", "ana@acme.example");
    let shared = Reason::SharedRecord {
        record: taken.clone(),
        others: vec!["old".into()],
    };
    assert_eq!(org.find(&new), Matched::Conflict { reason: shared });

    org.former.push("old".into());
    let offered = org.proposals(&new);
    assert_eq!(offered.len(), 1, "one clear proposal: {offered:?}");
    assert_eq!(offered[0].record, taken);
    assert!(offered[0].is_exact());
    assert_eq!(offered[0].former.as_ref().unwrap().id, "old".into());

    // A person's link alone is no takeover.
    org.link(&new, &taken, LinkedBy::Person);
    assert!(matches!(org.find(&new), Matched::Conflict { .. }));
    org.takeovers.push(Takeover {
        record: taken.clone(),
        former: offered[0].former.clone().unwrap(),
        customer: new.id.clone(),
        at: "2026-11-20T10:00:00Z".parse().unwrap(),
    });
    let found = Matched::Found {
        record: taken.clone(),
        by: MatchedBy::TakenOver,
    };
    assert_eq!(org.find(&new), found);

    // The old one comes back before it was written.
    org.former.clear();
    let back = Reason::FormerIsBack {
        record: taken.clone(),
        former: "old".into(),
    };
    assert_eq!(org.find(&new), Matched::Conflict { reason: back });
}

#[test]
fn a_customer_that_comes_back_finds_its_record_handed_over() {
    let mut org = Org::default();
    let record = org.account(1, &[("Name", "Acme"), (EXTERNAL_ID, "new")]);
    let old = customer("Acme", "nobody@acme.example");
    org.takeovers.push(Takeover {
        record: record.clone(),
        former: FormerCustomer {
            id: old.id.clone(),
            name: None,
            gone_at: None,
        },
        customer: "new".into(),
        at: "2026-11-20T10:00:00Z".parse().unwrap(),
    });
    let handed_over = |matched: Matched| {
        let is = |reason: &Reason| matches!(reason, Reason::HandedOver { record: of, .. } if *of == record);
        matches!(matched, Matched::Conflict { reason } if is(&reason))
    };
    assert!(handed_over(org.find(&old)));
    org.link(&old, &record, LinkedBy::Run);
    assert!(handed_over(org.find(&old)));
    // A person who gives it another one is followed.
    let other = org.account(2, &[("Name", "Acme Two")]);
    org.link(&old, &other, LinkedBy::Person);
    assert!(matches!(org.find(&old), Matched::Found { record, .. } if record == other));
    // And once the record carries another id, nothing is said of it.
    org.accepted.clear();
    org.takeovers[0].customer = "somebody".into();
    assert!(!handed_over(org.find(&old)));
}
