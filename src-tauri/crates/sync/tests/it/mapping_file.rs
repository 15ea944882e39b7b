//! The mapping as a file.

use drawbridge_model::{
    BlankPolicy, FieldName, FieldRule, LengthPolicy, Mapping, Pack, SObjectName, WritePolicy,
};
use drawbridge_sync::mapping::{from_toml, to_toml};
use drawbridge_sync::pack;
use proptest::prelude::*;

use crate::mapping_check::rule;

/// As a person writes it, in canonical form.
const BY_HAND: &str = r#"version = 7
sobject = "Account"
external_id = "Alguna_Customer_ID__c"

[[rule]]
field = "Alguna_Customer_ID__c"
value = "customer.id"
write = "always"
blank = "leave"
length = "block"

[[rule]]
field = "Summary__c"
expression = '{{ customer.name | default("?") }}'
write = "if_unchanged"
blank = "clear"
length = "shorten"

[[rule]]
field = "Note__c"
expression = """
{% if customer.mrr is over("100") %}
large
{% endif %}"""
write = "never"
blank = "leave"
length = "block"
"#;

#[test]
fn a_file_written_by_hand_comes_back_byte_for_byte() {
    let mapping = from_toml(BY_HAND).unwrap();
    assert_eq!(
        mapping.rules[1].source,
        "{{ customer.name | default(\"?\") }}"
    );
    assert_eq!(to_toml(&mapping), BY_HAND);
    for pack in [Pack::Alguna, Pack::Profitwell, Pack::ProfitwellAccount] {
        let mapping = pack::default_mapping(pack);
        assert_eq!(from_toml(&to_toml(&mapping)), Ok(mapping));
    }
}

#[test]
fn what_is_left_out_has_its_default_and_comments_are_free() {
    let text = "# ours\nversion = 1\nsobject = 'Account'\nexternal_id = 'Id__c'\n[[rule]] # one\nvalue = 'customer.id'\nfield = 'Id__c'\n";
    let mapping = from_toml(text).unwrap();
    assert_eq!(mapping.rules, [rule("customer.id", "Id__c")]);
    let none = from_toml("version = 1\nsobject = 'Account'\nexternal_id = 'Id__c'\n").unwrap();
    assert_eq!(none.rules, []);
    assert_eq!(from_toml(&to_toml(&none)), Ok(none));
}

#[test]
fn every_problem_of_a_file_has_its_line() {
    let text = r#"version = -1
sobjekt = "Account"
external_id = 5

[[rule]]
feild = "Name"
value = "customer.name"

[[rule]]
field = "Name"
value = "{{ customer.name }}"
write = "allways"
blank = true

[[rule]]
field = "Name"
expression = "customer.name"
length = "trim"

[[rule]]
field = "Name"
value = "customer.name"
expression = "{{ customer.name }}"
colour = "red"

[[rule]]
field = "Name"
"#;
    let words = |text: &str| -> String {
        let problems = from_toml(text).unwrap_err();
        problems
            .iter()
            .map(|it| format!("{it} {}", it.next_step))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!("mapping_file_problems", words(text));
    insta::assert_snapshot!(
        "mapping_file_not_toml",
        words("version = 1\nsobject = \"Account\n[[rule]\nfield = \n")
    );
    for text in [
        "",
        "rule = 5",
        "rule = [5]",
        "[rule]\nfield = 'x'",
        "version = 1e3",
        "[[rule]]\n[[rule.rule]]",
    ] {
        assert!(from_toml(text).is_err(), "{text}");
    }
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z_.]{0,12}",
        2 => "[a-z{}%#'\"\\\\\n\r\t ]{0,20}",
        1 => any::<String>(),
        1 => Just("'''\"\"\"{{ \u{0}\u{7f} }}\r\n".to_owned()),
    ]
}

fn mapping() -> impl Strategy<Value = Mapping> {
    let write = prop_oneof![
        Just(WritePolicy::Always),
        Just(WritePolicy::IfEmpty),
        Just(WritePolicy::IfUnchanged),
        Just(WritePolicy::Never),
    ];
    let blank = prop_oneof![Just(BlankPolicy::Leave), Just(BlankPolicy::Clear)];
    let length = prop_oneof![Just(LengthPolicy::Block), Just(LengthPolicy::Shorten)];
    let rule = (words(), words(), write, blank, length).prop_map(
        |(source, field, write, blank, length)| FieldRule {
            source,
            field: FieldName(field),
            write,
            blank,
            length,
        },
    );
    (
        any::<u32>(),
        words(),
        words(),
        proptest::collection::vec(rule, 0..6),
    )
        .prop_map(|(version, sobject, external_id, rules)| Mapping {
            version,
            sobject: SObjectName(sobject),
            external_id: FieldName(external_id),
            rules,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_written_reads_back_the_same(mapping in mapping()) {
        let text = to_toml(&mapping);
        let read = from_toml(&text);
        prop_assert_eq!(read.as_ref(), Ok(&mapping), "{}", text);
        prop_assert_eq!(to_toml(&read.unwrap()), text);
    }

    #[test]
    fn no_file_panics(text in any::<String>(), cut in 0_usize..400, put in any::<String>()) {
        let _ = from_toml(&text);
        let cut = BY_HAND.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(0);
        let broken = format!("{}{put}{}", &BY_HAND[..cut], &BY_HAND[cut..]);
        if let Err(problems) = from_toml(&broken) {
            let lines = broken.matches('\n').count() + 1;
            prop_assert!(!problems.is_empty());
            prop_assert!(problems.iter().all(|it| (1..=lines).contains(&it.line)), "{problems:?}");
        }
    }
}
