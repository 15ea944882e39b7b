//! What can be switched in an org, as `Config`, tests and `/sim/org` say it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::salesforce::rules::{DuplicateRule, FieldUpdate, ValidationRule};

/// How an org is set up: its edition and the features somebody has enabled. Every switch can be
/// turned at run time, as an administrator would.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are independent switches of an org"
)]
pub struct OrgShape {
    /// What `Organization.OrganizationType` says, and whether the API comes with it.
    pub edition: Edition,
    /// Whether the REST API answers; `None` leaves it to the edition. When off, data calls get 403
    /// `API_DISABLED_FOR_ORG`; signing in still works.
    pub api_enabled: Option<bool>,
    /// API access control: when false, every session gets 401 "This session is not valid for use
    /// with the REST API".
    pub rest_sessions: bool,
    /// End of a trial; with a sandbox this makes a scratch org.
    pub trial_expiration: Option<Timestamp>,
    /// ISO 4217 code of the currency of an org of one, which SOAP's `getUserInfo` tells.
    pub currency: String,
    /// Several currencies: `CurrencyIsoCode` on records and the `CurrencyType` list.
    pub multi_currency: bool,
    /// The currencies of a multi-currency org; exactly one is the corporate one.
    pub currencies: Vec<OrgCurrency>,
    /// State and country/territory picklists: `BillingCountryCode`, `BillingStateCode` and so on.
    pub state_and_country_picklists: bool,
    /// Person accounts, each with a paired Contact.
    pub person_accounts: bool,
    /// Record types; `RecordTypeId` exists only where there are any.
    pub record_types: Vec<OrgRecordType>,
    /// Alguna's own integration already writes its thirteen Account fields.
    pub alguna_integration: bool,
    /// Validation rules.
    pub validation_rules: Vec<ValidationRule>,
    /// Duplicate rules.
    pub duplicate_rules: Vec<DuplicateRule>,
    /// Field updates.
    pub field_updates: Vec<FieldUpdate>,
}

impl Default for OrgShape {
    fn default() -> Self {
        let currency = |iso_code: &str, rate: f64, decimals: u32| OrgCurrency {
            iso_code: iso_code.to_owned(),
            conversion_rate: rate,
            decimal_places: decimals,
            is_corporate: iso_code == "EUR",
            is_active: iso_code != "SEK",
        };
        Self {
            edition: Edition::Enterprise,
            api_enabled: None,
            rest_sessions: true,
            trial_expiration: None,
            currency: "EUR".to_owned(),
            multi_currency: false,
            currencies: vec![
                currency("EUR", 1.0, 2),
                currency("USD", 1.08, 2),
                currency("GBP", 0.86, 2),
                currency("JPY", 162.5, 0),
                currency("SEK", 11.4, 2),
            ],
            state_and_country_picklists: false,
            person_accounts: false,
            record_types: Vec::new(),
            alguna_integration: false,
            validation_rules: Vec::new(),
            duplicate_rules: Vec::new(),
            field_updates: Vec::new(),
        }
    }
}

impl OrgShape {
    /// Three record types of Account to try things with: `Customer` (the default one), `Partner`,
    /// which allows fewer values of `Type`, and `Legacy`, which is not active any more.
    #[must_use]
    pub fn with_account_record_types(mut self) -> Self {
        let kind = |name: &str| OrgRecordType {
            sobject: "Account".to_owned(),
            developer_name: name.to_owned(),
            name: name.to_owned(),
            ..OrgRecordType::default()
        };
        let partner_types = ["Channel Partner / Reseller", "Technology Partner"];
        self.record_types = vec![
            OrgRecordType {
                is_default: true,
                ..kind("Customer")
            },
            OrgRecordType {
                picklists: BTreeMap::from([(
                    "Type".to_owned(),
                    partner_types.map(str::to_owned).to_vec(),
                )]),
                ..kind("Partner")
            },
            OrgRecordType {
                is_active: false,
                ..kind("Legacy")
            },
        ];
        self
    }

    /// Whether the REST API answers at all.
    pub(crate) fn has_api(&self) -> bool {
        self.api_enabled
            .unwrap_or_else(|| self.edition.includes_api())
    }
}

/// An edition of Salesforce (facts/salesforce.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// Enterprise.
    Enterprise,
    /// Unlimited; Performance shows as this too.
    Unlimited,
    /// Developer.
    Developer,
    /// Professional: the API is an extra.
    Professional,
    /// Group, shown as Team Edition: no API.
    Team,
    /// Contact Manager: no API.
    ContactManager,
    /// Personal: no API.
    Personal,
    /// Base: no API.
    Base,
}

impl Edition {
    /// The value of `Organization.OrganizationType`.
    pub(crate) const fn organization_type(self) -> &'static str {
        match self {
            Self::Enterprise => "Enterprise Edition",
            Self::Unlimited => "Unlimited Edition",
            Self::Developer => "Developer Edition",
            Self::Professional => "Professional Edition",
            Self::Team => "Team Edition",
            Self::ContactManager => "Contact Manager Edition",
            Self::Personal => "Personal Edition",
            Self::Base => "Base Edition",
        }
    }

    const fn includes_api(self) -> bool {
        matches!(self, Self::Enterprise | Self::Unlimited | Self::Developer)
    }
}

/// A row of `CurrencyType`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgCurrency {
    /// ISO 4217 code.
    pub iso_code: String,
    /// Units of this currency for one unit of the corporate one.
    pub conversion_rate: f64,
    /// Decimal places shown.
    #[serde(default = "two")]
    pub decimal_places: u32,
    /// Whether it is the corporate currency.
    #[serde(default)]
    pub is_corporate: bool,
    /// Whether records may be given it.
    #[serde(default = "yes")]
    pub is_active: bool,
}

fn two() -> u32 {
    2
}

fn yes() -> bool {
    true
}

/// A record type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrgRecordType {
    /// The sObject, `Account` or `Contact` or a custom one.
    pub sobject: String,
    /// The name that is the same in every org.
    pub developer_name: String,
    /// The label.
    pub name: String,
    /// Whether new records may have it.
    pub is_active: bool,
    /// Whether the user's profile takes it when none is given.
    pub is_default: bool,
    /// Whether its Accounts are persons.
    pub is_person: bool,
    /// Values allowed by picklist field; only restricted picklists refuse others.
    pub picklists: BTreeMap<String, Vec<String>>,
}

impl Default for OrgRecordType {
    fn default() -> Self {
        Self {
            sobject: "Account".to_owned(),
            developer_name: String::new(),
            name: String::new(),
            is_active: true,
            is_default: false,
            is_person: false,
            picklists: BTreeMap::new(),
        }
    }
}

impl OrgShape {
    /// Adds a validation rule, in place of the one of its name.
    pub(crate) fn put_validation_rule(&mut self, rule: ValidationRule) {
        self.validation_rules
            .retain(|known| known.name != rule.name);
        self.validation_rules.push(rule);
    }

    /// Adds a duplicate rule, in place of the one of its name.
    pub(crate) fn put_duplicate_rule(&mut self, rule: DuplicateRule) {
        self.duplicate_rules.retain(|known| known.name != rule.name);
        self.duplicate_rules.push(rule);
    }

    /// Adds a field update, in place of the one of its name.
    pub(crate) fn put_field_update(&mut self, rule: FieldUpdate) {
        self.field_updates.retain(|known| known.name != rule.name);
        self.field_updates.push(rule);
    }

    /// Removes the rules of this name, or all.
    pub(crate) fn remove_rules(&mut self, name: Option<&str>) {
        let other = |known: &str| name.is_some_and(|name| name != known);
        self.validation_rules.retain(|rule| other(&rule.name));
        self.duplicate_rules.retain(|rule| other(&rule.name));
        self.field_updates.retain(|rule| other(&rule.name));
    }
}
