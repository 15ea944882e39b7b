//! Expressions: what they give, what they refuse, and that nothing in them can hurt.

use drawbridge_model::{
    Action, Address, Currency, Customer, CustomerContact, CustomerId, Derived, Field, FieldKind,
    FieldName, Money, Pack, Reason, Subscription, SubscriptionStatus, Value,
};
use drawbridge_sync::mapping::expression::{self, Expression};
use drawbridge_sync::pack::{self, Facts};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::facts::{Case, field};
use crate::laws;

pub(crate) fn customer() -> Customer {
    Customer {
        name: Some("  O'Brien & Sons ".to_owned()),
        email: Some("ada@mill.example".to_owned()),
        first_name: Some("Ada".to_owned()),
        currency: Some(Currency::USD),
        aliases: vec!["a1".to_owned(), "b2".to_owned()],
        billing_address: Some(Address {
            city: Some("Cork".to_owned()),
            ..Address::default()
        }),
        contacts: vec![CustomerContact {
            id: "p1".to_owned(),
            email: Some("bo@mill.example".to_owned()),
            first_name: Some("Bo".to_owned()),
            last_name: None,
            is_primary: true,
        }],
        tax_rate: Some(Decimal::new(725, 4)),
        plans: Some(vec!["Team".to_owned(), "DSL".to_owned()]),
        mrr: Some(Money::from_cents(1_234_567_890_123_456_789, Currency::USD)),
        total_spend: Some(Money::from_cents(900, Currency::USD)),
        created_at: Some("2026-10-31T23:30:00Z".parse().unwrap()),
        ..Customer::new(CustomerId::from("C-007"))
    }
}

pub(crate) fn subscription() -> Subscription {
    Subscription {
        id: "s1".into(),
        customer: "C-007".into(),
        name: "Plan A".to_owned(),
        plan: None,
        status: SubscriptionStatus::Active,
        currency: Currency::USD,
        interval: None,
        revenue: None,
        started_at: None,
        renews_on: Some(None),
        ended_at: None,
        created_at: None,
        updated_at: None,
    }
}

fn of_kind(kind: FieldKind) -> Field {
    Field {
        precision: 18,
        scale: 2,
        ..field("F__c", "F", kind)
    }
}

fn give(text: &str, kind: FieldKind, mask_emails: bool) -> Result<Derived, Reason> {
    let (customer, subscription) = (customer(), subscription());
    let facts = Facts {
        customer: &customer,
        subscription: Some(&subscription),
        members: &[],
        mask_emails,
    };
    expression::evaluate(text, &of_kind(kind), Pack::Profitwell, &facts)
}

fn text_of(text: &str) -> Result<Derived, Reason> {
    give(text, FieldKind::Text, false)
}

/// Blank where the text is.
fn known(text: &str) -> Derived {
    Derived::Known(Value::text(text))
}

#[test]
fn texts_come_out_as_written() {
    for (text, expected) in [
        ("{{ customer.name | trim }}", "O'Brien & Sons"),
        ("{{ customer.id }}/{{ subscription.name }}", "C-007/Plan A"),
        ("{{ customer.address.city | upper }}", "CORK"),
        ("{{ customer.plans | join(\"; \") }}", "Team; DSL"),
        ("{{ customer.aliases | last }}", "b2"),
        ("{{ customer[\"id\"] | lower }}", "c-007"),
        ("{{ customer.email | domain }}", "mill.example"),
        ("{{ customer.name | first_word }}", "O'Brien"),
        ("{{ \"old MILL\" | title }}", "Old Mill"),
        (
            "{% for it in customer.contacts %}{{ it.first_name }} {{ loop.index }}{% endfor %}",
            "Bo 1",
        ),
        ("{{ customer.contact.first_name }}", "Bo"),
        (
            "{% if customer.total_spend is over(\"8.5\") %}much{% else %}little{% endif %}",
            "much",
        ),
        (
            "{% if customer.total_spend is not amount(9) %}a{% else %}b{% endif %}",
            "b",
        ),
        (
            "{{ customer.mrr | times(\"0.01\") | money }}",
            "123456789012345.68",
        ),
        ("{{ customer.total_spend | minus(-1) }}", "10"),
        ("{{ customer.created_at | date }}", "2026-10-31"),
        (
            "{{ subscription.status | replace(\"Act\", \"Re\") }}",
            "Reive",
        ),
        ("{{ pack.customer.plans }}", "Team; DSL"),
        (
            "{{ customer.id if customer.currency == \"USD\" else \"?\" }}",
            "C-007",
        ),
        ("{{ subscription.renews_on }}", ""),
        ("{# nothing #}", ""),
    ] {
        assert_eq!(text_of(text), Ok(known(expected)), "{text}");
    }
}

#[test]
fn the_field_says_what_is_read() {
    let exact: Decimal = "12345678901234567.89".parse().unwrap();
    for (text, kind, expected) in [
        (
            "{{ customer.mrr }}",
            FieldKind::Currency,
            Value::Number(exact),
        ),
        (
            " {{ customer.mrr }}\n",
            FieldKind::Number,
            Value::Number(exact),
        ),
        (
            "{{ customer.created_at | date }}",
            FieldKind::Date,
            Value::Date("2026-10-31".parse().unwrap()),
        ),
        (
            "{{ customer.created_at }}",
            FieldKind::DateTime,
            Value::Moment("2026-10-31T23:30:00Z".parse().unwrap()),
        ),
        (
            "{{ customer.currency == \"USD\" }}",
            FieldKind::Boolean,
            Value::Flag(true),
        ),
        (
            "{{ customer.id is blank }}",
            FieldKind::Boolean,
            Value::Flag(false),
        ),
        ("{{ \" \" }}", FieldKind::Currency, Value::Blank),
    ] {
        assert_eq!(
            give(text, kind, false),
            Ok(Derived::Known(expected)),
            "{text}"
        );
    }
    for (text, kind, wants) in [
        (
            "{{ customer.id }}",
            FieldKind::Currency,
            "a number such as 1234.50",
        ),
        (
            "1,234{{ \"\" }}",
            FieldKind::Number,
            "a number such as 1234.50",
        ),
        (
            "{{ \"31.12.2026\" }}",
            FieldKind::Date,
            "a date such as 2026-12-31",
        ),
        (
            "{{ \"noon\" }}",
            FieldKind::DateTime,
            "a date and time such as 2026-12-31T10:00:00Z",
        ),
        ("{{ \"yes\" }}", FieldKind::Boolean, "true or false"),
    ] {
        let reason = give(text, kind, false).unwrap_err();
        let Reason::ExpressionUnfit {
            field,
            expression,
            wants: said,
            ..
        } = &reason
        else {
            panic!("{reason:?}")
        };
        assert_eq!(
            (field.as_str(), expression.as_str(), said.as_str()),
            ("F", text, wants)
        );
    }
}

#[test]
fn not_known_stays_not_known_until_the_expression_answers() {
    for text in [
        "{{ customer.last_name }}",
        "{{ customer.first_name }} {{ customer.last_name }}",
        "{% if customer.last_name %}a{% else %}b{% endif %}",
        "{{ customer.last_name == \"x\" }}",
        "{{ customer.last_name or \"x\" }}",
        "{{ customer.last_name | money }}",
        "{{ \"a\" in customer.last_name }}",
        "{{ customer.last_name.letters }}",
        "{{ customer.address.state }}",
        "{{ customer.contact.last_name }}",
        "{% for it in customer.contacts %}{{ it.last_name }}{% endfor %}",
        "{{ customer.last_name | default(customer.status) }}",
        "{{ pack.customer.status }}",
        "{{ subscription.mrr }}",
        "{{ customer.status is blank }}",
    ] {
        assert_eq!(text_of(text), Ok(Derived::NotKnown), "{text}");
    }
    for (text, expected) in [
        ("{{ customer.last_name | default(\"x\") }}", "x"),
        (
            "{{ customer.last_name | default(customer.first_name) }}",
            "Ada",
        ),
        (
            "{{ customer.first_name | default(customer.last_name) }}",
            "Ada",
        ),
        (
            "{% if customer.last_name is known %}a{% else %}b{% endif %}",
            "b",
        ),
        (
            "{{ customer.last_name if customer.last_name is known else customer.id }}",
            "C-007",
        ),
        (
            "{% if customer.id %}a{% else %}{{ customer.last_name }}{% endif %}",
            "a",
        ),
    ] {
        assert_eq!(text_of(text), Ok(known(expected)), "{text}");
    }
}

#[test]
fn no_subscription_is_not_a_blank_one() {
    let customer = customer();
    let facts = Facts {
        customer: &customer,
        subscription: None,
        members: &[],
        mask_emails: false,
    };
    for text in [
        "{{ subscription.name }}",
        "{{ subscription.renews_on }}",
        "{{ subscription.ended_at }}",
    ] {
        let given = expression::evaluate(text, &of_kind(FieldKind::Text), Pack::Alguna, &facts);
        assert_eq!(given, Ok(Derived::NotKnown), "{text}");
    }
}

#[test]
fn a_masked_address_cannot_be_unmasked_into_an_email_field() {
    for text in [
        "{{ customer.email }}",
        "{{ customer.email | replace(\".invalid\", \"\") }}",
        "{{ customer.first_name }}@{{ customer.email | domain }}",
        "{{ customer.contact.email }}",
    ] {
        let given = give(text, FieldKind::Email, true).unwrap();
        let Derived::Known(Value::Text(address)) = given else {
            panic!("{text}: {given:?}")
        };
        assert_eq!(address.matches(".invalid").count(), 1, "{address}");
        assert!(address.ends_with(".invalid"), "{address}");
    }
}

#[test]
fn every_problem_is_named_with_its_place() {
    let text = "{{ customer.nmae | trimm }}\n{% set x = 1 %}{{ customer.mrr > 10 }}{{ x is empti }}\
                {{ customer }}{{ customer.mrr * 12 }}";
    let problems: Vec<String> = expression::check(text, Pack::Alguna)
        .into_iter()
        .map(|it| format!("{}:{} {} {}", it.line, it.column, it.sentence, it.next_step))
        .collect();
    insta::assert_snapshot!("expression_problems", problems.join("\n"));
}

#[test]
fn hostile_expressions_end_with_an_error() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        format!(
            "{{{{ {}{middle}{} }}}}",
            open.repeat(times),
            close.repeat(times)
        )
    };
    let growing = format!(
        "{{{{ \"a\"{} }}}}",
        "|replace(\"a\",\"aaaaaaaaaa\")".repeat(30)
    );
    let loops = "{% for a in x %}".repeat(8) + "y" + &"{% endfor %}".repeat(8);
    let loops = loops.replace("in x", "in [1,2,3,4,5,6,7,8,9]");
    let wide = format!(
        "{{% for a in \"{}\"|split(\",\") %}}{}{{% endfor %}}",
        "a,".repeat(400),
        "x".repeat(900)
    );
    for text in [
        growing,
        loops,
        nested("(", "1", ")", 900),
        nested("[", "1", "]", 900),
        nested("- ", "1", "", 900),
        "{% include \"/etc/passwd\" %}".to_owned(),
        "{% import \"x\" as y %}".to_owned(),
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}".to_owned(),
        "{{ range(1000000000) | length }}".to_owned(),
        "{{ \"x\" * 1000000000 }}".to_owned(),
        "{{ customer.name.__class__ }}".to_owned(),
        "{{ customer.created_at | date(\"%999999999Y\") }}".to_owned(),
        "{{".to_owned(),
        "{{ customer.name ".to_owned(),
        "{% if %}".to_owned(),
        "x".repeat(3_000) + "{{ 1 }}",
    ] {
        let given = text_of(&text);
        assert!(
            matches!(given, Err(Reason::ExpressionFailed { .. })),
            "{text}: {given:?}"
        );
    }
    assert_eq!(
        text_of(&nested("not ", "1", "", 480)),
        Ok(known("true")),
        "deep, and harmless"
    );
    assert!(wide.len() < 2_000);
    assert!(matches!(
        text_of(&wide),
        Err(Reason::ExpressionFailed { .. })
    ));
}

#[test]
fn a_plan_blocks_the_row_an_expression_does_not_fit() {
    let mut mapping = pack::default_mapping(Pack::Profitwell);
    let rule = mapping
        .rules
        .iter_mut()
        .find(|rule| rule.field == FieldName::from("ProfitWell_MRR__c"));
    rule.unwrap().source = "{{ customer.first_name }}".to_owned();
    let customer = Customer {
        last_name: Some("Lovelace".to_owned()),
        ..customer()
    };
    let row = Case::new(Pack::Profitwell, &mapping, &customer).plan();
    assert_eq!(row.action, Action::Blocked);
    assert_eq!(
        row.reason.unwrap().to_string(),
        "{{ customer.first_name }} gives “Ada”, which does not fit ProfitWell MRR: it takes a \
         number such as 1234.50."
    );
    let unsaid = Customer {
        first_name: None,
        ..customer
    };
    let row = Case::new(Pack::Profitwell, &mapping, &unsaid).plan();
    assert_eq!(row.action, Action::Create);
    assert!(
        row.changes
            .iter()
            .all(|change| change.field.as_str() != "ProfitWell_MRR__c")
    );
}

#[test]
fn every_known_name_can_be_used() {
    for pack in [Pack::Alguna, Pack::Profitwell, Pack::ProfitwellAccount] {
        for name in expression::known_names(pack)
            .keys()
            .filter(|it| *it != "customer.contacts")
        {
            for text in [
                format!("{{{{ {name} | default(\"x\") }}}}"),
                format!("{{{{ {name} is known }}}}"),
            ] {
                assert_eq!(expression::check(&text, pack), [], "{text}");
                let list = ["customer.plans", "customer.aliases"].contains(&name.as_str());
                let text = if list {
                    text.replace("| default", "| join | default")
                } else {
                    text
                };
                let customer = customer();
                let facts = Facts {
                    customer: &customer,
                    subscription: None,
                    members: &[],
                    mask_emails: false,
                };
                let rendered = Expression::parse(&text).unwrap().render(pack, &facts);
                assert!(matches!(rendered, Ok(Some(_))), "{text}: {rendered:?}");
            }
        }
    }
}

#[test]
fn every_filter_and_test_can_be_written_as_it_is_explained() {
    for term in expression::FILTERS {
        assert!(
            term.usage.starts_with(&format!("| {}", term.name)),
            "{term:?}"
        );
        let text = format!("{{{{ customer.name {} }}}}", term.usage);
        assert_eq!(expression::check(&text, Pack::Alguna), [], "{text}");
        assert!(term.explanation.ends_with('.'), "{term:?}");
    }
    for term in expression::TESTS {
        assert!(
            term.usage.starts_with(&format!("is {}", term.name)),
            "{term:?}"
        );
        let text = format!("{{% if customer.name {} %}}x{{% endif %}}", term.usage);
        assert_eq!(expression::check(&text, Pack::Alguna), [], "{text}");
    }
}

fn fragment() -> impl Strategy<Value = String> {
    let words = [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        " ",
        "if ",
        "for x in ",
        "endfor",
        "endif",
        "else",
        "customer",
        "customer.name",
        "customer.contacts",
        "customer.mrr",
        "subscription.renews_on",
        "pack.customer.id",
        ".",
        "|",
        "trim",
        "date(",
        "money(",
        "join",
        "split(\"\")",
        "map(\"upper\")",
        "sort",
        "default(",
        ")",
        "(",
        "[",
        "]",
        "\"",
        "'",
        "is ",
        "known",
        "over(",
        "1",
        "-",
        "9999999999999999999999",
        "0.5",
        "not ",
        "\u{0}",
        "é",
        "\u{1F373}",
        "\\",
        "\n",
        ":",
        ",",
        "==",
        "in ",
        "first",
        "replace(\"\", \"é\")",
        "%Y",
        "loop.index",
        "x",
        "{{ customer.name",
        " | ",
        "none",
        "true",
        "title",
        "domain",
    ];
    proptest::sample::select(words.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever the text, there is a value, not known, or a problem; and what is refused when
    /// rendered was refused when checked, or depends on the customer.
    #[test]
    fn no_text_panics(parts in proptest::collection::vec(fragment(), 0..30)) {
        let text = parts.concat();
        let _ = text_of(&text);
        for problem in expression::check(&text, Pack::Alguna) {
            prop_assert!(problem.line >= 1 && problem.column >= 1);
            prop_assert!(problem.sentence.ends_with(['.', '?']), "{problem:?}");
        }
        if expression::check(&text, Pack::Alguna).is_empty() {
            prop_assert!(Expression::parse(&text).is_ok());
        }
    }

    /// A value of the pack comes through an expression as it is, and not known stays not known.
    #[test]
    fn a_value_is_the_same_in_an_expression(
        customer in laws::customer(),
        subscription in proptest::option::of(laws::subscription()),
        pack in prop_oneof![Just(Pack::Alguna), Just(Pack::Profitwell), Just(Pack::ProfitwellAccount)],
    ) {
        let subscription = subscription.as_ref();
        let facts = Facts { customer: &customer, subscription, members: &[], mask_emails: false };
        for derivation in pack::derivations(pack) {
            let text = format!("{{{{ pack.{} }}}}", derivation.name);
            let given = expression::evaluate(&text, &of_kind(FieldKind::Text), pack, &facts);
            let expected = match (derivation.derive)(&facts) {
                Derived::Known(Value::Blank) => Derived::Known(Value::Blank),
                Derived::Known(value) => known(value.to_string().trim()),
                Derived::NotKnown => Derived::NotKnown,
            };
            prop_assert_eq!(given, Ok(expected), "{}", text);
        }
    }

    #[test]
    fn no_wild_text_panics(text in any::<String>()) {
        let _ = text_of(&text);
        let _ = text_of(&format!("{{{{ {text} }}}}"));
        let _ = text_of(&format!("{{{{ customer.name | {text} }}}}"));
    }
}
