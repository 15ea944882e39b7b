//! Why a plan leaves a customer out or cannot write it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Currency, CustomerId, FormerCustomer, RecordId};

/// Why a customer is skipped or blocked. [`fmt::Display`] gives the sentence a person reads;
/// [`Reason::next_step`] says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// No record was found and the sync only updates existing ones.
    NoRecord,
    /// No Contact leads to an Account, where the customers of an Account are added up on it.
    NoAccount,
    /// More than one record matches.
    SeveralRecords {
        /// Their ids.
        records: Vec<RecordId>,
    },
    /// Another customer matches the same record.
    SharedRecord {
        /// The record.
        record: RecordId,
        /// The other customers' ids.
        others: Vec<CustomerId>,
    },
    /// The record that matches carries an id that no customer of the billing system has, and none
    /// ever had.
    StrangersId {
        /// The record.
        record: RecordId,
        /// The id it carries.
        id: CustomerId,
    },
    /// The external ID field names one record, a person chose another.
    LinkDisagrees {
        /// The record that carries the customer's id.
        by_id: RecordId,
        /// The record the person chose, or the one that was merged into.
        chosen: RecordId,
    },
    /// The customer's record was merged into one that carries another customer's id.
    MergedIntoTaken {
        /// The customer's record.
        record: RecordId,
        /// The record it was merged into.
        into: RecordId,
        /// Whose that is.
        other: CustomerId,
    },
    /// The customer's record was deleted, or can no longer be seen.
    RecordDeleted {
        /// The record.
        record: RecordId,
        /// When it was deleted, where that is known.
        at: Option<Timestamp>,
    },
    /// The customer's record was in the sandbox before its refresh, and is not in the copy.
    NotInCopy {
        /// The record.
        record: RecordId,
    },
    /// The record a run wrote was merged into another since: undoing leaves both.
    MergedSince {
        /// The record it was merged into.
        into: RecordId,
    },
    /// Records may be the customer's, none for certain.
    NeedsReview {
        /// How many.
        proposals: u32,
        /// The likeliest one's name, or its id.
        best: String,
        /// How likely that is, in percent.
        score: u8,
    },
    /// A record that matches is linked to a customer that the billing system no longer has: this one
    /// may be the same under a new id.
    NewId {
        /// The record's name, or its id.
        record: String,
        /// The customer whose id the record carries.
        former: FormerCustomer,
    },
    /// The customer was to take over the link of another, which the billing system has again.
    FormerIsBack {
        /// The record.
        record: RecordId,
        /// The customer whose id it carries.
        former: CustomerId,
    },
    /// While the billing system did not have the customer, another took over its link.
    HandedOver {
        /// The record.
        record: RecordId,
        /// Whose it is now.
        customer: CustomerId,
        /// When a person decided so.
        at: Timestamp,
    },
    /// The customer shares its record: its figures are in the row of another.
    CountedIn {
        /// Whose row that is.
        customer: CustomerId,
        /// The words a person knows that one by.
        name: String,
    },
    /// The customers that share the record have amounts in several currencies.
    SeveralCurrencies {
        /// Which.
        currencies: Vec<Currency>,
    },
    /// A person decided to leave the customer out.
    Ignored,
    /// The run that is undone created the record: undoing leaves it, unless a person wants such
    /// records deleted.
    CreatedByRun,
    /// The run that is undone created the record, and somebody saved it since: it is not deleted.
    SavedSince {
        /// Who saved it last, where that is known.
        by: Option<String>,
        /// When.
        at: Option<Timestamp>,
    },
    /// The run that is undone was to create the record, and it is not certain that it did: somebody
    /// else may have.
    MaybeAnothers,
    /// The run that is undone created the record, and records that the run did not create would be
    /// deleted with it.
    HasChildren {
        /// How many, in words: `2 Contacts and 1 Opportunity`.
        children: String,
    },
    /// The run that is undone deleted the record: nobody brings it back from here.
    DeletedByUndo,
    /// The record was deleted, or can no longer be seen.
    Gone,
    /// A text does not fit its field.
    TooLong {
        /// The field's label.
        field: String,
        /// Characters given.
        length: u32,
        /// Characters allowed.
        max: u32,
    },
    /// A number has more digits before the point than its field.
    OutOfRange {
        /// The field's label.
        field: String,
        /// The number.
        value: String,
        /// Digits allowed before the point.
        digits: u32,
    },
    /// A value is not in the field's restricted picklist.
    NotInPicklist {
        /// The field's label.
        field: String,
        /// The value.
        value: String,
    },
    /// A value is not of the field's kind.
    WrongKind {
        /// The field's label.
        field: String,
        /// The value.
        value: String,
        /// What the field takes.
        wants: String,
    },
    /// An expression gave something its field does not take.
    ExpressionUnfit {
        /// The field's label.
        field: String,
        /// The expression.
        expression: String,
        /// What came out.
        value: String,
        /// What the field takes.
        wants: String,
    },
    /// An expression could not be computed.
    ExpressionFailed {
        /// The field's label.
        field: String,
        /// The expression.
        expression: String,
        /// Why, as a sentence.
        problem: String,
    },
    /// A new record would lack a required field.
    MissingRequired {
        /// The field's label.
        field: String,
    },
}

impl Reason {
    /// A stable word for grouping and for `--json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRecord => "no_record",
            Self::NoAccount => "no_account",
            Self::SeveralRecords { .. } => "several_records",
            Self::SharedRecord { .. } => "shared_record",
            Self::StrangersId { .. } => "strangers_id",
            Self::LinkDisagrees { .. } => "link_disagrees",
            Self::MergedIntoTaken { .. } => "merged_into_taken",
            Self::RecordDeleted { .. } => "record_deleted",
            Self::NotInCopy { .. } => "not_in_copy",
            Self::MergedSince { .. } => "merged_since",
            Self::NeedsReview { .. } => "needs_review",
            Self::NewId { .. } => "new_id",
            Self::FormerIsBack { .. } => "former_is_back",
            Self::HandedOver { .. } => "handed_over",
            Self::CountedIn { .. } => "counted_in",
            Self::SeveralCurrencies { .. } => "several_currencies",
            Self::Ignored => "ignored",
            Self::CreatedByRun => "created_by_run",
            Self::SavedSince { .. } => "saved_since",
            Self::MaybeAnothers => "maybe_anothers",
            Self::HasChildren { .. } => "has_children",
            Self::DeletedByUndo => "deleted_by_undo",
            Self::Gone => "gone",
            Self::TooLong { .. } => "too_long",
            Self::OutOfRange { .. } => "out_of_range",
            Self::NotInPicklist { .. } => "not_in_picklist",
            Self::WrongKind { .. } => "wrong_kind",
            Self::ExpressionUnfit { .. } => "expression_unfit",
            Self::ExpressionFailed { .. } => "expression_failed",
            Self::MissingRequired { .. } => "missing_required",
        }
    }

    /// What a person can do about it.
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::NoRecord => {
                "Create the record in Salesforce, or let the sync create records on the \
                 Settings tab."
            }
            Self::NoAccount => {
                "Give a Contact of its Account the customer's e-mail address, or choose the \
                 Account on the Matching tab."
            }
            Self::SeveralRecords { .. } => {
                "Choose the right one on the Matching tab, or merge the duplicates in Salesforce."
            }
            Self::SharedRecord { .. } => {
                "Choose on the Matching tab whose it is and what the others get, or put each \
                 customer's id into the external ID field of its own record. If one of them was \
                 deleted in the billing system, its link can be taken over once everything is read: \
                 once a day, or with “Read everything again” on the Preview tab."
            }
            Self::StrangersId { .. } => {
                "If it is this customer's record, clear its external ID field in Salesforce or put \
                 the customer's id there. If the id belongs to another billing system, choose \
                 another record or a new one on the Matching tab."
            }
            Self::NewId { .. } => {
                "Take over the link on the Matching tab if it is the same customer; else choose \
                 another record or a new one."
            }
            Self::FormerIsBack { .. } => {
                "Take the decision back on the Matching tab, or choose another record or a new one."
            }
            Self::HandedOver { .. } => {
                "Choose another record or a new one for it on the Matching tab, or leave it out. To \
                 give the record back, put the customer's id into its external ID field."
            }
            Self::LinkDisagrees { .. } => {
                "Take the choice back on the Matching tab, or clear the external ID field of the \
                 other record."
            }
            Self::MergedIntoTaken { .. } => {
                "Choose another record or a new one on the Matching tab, or clear the external ID \
                 field of the record if it is this customer's."
            }
            Self::RecordDeleted { .. } => {
                "Restore it in Salesforce, or choose another record or a new one on the Matching \
                 tab."
            }
            Self::MergedSince { .. } => {
                "Look at the record it was merged into, and correct it in Salesforce if need be."
            }
            Self::NotInCopy { .. } | Self::NeedsReview { .. } => {
                "Choose its record on the Matching tab, or let it have a new one."
            }
            Self::CreatedByRun => {
                "To delete it as well, preview the undo again with “Also delete the records this \
                 run created”."
            }
            Self::SavedSince { .. } | Self::MaybeAnothers => {
                "Look at it, and delete it in Salesforce if nobody needs it."
            }
            Self::HasChildren { .. } => {
                "Move or delete them in Salesforce and preview the undo again, or leave the record."
            }
            Self::DeletedByUndo => {
                "Restore it from the recycle bin in Salesforce, where it stays for up to 15 days, \
                 or let the sync create it anew."
            }
            Self::Gone => "Nothing is to be done, unless it should be brought back in Salesforce.",
            Self::CountedIn { .. } => {
                "Nothing is to be done, unless it should not share the record: then choose another \
                 one for it on the Matching tab, or leave it out."
            }
            Self::SeveralCurrencies { .. } => {
                "Amounts of several currencies are not added up. Leave the customers of the other \
                 currency out on the Matching tab, or put them on an Account of their own."
            }
            Self::Ignored => "Take the decision back on the Matching tab to include it again.",
            Self::TooLong { .. } => {
                "Shorten the text in the billing system, or set “If too long” to shorten."
            }
            Self::OutOfRange { .. } => {
                "Correct the amount in the billing system, or give the field more digits."
            }
            Self::NotInPicklist { .. } => {
                "Add the value to the picklist in Salesforce, or set the rule to Never."
            }
            Self::WrongKind { .. } => {
                "Correct the value in the billing system, or set the rule to Never."
            }
            Self::ExpressionUnfit { .. } => {
                "Correct the expression on the Mapping tab, or the value in the billing system."
            }
            Self::ExpressionFailed { .. } => {
                "Correct the expression on the Mapping tab, or set the rule to Never."
            }
            Self::MissingRequired { .. } => {
                "Fill the value in the billing system, or create the record in Salesforce."
            }
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecord => {
                f.write_str("No record matches, and this sync only updates existing ones.")
            }
            Self::NoAccount => {
                f.write_str("No Contact of an Account has this customer's id or e-mail address.")
            }
            Self::SeveralRecords { records } => {
                write!(f, "{} records match: {}.", records.len(), list(records))
            }
            Self::SharedRecord { record, others } => {
                write!(f, "Record {record} also matches {}.", list(others))
            }
            Self::StrangersId { record, id } => write!(
                f,
                "Record {record} matches, but carries the external ID {id}, which no customer has."
            ),
            Self::LinkDisagrees { by_id, chosen } => write!(
                f,
                "Record {by_id} carries the customer's id, but record {chosen} was chosen for it."
            ),
            Self::MergedIntoTaken {
                record,
                into,
                other,
            } => write!(
                f,
                "Its record {record} was merged into {into}, which carries the id of customer \
                 {other}."
            ),
            Self::RecordDeleted { record, at } => match at {
                Some(at) => write!(
                    f,
                    "Its record {record} was deleted on {}.",
                    at.strftime("%Y-%m-%d")
                ),
                None => write!(
                    f,
                    "Its record {record} was deleted or can no longer be seen."
                ),
            },
            Self::NotInCopy { record } => write!(
                f,
                "Its record {record} was in the sandbox before the refresh and is not in the copy."
            ),
            Self::MergedSince { into } => {
                write!(f, "The record was merged into {into} after the run.")
            }
            Self::NeedsReview {
                proposals,
                best,
                score,
            } => match proposals {
                1 => write!(
                    f,
                    "{best} may be its record ({score}%); that is not certain."
                ),
                _ => write!(
                    f,
                    "{proposals} records may be its own, {best} most likely ({score}%); none is certain."
                ),
            },
            Self::NewId { record, former } => write!(
                f,
                "{record} is linked to customer {former}. It looks like this customer with a new \
                 id."
            ),
            Self::FormerIsBack { record, former } => write!(
                f,
                "The link of record {record} was to be taken over from customer {former}, which \
                 the billing system has again. The record was left as it is."
            ),
            Self::HandedOver {
                record,
                customer,
                at,
            } => write!(
                f,
                "Customer {customer} took over its record {record} on {}, while the billing system \
                 did not have this one.",
                at.strftime("%Y-%m-%d")
            ),
            Self::CountedIn { customer, name } => write!(
                f,
                "It is counted in the row of {name} ({customer}): they share this Account."
            ),
            Self::SeveralCurrencies { currencies } => write!(
                f,
                "The customers of this Account have amounts in {}; those cannot be added up.",
                list(currencies)
            ),
            Self::Ignored => f.write_str("It was decided to leave this customer out."),
            Self::CreatedByRun => f.write_str("The run created this record; undoing leaves it."),
            Self::SavedSince { by, at } => {
                let by = by.as_deref().unwrap_or("Somebody");
                write!(f, "{by} saved the record after the run had created it")?;
                if let Some(at) = at {
                    write!(f, ", on {}", at.strftime("%Y-%m-%d"))?;
                }
                f.write_str("; undoing leaves it.")
            }
            Self::MaybeAnothers => f.write_str(
                "Somebody else may have made this record while the run was under way: its answer \
                 did not say that the run did. Undoing leaves it.",
            ),
            Self::HasChildren { children } => write!(
                f,
                "{children} would be deleted with the record, and the run did not create them."
            ),
            Self::DeletedByUndo => {
                f.write_str("The undo deleted this record. Drawbridge cannot bring it back.")
            }
            Self::Gone => f.write_str("The record was deleted or can no longer be seen."),
            Self::TooLong { field, length, max } => {
                write!(f, "{field} has {length} characters; the field takes {max}.")
            }
            Self::OutOfRange {
                field,
                value,
                digits,
            } => {
                write!(
                    f,
                    "{field} is {value}; the field takes {digits} digits before the point."
                )
            }
            Self::NotInPicklist { field, value } => {
                write!(f, "“{value}” is not in the picklist of {field}.")
            }
            Self::WrongKind {
                field,
                value,
                wants,
            } => {
                write!(f, "“{value}” does not fit {field}, which takes {wants}.")
            }
            Self::ExpressionUnfit {
                field,
                expression,
                value,
                wants,
            } => {
                write!(
                    f,
                    "{expression} gives “{value}”, which does not fit {field}: it takes {wants}."
                )
            }
            Self::ExpressionFailed {
                field,
                expression,
                problem,
            } => {
                write!(f, "{expression} for {field} cannot be computed: {problem}")
            }
            Self::MissingRequired { field } => {
                write!(
                    f,
                    "A new record needs {field}, and the source does not give it."
                )
            }
        }
    }
}

fn list<T: fmt::Display>(parts: &[T]) -> String {
    parts
        .iter()
        .map(T::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
