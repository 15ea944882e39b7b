//! From a form about links and aliases to an operation.

use drawbridge_model::{
    CustomerAlias, CustomerId, CustomerLink, Integration, LinkPlace, Operation, OperationKind,
    RecordId,
};

use super::check::{Checked, Reader};
use super::form::{Form, FormField};
use super::read;
use crate::writeback::{NoPlace, place};

/// Longest id and alias taken, in characters. Alguna publishes no limit; these fit everything that
/// was ever seen (facts/alguna.md §1, §2.1).
const LONGEST: usize = 255;

/// What is known of what a form about links is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownLinks {
    /// The words the customer is known by.
    pub customer: Option<String>,
    /// What the Account is called.
    pub account: Option<String>,
    /// The Salesforce integrations of the billing system, read anew. Asked for linking only.
    pub integrations: Vec<Integration>,
}

/// Looks through a form of Alguna. Nothing is asked of the billing system.
pub fn check_links(form: &Form, known: &KnownLinks) -> Checked {
    Reader::look(form, None, |reader| match form.kind {
        OperationKind::LinkCustomer => reader.linking(known),
        OperationKind::UnlinkCustomer => {
            let link = reader.link(known);
            Some(Operation::UnlinkCustomer { link: link? })
        }
        OperationKind::AddAlias => {
            let change = reader.alias_change(known)?;
            if RecordId::parse(&change.alias).is_ok_and(|id| id.is_account()) {
                reader.checked.notes.push(
                    "This alias is the id of a Salesforce Account: it links the customer to that Account."
                        .to_owned(),
                );
            }
            Some(Operation::AddAlias(change))
        }
        OperationKind::RemoveAlias => Some(Operation::RemoveAlias(reader.alias_change(known)?)),
        _ => {
            reader.wrong(FormField::Customer, "Alguna has no such operation.");
            None
        }
    })
}

impl Reader<'_> {
    fn linking(&mut self, known: &KnownLinks) -> Option<Operation> {
        let link = self.link(known);
        let all = &known.integrations;
        let asked = self.form.text(FormField::Integration);
        let found = asked.map(|text| (text, named(all, text)));
        if let Some((text, None)) = found {
            let words = offered(all);
            self.wrong(
                FormField::Integration,
                format!("Alguna has no Salesforce integration “{text}”. {words}"),
            );
            return None;
        }
        let chosen = found.and_then(|(_, it)| it).map(|it| it.id.as_str());
        let place = match place(all, chosen) {
            Ok(place) => place,
            Err(NoPlace::Several(_)) => {
                self.wrong(
                    FormField::Integration,
                    format!("Say which Salesforce integration. {}", offered(all)),
                );
                return None;
            }
            Err(gone @ NoPlace::Gone(_)) => {
                self.wrong(FormField::Integration, format!("{gone}."));
                return None;
            }
        };
        let through = match &place {
            LinkPlace::ConnectedAccount { integration } => all
                .iter()
                .find(|it| it.id == *integration)
                .and_then(|it| it.label.clone()),
            LinkPlace::Alias => None,
        };
        Some(Operation::LinkCustomer {
            link: link?,
            place,
            through,
        })
    }

    fn link(&mut self, known: &KnownLinks) -> Option<CustomerLink> {
        let customer = self.customer();
        let record = self.required(FormField::Account, account);
        Some(CustomerLink {
            customer: customer?,
            name: known.customer.clone(),
            record: record?,
            record_name: known.account.clone(),
        })
    }

    fn alias_change(&mut self, known: &KnownLinks) -> Option<CustomerAlias> {
        let customer = self.customer();
        let alias = self.required(FormField::Alias, visible);
        Some(CustomerAlias {
            customer: customer?,
            name: known.customer.clone(),
            alias: alias?,
        })
    }

    fn customer(&mut self) -> Option<CustomerId> {
        self.required(FormField::Customer, |text| {
            if matches!(text, "." | "..") {
                return Err(format!("“{text}” cannot be an id."));
            }
            visible(text).map(CustomerId)
        })
    }
}

fn visible(text: &str) -> Result<String, String> {
    read::text_for(text, LONGEST, "Alguna")
}

/// Reads the id of an Account in either form.
fn account(text: &str) -> Result<RecordId, String> {
    let id = RecordId::parse(text).map_err(|error| format!("{error}."))?;
    if !id.is_account() {
        return Err(format!(
            "“{text}” is no Account: ids of Accounts begin with 001. A customer is linked to an Account."
        ));
    }
    // The long form tells how its first fifteen characters are written: a slip of the key shows.
    if text.len() == 18 && text != id.as_str() {
        return Err(format!(
            "“{text}” is not written as Salesforce writes it: its last three characters do not fit the \
             others. Copy it anew, or give the first 15 characters."
        ));
    }
    Ok(id)
}

fn named<'a>(all: &'a [Integration], text: &str) -> Option<&'a Integration> {
    let by_label = |it: &&Integration| {
        it.label
            .as_deref()
            .is_some_and(|label| label.trim().eq_ignore_ascii_case(text))
    };
    all.iter()
        .find(|it| it.id == text)
        .or_else(|| all.iter().find(by_label))
}

fn offered(all: &[Integration]) -> String {
    if all.is_empty() {
        return "It has none: leave this empty, and the link is kept as an alias.".to_owned();
    }
    let each = all.iter().map(|it| match &it.label {
        Some(label) => format!("{label} ({})", it.id),
        None => it.id.clone(),
    });
    format!("There are: {}.", each.collect::<Vec<_>>().join(", "))
}
