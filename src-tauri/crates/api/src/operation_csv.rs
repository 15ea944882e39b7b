//! A CSV file of operations: which column fills which field, and what each line says.

use std::collections::BTreeMap;

use drawbridge_model::{OperationKind, Provider};
use drawbridge_store::RowProblem;
use drawbridge_sync::operations::{Form, FormField, slots};

use crate::error::Result;
use crate::view::ErrorView;

/// The most rows of a file. At ProfitWell's pace these take half a day.
const MOST_ROWS: usize = 100_000;

/// One line.
pub(crate) struct Line {
    /// What it fills in.
    pub(crate) form: Form,
    /// What is wrong with the line itself.
    pub(crate) problems: Vec<RowProblem>,
}

/// Reads a file: a header and rows, with commas or semicolons. Each row comes with the number of
/// its line.
pub(crate) fn read(kind: OperationKind, name: &str, text: &str) -> Result<Vec<(u32, Line)>> {
    refuse_other_files(name, text)?;
    // Lines are counted right only where they end in one character.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let refuse = |words: String| ErrorView::bad_request(format!("{words} Nothing was sent."));
    let header = text.lines().next().unwrap_or_default();
    let semicolons = header.matches(';').count() > header.matches(',').count();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let titles = reader
        .headers()
        .map_err(|error| refuse(format!("The file is no CSV: {error}.")))?
        .clone();
    let mut columns = Vec::with_capacity(titles.len());
    for title in &titles {
        let field = field(kind, title).ok_or_else(|| {
            let known: Vec<&str> = slots(kind).iter().map(|slot| slot.field.name()).collect();
            refuse(format!(
                "“{}” has no column “{title}”. Its columns are: {}.",
                kind.label(),
                known.join(", ")
            ))
        })?;
        if columns.contains(&field) {
            return Err(refuse(format!(
                "Two columns fill “{}”: leave one of them out.",
                field.name()
            )));
        }
        columns.push(field);
    }
    let mut lines = Vec::new();
    let mut seen: BTreeMap<BTreeMap<FormField, String>, u32> = BTreeMap::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| refuse(format!("The file cannot be read: {error}.")))?;
        let number = record.position().map_or(0, csv::Position::line);
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if lines.len() >= MOST_ROWS {
            return Err(refuse(format!("The file has more than {MOST_ROWS} rows.")));
        }
        let mut problems = Vec::new();
        if record.len() != columns.len() {
            problems.push(RowProblem {
                field: None,
                message: format!(
                    "The line has {} cells, the header {}: put cells with commas into quotes.",
                    record.len(),
                    columns.len()
                ),
            });
        }
        let fields: BTreeMap<FormField, String> = columns
            .iter()
            .copied()
            .zip(record.iter().map(unquoted))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        if let Some(first) = seen.get(&fields) {
            problems.push(RowProblem {
                field: None,
                message: if kind == OperationKind::CreateSubscription {
                    format!(
                        "The line is the same as line {first}. If both are meant, give each an alias \
                         of its own; if not, take one out."
                    )
                } else {
                    format!("The line is the same as line {first}: take one of them out.")
                },
            });
        } else {
            seen.insert(fields.clone(), number);
        }
        lines.push((
            number,
            Line {
                form: Form { kind, fields },
                problems,
            },
        ));
    }
    if lines.is_empty() {
        return Err(refuse("The file has no rows below its header.".to_owned()));
    }
    Ok(lines)
}

/// Refuses what is no list at all, in words about the file rather than about its first line.
fn refuse_other_files(name: &str, text: &str) -> Result<()> {
    let refuse = |words: String, hint: &str| {
        Err(ErrorView::bad_request(format!("{words} Nothing was sent.")).hint(hint))
    };
    let content = text.trim_start_matches('\u{feff}');
    if content.trim().is_empty() {
        let hint = "Give it a first line with the names of the columns, and a row for each change.";
        return refuse(format!("“{name}” is empty."), hint);
    }
    // A workbook is a ZIP archive; the older kind and PDFs have a beginning of their own.
    let is_workbook = content.starts_with("PK\u{3}\u{4}");
    if is_workbook
        || content
            .chars()
            .take(4_096)
            .any(|c| matches!(c, '\0' | '\u{fffd}'))
    {
        let what = if is_workbook {
            "is a workbook, as Excel saves it, and not a CSV file"
        } else {
            "is not a CSV file: it is not text in UTF-8"
        };
        let hint = "Open it in the spreadsheet and save it as “CSV UTF-8 (comma delimited)”.";
        return refuse(format!("“{name}” {what}."), hint);
    }
    Ok(())
}

/// A cell as it was before a spreadsheet was kept from reading it as a formula.
fn unquoted(cell: &str) -> String {
    let rest = cell
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    rest.unwrap_or(cell).to_owned()
}

/// The field a column fills: by the API's name, by what stands on the screen, or by a common word.
fn field(kind: OperationKind, title: &str) -> Option<FormField> {
    let word: String = title
        .trim()
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    let has = |field: FormField| slots(kind).iter().any(|slot| slot.field == field);
    let by_label = |field: &FormField| field.label().to_lowercase() == title.trim().to_lowercase();
    let own = FormField::ALL.into_iter().filter(|field| has(*field));
    if let Some(field) = own.clone().find(by_label) {
        return Some(field);
    }
    if let Some(field) = own.clone().find(|field| field.name() == word) {
        return Some(field);
    }
    if kind.provider() == Provider::Alguna {
        let wanted = match word.as_str() {
            "customer_id" | "alguna_id" | "id" => FormField::Customer,
            "account_id" | "record" | "record_id" | "salesforce_id" | "salesforce_account" => {
                FormField::Account
            }
            "aliases" | "external_id" => FormField::Alias,
            "integration_id" => FormField::Integration,
            _ => return None,
        };
        return has(wanted).then_some(wanted);
    }
    let creates = kind == OperationKind::CreateSubscription;
    let wanted = match word.as_str() {
        "user_id" | "user_alias" | "user" | "customer" | "customer_id" if !creates => {
            FormField::User
        }
        "subscription_id" | "subscription_alias" | "subscription" | "alias" if !creates => {
            FormField::Subscription
        }
        "alias" => FormField::SubscriptionAlias,
        "plan" | "id" => FormField::PlanId,
        "plan_name" => FormField::Name,
        "interval" | "billed_every" => FormField::PlanInterval,
        "amount" | "price" => FormField::Value,
        "amount_cents" | "price_cents" | "cents" => FormField::ValueCents,
        "currency" => FormField::PlanCurrency,
        "date" | "churn_date" | "start_date" | "effective" => FormField::EffectiveDate,
        "type" | "reason" => FormField::ChurnType,
        "e_mail" | "email_address" | "new_email" => FormField::Email,
        other => FormField::named(other)?,
    };
    has(wanted).then_some(wanted)
}
