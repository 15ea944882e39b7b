//! Checking, proposing, previewing and promoting a mapping.

use std::fmt::Write;

use drawbridge_model::{
    AccountPolicy, BlankPolicy, Customer, CustomerBundle, CustomerId, Describe, Field, FieldKind,
    FieldName, FieldRule, LengthPolicy, Mapping, Pack, RevenueStatus, SpeakerRule, WritePolicy,
};
use drawbridge_sync::mapping::{
    CheckKind, DifferenceKind, ProblemKind, Remedy, Severity, Wanted, checklist, differences,
    preview, problems, propose, validate,
};
use drawbridge_sync::pack;

use crate::facts::{describe, field};
use crate::mapping_expression::{customer, subscription};

pub(crate) fn rule(source: &str, field: &str) -> FieldRule {
    FieldRule {
        source: source.to_owned(),
        field: FieldName::from(field),
        write: WritePolicy::Always,
        blank: BlankPolicy::Leave,
        length: LengthPolicy::Block,
    }
}

fn change(describe: &mut Describe, name: &str, change: impl FnOnce(&mut Field)) {
    let field = describe
        .fields
        .iter_mut()
        .find(|field| field.name.as_str() == name);
    change(field.expect("a field of the describe"));
}

fn kinds(mapping: &Mapping, describe: &Describe, policy: AccountPolicy) -> Vec<ProblemKind> {
    problems(mapping, Pack::Alguna, describe, policy)
        .into_iter()
        .map(|it| it.kind)
        .collect()
}

/// An Account somebody has worked on: everything that can be wrong with it is.
fn worked_on() -> (Mapping, Describe) {
    let mut mapping = pack::default_mapping(Pack::Alguna);
    let mut org = describe(Pack::Alguna);
    let mut more = |name: &str, label: &str, kind: FieldKind| {
        org.fields.push(field(name, label, kind));
    };
    more("Summary__c", "Summary", FieldKind::Text);
    more("Seats__c", "Seats", FieldKind::Number);
    more("OwnerId", "Owner", FieldKind::Reference);
    more("Region__c", "Region", FieldKind::Picklist);
    change(&mut org, "Region__c", |it| it.nillable = false);
    change(&mut org, "Alguna_Customer_ID__c", |it| {
        (it.unique, it.case_sensitive) = (false, false);
    });
    change(&mut org, "Alguna_Subscription_Status__c", |it| {
        it.kind = FieldKind::Picklist;
        it.restricted_values = Some(vec!["Active".into(), "Draft".into(), "Paused".into()]);
    });
    change(&mut org, "Alguna_Subscription_Value__c", |it| {
        (it.precision, it.scale) = (6, 1);
    });
    change(&mut org, "Alguna_Subscription_Started_Date__c", |it| {
        it.kind = FieldKind::Currency;
    });
    change(&mut org, "Alguna_Subscription_Name__c", |it| it.length = 20);
    change(&mut org, "BillingCity", |it| it.length = 40);
    change(&mut org, "BillingState", |it| it.updateable = false);
    change(&mut org, "BillingCountry", |it| it.createable = false);
    org.fields
        .retain(|it| it.name.as_str() != "Alguna_Tax_Rate__c");
    mapping.rules.extend([
        rule(
            "{{ customer.name | trim }} ({{ subscription.staus }})",
            "Summary__c",
        ),
        rule("{{ customer.mrr | float", "Seats__c"),
        rule("{{ customer.id }}", "OwnerId"),
        rule("subscription.valeu", "Summary__c"),
        rule("customer.name", "billingcity"),
        FieldRule {
            blank: BlankPolicy::Clear,
            ..rule("customer.name", "Alguna_Legal_Entity__c")
        },
    ]);
    change(&mut org, "Alguna_Legal_Entity__c", |it| it.nillable = false);
    (mapping, org)
}

#[test]
fn the_packs_own_mappings_have_no_problems_in_their_orgs() {
    for pack in [Pack::Alguna, Pack::Profitwell, Pack::ProfitwellAccount] {
        let found = problems(
            &pack::default_mapping(pack),
            pack,
            &describe(pack),
            AccountPolicy::SourceMayCreate,
        );
        let words: Vec<_> = found
            .iter()
            .filter(|it| it.severity() != Severity::Warns)
            .collect();
        assert!(words.is_empty(), "{words:?}");
    }
}

#[test]
fn every_problem_is_found_at_once() {
    let (mapping, org) = worked_on();
    let mut table = String::new();
    for problem in problems(&mapping, Pack::Alguna, &org, AccountPolicy::SourceMayCreate) {
        let rule = problem.rule.map_or("-".to_owned(), |rule| rule.to_string());
        writeln!(
            table,
            "{:>2} {:?}: {problem} {}",
            rule,
            problem.severity(),
            problem.next_step()
        )
        .unwrap();
    }
    insta::assert_snapshot!("mapping_problems", table);
    let stops = validate(&mapping, Pack::Alguna, &org);
    assert!(stops.iter().all(|it| it.severity() == Severity::Stops) && !stops.is_empty());
}

#[test]
fn rules_set_to_never_and_syncs_that_only_update_are_spared() {
    let (mut mapping, org) = worked_on();
    let updates = kinds(&mapping, &org, AccountPolicy::UpdateExisting);
    assert!(!updates.contains(&ProblemKind::RequiredUnfilled));
    assert!(!updates.contains(&ProblemKind::NotCreateable));
    for rule in &mut mapping.rules {
        rule.write = WritePolicy::Never;
    }
    assert_eq!(
        kinds(&mapping, &org, AccountPolicy::UpdateExisting),
        [ProblemKind::IdNotWritten]
    );
}

#[test]
fn an_org_that_lets_nobody_create_says_so() {
    let org = Describe {
        createable: false,
        ..describe(Pack::Alguna)
    };
    let mapping = pack::default_mapping(Pack::Alguna);
    let found = kinds(&mapping, &org, AccountPolicy::SourceMayCreate);
    assert!(
        found.contains(&ProblemKind::ObjectNotCreateable),
        "{found:?}"
    );
    assert!(
        !kinds(&mapping, &org, AccountPolicy::UpdateExisting)
            .contains(&ProblemKind::ObjectNotCreateable)
    );
}

#[test]
fn a_preview_shows_values_and_problems_beside_each_other() {
    let mut mapping = pack::default_mapping(Pack::Alguna);
    let mut org = describe(Pack::Alguna);
    org.fields
        .push(field("Summary__c", "Summary", FieldKind::Text));
    change(&mut org, "Summary__c", |it| it.length = 24);
    mapping.rules.extend([
        rule(
            "{{ customer.name | trim }}, {{ subscription.status | lower }}",
            "Summary__c",
        ),
        rule("{{ customer.id }}", "Alguna_Subscription_Value__c"),
        rule("{{ customer.last_name | default(\"\") }}", "BillingState"),
        rule("customer.name", "Nowhere__c"),
    ]);
    let mut paying = subscription();
    paying.interval = Some(drawbridge_model::Interval::Quarterly);
    paying.revenue = Some(drawbridge_model::Revenue {
        mrr: drawbridge_model::Money::from_cents(10_005, paying.currency),
        arr: drawbridge_model::Money::from_cents(120_060, paying.currency),
        status: RevenueStatus::Complete,
    });
    let samples = [
        CustomerBundle {
            customer: customer(),
            subscriptions: vec![paying],
            pin: None,
            members: Vec::new(),
        },
        CustomerBundle {
            customer: Customer {
                name: Some("A name that is longer than its field".to_owned()),
                ..Customer::new(CustomerId::from("C-008"))
            },
            subscriptions: vec![subscription()],
            pin: None,
            members: Vec::new(),
        },
        CustomerBundle {
            customer: Customer::new(CustomerId::from("C-009")),
            subscriptions: vec![],
            pin: None,
            members: Vec::new(),
        },
    ];
    let mut table = String::new();
    for line in preview(
        &mapping,
        &org,
        Pack::Alguna,
        &samples,
        &SpeakerRule::default(),
        false,
    ) {
        writeln!(
            table,
            "{} <- {}",
            line.field, mapping.rules[line.rule].source
        )
        .unwrap();
        let Some(cells) = line.samples else {
            writeln!(table, "    no such field").unwrap();
            continue;
        };
        assert_eq!(cells.len(), samples.len());
        for cell in cells {
            match cell {
                Ok(Wanted::Write(value)) => writeln!(table, "    {value}"),
                Ok(Wanted::NotKnown) => writeln!(table, "    (not known: left alone)"),
                Ok(Wanted::BlankLeft) => writeln!(table, "    (blank: left alone)"),
                Err(reason) => writeln!(table, "    ! {reason}"),
            }
            .unwrap();
        }
    }
    insta::assert_snapshot!("mapping_preview", table);
}

#[test]
fn proposals_fill_what_is_free_and_touch_nothing_else() {
    let full = pack::default_mapping(Pack::Alguna);
    let mut org = describe(Pack::Alguna);
    assert_eq!(propose(&full, Pack::Alguna, &org), [], "nothing is free");
    let mut mapping = full.clone();
    mapping.rules.retain(|rule| {
        ![
            "Name",
            "Alguna_Subscription_Value__c",
            "Alguna_Subscription_Status__c",
            "Alguna_Tax_Rate__c",
        ]
        .contains(&rule.field.as_str())
    });
    // Made by hand: another API name, the pack's label; and one that has only the value's name.
    org.fields.retain(|it| {
        !["Alguna_Subscription_Value__c", "Alguna_Tax_Rate__c"].contains(&it.name.as_str())
    });
    org.fields.push(Field {
        precision: 12,
        scale: 2,
        ..field(
            "acme__Val__c",
            "Alguna subscription value",
            FieldKind::Currency,
        )
    });
    org.fields
        .push(field("Tax_rate_in_words__c", "Rate", FieldKind::Text));
    org.fields
        .push(field("Legal_Entity__c", "Legal Entity", FieldKind::Text));
    org.fields
        .push(field("Ended__c", "Ended", FieldKind::Currency));
    org.fields
        .push(field("Customer_name__c", "Whatever", FieldKind::Text));
    change(&mut org, "Alguna_Subscription_Status__c", |it| {
        it.updateable = false;
    });
    let before = mapping.clone();
    let proposals = propose(&mapping, Pack::Alguna, &org);
    let words: Vec<String> = proposals
        .iter()
        .map(|it| format!("{} <- {}: {}", it.rule.field, it.rule.source, it.because))
        .collect();
    insta::assert_snapshot!("mapping_proposals", words.join("\n"));
    mapping
        .rules
        .extend(proposals.into_iter().map(|it| it.rule));
    assert_eq!(mapping.rules[..before.rules.len()], before.rules[..]);
    assert_eq!(
        validate(&mapping, Pack::Alguna, &org)
            .iter()
            .filter(|it| { it.rule.is_some_and(|rule| rule >= before.rules.len()) })
            .count(),
        0
    );
    assert_eq!(propose(&mapping, Pack::Alguna, &org), [], "once is enough");
    assert_eq!(
        propose(&mapping, Pack::Profitwell, &org),
        [],
        "the pack fills another sObject"
    );
}

#[test]
fn a_rule_switched_off_is_a_persons_rule() {
    let mut mapping = pack::default_mapping(Pack::Alguna);
    mapping.rules.retain(|rule| rule.field.as_str() == "Name");
    mapping.rules[0].write = WritePolicy::Never;
    let proposals = propose(&mapping, Pack::Alguna, &describe(Pack::Alguna));
    assert!(!proposals.is_empty());
    assert!(proposals.iter().all(|it| it.rule.field.as_str() != "Name"));
}

#[test]
fn the_checklist_says_what_production_lacks() {
    let (mapping, mut other) = worked_on();
    other
        .fields
        .retain(|it| it.name.as_str() != "Alguna_Subscription_Interval__c");
    let package = pack::field_package(Pack::Alguna);
    let lines = checklist(&mapping, Pack::Alguna, &other, &package);
    let mut table = String::new();
    for line in &lines {
        writeln!(
            table,
            "{} ({}) {}",
            line.field,
            line.label,
            if line.ok() { "ok" } else { "PROBLEM" }
        )
        .unwrap();
        for check in &line.checks {
            let remedy = check
                .remedy
                .as_ref()
                .map_or(String::new(), |it| format!(" -> {it:?}"));
            let mark = if check.ok { "ok" } else { "no" };
            writeln!(
                table,
                "    {mark} {:?}: {}{remedy}",
                check.kind, check.sentence
            )
            .unwrap();
            assert_eq!(check.ok, check.remedy.is_none());
        }
    }
    insta::assert_snapshot!("mapping_checklist", table);
    let missing = lines
        .iter()
        .find(|it| it.field.as_str() == "Alguna_Subscription_Interval__c")
        .unwrap();
    assert_eq!(missing.checks[0].kind, CheckKind::Exists);
    assert_eq!(
        missing.checks[0].remedy,
        Some(Remedy::CreateField(missing.field.clone()))
    );
    for pack in [Pack::Alguna, Pack::Profitwell, Pack::ProfitwellAccount] {
        let lines = checklist(
            &pack::default_mapping(pack),
            pack,
            &describe(pack),
            &pack::field_package(pack),
        );
        assert!(
            lines
                .iter()
                .all(drawbridge_sync::mapping::ChecklistLine::ok),
            "{lines:?}"
        );
    }
}

#[test]
fn what_sets_two_mappings_apart_is_said_field_by_field() {
    let before = pack::default_mapping(Pack::Alguna);
    assert_eq!(differences(&before, &before), []);
    let mut after = before.clone();
    after.rules.reverse();
    assert_eq!(differences(&before, &after), [], "the order means nothing");
    after
        .rules
        .retain(|rule| rule.field.as_str() != "BillingCity");
    for rule in &mut after.rules {
        if rule.field.as_str() == "Name" {
            rule.source = "{{ customer.name | upper }}".to_owned();
            rule.blank = BlankPolicy::Clear;
        }
    }
    after.rules.insert(0, rule("customer.id", "Site"));
    let found: Vec<String> = differences(&before, &after)
        .into_iter()
        .map(|it| format!("{:?} {}: {}", it.kind, it.field, it.sentences.join(" ")))
        .collect();
    assert_eq!(
        found,
        [
            "Added Site: Filled from customer.id.",
            "Changed Name: Source: {{ customer.name | upper }}, was customer.name. If blank: clear, was leave.",
            "Removed BillingCity: Was filled from billing_address.city.",
        ]
    );
    let back = differences(&after, &before);
    assert_eq!(back.len(), 3);
    assert!(
        back.iter()
            .any(|it| it.kind == DifferenceKind::Added && it.field.as_str() == "BillingCity")
    );
}

#[test]
fn only_what_no_plan_could_be_made_with_blocks_a_promotion() {
    let (mapping, org) = worked_on();
    let lines = checklist(
        &mapping,
        Pack::Alguna,
        &org,
        &pack::field_package(Pack::Alguna),
    );
    let blocking: Vec<(&str, CheckKind)> = lines
        .iter()
        .flat_map(|line| line.checks.iter().map(move |check| (line, check)))
        .filter(|(_, check)| check.blocks())
        .map(|(line, check)| (line.field.as_str(), check.kind))
        .collect();
    assert!(blocking.contains(&("Alguna_Tax_Rate__c", CheckKind::Exists)));
    assert!(blocking.contains(&("Alguna_Customer_ID__c", CheckKind::ExternalId)));
    assert!(blocking.contains(&("BillingState", CheckKind::Writable)));
    for line in &lines {
        for check in &line.checks {
            let single = matches!(
                check.kind,
                CheckKind::LengthFits | CheckKind::PicklistWords | CheckKind::RequiredElsewhere
            );
            assert!(!(single && check.blocks()), "{check:?}");
            assert!(!(check.ok && check.blocks()), "{check:?}");
        }
    }
}
