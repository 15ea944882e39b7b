//! `alguna …`: everything the operations of Alguna take.

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum};
use drawbridge_api::view::{OperationDraft, OperationFieldView, OperationKindView};

use crate::commands::api_call::ApiArguments;
use crate::profitwell_arguments::{BatchFile, Go, Past, form};

#[derive(Args)]
pub(crate) struct Alguna {
    /// Which Alguna connection; needed where there are several.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    #[command(subcommand)]
    pub(crate) what: AlgunaCommand,
}

#[derive(Subcommand)]
pub(crate) enum AlgunaCommand {
    #[command(flatten)]
    On(AlgunaSubject),
    /// List what was done, newest first; show one; resume one.
    Operations(Past),
    /// Make any call to its API.
    Api(ApiArguments),
}

/// What is changed.
#[derive(Subcommand)]
pub(crate) enum AlgunaSubject {
    /// Link customers to Salesforce Accounts, unlink them, and change their aliases.
    Customer {
        #[command(subcommand)]
        action: AlgunaCustomers,
    },
    /// The same change for every row of a CSV file. Previews unless told --yes.
    Batch(AlgunaBatch),
}

form! {
    LinkCustomer, LinkCustomer {
        /// Id of the customer.
        customer: Customer,
        /// Id of the Salesforce Account, 15 or 18 characters.
        #[arg(long, value_name = "ID")]
        account: Account,
        /// Alguna's Salesforce integration, by id or label; needed where it has several.
        #[arg(long, value_name = "ID")]
        integration: Integration,
    }
}

form! {
    UnlinkCustomer, UnlinkCustomer {
        /// Id of the customer.
        customer: Customer,
        /// Id of the Salesforce Account it is to be linked to no more.
        #[arg(long, value_name = "ID")]
        account: Account,
    }
}

form! {
    AddAlias, AddAlias {
        /// Id of the customer.
        customer: Customer,
        /// One more alias. All others stay.
        #[arg(long)]
        alias: Alias,
    }
}

form! {
    RemoveAlias, RemoveAlias {
        /// Id of the customer.
        customer: Customer,
        /// The alias that goes, exactly as it is written. All others stay.
        #[arg(long)]
        alias: Alias,
    }
}

#[derive(Subcommand)]
pub(crate) enum AlgunaCustomers {
    /// Tell Alguna which Salesforce Account a customer is.
    Link(LinkCustomer),
    /// Take that back: only the link goes.
    Unlink(UnlinkCustomer),
    /// Give a customer one more alias.
    Alias(AddAlias),
    /// Take an alias off a customer.
    RemoveAlias(RemoveAlias),
}

#[derive(Args)]
pub(crate) struct AlgunaBatch {
    /// What every row of it is.
    #[arg(long)]
    pub(crate) operation: AlgunaBatchKind,
    #[command(flatten)]
    pub(crate) file: BatchFile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AlgunaBatchKind {
    /// Link customers to Accounts.
    #[value(alias = "link_customer")]
    LinkCustomer,
    /// Take links back.
    #[value(alias = "unlink_customer")]
    UnlinkCustomer,
    /// More aliases.
    #[value(alias = "add_alias")]
    AddAlias,
    /// Fewer aliases.
    #[value(alias = "remove_alias")]
    RemoveAlias,
}

impl AlgunaBatchKind {
    pub(crate) fn view(self) -> OperationKindView {
        match self {
            Self::LinkCustomer => OperationKindView::LinkCustomer,
            Self::UnlinkCustomer => OperationKindView::UnlinkCustomer,
            Self::AddAlias => OperationKindView::AddAlias,
            Self::RemoveAlias => OperationKindView::RemoveAlias,
        }
    }
}
