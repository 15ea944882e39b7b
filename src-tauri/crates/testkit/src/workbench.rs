//! A workspace beside simulated servers, in the process of the test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use drawbridge_api::view::{
    ConnectionView, CountsView, DeployView, EnvironmentView, ErrorView, LoginRequest,
    MappingRequest, MappingSaveRequest, Nothing, OrgLoginRequest, PackView, PlanReading,
    PlanRequest, PlanStartRequest, PlanView, ProgressView, ProviderView, ReadOnlyRequest,
    RuleDraft, RuleView, RunRequest, RunStartRequest, RunStatusView, RunView, SourceConnectRequest,
    SyncCreateRequest, SyncRequest, SyncView, UndoRequest, Work,
};
use drawbridge_api::{Context, Options, oauth};
use drawbridge_model::Clock;
use drawbridge_simulator::{Config, Simulator, State, approve};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::SeenSecrets;

/// Nothing a test waits for takes longer.
const PATIENCE: Duration = Duration::from_mins(2);

/// The halt nearly every plan of the simulated customers has: they pay in several currencies.
pub const CURRENCIES_MIXED: &str = "currencies-mixed";

/// A workspace beside simulated servers.
pub struct Workbench {
    /// The simulated servers.
    pub simulator: Simulator,
    /// The workspace.
    pub context: Context,
    /// Its folder.
    pub dir: TempDir,
    /// Its secrets.
    pub secrets: Arc<SeenSecrets>,
    /// Where the next sign-in comes back to.
    pub login_port: u16,
    dead_end: Arc<Mutex<Option<String>>>,
}

/// A run that came to stand still.
#[derive(Debug)]
pub struct Finished {
    /// How it stands.
    pub run: RunView,
    /// Why it stopped, when it did not finish.
    pub error: Option<ErrorView>,
}

impl Workbench {
    /// A workspace beside servers with so many customers.
    pub async fn with_customers(customers: usize) -> Self {
        Self::start(Config {
            customers,
            ..Config::default()
        })
        .await
    }

    /// A workspace beside servers set up like this.
    pub async fn start(config: Config) -> Self {
        let login_port = free_port();
        let simulator = drawbridge_simulator::start(Config {
            redirect_uris: vec![oauth::redirect_uri(login_port)],
            ..config
        })
        .await
        .expect("the simulated servers start");
        let dir = tempfile::tempdir().unwrap();
        let secrets = Arc::new(SeenSecrets::default());
        let dead_end = Arc::default();
        let context = open(&dir, &secrets, login_port, &dead_end, SignedDuration::ZERO);
        Self {
            simulator,
            context,
            dir,
            secrets,
            login_port,
            dead_end,
        }
    }

    /// Opens the workspace anew, as a restart of the application does.
    pub fn reopen(&mut self) {
        self.context = self.open(&self.dir, &self.secrets, SignedDuration::ZERO);
    }

    /// Opens the workspace anew, on a machine whose clock runs ahead by so much.
    pub fn reopen_ahead(&mut self, ahead: SignedDuration) {
        self.context = self.open(&self.dir, &self.secrets, ahead);
    }

    /// Another workspace beside the same servers, in a folder of its own.
    pub fn another(&self) -> (Context, TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Arc::new(SeenSecrets::default());
        (self.open(&dir, &secrets, SignedDuration::ZERO), dir)
    }

    fn open(&self, dir: &TempDir, secrets: &Arc<SeenSecrets>, ahead: SignedDuration) -> Context {
        open(dir, secrets, self.login_port, &self.dead_end, ahead)
    }

    /// A handle on the servers.
    pub fn state(&self) -> State {
        self.simulator.state()
    }

    /// Connects Alguna.
    pub async fn connect_alguna(&self) -> ConnectionView {
        self.connect_source(
            ProviderView::Alguna,
            "Alguna",
            &self.simulator.urls().alguna,
            &self.simulator.credentials().alguna_api_key,
        )
        .await
        .expect("Alguna connects")
    }

    /// Connects `ProfitWell`.
    pub async fn connect_profitwell(&self) -> ConnectionView {
        self.connect_source(
            ProviderView::Profitwell,
            "ProfitWell",
            &self.simulator.urls().profitwell,
            &self.simulator.credentials().profitwell_token,
        )
        .await
        .expect("ProfitWell connects")
    }

    /// Connects a billing source, or says why not.
    pub async fn connect_source(
        &self,
        provider: ProviderView,
        name: &str,
        base_url: &str,
        key: &str,
    ) -> Result<ConnectionView, ErrorView> {
        let request = SourceConnectRequest {
            provider,
            name: name.to_owned(),
            base_url: Some(base_url.to_owned()),
            key: key.to_owned(),
        };
        self.context.source_connect(request).await
    }

    /// Connects the sandbox org through the browser.
    pub async fn connect_sandbox(&self) -> ConnectionView {
        let url = self.simulator.urls().salesforce_sandbox.clone();
        self.sign_in("UAT", EnvironmentView::Sandbox, &url)
            .await
            .expect("the sandbox connects")
    }

    /// Connects the production org through the browser.
    pub async fn connect_production(&self) -> ConnectionView {
        let url = self.simulator.urls().salesforce_production.clone();
        self.sign_in("Live", EnvironmentView::Production, &url)
            .await
            .expect("the production org connects")
    }

    /// Signs in to an org through the browser, or says why not.
    pub async fn sign_in(
        &self,
        name: &str,
        environment: EnvironmentView,
        url: &str,
    ) -> Result<ConnectionView, ErrorView> {
        let login = self
            .context
            .org_login_begin(OrgLoginRequest {
                name: name.to_owned(),
                environment,
                login_url: Some(url.to_owned()),
                client_id: self.simulator.credentials().client_id.clone(),
            })
            .await?;
        let login = LoginRequest { login: login.login };
        let finish = tokio::time::timeout(PATIENCE, self.context.org_login_finish(login));
        let Ok(finished) = finish.await else {
            let dead_end = self.dead_end.lock().unwrap_or_else(PoisonError::into_inner);
            panic!("the sign-in did not end; the browser says: {dead_end:?}");
        };
        finished
    }

    /// Says whether anything may be changed through a connection.
    pub async fn set_read_only(&self, connection: u32, read_only: bool) -> ConnectionView {
        let request = ReadOnlyRequest {
            connection,
            read_only,
        };
        let set = self.context.connection_set_read_only(request);
        set.await.expect("the switch is kept")
    }

    /// Makes a sync.
    pub async fn create_sync(
        &self,
        source: &ConnectionView,
        org: &ConnectionView,
        create_records: bool,
    ) -> SyncView {
        self.context
            .sync_create(SyncCreateRequest {
                name: format!("{} to {}", source.name, org.name),
                source: source.id,
                org: org.id,
                pack: None,
                create_records,
                record_links: None,
            })
            .await
            .expect("the sync is made")
    }

    /// `ProfitWell` and the sandbox connected, a sync that adds the customers of each Account up
    /// on it, its fields created.
    pub async fn rollup_sync(&self) -> u32 {
        let source = self.connect_profitwell().await;
        let org = self.connect_sandbox().await;
        let request = SyncCreateRequest {
            name: "ProfitWell on Accounts".to_owned(),
            source: source.id,
            org: org.id,
            pack: Some(PackView::ProfitwellAccount),
            create_records: false,
            record_links: None,
        };
        let sync = self.context.sync_create(request).await;
        let sync = sync.expect("the sync is made");
        self.deploy(sync.id).await;
        sync.id
    }

    /// Creates the sync's fields in its org.
    pub async fn deploy(&self, sync: u32) -> DeployView {
        let deployed = self.context.fields_deploy(SyncRequest { sync }).await;
        let deployed = deployed.expect("the fields are created");
        assert!(deployed.succeeded, "{:?}", deployed.problems);
        deployed
    }

    /// Alguna and the sandbox connected, a sync that may create records, its fields created.
    pub async fn alguna_sync(&self) -> u32 {
        let source = self.connect_alguna().await;
        let org = self.connect_sandbox().await;
        let sync = self.create_sync(&source, &org, true).await;
        self.deploy(sync.id).await;
        sync.id
    }

    /// `ProfitWell` and the sandbox connected, a sync, its fields created.
    pub async fn profitwell_sync(&self, create_records: bool) -> u32 {
        let source = self.connect_profitwell().await;
        let org = self.connect_sandbox().await;
        let sync = self.create_sync(&source, &org, create_records).await;
        self.deploy(sync.id).await;
        sync.id
    }

    /// Makes a plan, or says why it failed.
    pub async fn try_plan(&self, sync: u32) -> Result<PlanView, ErrorView> {
        self.plan_by(sync, PlanReading::Changes).await
    }

    /// Makes a plan from both sides as far as they are to be read, or says why it failed.
    pub async fn plan_by(&self, sync: u32, reading: PlanReading) -> Result<PlanView, ErrorView> {
        let request = PlanStartRequest { sync, reading };
        let started = self.context.plan_start(request).await?;
        if let Some(error) = self.ended(Work::Plan(started.id)).await {
            return Err(error);
        }
        let request = PlanRequest { plan: started.id };
        self.context.plan_get(request).await
    }

    /// Makes a plan.
    pub async fn plan(&self, sync: u32) -> PlanView {
        self.try_plan(sync).await.expect("the plan is made")
    }

    /// Makes the plan that takes a run back, and leaves what it created.
    pub async fn undo(&self, run: u32) -> PlanView {
        self.undo_as(UndoRequest::of(run)).await
    }

    /// Makes the plan that takes a run back, and deletes what it created.
    pub async fn undo_and_delete(&self, run: u32) -> PlanView {
        let delete_created = true;
        self.undo_as(UndoRequest {
            run,
            delete_created,
        })
        .await
    }

    async fn undo_as(&self, request: UndoRequest) -> PlanView {
        self.try_undo(request).await.expect("the undo is planned")
    }

    /// Makes the plan that takes a run back, or says why it failed.
    pub async fn try_undo(&self, request: UndoRequest) -> Result<PlanView, ErrorView> {
        let plan = self.context.undo_start(request).await?.id;
        if let Some(error) = self.ended(Work::Plan(plan)).await {
            return Err(error);
        }
        self.context.plan_get(PlanRequest { plan }).await
    }

    /// The mapping as a request that would save it unchanged.
    pub async fn mapping_as_saved(&self, sync: u32) -> MappingSaveRequest {
        let request = MappingRequest {
            sync,
            sample: 0,
            stored: false,
        };
        let saved = self.context.mapping_get(request).await;
        let saved = saved.expect("the mapping is read");
        MappingSaveRequest {
            sync,
            based_on: saved.version,
            rules: saved.rules.into_iter().map(draft).collect(),
        }
    }

    /// Starts a run of a plan and waits until it stands still.
    pub async fn run(&self, plan: u32) -> Finished {
        self.try_run(run_request(plan))
            .await
            .expect("the run starts")
    }

    /// Runs a plan with every halt of it accepted, and waits until the run stands still.
    pub async fn run_accepting(&self, plan: &PlanView) -> RunView {
        let accept = plan.halts.iter().map(|halt| halt.name.clone()).collect();
        let request = RunStartRequest {
            accept,
            ..RunStartRequest::whole(plan.id)
        };
        self.try_run(request).await.expect("the run starts").run
    }

    /// Starts a run as asked, or says why it may not begin, and waits until it stands still.
    pub async fn try_run(&self, request: RunStartRequest) -> Result<Finished, ErrorView> {
        let started = self.context.run_start(request).await?;
        Ok(self.finished(started.id).await)
    }

    /// Resumes a run and waits until it stands still.
    pub async fn resume(&self, run: u32) -> Finished {
        let resumed = self.context.run_resume(RunRequest { run }).await;
        self.finished(resumed.expect("the run resumes").id).await
    }

    /// Waits until a run stands still.
    pub async fn finished(&self, run: u32) -> Finished {
        let error = self.ended(Work::Run(run)).await;
        let run = self.context.run_get(RunRequest { run }).await.unwrap();
        Finished { run, error }
    }

    async fn ended(&self, work: Work) -> Option<ErrorView> {
        self.until(work, |picture| picture.ended).await.error
    }

    /// Waits until a picture of the work is as it should be.
    pub async fn until(&self, work: Work, is_so: impl Fn(&ProgressView) -> bool) -> ProgressView {
        let mut pictures = self.context.watch(work).expect("the work is followed");
        let found = tokio::time::timeout(PATIENCE, pictures.wait_for(is_so)).await;
        let found = found.expect("it comes to that in good time");
        found.expect("the last picture is kept").clone()
    }

    /// What the screens would show of billing: for comparing before and after.
    pub async fn snapshot(&self) -> String {
        use drawbridge_api::view::{SubscriptionSort, SubscriptionsRequest};
        let request = SubscriptionsRequest {
            search: String::new(),
            source: None,
            status: Vec::new(),
            interval: Vec::new(),
            currency: Vec::new(),
            plan: Vec::new(),
            sort: SubscriptionSort::Customer,
            descending: false,
            offset: 0,
            limit: 500,
        };
        let page = self.context.subscription_list(request).await.unwrap();
        let facets = self.context.subscription_facets(Nothing {}).await.unwrap();
        serde_json::to_string(&(page.rows, page.total, page.all, page.totals, facets)).unwrap()
    }
}

/// A rule as it stands, to be changed.
pub fn draft(rule: RuleView) -> RuleDraft {
    RuleDraft {
        field: rule.field,
        source: rule.source,
        write: rule.write,
        blank: rule.blank,
        length: rule.length,
    }
}

/// An unconfirmed run of the whole plan. The simulated customers pay in several currencies.
pub fn run_request(plan: u32) -> RunStartRequest {
    RunStartRequest {
        accept: vec![CURRENCIES_MIXED.to_owned()],
        ..RunStartRequest::whole(plan)
    }
}

fn open(
    dir: &TempDir,
    secrets: &Arc<SeenSecrets>,
    login_port: u16,
    dead_end: &Arc<Mutex<Option<String>>>,
    ahead: SignedDuration,
) -> Context {
    let dead_end = dead_end.clone();
    let allow = move |address: &str| {
        let (address, dead_end) = (address.to_owned(), dead_end.clone());
        tokio::spawn(async move {
            if let Err(error) = approve(&address).await {
                *dead_end.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
            }
        });
        true
    };
    let options = Options::new(dir.path().to_owned());
    let clock = options.clock.clone();
    Context::open(Options {
        clock: Arc::new(Ahead { clock, by: ahead }),
        login_port,
        login_timeout: Duration::from_secs(30),
        look_for_calls: Duration::from_millis(300),
        open_browser: Arc::new(allow),
        secrets: Some(secrets.clone()),
        ..options
    })
    .expect("the workspace opens")
}

/// A clock that runs ahead.
struct Ahead {
    clock: Arc<dyn Clock>,
    by: SignedDuration,
}

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        self.clock.now() + self.by
    }
}

/// A port nobody listens on, now or by the time a login needs it: below those that systems give to
/// connections by themselves, and another one in every process that tests run in.
fn free_port() -> u16 {
    static BEFORE: AtomicU32 = AtomicU32::new(0);
    const FIRST: u32 = 15_000;
    const PORTS: u32 = 17_000;
    const OF_A_PROCESS: u32 = 16;
    loop {
        let step = BEFORE.fetch_add(1, Ordering::Relaxed);
        let place = std::process::id()
            .wrapping_mul(OF_A_PROCESS)
            .wrapping_add(step)
            % PORTS;
        let port = u16::try_from(FIRST + place).unwrap();
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// All rows that have an outcome.
pub fn total(counts: CountsView) -> u32 {
    counts.created
        + counts.updated
        + counts.unchanged
        + counts.skipped
        + counts.blocked
        + counts.rejected
        + counts.held
        + counts.unknown
        + counts.deleted
}

/// The run is finished and its equation holds, by the test's own sum and by the product's word.
pub fn assert_adds_up(run: &RunView) {
    assert_eq!(run.status, RunStatusView::Finished, "{run:#?}");
    assert_eq!(total(run.counts), run.read, "{run:#?}");
    assert!(run.adds_up, "{run:#?}");
    assert_eq!(run.still_to_write, 0, "{run:#?}");
}
