//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use drawbridge_api::view::YardstickView;

use crate::alguna_arguments::Alguna;
use crate::commands::export::Export;
use crate::commands::history::History;
use crate::commands::preview::Preview;
use crate::profitwell_arguments::Profitwell;

/// Carries subscription and revenue data from billing systems into Salesforce: previewed before
/// any write, resumable after any interruption.
#[derive(Parser)]
#[command(name = "drawbridge-cli", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
pub(crate) struct Common {
    /// Folder of the workspace.
    #[arg(long, global = true, env = "DRAWBRIDGE_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// One JSON document on stdout; progress and messages on stderr.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Port the browser comes back to after a sign-in.
    #[arg(long, global = true, default_value_t = drawbridge_api::oauth::DEFAULT_PORT, value_name = "PORT")]
    pub(crate) login_port: u16,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The whole story on simulated servers: connect, create fields, preview, run, run again.
    Demo,
    /// Connect an org or a billing source.
    Connect {
        #[command(subcommand)]
        what: Connect,
    },
    /// List connections, check one, or re-link a refreshed sandbox.
    Connections {
        #[command(subcommand)]
        action: Option<Connections>,
    },
    /// Make and list syncs.
    Sync {
        #[command(subcommand)]
        action: SyncAction,
    },
    /// How the sync's custom fields stand in the org; check, create or export them.
    Fields {
        /// Name of the sync.
        sync: String,
        /// Ask Salesforce whether it would accept them. Writes nothing.
        #[arg(long, conflicts_with_all = ["deploy", "export"])]
        validate: bool,
        /// Create them with their permission set, assign it, and read them back.
        #[arg(long, conflicts_with = "export")]
        deploy: bool,
        /// Write them as an SFDX source folder.
        #[arg(long, value_name = "DIR")]
        export: Option<PathBuf>,
    },
    /// Review which customers found which records, and settle what is not certain.
    Match(Match),
    /// Show which of a customer's subscriptions speaks, and why; or choose one.
    Speaker {
        /// Name of the sync.
        sync: String,
        /// The customer's id.
        customer: String,
        /// Let this subscription speak, whatever the rule says.
        #[arg(long, value_name = "SUBSCRIPTION", conflicts_with = "unpin")]
        pin: Option<String>,
        /// Let the rule decide again.
        #[arg(long)]
        unpin: bool,
        /// Only try another rule, the strongest yardstick first.
        #[arg(long, value_name = "YARDSTICKS", value_delimiter = ',', conflicts_with_all = ["pin", "unpin"])]
        by: Option<Vec<Yardstick>>,
    },
    /// Read both sides and compute what a run would do. Writes nothing.
    Plan {
        /// Name of the sync.
        sync: String,
        #[command(flatten)]
        reading: Reading,
    },
    /// Show the rows of a plan, from what to what; hold some back, or approve them. Writes nothing.
    Preview(Preview),
    /// Run a plan.
    Run {
        /// Number of the plan.
        plan: u32,
        #[command(flatten)]
        guards: Guards,
        /// Write only the first so many records: a pilot.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
        /// Write only this customer's record: a pilot of chosen ones. May be repeated.
        #[arg(long, value_name = "CUSTOMER", conflicts_with = "limit")]
        only: Vec<String>,
        /// How to write; by the number of records when absent.
        #[arg(long)]
        way: Option<Way>,
    },
    /// Resume a run that was interrupted, stopped or halted.
    Resume {
        /// Number of the run.
        run: u32,
        /// Go on though another user of the org is signed in than the one who began it.
        #[arg(long)]
        as_another_user: bool,
    },
    /// Try rejected records of a run again.
    Retry {
        /// Number of the run.
        run: u32,
        /// Only this customer's record. May be repeated.
        #[arg(long, value_name = "CUSTOMER")]
        customer: Vec<String>,
        /// Save it though a duplicate rule warns, where the rule allows that.
        #[arg(long, requires = "customer")]
        allow_duplicates: bool,
    },
    /// Put back what a run replaced, where nobody changed it since. Previews unless told --yes.
    Undo(Undo),
    /// Make customers in Alguna of Accounts that are none yet.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Look at and change subscriptions, users and plans in ProfitWell.
    Profitwell(Profitwell),
    /// List everything that was sent, newest first: runs, undos, operations, imports, API calls.
    History(History),
    /// List runs, newest first.
    Runs,
    /// Show a run: its equation, its problems, its rows.
    Show {
        /// Number of the run.
        run: u32,
        /// Only rows with this outcome; all outcomes when `all`.
        #[arg(long, value_name = "OUTCOME")]
        rows: Option<Rows>,
        /// The links written back to the billing system.
        #[arg(long, conflicts_with = "rows")]
        links: bool,
        /// Write the whole report, with every row, before and after: FILE.html or FILE.csv.
        #[arg(long, value_name = "FILE", conflicts_with = "rows")]
        report: Option<PathBuf>,
    },
    /// Where the values of a customer's record come from: rule, runs, before and after. Works offline.
    Explain {
        /// Name of the sync.
        sync: String,
        /// Id of the customer, or of its record.
        #[arg(value_name = "CUSTOMER|RECORD_ID")]
        of: String,
        /// Only this field, by API name or label.
        #[arg(long, value_name = "FIELD")]
        field: Option<String>,
    },
    /// Write runs or subscriptions as a table: CSV, XLSX or JSON. Works offline.
    Export {
        #[command(subcommand)]
        what: Export,
    },
    /// Link customers to Accounts and change their aliases in Alguna; make any call to its API.
    Alguna(Alguna),
}

#[derive(Subcommand)]
pub(crate) enum Import {
    /// Read both sides and say which Accounts would become customers. Previews unless told --yes.
    Accounts(ImportAccounts),
    /// Make the customers of an import that was previewed, or resume it.
    Run {
        /// Number of the import.
        import: u32,
        /// Name of the billing connection: needed where the Accounts are a sandbox's.
        #[arg(long, value_name = "NAME")]
        confirm: Option<String>,
    },
    /// Show an import and its Accounts.
    Show {
        /// Number of the import.
        import: u32,
    },
}

#[derive(Args)]
pub(crate) struct ImportAccounts {
    /// Name of the sync.
    pub(crate) sync: String,
    /// Only Accounts of this type. May be repeated.
    #[arg(long, value_name = "TYPE")]
    pub(crate) where_type: Vec<String>,
    /// Currency of Accounts that do not say theirs.
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Let this Account become a customer though it may be one already. May be repeated.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) create: Vec<String>,
    /// Leave this Account out. May be repeated.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) leave_out: Vec<String>,
    /// Only preview, which is the default.
    #[arg(long, conflicts_with = "yes")]
    preview: bool,
    /// Make the customers at once.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Name of the billing connection: needed where the Accounts are a sandbox's.
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: Option<String>,
}

#[derive(Args)]
pub(crate) struct Undo {
    /// Number of the run.
    pub(crate) run: u32,
    /// Also delete the records the run created, where nobody saved them since and nothing hangs on
    /// them. They go to the recycle bin for up to 15 days.
    #[arg(long)]
    pub(crate) delete_created: bool,
    /// Only compute what would be put back, which is the default.
    #[arg(long, conflicts_with = "yes")]
    preview: bool,
    /// Put it back at once.
    #[arg(long)]
    pub(crate) yes: bool,
    /// The org's domain: needed for production.
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) confirm: Option<String>,
}

#[derive(Args)]
pub(crate) struct Match {
    /// Name of the sync.
    pub(crate) sync: String,
    /// List the customers of this state, as the last preview left them.
    #[arg(long, value_name = "STATE", num_args = 0..=1, default_missing_value = "proposed")]
    pub(crate) list: Option<MatchState>,
    /// Only customers whose name or id contains this text, with --list.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) search: String,
    /// Link a customer to a record, which may be that of a customer that is gone: then it takes over
    /// the link. May be repeated.
    #[arg(long, value_name = "CUSTOMER=RECORD")]
    pub(crate) accept: Vec<String>,
    /// Let a customer have a new record. May be repeated.
    #[arg(long, value_name = "CUSTOMER")]
    pub(crate) create_new: Vec<String>,
    /// Leave a customer out of the sync. May be repeated.
    #[arg(long, value_name = "CUSTOMER")]
    pub(crate) ignore: Vec<String>,
    /// Take a decision back. May be repeated.
    #[arg(long, value_name = "CUSTOMER")]
    pub(crate) undecide: Vec<String>,
    /// Show every link of a customer that is gone to which one sure clue leads another; with --yes,
    /// have them all taken over.
    #[arg(long, conflicts_with_all = ["list", "accept", "create_new", "ignore", "undecide"])]
    pub(crate) take_over_all: bool,
    /// Do it, with --take-over-all.
    #[arg(long, requires = "take_over_all")]
    pub(crate) yes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatchState {
    /// Records may be its own.
    Proposed,
    /// Something contradicts itself.
    Conflict,
    /// It has its record.
    Found,
    /// No record was found.
    NotFound,
    /// It was decided that it has none.
    Apart,
}

/// Where a plan takes both sides from. Without a flag: what changed on each since it was last
/// read, and all of it once a day.
#[derive(Args)]
pub(crate) struct Reading {
    /// Read everything from the source and from the org.
    #[arg(long)]
    pub(crate) full: bool,
    /// Ask neither side: plan from what was last read.
    #[arg(long, conflicts_with = "full")]
    pub(crate) offline: bool,
}

/// What must be said before some runs may begin.
#[derive(Args)]
pub(crate) struct Guards {
    /// The org's domain: needed for production.
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) confirm: Option<String>,
    /// Tick a safety halt, by its name. May be repeated.
    #[arg(long, value_name = "HALT")]
    pub(crate) accept: Vec<String>,
}

#[derive(Subcommand)]
pub(crate) enum Connect {
    /// A Salesforce org: by the browser, or by a login made elsewhere.
    Salesforce {
        /// Name for the connection.
        #[arg(long)]
        name: String,
        /// What the org is. Checked against the org itself.
        #[arg(long)]
        environment: Environment,
        /// Login URL or My Domain.
        #[arg(long, value_name = "URL")]
        login_url: Option<String>,
        /// Consumer key of the org's External Client App.
        #[arg(long, value_name = "KEY", required_unless_present_any = ["access_token_env", "sfdx_auth_url_env"])]
        client_id: Option<String>,
        /// Address of the org, with --access-token-env.
        #[arg(long, value_name = "URL", requires = "access_token_env")]
        instance_url: Option<String>,
        /// Environment variable that holds an access token.
        #[arg(long, value_name = "VAR", requires = "instance_url")]
        access_token_env: Option<String>,
        /// Environment variable that holds an sfdxAuthUrl of the sf CLI.
        #[arg(long, value_name = "VAR", conflicts_with = "access_token_env")]
        sfdx_auth_url_env: Option<String>,
    },
    /// Alguna, by an API key.
    Alguna(SourceArguments),
    /// ProfitWell, by its private token.
    Profitwell(SourceArguments),
}

#[derive(Args)]
pub(crate) struct SourceArguments {
    /// Name for the connection.
    #[arg(long)]
    pub(crate) name: String,
    /// Environment variable that holds the key or token.
    #[arg(long, value_name = "VAR")]
    pub(crate) token_env: String,
    /// Base URL; the product's own when absent.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum Connections {
    /// Ask the other side how a connection stands.
    Check {
        /// Name of the connection.
        name: String,
    },
    /// Put another key or token in place of a billing source's, if it works.
    ReplaceKey {
        /// Name of the connection.
        name: String,
        /// Environment variable that holds the new key or token.
        #[arg(long, value_name = "VAR")]
        token_env: String,
    },
    /// Say whether anything may be changed through a connection.
    ReadOnly {
        /// Name of the connection.
        name: String,
        /// On: it is only read from now on.
        switch: Switch,
    },
    /// Link a sandbox that was refreshed: find its records again by external ID. Only tells what
    /// that comes to unless told --yes.
    Relink {
        /// Name of the connection.
        name: String,
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum SyncAction {
    /// Make a sync from a billing source to an org.
    Create {
        /// Name for the sync.
        #[arg(long)]
        name: String,
        /// Name of the billing source's connection.
        #[arg(long)]
        source: String,
        /// Name of the org's connection.
        #[arg(long)]
        org: String,
        /// Which fields it fills; the source's own when absent. For ProfitWell that is Contacts;
        /// profitwell-account adds up the customers of each Account on it.
        #[arg(long)]
        pack: Option<Pack>,
        /// Let the source create records. Without it only existing ones are updated.
        #[arg(long)]
        create_accounts: bool,
        /// Whether Alguna is told which Account each customer is. Off for a sandbox unless said.
        #[arg(long, value_name = "ON|OFF")]
        record_links: Option<Switch>,
    },
    /// List syncs.
    List,
    /// Change a sync's settings. Its next preview follows them.
    Set {
        /// Name of the sync.
        sync: String,
        /// Its new name.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Whether the source may create records.
        #[arg(long, value_name = "on|off")]
        create_accounts: Option<Switch>,
        /// Whether e-mail addresses are masked in a sandbox.
        #[arg(long, value_name = "on|off")]
        mask_emails: Option<Switch>,
        /// Which subscription speaks for a customer that has several, the strongest yardstick first.
        #[arg(long, value_name = "YARDSTICKS", value_delimiter = ',')]
        speaker: Option<Vec<Yardstick>>,
    },
    /// Write the sync's mapping as TOML: to a file, or to the terminal.
    Export {
        /// Name of the sync.
        sync: String,
        /// File to write; it is replaced.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Save a mapping from such a file as the sync's next version.
    Import {
        /// Name of the sync.
        sync: String,
        /// File to read.
        file: PathBuf,
    },
    /// Whether Alguna is told which Account each customer is; switch it on or off.
    Links {
        /// Name of the sync.
        sync: String,
        /// On or off; only shown when absent.
        switch: Option<Switch>,
        /// Id of Alguna's Salesforce integration, needed where it has several.
        #[arg(long, value_name = "ID")]
        integration: Option<String>,
    },
    /// Check the sync's mapping against another org and, when nothing is in the way, make the same
    /// sync for that org. Writes no record.
    Promote {
        /// Name of the sync.
        sync: String,
        /// Name of the other org's connection.
        #[arg(long, value_name = "ORG")]
        to: String,
        /// Only check: nothing is created and no sync is made.
        #[arg(long, conflicts_with_all = ["create_fields", "name"])]
        check: bool,
        /// Create the missing fields in the other org first, with access for the signed-in user.
        #[arg(long)]
        create_fields: bool,
        /// Name for the new sync; after source and org when absent.
        #[arg(long)]
        name: Option<String>,
    },
    /// Plan and run in one, for schedulers.
    Run {
        /// Name of the sync.
        sync: String,
        /// Write without a look at the preview.
        #[arg(long, required = true)]
        yes: bool,
        #[command(flatten)]
        guards: Guards,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// Calls of 200 records, each answered at once.
    Collections,
    /// Jobs of up to 10,000 records.
    Bulk,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Environment {
    Sandbox,
    Production,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pack {
    Alguna,
    Profitwell,
    ProfitwellAccount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    All,
    Created,
    Updated,
    Unchanged,
    Skipped,
    Blocked,
    Rejected,
    Held,
    Unknown,
    Deleted,
    /// Written, and read back differently from what was sent.
    Differing,
    /// Written except for fields that were held back.
    FieldsHeld,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Yardstick {
    /// Active before trialing, scheduled, sent, draft, paused, ended.
    Status,
    /// The one that began last.
    LatestStart,
    /// The one that began first.
    EarliestStart,
    /// The one with the highest monthly revenue.
    HighestValue,
}

impl Yardstick {
    pub(crate) fn view(self) -> YardstickView {
        match self {
            Self::Status => YardstickView::Status,
            Self::LatestStart => YardstickView::LatestStart,
            Self::EarliestStart => YardstickView::EarliestStart,
            Self::HighestValue => YardstickView::HighestValue,
        }
    }
}
