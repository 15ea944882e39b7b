//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Read both sides and compute what a run would do. Writes nothing.
    Plan {
        /// Name of the sync.
        sync: String,
        /// Read all records of the org, and not only those that changed since the last preview.
        #[arg(long)]
        full: bool,
    },
    /// Run a plan.
    Run {
        /// Number of the plan.
        plan: u32,
        #[command(flatten)]
        guards: Guards,
        /// Write only the first so many records: a pilot.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// Resume a run that was interrupted, stopped or halted.
    Resume {
        /// Number of the run.
        run: u32,
    },
    /// Put back what a run replaced, where nobody changed it since. Previews unless told --yes.
    Undo(Undo),
    /// List runs, newest first.
    Runs,
    /// Show a run: its equation, its problems, its rows.
    Show {
        /// Number of the run.
        run: u32,
        /// Only rows with this outcome; all outcomes when `all`.
        #[arg(long, value_name = "OUTCOME")]
        rows: Option<Rows>,
    },
}

#[derive(Args)]
pub(crate) struct Undo {
    /// Number of the run.
    pub(crate) run: u32,
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
    /// Link a customer to a record. May be repeated.
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
        /// Which fields it fills; the source's own when absent.
        #[arg(long)]
        pack: Option<Pack>,
        /// Let the source create records. Without it only existing ones are updated.
        #[arg(long)]
        create_accounts: bool,
    },
    /// List syncs.
    List,
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
pub(crate) enum Environment {
    Sandbox,
    Production,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pack {
    Alguna,
    Profitwell,
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
}
