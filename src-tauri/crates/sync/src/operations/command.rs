//! A form as the line of the terminal that does the same.

use drawbridge_model::{OperationKind, Provider};

use super::form::{Form, FormField, slots};

/// `drawbridge-cli profitwell …` or `drawbridge-cli alguna …`, ready to be copied into a shell. Fields that cannot be read are
/// copied as they are.
pub fn command_line(form: &Form, connection: Option<&str>) -> String {
    let (words, subject) = words(form.kind);
    let system = match form.kind.provider() {
        Provider::Alguna => "alguna",
        _ => "profitwell",
    };
    let mut line = vec!["drawbridge-cli".to_owned(), system.to_owned()];
    line.extend(words.iter().map(|word| (*word).to_owned()));
    if let Some(name) = connection {
        line.push(option("--connection", name));
    }
    for slot in slots(form.kind) {
        if Some(slot.field) != subject
            && let Some(text) = form.text(slot.field)
        {
            line.push(option(slot.field.option(), text));
        }
    }
    if let Some(text) = subject.and_then(|field| form.text(field)) {
        if text.starts_with('-') {
            line.push("--".to_owned());
        }
        line.push(quoted(text));
    }
    line.join(" ")
}

/// The words of a command, and the field that stands without an option.
pub fn words(kind: OperationKind) -> ([&'static str; 2], Option<FormField>) {
    match kind {
        OperationKind::CreateSubscription => (["subscription", "create"], None),
        OperationKind::UpdateSubscription => {
            (["subscription", "update"], Some(FormField::Subscription))
        }
        OperationKind::ChurnSubscription => {
            (["subscription", "churn"], Some(FormField::Subscription))
        }
        OperationKind::UnchurnSubscription => {
            (["subscription", "unchurn"], Some(FormField::Subscription))
        }
        OperationKind::UpdateUser => (["user", "update"], Some(FormField::User)),
        OperationKind::DeleteUser => (["user", "delete"], Some(FormField::User)),
        OperationKind::CreatePlan => (["plan", "create"], Some(FormField::PlanId)),
        OperationKind::UpdatePlan => (["plan", "update"], Some(FormField::PlanId)),
        OperationKind::LinkCustomer => (["customer", "link"], Some(FormField::Customer)),
        OperationKind::UnlinkCustomer => (["customer", "unlink"], Some(FormField::Customer)),
        OperationKind::AddAlias => (["customer", "alias"], Some(FormField::Customer)),
        OperationKind::RemoveAlias => (["customer", "remove-alias"], Some(FormField::Customer)),
    }
}

fn option(name: &str, text: &str) -> String {
    if text.starts_with('-') {
        return format!("{name}={}", quoted(text));
    }
    format!("{name} {}", quoted(text))
}

/// A word of a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.,:@/+=%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
