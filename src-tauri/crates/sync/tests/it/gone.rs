//! What a plan says of customers whose record was merged, deleted, or was in a sandbox before its
//! refresh.

use std::collections::BTreeMap;
use std::fmt::Write;

use drawbridge_model::{
    AccountPolicy, Apart, Customer, GoneRecord, LinkedBy, Matched, Pack, PlanRow, RecordId,
};
use drawbridge_sync::mapping::ready;
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::plan::{RowInput, row};

use crate::facts::describe;
use crate::matching::{EXTERNAL_ID, Org, customer};

fn id(number: u8) -> RecordId {
    RecordId::parse(&format!("0015e0000000{number:03}")).unwrap()
}

impl Org {
    fn deleted(&mut self, id: &RecordId, into: Option<&RecordId>) {
        self.records.remove(id);
        self.keys.retain(|(_, record)| record != id);
        let gone = GoneRecord {
            id: id.clone(),
            at: "2026-11-20T23:30:00Z".parse().unwrap(),
            merged_into: into.cloned(),
        };
        self.gone.insert(id.clone(), gone);
    }

    /// Matching, and what the plan makes of it; the source may create records.
    fn plan(&self, customer: &Customer) -> (Matched, PlanRow) {
        let matched = self.find(customer);
        let record = match &matched {
            Matched::Found { record, .. } => self.records.get(record),
            _ => None,
        };
        let describe = describe(Pack::Alguna);
        let mapping = pack::default_mapping(Pack::Alguna);
        let planned = row(&RowInput {
            rules: &ready(&mapping, &describe, Pack::Alguna),
            describe: &describe,
            policy: AccountPolicy::SourceMayCreate,
            facts: Facts {
                customer,
                subscription: None,
                members: &[],
                mask_emails: false,
            },
            matched: &matched,
            record,
            base: &BTreeMap::new(),
        });
        (matched, planned)
    }
}

fn show(title: &str, (matched, row): &(Matched, PlanRow), table: &mut String) {
    writeln!(table, "{title}: {:?}", row.action).unwrap();
    if let (Some(record), Some(by)) = (&row.record, row.matched_by) {
        writeln!(table, "    {record} ({by:?})").unwrap();
    }
    if let Some(reason) = &row.reason {
        writeln!(
            table,
            "    {}: {reason} {}",
            reason.code(),
            reason.next_step()
        )
        .unwrap();
    }
    if let Matched::Proposed { proposals } = matched {
        for proposal in proposals {
            let words: Vec<String> = proposal.evidence.iter().map(ToString::to_string).collect();
            writeln!(
                table,
                "    {} {}%: {}",
                proposal.record,
                proposal.score,
                words.join(", ")
            )
            .unwrap();
        }
    }
}

#[test]
fn records_that_are_gone() {
    let ours = customer("Fernhill Foods", "ana@fernhill.example");
    let mut table = String::new();
    let mut case = |title: &str, customer: &Customer, set_up: &dyn Fn(&mut Org)| {
        let mut org = Org::default();
        set_up(&mut org);
        show(title, &org.plan(customer), &mut table);
    };
    let linked = |org: &mut Org, number: u8| {
        let record = org.account(number, &[("Name", "Fernhill")]);
        org.link(&ours, &record, LinkedBy::Run);
    };
    case("merged", &ours, &|org| {
        linked(org, 1);
        org.account(2, &[("Name", "Fernhill Group")]);
        org.deleted(&id(1), Some(&id(2)));
    });
    case("merged into another customer's", &ours, &|org| {
        linked(org, 1);
        org.account(2, &[(EXTERNAL_ID, "bZz00000")]);
        org.deleted(&id(1), Some(&id(2)));
    });
    case(
        "merged into one with the customer's own id",
        &ours,
        &|org| {
            linked(org, 1);
            org.account(2, &[(EXTERNAL_ID, ours.id.as_str())]);
            org.deleted(&id(1), Some(&id(2)));
        },
    );
    case("a chain of merges", &ours, &|org| {
        linked(org, 1);
        org.account(3, &[("Name", "Fernhill Holding")]);
        org.deleted(&id(1), Some(&id(2)));
        org.deleted(&id(2), Some(&id(3)));
    });
    case("a chain that ends in the bin", &ours, &|org| {
        linked(org, 1);
        org.deleted(&id(1), Some(&id(2)));
        org.deleted(&id(2), None);
    });
    case("a circle", &ours, &|org| {
        linked(org, 1);
        org.deleted(&id(1), Some(&id(2)));
        org.deleted(&id(2), Some(&id(1)));
    });
    case("deleted", &ours, &|org| {
        linked(org, 1);
        org.deleted(&id(1), None);
    });
    case("deleted, and a person's choice", &ours, &|org| {
        linked(org, 1);
        org.link(&ours, &id(1), LinkedBy::Person);
        org.deleted(&id(1), None);
    });
    case(
        "deleted, and its address is another record's",
        &ours,
        &|org| {
            linked(org, 1);
            let other = org.account(2, &[("Name", "Fernhill")]);
            org.contact(&other, "ana@fernhill.example");
            org.deleted(&id(1), None);
        },
    );
    case("deleted, and another carries the id", &ours, &|org| {
        linked(org, 1);
        org.account(2, &[(EXTERNAL_ID, ours.id.as_str())]);
        org.deleted(&id(1), None);
    });
    case(
        "deleted, and then decided to have a new one",
        &ours,
        &|org| {
            org.account(1, &[]);
            org.deleted(&id(1), None);
            org.apart.insert(ours.id.clone(), Apart::CreateNew);
        },
    );
    case("gone without a trace", &ours, &|org| {
        linked(org, 1);
        org.records.clear();
        org.keys.clear();
    });
    case("a Contact's Account was merged", &ours, &|org| {
        org.contact(&id(1), "ana@fernhill.example");
        org.account(2, &[("Name", "Else")]);
        org.deleted(&id(1), Some(&id(2)));
        org.contact(&id(1), "ana@fernhill.example");
    });
    insta::assert_snapshot!("records_that_are_gone", table);
}

#[test]
fn a_refreshed_sandbox() {
    let ours = customer("Fernhill Foods", "ana@fernhill.example");
    let mut table = String::new();
    let mut case = |title: &str, set_up: &dyn Fn(&mut Org)| {
        let mut org = Org::default();
        org.link(&ours, &id(1), LinkedBy::BeforeRefresh);
        set_up(&mut org);
        show(title, &org.plan(&ours), &mut table);
    };
    case("the copy carries the id", &|org| {
        org.account(4, &[(EXTERNAL_ID, ours.id.as_str())]);
    });
    case("a record of the same id, which may be another", &|org| {
        org.account(1, &[("Name", "Whoever")]);
    });
    case("a record of the same id, and another by name", &|org| {
        org.account(1, &[("Name", "Whoever")]);
        org.account(2, &[("Name", "Fernhill Foods Ltd")]);
    });
    case("a record of the same id, which has the address", &|org| {
        let record = org.account(1, &[("Name", "Fernhill")]);
        org.contact(&record, "ana@fernhill.example");
    });
    case(
        "a record of the same id, and the address is another's",
        &|org| {
            org.account(1, &[("Name", "Whoever")]);
            let other = org.account(2, &[("Name", "Fernhill")]);
            org.contact(&other, "ana@fernhill.example");
        },
    );
    case(
        "a record of the same id, which is another customer's",
        &|org| {
            org.account(1, &[(EXTERNAL_ID, "bZz00000")]);
        },
    );
    case("not in the copy", &|_| {});
    case("not in the copy, and decided to have a new one", &|org| {
        org.accepted.clear();
        org.apart.insert(ours.id.clone(), Apart::CreateNew);
    });
    insta::assert_snapshot!("a_refreshed_sandbox", table);
}

#[test]
fn ids_in_either_form_and_of_either_case() {
    let mut org = Org::default();
    let mut account = |text: &str, name: &str| {
        let id = RecordId::parse(text).unwrap();
        let made = org.account(1, &[("Name", name)]);
        let mut record = org.records.remove(&made).unwrap();
        record.id = id.clone();
        org.records.insert(id.clone(), record);
        id
    };
    let upper = account("0015E00000AbCdE", "Upper");
    let lower = account("0015E00000abcde", "Lower");
    assert_ne!(upper, lower);
    let mut table = String::new();
    let mut case = |title: &str, aliases: &[&str]| {
        let customer = Customer {
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            ..customer("Fernhill", "x@y.example")
        };
        show(title, &org.plan(&customer), &mut table);
    };
    case("15 characters", &["0015E00000AbCdE"]);
    case("15 characters, the other case", &["0015E00000abcde"]);
    case("18 characters", &[upper.as_str()]);
    case(
        "18 characters, the checksum in the wrong case",
        &[&upper.as_str().to_lowercase()[15..].to_owned()]
            .map(|end| format!("{}{end}", &upper.as_str()[..15]))
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    case("both forms of one id", &["0015E00000AbCdE", upper.as_str()]);
    case(
        "two ids that differ in case alone",
        &[upper.as_str(), lower.as_str()],
    );
    case("no id at all", &["acme", "0015E00000AbCd", ""]);
    case("an id of another sObject", &["0035E00000AbCdE"]);
    insta::assert_snapshot!("ids_in_aliases", table);
}
