//! Trees of queries made from the schema; most are accepted.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::salesforce::schema::{FieldType, Schema};
use crate::salesforce::soql::days::Days;
use crate::salesforce::soql::function::Function;
use crate::salesforce::soql::tree::{
    Expr, FieldSet, Literal, Name, Operand, Operator, Order, Path, Place, Query, Selected,
};

fn path(text: &str) -> Path {
    Path {
        parts: text.split('.').map(str::to_owned).collect(),
        at: Place::default(),
    }
}

/// Every field of an sObject and of its parents, as paths.
fn paths(sobject: &str) -> Vec<(String, FieldType)> {
    let schema = Schema::standard().unwrap();
    let object = schema.object(sobject).unwrap();
    let mut all = Vec::new();
    for field in &object.fields {
        all.push((field.name.clone(), field.kind));
        let parent = field
            .reference_to
            .first()
            .and_then(|name| schema.object(name));
        if let (Some(relationship), Some(parent)) = (&field.relationship, parent) {
            for inner in &parent.fields {
                all.push((format!("{relationship}.{}", inner.name), inner.kind));
            }
        }
    }
    all
}

fn text() -> impl Strategy<Value = Literal> {
    select(vec![
        "",
        "a",
        "É%",
        "it\\'s",
        "a\\_b\\%",
        "\\\\",
        "\\u00e9\\n",
        "x;y",
        "001000000000001",
    ])
    .prop_map(|raw| Literal::Text(raw.to_owned()))
}

fn any_literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        text(),
        (-1.0e12..1.0e12_f64).prop_map(Literal::Number),
        any::<i32>().prop_map(|whole| Literal::Number(f64::from(whole))),
        any::<bool>().prop_map(Literal::Boolean),
        Just(Literal::Date("2026-02-28".to_owned())),
        Just(Literal::DateTime("2026-02-28T10:00:00.000+0000".to_owned())),
        Just(Literal::Time("10:00:00.000Z".to_owned())),
        (0_u32..40, any::<Index>())
            .prop_map(|(count, index)| Literal::Days(*index.get(&Days::every(count)))),
    ]
}

/// A literal that fits the type, mostly.
fn literal(kind: FieldType) -> BoxedStrategy<Literal> {
    let fitting = match kind {
        kind if kind.is_text() => text().boxed(),
        FieldType::Boolean => any::<bool>().prop_map(Literal::Boolean).boxed(),
        kind if kind.is_number() => (-500..500_i32)
            .prop_map(|whole| Literal::Number(f64::from(whole)))
            .boxed(),
        FieldType::Date => Just(Literal::Date("2026-02-28".to_owned())).boxed(),
        FieldType::DateTime => {
            Just(Literal::DateTime("2026-02-28T10:00:00.000+0000".to_owned())).boxed()
        }
        FieldType::Id | FieldType::Reference => {
            Just(Literal::Text("001000000000001".to_owned())).boxed()
        }
        _ => any_literal().boxed(),
    };
    prop_oneof![30 => fitting, 1 => any_literal()].boxed()
}

fn call(function: Function, field: &str) -> Operand {
    Operand::Call {
        function,
        argument: Some(Box::new(Operand::Field(path(field)))),
        at: Place::default(),
    }
}

/// An operand that may be compared, with the type of its value.
fn operand(sobject: &'static str) -> impl Strategy<Value = (Operand, FieldType)> {
    let dates: Vec<Function> = Function::ALL
        .iter()
        .map(|(function, _)| *function)
        .filter(|function| function.date_sql("c").is_some() && *function != Function::DayOnly)
        .collect();
    prop_oneof![
        12 => select(paths(sobject)).prop_map(|(name, kind)| (Operand::Field(path(&name)), kind)),
        1 => select(dates).prop_map(|function| (call(function, "CreatedDate"), FieldType::Int)),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    prop_oneof![
        5 => Just(Operator::Equal),
        2 => Just(Operator::NotEqual),
        1 => Just(Operator::Less),
        1 => Just(Operator::LessOrEqual),
        1 => Just(Operator::Greater),
        1 => Just(Operator::GreaterOrEqual),
        1 => Just(Operator::Like),
    ]
}

fn condition(sobject: &'static str) -> BoxedStrategy<Expr> {
    let compare = (operand(sobject), operator()).prop_flat_map(|((left, kind), operator)| {
        literal(kind).prop_map(move |value| Expr::Compare {
            left: left.clone(),
            operator,
            value,
        })
    });
    let among = (operand(sobject), any::<bool>()).prop_flat_map(|((left, kind), negated)| {
        prop::collection::vec(literal(kind), 1..4).prop_map(move |values| Expr::In {
            left: left.clone(),
            negated,
            values,
        })
    });
    let includes =
        (operand(sobject), any::<bool>(), text()).prop_map(|((left, _), negated, value)| {
            Expr::Includes {
                left,
                negated,
                values: vec![value],
            }
        });
    let leaf = prop_oneof![12 => compare, 4 => among, 1 => includes];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let terms = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            terms().prop_map(Expr::And),
            terms().prop_map(Expr::Or),
            inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

fn semi_join() -> impl Strategy<Value = Expr> {
    (any::<bool>(), prop::option::of(condition("Contact"))).prop_map(|(negated, filter)| {
        let mut query = plain("Contact", vec![field("AccountId")]);
        query.filter = filter;
        Expr::SemiJoin {
            left: Operand::Field(path("Id")),
            negated,
            query: Box::new(query),
        }
    })
}

fn field(name: &str) -> Selected {
    Selected::Operand {
        operand: Operand::Field(path(name)),
        alias: None,
    }
}

fn plain(from: &str, select: Vec<Selected>) -> Query {
    Query {
        select,
        from: Name {
            text: from.to_owned(),
            at: Place::default(),
        },
        alias: None,
        filter: None,
        group: Vec::new(),
        having: None,
        order: Vec::new(),
        limit: None,
        offset: None,
        all_rows: false,
    }
}

fn order(sobject: &'static str) -> impl Strategy<Value = Order> {
    (operand(sobject), any::<bool>(), any::<bool>()).prop_map(
        |((operand, _), descending, nulls_last)| Order {
            operand,
            descending,
            nulls_last,
        },
    )
}

/// Everything behind the select list.
fn clauses(sobject: &'static str, select: Vec<Selected>) -> impl Strategy<Value = Query> {
    (
        prop::option::weighted(0.7, condition(sobject)),
        prop::collection::vec(order(sobject), 0..2),
        prop::option::of(0_u64..300),
        prop::option::of(0_u64..2100),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            move |(filter, order, limit, offset, alias, all_rows)| Query {
                filter,
                order,
                limit,
                offset,
                alias: alias.then(|| "x".to_owned()),
                all_rows,
                ..plain(sobject, select.clone())
            },
        )
}

fn records(sobject: &'static str) -> impl Strategy<Value = Query> {
    let entry = prop_oneof![
        20 => select(paths(sobject)).prop_map(|(name, _)| field(&name)),
        1 => Just(Selected::Fields { set: FieldSet::Standard, at: Place::default() }),
        1 => Just(Selected::Operand { operand: call(Function::Format, "CreatedDate"), alias: None }),
    ];
    prop::collection::vec(entry, 1..5).prop_flat_map(move |select| clauses(sobject, select))
}

fn with_children() -> impl Strategy<Value = Query> {
    (records("Account"), records("Contact")).prop_map(|(mut outer, mut inner)| {
        inner.from.text = "Contacts".to_owned();
        outer.select.push(Selected::Children(Box::new(inner)));
        outer
    })
}

fn grouped() -> impl Strategy<Value = Query> {
    let aggregates = select(vec![
        (Function::Count, "Id"),
        (Function::CountDistinct, "Industry"),
        (Function::Sum, "AnnualRevenue"),
        (Function::Avg, "NumberOfEmployees"),
        (Function::Min, "Name"),
        (Function::Max, "CreatedDate"),
        (Function::Sum, "Name"),
        (Function::Max, "Owner.Name"),
    ]);
    let keys = prop::collection::vec(select(vec!["Industry", "Owner.Name", "Rating"]), 0..2);
    let having = prop::option::of((operator(), -5_i32..5));
    (keys, aggregates, having, any::<bool>()).prop_flat_map(
        |(keys, (function, name), having, aliased)| {
            let mut select: Vec<Selected> = keys.iter().map(|key| field(key)).collect();
            let operand = call(function, name);
            select.push(Selected::Operand {
                operand: operand.clone(),
                alias: aliased.then(|| Name {
                    text: "total".to_owned(),
                    at: Place::default(),
                }),
            });
            clauses("Account", select).prop_map(move |query| Query {
                group: keys.iter().map(|key| Operand::Field(path(key))).collect(),
                having: having
                    .filter(|_| !keys.is_empty())
                    .map(|(operator, value)| Expr::Compare {
                        left: call(Function::Count, "Id"),
                        operator,
                        value: Literal::Number(f64::from(value)),
                    }),
                order: vec![Order {
                    operand: operand.clone(),
                    descending: true,
                    nulls_last: false,
                }],
                ..query
            })
        },
    )
}

pub(super) fn tree() -> impl Strategy<Value = Query> {
    prop_oneof![
        4 => records("Account"),
        4 => records("Contact"),
        2 => with_children(),
        3 => grouped(),
        2 => (records("Account"), semi_join()).prop_map(|(mut query, join)| {
            query.filter = Some(match query.filter.take() {
                Some(filter) => Expr::And(vec![join, filter]),
                None => join,
            });
            query
        }),
    ]
}
