//! The ports through which Salesforce Accounts become customers of a billing system.

use std::fmt;
use std::future::Future;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Address, Currency, CustomerId, Evidence, ImportId, LedgerError, RecordId, SourceError, SyncId,
};

/// A customer that is to be made from an Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCustomer {
    /// The Account, which becomes the customer's alias: what tells that it was imported.
    pub record: RecordId,
    /// Its name.
    pub name: String,
    /// Currency of its figures.
    pub currency: Currency,
    /// Where invoices go, with a country as ISO 3166-1 alpha-3.
    pub billing_address: Option<Address>,
    /// People at the customer, the first one first.
    pub contacts: Vec<NewContact>,
}

/// A person at a new customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
}

/// A billing system that takes new customers.
pub trait SourceImport: Send + Sync {
    /// Makes a customer, once: [`SourceError::LostAnswer`] means that it may or may not be there.
    /// `key` is the same for the same attempt.
    fn create_customer(
        &self,
        customer: &NewCustomer,
        key: &str,
    ) -> impl Future<Output = Result<CustomerId, SourceError>> + Send;

    /// The customer that carries this Account's id, as an alias or a connected account.
    fn customer_of(
        &self,
        record: &RecordId,
    ) -> impl Future<Output = Result<Option<CustomerId>, SourceError>> + Send;
}

/// What an import would do with an Account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportAction {
    /// Make a customer of it.
    Create,
    /// Nothing: a rule leaves it out.
    Skip,
    /// Nothing: something must be settled first.
    Blocked,
}

/// Why an Account is skipped or blocked. [`fmt::Display`] gives the sentence a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ImportReason {
    /// It is a customer already.
    Customer {
        /// Which.
        customer: CustomerId,
        /// By what that is known.
        by: KnownBy,
    },
    /// It is a person.
    Person,
    /// It is not of a type that was asked for.
    OtherType {
        /// Its type.
        of: Option<String>,
    },
    /// A person decided so.
    LeftOut,
    /// It names a customer that does not exist.
    NoSuchCustomer {
        /// Which.
        customer: CustomerId,
    },
    /// It has no name.
    NoName,
    /// Its currency is not known.
    NoCurrency,
    /// It may be a customer already: a person must say.
    MayBe {
        /// Which, likeliest first; never empty.
        customers: Vec<LikelyCustomer>,
    },
}

/// By what an Account is known to be a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// Its external ID field.
    ExternalId,
    /// A connected account or an alias at the customer.
    BillingLink,
    /// The sync linked them.
    Link,
}

/// A customer that an Account may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikelyCustomer {
    /// Its id.
    pub customer: CustomerId,
    /// Its name.
    pub name: String,
    /// How likely, in percent.
    pub score: u8,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
}

impl ImportReason {
    /// A stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Customer { .. } => "customer_already",
            Self::Person => "person_account",
            Self::OtherType { .. } => "other_type",
            Self::LeftOut => "left_out",
            Self::NoSuchCustomer { .. } => "no_such_customer",
            Self::NoName => "no_name",
            Self::NoCurrency => "no_currency",
            Self::MayBe { .. } => "may_be_customer",
        }
    }

    /// What a person can do about it.
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Customer { .. } | Self::Person | Self::OtherType { .. } => "",
            Self::LeftOut => "Decide otherwise to import it.",
            Self::NoSuchCustomer { .. } => {
                "Empty the external ID field in Salesforce, or correct it."
            }
            Self::NoName => "Give the Account a name in Salesforce.",
            Self::NoCurrency => "Preview again with the currency of such Accounts.",
            Self::MayBe { .. } => {
                "If they are the same, link them on the Matching tab; if not, let it become a customer."
            }
        }
    }
}

impl fmt::Display for ImportReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer { customer, by } => {
                let by = match by {
                    KnownBy::ExternalId => "its external ID field says so",
                    KnownBy::BillingLink => "the billing system says so",
                    KnownBy::Link => "the sync links them",
                };
                write!(f, "It is customer {customer}: {by}.")
            }
            Self::Person => f.write_str("It is a person account; customers are companies."),
            Self::OtherType { of: Some(of) } => {
                write!(f, "Its type is {of}, which was not asked for.")
            }
            Self::OtherType { of: None } => f.write_str("It has no type."),
            Self::LeftOut => f.write_str("It was decided to leave it out."),
            Self::NoSuchCustomer { customer } => write!(
                f,
                "Its external ID field names customer {customer}, which the billing system does not have."
            ),
            Self::NoName => f.write_str("It has no name."),
            Self::NoCurrency => f.write_str("Neither the Account nor anybody says its currency."),
            Self::MayBe { customers } => {
                let Some(best) = customers.first() else {
                    return f.write_str("It may be a customer already.");
                };
                write!(f, "It may be {} ({}): ", best.name, best.customer)?;
                for (place, evidence) in best.evidence.iter().enumerate() {
                    let comma = if place == 0 { "" } else { ", " };
                    write!(f, "{comma}{evidence}")?;
                }
                write!(f, " ({}%).", best.score)
            }
        }
    }
}

/// One Account of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The Account.
    pub record: RecordId,
    /// Its name, or its id where it has none.
    pub name: String,
    /// What would happen.
    pub action: ImportAction,
    /// Why not, where nothing would.
    pub reason: Option<ImportReason>,
    /// The customer it would become; also there while only a decision is missing.
    pub customer: Option<NewCustomer>,
    /// What of the Account is left out, in sentences.
    pub notes: Vec<String>,
}

/// What became of an Account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// A customer was made.
    Created,
    /// A customer with its id was there by then.
    Already,
    /// A rule left it out.
    Skipped,
    /// Something must be settled first.
    Blocked,
    /// The billing system said no, or could not be reached.
    Rejected,
    /// The answer was lost and reading back did not settle it.
    Unknown,
}

/// The outcome of one Account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportResult {
    /// The Account.
    pub record: RecordId,
    /// What became of it.
    pub outcome: ImportOutcome,
    /// The customer, when there is one.
    pub customer: Option<CustomerId>,
    /// A stable word for what was wrong.
    pub code: Option<&'static str>,
    /// What was wrong, as sentences.
    pub message: Option<String>,
}

/// An Account whose call was begun and never closed, or that has no call yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenImport {
    /// The customer to make.
    pub customer: NewCustomer,
    /// When its call was begun, if one was.
    pub begun_at: Option<Timestamp>,
}

/// How many Accounts of an import have which outcome. They add up to what was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Customers made.
    pub created: u32,
    /// Customers by then.
    pub already: u32,
    /// Left out by a rule.
    pub skipped: u32,
    /// To be settled first.
    pub blocked: u32,
    /// Refused.
    pub rejected: u32,
    /// Answer lost.
    pub unknown: u32,
}

impl ImportCounts {
    /// All Accounts that have an outcome.
    pub fn total(&self) -> u32 {
        self.created + self.already + self.skipped + self.blocked + self.rejected + self.unknown
    }
}

/// The journal of imports.
pub trait ImportLedger: Send + Sync {
    /// The customer a sync linked to an Account, if any.
    fn customer_of_record(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<Option<CustomerId>, LedgerError>;

    /// Adds Accounts to an import under construction.
    fn put_import_rows(&self, import: ImportId, rows: &[ImportRow]) -> Result<(), LedgerError>;

    /// Accounts that are to become customers and have no outcome, begun ones first, up to `limit`.
    fn open_imports(&self, import: ImportId, limit: usize) -> Result<Vec<OpenImport>, LedgerError>;

    /// Records that a call for this Account is about to go out.
    fn begin_import(
        &self,
        import: ImportId,
        record: &RecordId,
        at: Timestamp,
    ) -> Result<(), LedgerError>;

    /// Records what became of an Account; `None` closes its call and leaves it open.
    fn end_import(
        &self,
        import: ImportId,
        record: &RecordId,
        result: Option<&ImportResult>,
    ) -> Result<(), LedgerError>;
}
