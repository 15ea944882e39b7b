//! Expressions: a text with `{{ … }}` that makes a field's value out of what the source knows.
//!
//! The language is minijinja's with names that must exist, without files, includes, assignments
//! and arithmetic signs: figures are exact decimals and reach an expression as text, and the
//! filters and tests that calculate with them ([`FILTERS`], [`TESTS`]) never leave decimals.
//! What is rendered is read as the target field takes it. Length, output, instructions and work
//! are limited: any text ends, with a value or an error.

mod check;
mod context;
mod filters;
mod scan;
mod terms;
mod typed;

use std::io;
use std::sync::{Arc, LazyLock};

use drawbridge_model::{Derived, Field, FieldKind, Pack, Reason, Value as FieldValue};
use minijinja::{Environment, Error, ErrorKind, Template, UndefinedBehavior};

pub use context::known_names;
use context::{Ledger, context};
pub use terms::{FILTERS, TESTS, Term};

use crate::pack::Facts;

/// Instructions one rendering may take: a loop over hundreds of contacts, not an endless one.
const FUEL: u64 = 20_000;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::empty();
    filters::add_to(&mut env);
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(50);
    env.set_debug(false);
    env.set_formatter(|out, _, value| Ok(out.write_str(&filters::text(value)?)?));
    env
});

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, as a sentence.
    pub sentence: String,
    /// What to do about it, as a sentence.
    pub next_step: String,
    /// The line it is in, from 1.
    pub line: usize,
    /// The character of the line it begins at, from 1.
    pub column: usize,
}

impl Problem {
    fn at(text: &str, at: usize, sentence: String, next_step: impl Into<String>) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            sentence,
            next_step: next_step.into(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    fn of(text: &str, error: &Error) -> Self {
        let at = error.range().map_or(0, |range| range.start);
        Self::at(text, at, sentence(error), "Correct the expression.")
    }
}

/// Everything wrong with an expression, whatever the customers: grammar, names, filters, tests.
pub fn check(text: &str, pack: Pack) -> Vec<Problem> {
    let mut problems = check::grammar(text);
    problems.extend(check::names(text, pack));
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

/// An expression whose grammar holds.
#[derive(Debug)]
pub struct Expression<'t> {
    template: Template<'t, 't>,
}

impl<'t> Expression<'t> {
    /// Reads an expression; the error is its first problem.
    pub fn parse(text: &'t str) -> Result<Self, Problem> {
        if let Some(problem) = check::refusals(text).into_iter().next() {
            return Err(problem);
        }
        let template = ENVIRONMENT
            .template_from_str(text)
            .map_err(|error| Problem::of(text, &error))?;
        Ok(Self { template })
    }

    /// Whether it uses this name.
    pub fn names(&self, name: &str) -> bool {
        self.template.undeclared_variables(false).contains(name)
    }

    /// The text for one customer; `None` is not known. An expression that stumbles over a value
    /// the source did not state is not known either.
    pub fn render(&self, pack: Pack, facts: &Facts<'_>) -> Result<Option<String>, Problem> {
        let text = self.template.source();
        let ledger = Arc::new(Ledger::default());
        let context = context(text, pack, facts, &ledger);
        let mut output = Bounded(Vec::new());
        filters::begin();
        let rendered = self
            .template
            .render_captured_to(context, &mut output)
            .map(drop);
        if ledger.any_open() {
            return Ok(None);
        }
        rendered.map_err(|error| Problem::of(text, &error))?;
        Ok(Some(String::from_utf8_lossy(&output.0).into_owned()))
    }

    /// Reads the expression of a field's rule; the error is what blocks every row.
    pub fn of_rule(text: &'t str, field: &Field) -> Result<Self, Reason> {
        Self::parse(text).map_err(|problem| failed(text, field, problem))
    }

    /// The value it gives a field for one customer, before [`fit`](super::fit()) looks at length
    /// and range. In a sandbox whose addresses are masked, so is whatever reaches an e-mail field.
    pub fn evaluate(
        &self,
        field: &Field,
        pack: Pack,
        facts: &Facts<'_>,
    ) -> Result<Derived, Reason> {
        let text = self.template.source();
        let rendered = self.render(pack, facts);
        let Some(rendered) = rendered.map_err(|problem| failed(text, field, problem))? else {
            return Ok(Derived::NotKnown);
        };
        let value = typed::read(&rendered, field).map_err(|wants| Reason::ExpressionUnfit {
            field: field.label.clone(),
            expression: text.to_owned(),
            value: rendered.trim().to_owned(),
            wants: wants.to_owned(),
        })?;
        Ok(Derived::Known(match value {
            FieldValue::Text(address)
                if field.kind == FieldKind::Email
                    && facts.mask_emails
                    && !address.ends_with(".invalid") =>
            {
                FieldValue::text(format!("{address}.invalid"))
            }
            value => value,
        }))
    }
}

/// The value an expression gives a field for one customer; see [`Expression::evaluate`].
pub fn evaluate(
    text: &str,
    field: &Field,
    pack: Pack,
    facts: &Facts<'_>,
) -> Result<Derived, Reason> {
    Expression::of_rule(text, field)?.evaluate(field, pack, facts)
}

/// The reason that blocks a row whose expression fails.
fn failed(text: &str, field: &Field, problem: Problem) -> Reason {
    Reason::ExpressionFailed {
        field: field.label.clone(),
        expression: text.to_owned(),
        problem: problem.sentence,
    }
}

/// Output that ends with an error when it grows too long.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > filters::LONGEST {
            return Err(io::Error::other("the text grows too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// minijinja's error as a sentence of Drawbridge's.
fn sentence(error: &Error) -> String {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::OutOfFuel => "It takes too long to compute.".to_owned(),
        ErrorKind::WriteFailure => "What comes out is too long.".to_owned(),
        ErrorKind::UndefinedError => {
            "It uses a name or a list element that does not exist.".to_owned()
        }
        ErrorKind::SyntaxError => format!("The grammar does not hold: {detail}."),
        ErrorKind::MissingArgument => "A filter or test lacks its argument.".to_owned(),
        ErrorKind::TooManyArguments => "A filter or test has too many arguments.".to_owned(),
        _ if detail.is_empty() => format!("{}.", error.kind()),
        _ => format!("{}.", detail.trim_end_matches('.')),
    }
}
