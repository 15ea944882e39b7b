//! The context every use case runs in: one workspace, its connections opened, its work followed.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use drawbridge_model::{BatchId, Clock, ConnectionId, ImportId, RunId, SObjectName, Secrets};
use drawbridge_salesforce::{Org, oauth};
use drawbridge_simulator::Simulator;
use drawbridge_store::Store;
use drawbridge_sync::execute::Control;
use tokio::sync::{Notify, watch};

use crate::clock::SystemClock;
use crate::console::{Answers, Consoles};
use crate::describes::Kept;
use crate::error::Result;
use crate::logins::Login;
use crate::progress::Hub;
use crate::sources::Lanes;
use crate::view::{CheckView, ErrorCode, ErrorView, Nothing, ProgressView, Work, WorkspaceView};
use crate::workspace;

/// How a host wants things done.
#[derive(Clone)]
pub struct Options {
    /// Where data is kept.
    pub data_dir: PathBuf,
    /// Where reports are saved; a folder among the data when absent.
    pub reports_dir: Option<PathBuf>,
    /// Port the browser comes back to after a sign-in.
    pub login_port: u16,
    /// How long a sign-in waits for the browser.
    pub login_timeout: Duration,
    /// Opens an address in the browser. Returns whether that worked.
    pub open_browser: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// How often a run without API calls looks whether there are some again.
    pub look_for_calls: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where secrets are kept; the keychain, or the environment where there is none, when absent.
    pub secrets: Option<Arc<dyn Secrets>>,
}

impl Options {
    /// The usual ways, with data in `data_dir`.
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            reports_dir: None,
            login_port: oauth::DEFAULT_PORT,
            login_timeout: oauth::DEFAULT_TIMEOUT,
            open_browser: Arc::new(crate::browser::open),
            look_for_calls: Duration::from_mins(5),
            clock: Arc::new(SystemClock),
            secrets: None,
        }
    }

    /// Where reports are saved.
    pub(crate) fn reports_dir(&self) -> PathBuf {
        self.reports_dir
            .clone()
            .unwrap_or_else(|| self.data_dir.join("reports"))
    }
}

/// Everything the use cases need. Clones share it.
#[derive(Clone)]
pub struct Context {
    options: Arc<Options>,
    switching: Arc<tokio::sync::Mutex<()>>,
    workspace: Arc<RwLock<Arc<Workspace>>>,
}

/// One open workspace.
pub(crate) struct Workspace {
    pub(crate) store: Store,
    pub(crate) secrets: Arc<dyn Secrets>,
    pub(crate) dir: PathBuf,
    pub(crate) encrypted: bool,
    pub(crate) warning: Option<String>,
    pub(crate) simulator: Option<Simulator>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) orgs: Mutex<HashMap<ConnectionId, Org>>,
    /// Connections whose login was seen to be one of the org they are pinned to.
    pub(crate) certain: Mutex<HashSet<ConnectionId>>,
    pub(crate) describes: Mutex<HashMap<(ConnectionId, SObjectName), Kept>>,
    pub(crate) checks: Mutex<HashMap<ConnectionId, Vec<CheckView>>>,
    pub(crate) logins: Mutex<HashMap<u32, Login>>,
    pub(crate) next_login: AtomicU32,
    pub(crate) controls: Mutex<HashMap<RunId, Arc<Control>>>,
    pub(crate) imports: Mutex<HashMap<ImportId, Arc<AtomicBool>>>,
    pub(crate) operations: Mutex<HashMap<BatchId, Arc<AtomicBool>>>,
    pub(crate) answers: Mutex<Answers>,
    pub(crate) consoles: Mutex<Consoles>,
    /// Calls by hand that are under way, by their tickets.
    pub(crate) calls: Mutex<HashMap<String, Arc<Notify>>>,
    /// The way to each billing system, shared by all who go it.
    pub(crate) lanes: Mutex<Lanes>,
}

impl Context {
    /// Opens the workspace in the options' data folder. Runs that another process left behind
    /// are marked as interrupted.
    pub fn open(options: Options) -> Result<Self> {
        let workspace = workspace::open(&options)?;
        Ok(Self::of(options, workspace))
    }

    /// Opens a demo workspace: simulated servers on this computer, nothing kept afterwards.
    pub async fn open_demo(options: Options) -> Result<Self> {
        let workspace = crate::demo::open(&options).await?;
        Ok(Self::of(options, workspace))
    }

    pub(crate) fn of(options: Options, workspace: Workspace) -> Self {
        Self {
            options: Arc::new(options),
            switching: Arc::default(),
            workspace: Arc::new(RwLock::new(Arc::new(workspace))),
        }
    }

    pub(crate) fn into_workspace(self) -> Option<Workspace> {
        let lock = Arc::into_inner(self.workspace)?;
        Arc::into_inner(lock.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn workspace(&self) -> Arc<Workspace> {
        self.workspace
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.options.clock.as_ref()
    }

    /// What the workspace is and how it is kept.
    pub async fn workspace_get(&self, _: Nothing) -> Result<WorkspaceView> {
        self.workspace().view(&self.options)
    }

    /// Leaves the present workspace for a demo workspace.
    pub async fn demo_start(&self, _: Nothing) -> Result<WorkspaceView> {
        let _one_at_a_time = self.switching.lock().await;
        if self.workspace().hub.is_any_running() {
            return Err(ErrorView::new(
                ErrorCode::AlreadyRunning,
                "A preview or a run is under way here: the demo workspace was not opened.",
            )
            .hint("Wait until it has ended, or stop it."));
        }
        if self.workspace().simulator.is_none() {
            let demo = Arc::new(crate::demo::open(&self.options).await?);
            *self
                .workspace
                .write()
                .unwrap_or_else(PoisonError::into_inner) = demo;
        }
        self.workspace().view(&self.options)
    }

    /// The live pictures of some work: the present one first. Ended work of the recent past
    /// gives its last picture.
    pub fn watch(&self, work: Work) -> Option<watch::Receiver<ProgressView>> {
        self.workspace().hub.watch(work)
    }

    /// Addresses of the demo workspace's simulated servers, where this is one.
    pub fn simulator_urls(&self) -> Option<drawbridge_simulator::Urls> {
        self.workspace()
            .simulator
            .as_ref()
            .map(|simulator| simulator.urls().clone())
    }
}

impl Workspace {
    pub(crate) fn new(
        store: Store,
        secrets: Arc<dyn Secrets>,
        dir: &Path,
        encrypted: bool,
        warning: Option<String>,
        simulator: Option<Simulator>,
    ) -> Self {
        Self {
            store,
            secrets,
            dir: dir.to_owned(),
            encrypted,
            warning,
            simulator,
            hub: Arc::new(Hub::default()),
            orgs: Mutex::default(),
            certain: Mutex::default(),
            describes: Mutex::default(),
            checks: Mutex::default(),
            logins: Mutex::default(),
            next_login: AtomicU32::new(1),
            controls: Mutex::default(),
            imports: Mutex::default(),
            operations: Mutex::default(),
            answers: Mutex::default(),
            consoles: Mutex::default(),
            calls: Mutex::default(),
            lanes: Mutex::default(),
        }
    }

    fn view(&self, options: &Options) -> Result<WorkspaceView> {
        Ok(WorkspaceView {
            demo: self.simulator.is_some(),
            data_dir: self.dir.display().to_string(),
            encrypted: self.encrypted,
            warning: self.warning.clone(),
            callback_url: oauth::redirect_uri(options.login_port),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            connections: count(self.store.connections()?.len()),
            syncs: count(self.store.syncs()?.len()),
        })
    }
}

pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Takes a lock whose holder may have panicked: what it guards is replaced whole, never half.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
