//! Laws of queries: no text makes the parser panic, what is printed parses to the same tree, and
//! every accepted query becomes SQL the database accepts.
#![allow(clippy::unwrap_used, reason = "tests")]

mod trees;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::select;

use self::trees::tree;
use super::check::Checker;
use super::parser::parse;

thread_local! {
    static CHECKER: Checker = Checker::new().unwrap();
}

/// A query as text, whatever it is: the parser and the translation answer, and never with the
/// database's own error.
fn answers(query: &str) -> bool {
    CHECKER.with(|checker| match checker.check(query) {
        Ok(()) => true,
        Err(error) => {
            assert_ne!(
                error.code, "UNKNOWN_EXCEPTION",
                "{query}: {}",
                error.message
            );
            assert_eq!(error.status, 400);
            false
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(query in "\\PC{0,120}") {
        answers(&query);
    }

    #[test]
    fn near_queries_are_answered(
        parts in prop::collection::vec(
            select(vec![
                "SELECT", "FROM", "WHERE", "Id", "Name", ",", "(", ")", "=", "!=", "'a\\'b'", "'", "IN",
                "NOT", "LIKE", "AND", "OR", "null", "1.5", "-", "2026-01-01", "2026-01-01T00:00:00Z",
                "LAST_N_DAYS:3", "TODAY", "count()", "COUNT(Id)", "ORDER BY", "GROUP BY", "HAVING", "LIMIT",
                "OFFSET", "Account.Name", "é", "\n", "Account", "Contacts", "FIELDS(ALL)", "FORMAT(", "WITH",
                "ALL ROWS", "FOR VIEW", "INCLUDES", "SELECT Id FROM Account", "DESC", "NULLS LAST", "a",
            ]),
            0..25,
        )
    ) {
        answers(&parts.join(" "));
    }

    #[test]
    fn a_printed_tree_parses_to_the_same_tree(tree in tree()) {
        let text = tree.to_string();
        prop_assert_eq!(parse(&text), Ok(tree), "{}", text);
    }
}

/// Trees made from the schema: most are accepted, and SQLite accepts what comes of them.
#[test]
fn accepted_queries_are_sql() {
    let (accepted, all) = (Cell::new(0), Cell::new(0));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 600,
        ..ProptestConfig::default()
    });
    runner
        .run(&tree(), |tree| {
            all.set(all.get() + 1);
            accepted.set(accepted.get() + i32::from(answers(&tree.to_string())));
            Ok(())
        })
        .unwrap();
    // Otherwise the law would be about errors only.
    assert!(accepted.get() * 8 > all.get(), "{accepted:?} of {all:?}");
}

#[test]
fn deep_nesting_is_refused_not_crashed() {
    for (open, close) in [("(", ")"), ("NOT ", ""), ("NOT (", ")")] {
        let query = format!(
            "SELECT Id FROM Account WHERE {}Id = null{}",
            open.repeat(5000),
            close.repeat(5000)
        );
        assert!(parse(&query).is_err());
    }
    let calls = format!(
        "SELECT {}Id{} FROM Account",
        "MAX(".repeat(5000),
        ")".repeat(5000)
    );
    assert!(parse(&calls).is_err());
    let queries = format!("SELECT {}Id", "(SELECT ".repeat(5000));
    assert!(parse(&queries).is_err());
}
