//! What an operation writes to, so that two of one file do not write to the same.

use drawbridge_model::{Operation, OperationKind};
use jiff::Timestamp;

/// The place of an operation in the billing system: of two with one place, the later one overwrites
/// what the earlier one said, or is refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    kind: &'static str,
    subject: String,
    at: Option<Timestamp>,
}

/// Where an operation writes; `None` where several of one kind stand beside each other, as aliases
/// of one customer do. `subject` is what it is about, by one and the same name whichever was given.
pub fn place(operation: &Operation, subject: &str) -> Option<Place> {
    let at = match operation {
        Operation::CreateSubscription(new) => Some(new.effective_at),
        Operation::UpdateSubscription(change) => Some(change.effective_at),
        Operation::ChurnSubscription(end) => Some(end.effective_at),
        Operation::UnchurnSubscription { .. }
        | Operation::UpdateUser { .. }
        | Operation::DeleteUser { .. }
        | Operation::CreatePlan(_)
        | Operation::UpdatePlan(_) => None,
        Operation::LinkCustomer { .. }
        | Operation::UnlinkCustomer { .. }
        | Operation::AddAlias(_)
        | Operation::RemoveAlias(_) => return None,
    };
    Some(Place {
        kind: operation.kind().label(),
        subject: subject.to_owned(),
        at,
    })
}

/// What is wrong with an operation whose place an earlier line has.
pub fn overwrites(kind: OperationKind, line: u32) -> String {
    match kind {
        OperationKind::UpdateSubscription
        | OperationKind::ChurnSubscription
        | OperationKind::CreateSubscription => format!(
            "Line {line} is about the same subscription and the same date, and this one would \
             overwrite it: take one of them out, or give it another date."
        ),
        _ => format!(
            "Line {line} is about the same one, and this one would overwrite it: take one of them \
             out."
        ),
    }
}
