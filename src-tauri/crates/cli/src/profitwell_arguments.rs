//! `profitwell …`: everything the operations of ProfitWell take.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use drawbridge_api::view::{
    OperationDraft, OperationFieldView, OperationKindView, OperationOutcomeView,
};

use crate::commands::api_call::ApiArguments;
use crate::commands::metrics::MetricsArguments;

#[derive(Args)]
pub(crate) struct Profitwell {
    /// Which ProfitWell connection; needed where there are several.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    #[command(subcommand)]
    pub(crate) what: ProfitwellCommand,
}

#[derive(Subcommand)]
pub(crate) enum ProfitwellCommand {
    #[command(flatten)]
    On(Subject),
    /// List what was done, newest first; show one; resume one.
    Operations(Past),
    /// Figures by month as ProfitWell counts them: MRR, what made it grow and shrink, customers.
    Metrics(MetricsArguments),
    /// Make any call to its API.
    Api(ApiArguments),
}

/// What is looked at or changed.
#[derive(Subcommand)]
pub(crate) enum Subject {
    /// Create, update, churn, un-churn and list subscriptions.
    Subscription {
        #[command(subcommand)]
        action: Subscriptions,
    },
    /// Update and delete users.
    User {
        #[command(subcommand)]
        action: Users,
    },
    /// List, get, create and update plans.
    Plan {
        #[command(subcommand)]
        action: Plans,
    },
    /// List and get customers, from all sources.
    Customer {
        #[command(subcommand)]
        action: Customers,
    },
    /// The same change for every row of a CSV file. Previews unless told --yes.
    Batch(Batch),
}

/// How far to go.
#[derive(Args)]
pub(crate) struct Go {
    /// Only say what would happen, which is the default.
    #[arg(long, conflicts_with = "yes")]
    preview: bool,
    /// Do it.
    #[arg(long)]
    pub(crate) yes: bool,
    /// The user's id or alias once more: needed to delete.
    #[arg(long, value_name = "ID")]
    pub(crate) confirm: Option<String>,
}

/// The options of a form, and the form they fill in.
macro_rules! form {
    ($(#[$doc:meta])* $name:ident, $kind:ident { $($(#[$meta:meta])* $option:ident: $field:ident,)* }) => {
        $(#[$doc])*
        #[derive(Args)]
        pub(crate) struct $name {
            $($(#[$meta])* $option: Option<String>,)*
            #[command(flatten)]
            go: Go,
        }

        impl $name {
            pub(crate) fn draft(self) -> (OperationDraft, Go) {
                let mut fields = BTreeMap::new();
                $(if let Some(text) = self.$option {
                    fields.insert(OperationFieldView::$field, text);
                })*
                let kind = OperationKindView::$kind;
                (OperationDraft { kind, fields }, self.go)
            }
        }
    };
}
pub(crate) use form;

form! {
    CreateSubscription, CreateSubscription {
        /// What ProfitWell shows the user by.
        #[arg(long)]
        email: Email,
        /// For another subscription of a user that is there: ProfitWell's id (pwu_…).
        #[arg(long, value_name = "ID")]
        user_id: UserId,
        /// Your own name for the user; made up when absent.
        #[arg(long, value_name = "ALIAS")]
        user_alias: UserAlias,
        /// Your own name for the subscription; made up when absent.
        #[arg(long)]
        alias: SubscriptionAlias,
        /// Id of the plan.
        #[arg(long)]
        plan: PlanId,
        /// month or year.
        #[arg(long)]
        interval: PlanInterval,
        /// The price of one period, as 49.00.
        #[arg(long, value_name = "AMOUNT")]
        value: Value,
        /// Instead: the same in cents, as 4900.
        #[arg(long, value_name = "CENTS")]
        value_cents: ValueCents,
        /// As usd, which is the default.
        #[arg(long)]
        currency: PlanCurrency,
        /// active, which is the default, or trialing.
        #[arg(long)]
        status: Status,
        /// From when on: 2026-01-31 (midnight UTC), or with a time.
        #[arg(long)]
        date: EffectiveDate,
        /// Id of the user at a payment provider.
        #[arg(long, value_name = "ID")]
        provider_user: DataProviderUserId,
    }
}

form! {
    UpdateSubscription, UpdateSubscription {
        /// Id or alias of the subscription.
        subscription: Subscription,
        /// Id or alias of its user: with it, a lost answer can be read back.
        #[arg(long)]
        user: User,
        /// Id of the plan from then on.
        #[arg(long)]
        plan: PlanId,
        /// month or year.
        #[arg(long)]
        interval: PlanInterval,
        /// The price of one period, as 49.00.
        #[arg(long, value_name = "AMOUNT")]
        value: Value,
        /// Instead: the same in cents, as 4900.
        #[arg(long, value_name = "CENTS")]
        value_cents: ValueCents,
        /// The subscription's currency, for your eyes only.
        #[arg(long)]
        currency: PlanCurrency,
        /// From when on: 2026-01-31 (midnight UTC), or with a time.
        #[arg(long)]
        date: EffectiveDate,
    }
}

form! {
    ChurnSubscription, ChurnSubscription {
        /// Id or alias of the subscription.
        subscription: Subscription,
        /// Id or alias of its user: with it, a lost answer can be read back.
        #[arg(long)]
        user: User,
        /// When: 2026-01-31 (midnight UTC), or with a time.
        #[arg(long)]
        date: EffectiveDate,
        /// voluntary, which is the default, or delinquent.
        #[arg(long, value_name = "TYPE")]
        churn_type: ChurnType,
    }
}

form! {
    UnchurnSubscription, UnchurnSubscription {
        /// Id or alias of the subscription.
        subscription: Subscription,
        /// Id or alias of its user: with it, a lost answer can be read back.
        #[arg(long)]
        user: User,
    }
}

form! {
    UpdateUser, UpdateUser {
        /// Id or alias of the user.
        user: User,
        /// The new address.
        #[arg(long)]
        email: Email,
    }
}

form! {
    DeleteUser, DeleteUser {
        /// Id or alias of the user.
        user: User,
    }
}

form! {
    CreatePlan, CreatePlan {
        /// Id of the plan, for good.
        plan: PlanId,
        /// What people read.
        #[arg(long)]
        name: Name,
    }
}

form! {
    UpdatePlan, UpdatePlan {
        /// Id of the plan.
        plan: PlanId,
        /// The new name.
        #[arg(long)]
        name: Name,
    }
}

#[derive(Subcommand)]
pub(crate) enum Subscriptions {
    /// Begin a subscription, and make its user where there is none yet.
    Create(Box<CreateSubscription>),
    /// Another plan or price from a day on.
    Update(Box<UpdateSubscription>),
    /// End a subscription, now or on a day to come.
    Churn(ChurnSubscription),
    /// Take the end of a subscription back.
    Unchurn(UnchurnSubscription),
    /// What was done to the subscriptions of a user.
    List {
        /// Id or alias of the user.
        user: String,
        #[command(flatten)]
        limit: Limit,
    },
}

#[derive(Subcommand)]
pub(crate) enum Users {
    /// Show a user by another e-mail address.
    Update(UpdateUser),
    /// Delete a user with the whole history. It cannot be taken back.
    Delete(DeleteUser),
}

#[derive(Subcommand)]
pub(crate) enum Plans {
    /// The plans made by hand or through the API.
    List {
        #[command(flatten)]
        limit: Limit,
    },
    /// One of them.
    Get {
        /// Its id.
        plan: String,
    },
    /// Make a plan.
    Create(CreatePlan),
    /// Call a plan otherwise.
    Update(UpdatePlan),
}

#[derive(Subcommand)]
pub(crate) enum Customers {
    /// Customers in the order of their last change.
    List {
        /// Only those changed on this day or later.
        #[arg(long, value_name = "DATE")]
        start: Option<String>,
        /// Only those changed before this day.
        #[arg(long, value_name = "DATE")]
        end: Option<String>,
        /// Only those of this address.
        #[arg(long)]
        email: Option<String>,
        /// The last changed first.
        #[arg(long)]
        descending: bool,
        #[command(flatten)]
        limit: Limit,
    },
    /// One customer.
    Get {
        /// Its id.
        customer: String,
    },
}

#[derive(Args)]
pub(crate) struct Limit {
    /// How many.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    /// All of them.
    #[arg(long, conflicts_with = "limit")]
    pub(crate) all: bool,
}

#[derive(Args)]
pub(crate) struct Batch {
    /// What every row of it is.
    #[arg(long)]
    pub(crate) operation: BatchKind,
    #[command(flatten)]
    pub(crate) file: BatchFile,
}

/// A file of operations, and how far to go with it.
#[derive(Args)]
pub(crate) struct BatchFile {
    /// The file: a header and rows. The columns are named as the fields; `value` is in major units.
    #[arg(value_name = "FILE.csv")]
    pub(crate) file: PathBuf,
    /// Only say what would happen, which is the default.
    #[arg(long, conflicts_with = "yes")]
    preview: bool,
    /// Do it at once.
    #[arg(long)]
    pub(crate) yes: bool,
    /// What the preview asks to be typed: needed to delete users.
    #[arg(long, value_name = "WORDS")]
    pub(crate) confirm: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BatchKind {
    /// Begin subscriptions.
    #[value(alias = "create_subscription")]
    CreateSubscription,
    /// Other plans or prices.
    #[value(alias = "update_subscription")]
    UpdateSubscription,
    /// End subscriptions.
    #[value(alias = "churn_subscription")]
    ChurnSubscription,
    /// Take ends back.
    #[value(alias = "unchurn_subscription")]
    UnchurnSubscription,
    /// Other e-mail addresses.
    #[value(alias = "update_user")]
    UpdateUser,
    /// Delete users.
    #[value(alias = "delete_user")]
    DeleteUser,
    /// Make plans.
    #[value(alias = "create_plan")]
    CreatePlan,
    /// Call plans otherwise.
    #[value(alias = "update_plan")]
    UpdatePlan,
}

impl BatchKind {
    pub(crate) fn view(self) -> OperationKindView {
        match self {
            Self::CreateSubscription => OperationKindView::CreateSubscription,
            Self::UpdateSubscription => OperationKindView::UpdateSubscription,
            Self::ChurnSubscription => OperationKindView::ChurnSubscription,
            Self::UnchurnSubscription => OperationKindView::UnchurnSubscription,
            Self::UpdateUser => OperationKindView::UpdateUser,
            Self::DeleteUser => OperationKindView::DeleteUser,
            Self::CreatePlan => OperationKindView::CreatePlan,
            Self::UpdatePlan => OperationKindView::UpdatePlan,
        }
    }
}

#[derive(Args)]
pub(crate) struct Past {
    /// Show this one, with its rows.
    #[arg(value_name = "ID")]
    pub(crate) operation: Option<u32>,
    /// Only rows with this outcome.
    #[arg(long, value_name = "OUTCOME", requires = "operation")]
    pub(crate) rows: Option<PastRows>,
    /// Write every row, with what was there before, as FILE.csv.
    #[arg(
        long,
        value_name = "FILE.csv",
        requires = "operation",
        conflicts_with = "rows"
    )]
    pub(crate) report: Option<PathBuf>,
    /// Carry this one out, or on: previewed, interrupted, stopped or halted.
    #[arg(long, value_name = "ID", conflicts_with = "operation")]
    pub(crate) resume: Option<u32>,
    /// What the preview asks to be typed: needed to delete users.
    #[arg(long, value_name = "WORDS", requires = "resume")]
    pub(crate) confirm: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PastRows {
    /// Done.
    Done,
    /// So already.
    Already,
    /// Never sent, for problems of their own.
    Blocked,
    /// Refused.
    Rejected,
    /// Answer lost.
    Unknown,
}

impl PastRows {
    pub(crate) fn view(self) -> OperationOutcomeView {
        match self {
            Self::Done => OperationOutcomeView::Done,
            Self::Already => OperationOutcomeView::Already,
            Self::Blocked => OperationOutcomeView::Blocked,
            Self::Rejected => OperationOutcomeView::Rejected,
            Self::Unknown => OperationOutcomeView::Unknown,
        }
    }
}
