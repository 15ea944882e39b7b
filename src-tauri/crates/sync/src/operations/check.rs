//! From a form to an operation: every problem is named at once, each beside its field.

use std::collections::BTreeMap;
use std::fmt::Write;

use drawbridge_model::{
    BillingPlan, ChurnType, Currency, Money, NewSubscription, Operation, OperationKind,
    PlanInterval, SubscriptionChange, SubscriptionEnd, SubscriptionEvent, UserHandle,
};
use jiff::Timestamp;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::currencies::{accepted, has_no_cents};
use super::form::{Form, FormField, slots};
use super::read;

/// What is wrong with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormProblem {
    /// In which field; `None` where it is about several.
    pub field: Option<FormField>,
    /// What, and what to do.
    pub message: String,
}

/// A form, looked through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is to be done, where nothing is wrong.
    pub operation: Option<Operation>,
    /// What is wrong.
    pub problems: Vec<FormProblem>,
    /// What a person should know, though nothing is wrong.
    pub notes: Vec<String>,
    /// What was made up for empty fields.
    pub generated: BTreeMap<FormField, String>,
}

/// Looks through a form of `ProfitWell`. Nothing is asked of the billing system. `known` is what is remembered of the
/// subscription it is about: whose it is, its currency, its price.
pub fn check(form: &Form, known: Option<&SubscriptionEvent>) -> Checked {
    Reader::look(form, known, Reader::operation)
}

pub(super) struct Reader<'a> {
    pub(super) form: &'a Form,
    known: Option<&'a SubscriptionEvent>,
    pub(super) checked: Checked,
}

impl<'a> Reader<'a> {
    /// Looks through a form by what reads its fields.
    pub(super) fn look(
        form: &'a Form,
        known: Option<&'a SubscriptionEvent>,
        read: impl FnOnce(&mut Self) -> Option<Operation>,
    ) -> Checked {
        let mut reader = Self {
            form,
            known,
            checked: Checked::default(),
        };
        reader.refuse_strangers();
        let operation = read(&mut reader);
        let mut checked = reader.checked;
        if checked.problems.is_empty() {
            checked.operation = operation;
        }
        checked
    }
}

impl Reader<'_> {
    pub(super) fn wrong(&mut self, field: FormField, message: impl Into<String>) {
        self.checked.problems.push(FormProblem {
            field: Some(field),
            message: message.into(),
        });
    }

    /// A filled field that the form does not have would be lost silently.
    fn refuse_strangers(&mut self) {
        let known = slots(self.form.kind);
        for field in self.form.fields.keys().copied() {
            if self.form.text(field).is_some() && !known.iter().any(|slot| slot.field == field) {
                let words = format!(
                    "“{}” has no such field: leave it empty.",
                    self.form.kind.label()
                );
                self.wrong(field, words);
            }
        }
    }

    pub(super) fn optional<T>(
        &mut self,
        field: FormField,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let given = self.form.text(field)?;
        match read(given) {
            Ok(value) => Some(value),
            Err(message) => {
                self.wrong(field, message);
                None
            }
        }
    }

    pub(super) fn required<T>(
        &mut self,
        field: FormField,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if self.form.text(field).is_none() {
            self.wrong(field, "This is required.");
            return None;
        }
        self.optional(field, read)
    }

    fn operation(&mut self) -> Option<Operation> {
        match self.form.kind {
            OperationKind::CreateSubscription => self.creation(),
            OperationKind::UpdateSubscription => self.change(),
            OperationKind::ChurnSubscription => self.end(),
            OperationKind::UnchurnSubscription => {
                let subscription = self.required(FormField::Subscription, read::subscription);
                let user = self.whose();
                Some(Operation::UnchurnSubscription {
                    subscription: subscription?,
                    user,
                })
            }
            OperationKind::UpdateUser => {
                let user = self.required(FormField::User, read::user);
                let email = self.email();
                Some(Operation::UpdateUser {
                    user: user?,
                    email: email?,
                })
            }
            OperationKind::DeleteUser => {
                let user = self.required(FormField::User, read::user);
                Some(Operation::DeleteUser { user: user? })
            }
            OperationKind::CreatePlan => Some(Operation::CreatePlan(self.plan()?)),
            OperationKind::UpdatePlan => Some(Operation::UpdatePlan(self.plan()?)),
            OperationKind::LinkCustomer
            | OperationKind::UnlinkCustomer
            | OperationKind::AddAlias
            | OperationKind::RemoveAlias => {
                self.wrong(FormField::Customer, "ProfitWell has no such operation.");
                None
            }
        }
    }

    fn plan(&mut self) -> Option<BillingPlan> {
        let id = self.plan_id();
        let name = self.required(FormField::Name, |text| read::text(text, read::LONGEST_NAME));
        Some(BillingPlan {
            id: id?,
            name: name?,
        })
    }

    fn plan_id(&mut self) -> Option<String> {
        self.required(FormField::PlanId, |text| {
            read::handle(text, read::LONGEST_PLAN)
        })
    }

    fn email(&mut self) -> Option<String> {
        let email = self.required(FormField::Email, |text| {
            read::text(text, read::LONGEST_EMAIL)
        })?;
        if !looks_like_an_address(&email) {
            self.checked.notes.push(format!(
                "“{email}” is not an e-mail address. ProfitWell takes any text; a sync to Salesforce \
                 matches by addresses only."
            ));
        }
        Some(email)
    }

    /// The user of a subscription that is there.
    fn whose(&mut self) -> Option<String> {
        let user = self.optional(FormField::User, read::user);
        if self.form.text(FormField::User).is_none() {
            let known = self
                .known
                .and_then(|it| it.user_id.clone().or_else(|| it.user_alias.clone()));
            if known.is_some() {
                return known;
            }
            self.checked.notes.push(
                "Whose subscription it is was not said: what is there now is not shown, and if the \
                 answer were lost, it could not be read back."
                    .to_owned(),
            );
        }
        user
    }

    fn interval(&mut self) -> Option<PlanInterval> {
        self.required(FormField::PlanInterval, |text| {
            match text.to_ascii_lowercase().as_str() {
                "month" => Ok(PlanInterval::Month),
                "year" => Ok(PlanInterval::Year),
                _ => Err(format!(
                    "“{text}” is not month or year. For a quarterly plan, give a third of its price \
                     and month."
                )),
            }
        })
    }

    fn currency(&mut self) -> Option<&'static str> {
        self.optional(FormField::PlanCurrency, |text| {
            accepted(text).ok_or_else(|| {
                format!("ProfitWell does not know the currency “{text}”. Write it as usd or eur.")
            })
        })
    }

    fn date(&mut self) -> Option<Timestamp> {
        self.required(FormField::EffectiveDate, read::moment)
    }

    fn price(&mut self) -> Option<Decimal> {
        let (units, cents) = (
            self.form.text(FormField::Value).is_some(),
            self.form.text(FormField::ValueCents).is_some(),
        );
        if units && cents {
            self.wrong(
                FormField::ValueCents,
                "Give the price in one unit only: value (49.00) or value_cents (4900).",
            );
            return None;
        }
        if cents {
            return self.optional(FormField::ValueCents, read::cents);
        }
        self.required(FormField::Value, read::amount)
    }

    fn note_whole_units(&mut self, currency: &str) {
        if has_no_cents(currency) {
            self.checked.notes.push(format!(
                "{} has no cents. ProfitWell does not say how it counts such a currency; hundredths \
                 are sent, as for every other.",
                currency.to_ascii_uppercase()
            ));
        }
    }

    fn creation(&mut self) -> Option<Operation> {
        let email = self.email();
        let id = self.optional(FormField::UserId, |text| {
            let id = read::user(text)?;
            if id.starts_with("pwu_") {
                Ok(id)
            } else {
                Err(
                    "A user's id begins with pwu_. Your own name for a user is the user alias."
                        .to_owned(),
                )
            }
        });
        let user_alias = self.optional(FormField::UserAlias, read::alias);
        if self.form.text(FormField::UserId).is_some()
            && self.form.text(FormField::UserAlias).is_some()
        {
            self.wrong(
                FormField::UserAlias,
                "Give the user's id or the alias, not both.",
            );
        }
        let alias = self.optional(FormField::SubscriptionAlias, read::alias);
        let plan = self.plan_id();
        let interval = self.interval();
        let value = self.price();
        let code = match self.form.text(FormField::PlanCurrency) {
            None => Some("usd"),
            Some(_) => self.currency(),
        };
        let trialing = match self.form.text(FormField::Status) {
            None => Some(false),
            Some(_) => self.optional(FormField::Status, |text| {
                match text.to_ascii_lowercase().as_str() {
                    "active" => Ok(false),
                    "trialing" => Ok(true),
                    _ => Err(format!("“{text}” is not active or trialing.")),
                }
            }),
        };
        if trialing == Some(true) && value.is_some_and(|value| !value.is_zero()) {
            self.wrong(
                FormField::Value,
                "A trial has a price of 0: give 0, or make it active.",
            );
        }
        let effective_at = self.date();
        let provider_user = self.optional(FormField::ProviderUser, |text| {
            read::text(text, read::LONGEST_EMAIL)
        });
        let currency = Currency::parse(code?).ok()?;
        self.note_whole_units(code?);
        let mut new = NewSubscription {
            user: match id {
                Some(id) => UserHandle::Id(id),
                None => UserHandle::Alias(user_alias.unwrap_or_default()),
            },
            alias: alias.unwrap_or_default(),
            email: email?,
            plan: plan?,
            interval: interval?,
            price: Money {
                amount: value?,
                currency,
            },
            trialing: trialing?,
            effective_at: effective_at?,
            provider_user,
        };
        self.make_up(&mut new);
        Some(Operation::CreateSubscription(new))
    }

    /// Makes up the aliases that are missing, out of everything else: the same form always gives the
    /// same ones, so that sending it once more makes nothing twice.
    fn make_up(&mut self, new: &mut NewSubscription) {
        let everything = serde_json::to_string(new).unwrap_or_default();
        let digest = Sha256::digest(everything);
        let letters = digest
            .iter()
            .take(12)
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
        if let UserHandle::Alias(alias) = &mut new.user
            && alias.is_empty()
        {
            *alias = format!("drawbridge-u{letters}");
            self.checked
                .generated
                .insert(FormField::UserAlias, alias.clone());
        }
        if new.alias.is_empty() {
            new.alias = format!("drawbridge-s{letters}");
            self.checked
                .generated
                .insert(FormField::SubscriptionAlias, new.alias.clone());
        }
    }

    fn change(&mut self) -> Option<Operation> {
        let subscription = self.required(FormField::Subscription, read::subscription);
        let user = self.whose();
        let plan = self.plan_id();
        let interval = self.interval();
        let value = self.price();
        let code = self.currency();
        let effective_at = self.date();
        if let Some(code) = code {
            self.note_whole_units(code);
        }
        let own = code.and_then(|code| Currency::parse(code).ok());
        self.compare(value, own);
        Some(Operation::UpdateSubscription(SubscriptionChange {
            subscription: subscription?,
            user,
            plan: plan?,
            interval: interval?,
            value: value?,
            currency: own.or(self.known.and_then(|it| it.currency)),
            effective_at: effective_at?,
        }))
    }

    /// A price that is a hundred times the one before was most likely meant in the other unit; a
    /// currency that is not the subscription's own is a misunderstanding.
    fn compare(&mut self, value: Option<Decimal>, currency: Option<Currency>) {
        let Some(known) = self.known else { return };
        if let (Some(given), Some(own)) = (currency, known.currency)
            && given != own
        {
            let words = format!("The subscription is in {own}; its currency cannot be changed.");
            self.wrong(FormField::PlanCurrency, words);
        }
        let (Some(value), Some(before)) = (value, known.value) else {
            return;
        };
        let hundred = Decimal::ONE_HUNDRED;
        let words = if before.is_zero() {
            return;
        } else if value == before * hundred {
            "a hundred times"
        } else if value * hundred == before {
            "a hundredth of"
        } else {
            return;
        };
        self.checked.notes.push(format!(
            "The price is {words} what it was ({before:.2}). Is it in the right unit? It is meant in major \
             units, as 49.00."
        ));
    }

    fn end(&mut self) -> Option<Operation> {
        let subscription = self.required(FormField::Subscription, read::subscription);
        let user = self.whose();
        let effective_at = self.date();
        let churn_type = match self.form.text(FormField::ChurnType) {
            None => Some(ChurnType::Voluntary),
            Some(_) => self.optional(FormField::ChurnType, |text| {
                match text.to_ascii_lowercase().as_str() {
                    "voluntary" => Ok(ChurnType::Voluntary),
                    "delinquent" => Ok(ChurnType::Delinquent),
                    _ => Err(format!("“{text}” is not voluntary or delinquent.")),
                }
            }),
        };
        Some(Operation::ChurnSubscription(SubscriptionEnd {
            subscription: subscription?,
            user,
            effective_at: effective_at?,
            churn_type: churn_type?,
        }))
    }
}

fn looks_like_an_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(char::is_whitespace)
            && !host.contains('@')
    })
}
