//! Changes of a field's type: which ones Salesforce makes, and how values carry over.

use super::custom_field::CustomField;
use super::reading::Problem;
use crate::salesforce::schema::Field;

/// What to call a field's type in a refusal.
fn called(metadata: &CustomField) -> &str {
    if metadata.formula.is_some() {
        "Formula"
    } else {
        &metadata.kind
    }
}

const WORDS: [&str; 6] = ["Text", "TextArea", "Email", "Phone", "Url", "Picklist"];
const LONG: [&str; 2] = ["LongTextArea", "Html"];
const NUMBERS: [&str; 3] = ["Number", "Currency", "Percent"];

/// An SQL expression over the old column that gives the new values, `None` when values stay as they
/// are, or the refusal.
pub(crate) fn conversion(
    old: &CustomField,
    new: &CustomField,
    column: &Field,
) -> Result<Option<String>, Problem> {
    let (from, to) = (called(old), called(new));
    let name = &column.name;
    let within = |group: &[&str]| group.contains(&from) && group.contains(&to);
    if from == "Formula" && to == "Formula" {
        return if old.kind == new.kind {
            Ok(None)
        } else {
            Err(Problem::new("Cannot change the return type of a Formula"))
        };
    }
    if from == to
        || within(&WORDS)
        || within(&LONG)
        || within(&NUMBERS)
        || within(&["Picklist", "MultiselectPicklist"])
        || within(&["Lookup", "MasterDetail"])
        || (WORDS.contains(&from) && to == "LongTextArea")
        || (from == "LongTextArea" && WORDS.contains(&to) && to != "Picklist")
        || (from == "AutoNumber" && to == "Text")
    {
        return Ok(None);
    }
    if NUMBERS.contains(&from) && to == "Text" {
        return Ok(Some(format!(
            "CASE WHEN \"{name}\" IS NULL THEN NULL ELSE printf('%.{}f', \"{name}\") END",
            column.scale
        )));
    }
    match (from, to) {
        ("Date", "DateTime") => Ok(Some(format!("\"{name}\" || 'T00:00:00.000+0000'"))),
        ("DateTime", "Date") => Ok(Some(format!("substr(\"{name}\", 1, 10)"))),
        _ if matches!(
            from,
            "Formula" | "Summary" | "MasterDetail" | "Lookup" | "Location"
        ) =>
        {
            Err(Problem::new(format!(
                "Cannot update a field from a {from} to something else"
            )))
        }
        _ => Err(Problem::new(format!(
            "Cannot update a field to a {to} from something else"
        ))),
    }
}
