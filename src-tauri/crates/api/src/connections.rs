//! Connections: connect, check, sign in again, leave.

use drawbridge_model::{
    Connection, ConnectionId, ConnectionStatus, Environment, FieldName, NoReporter, OrgIdentity,
    Provider, SObjectName, Sensitive, Source, SourceError, SourceIdentity, Target, TargetError,
};
use drawbridge_salesforce as salesforce;
use drawbridge_secrets::variable_name;
use drawbridge_store::NewConnection;
use drawbridge_sync::pull::{Depth, pull};

use crate::connection_views::{check_view, passed, setup_base};
use crate::context::{Context, Workspace, locked};
use crate::error::{Result, sentence};
use crate::sources::AnySource;
use crate::users::note_user;
use crate::view::{
    CheckState, CheckView, ConnectionRequest, ConnectionView, ErrorCode, ErrorView,
    KeyReplaceRequest, Nothing, ProviderView, SourceConnectRequest,
};

impl Workspace {
    pub(crate) fn connection(&self, id: ConnectionId) -> Result<Connection> {
        self.store
            .connection(id)?
            .ok_or_else(|| ErrorView::not_found(format_args!("connection {id}")))
    }

    /// The billing system of a connection, with its key from the secrets.
    pub(crate) fn source(&self, connection: &Connection) -> Result<AnySource> {
        self.source_with(connection, self.secret(connection)?)
    }

    /// The billing system with this key. Pulls, operations and calls by hand with one key go one
    /// way, and so keep its limits together.
    pub(crate) fn source_with(
        &self,
        connection: &Connection,
        key: Sensitive<String>,
    ) -> Result<AnySource> {
        let lane = locked(&self.lanes).of(connection, &key);
        Ok(AnySource::open(connection, key)?.on(lane))
    }

    pub(crate) fn secret(&self, connection: &Connection) -> Result<Sensitive<String>> {
        let missing = || {
            ErrorView::new(
                ErrorCode::NeedsSignIn,
                format!("There is no secret for “{}” any more.", connection.name),
            )
            .hint(format!(
                "Sign in again, or replace the key of the connection on the Connections screen. Without \
                 a keychain it comes from the environment, as {}.",
                variable_name(&connection.secret_name())
            ))
        };
        self.secrets
            .get(&connection.secret_name())?
            .ok_or_else(missing)
    }
}

impl Context {
    /// All connections.
    pub async fn connection_list(&self, _: Nothing) -> Result<Vec<ConnectionView>> {
        let workspace = self.workspace();
        workspace
            .store
            .connections()?
            .iter()
            .map(|connection| workspace.connection_view(connection))
            .collect()
    }

    /// Asks the other side how the connection stands. A connection that does not stand well is an
    /// answer, not an error.
    pub async fn connection_check(&self, request: ConnectionRequest) -> Result<ConnectionView> {
        let workspace = self.workspace();
        let mut connection = workspace.connection(ConnectionId(request.connection))?;
        let result = match connection.provider {
            Provider::Salesforce => self.check_org(&workspace, &mut connection).await,
            _ => self.check_source(&workspace, &mut connection).await,
        };
        let (status, reason) = match &result {
            Ok(()) => (ConnectionStatus::Connected, None),
            Err(error) => (status_of(error), Some(error.message.clone())),
        };
        connection.status = status;
        connection.status_reason = reason;
        connection.checked_at = Some(self.clock().now());
        workspace.store.update_connection(&connection)?;
        workspace.connection_view(&connection)
    }

    async fn check_source(&self, workspace: &Workspace, connection: &mut Connection) -> Result<()> {
        let started = std::time::Instant::now();
        let source = workspace.source(connection)?;
        let identity = source.identity().await?;
        let took = format!("answered in {:.2} s", started.elapsed().as_secs_f64());
        let mut checks = vec![passed("The key can read customers", Some(took))];
        if let Some(company) = &identity.company {
            checks.push(passed(
                "Company settings name this account",
                Some(company.clone()),
            ));
        }
        connection.source = Some(identity);
        locked(&workspace.checks).insert(connection.id, checks);
        Ok(())
    }

    async fn check_org(&self, workspace: &Workspace, connection: &mut Connection) -> Result<()> {
        let org = workspace.org(connection)?;
        let environment = connection.environment.unwrap_or(Environment::Production);
        let identity = org.identity().await?;
        refuse_wrong_label(environment, &identity)?;
        refuse_other_org(connection, &identity)?;
        let syncs: Vec<_> = workspace
            .store
            .syncs()?
            .into_iter()
            .filter(|sync| sync.org == connection.id)
            .collect();
        let mut sobjects: Vec<SObjectName> = Vec::new();
        let mut keys: Vec<(SObjectName, FieldName)> = Vec::new();
        for sync in &syncs {
            let mapping = drawbridge_sync::pack::default_mapping(sync.pack);
            let key = (mapping.sobject.clone(), mapping.external_id);
            // What is rolled up has no customer's id of its own.
            if !sync.pack.rolls_up() && !keys.contains(&key) {
                keys.push(key);
            }
            let sobject = mapping.sobject;
            // What is rolled up on Accounts is found through their Contacts.
            let through = sync.pack.rolls_up().then(|| SObjectName::from("Contact"));
            for sobject in [sobject].into_iter().chain(through) {
                if !sobjects.contains(&sobject) {
                    sobjects.push(sobject);
                }
            }
        }
        if sobjects.is_empty() {
            sobjects.push(SObjectName::from("Account"));
        }
        let scope = salesforce::Scope {
            environment,
            sobjects,
            creates: syncs.iter().any(|sync| {
                sync.account_policy == drawbridge_model::AccountPolicy::SourceMayCreate
            }),
            makes_fields: true,
            keys,
        };
        let setup = setup_base(&identity.instance_url);
        let mut checks: Vec<CheckView> = org
            .preflight(&scope)
            .await
            .into_iter()
            .map(|check| check_view(check, setup.as_deref()))
            .collect();
        let describe = org.describe(&SObjectName::from("Account")).await?;
        if describe
            .field(&FieldName::from("CurrencyIsoCode"))
            .is_none()
            && let Some(mixed) = mixed_currencies(workspace)?
        {
            // It says the same, and more.
            checks.retain(|check| check.name != "Currencies");
            checks.push(mixed);
        }
        note_user(connection, identity, self.clock().now());
        let unseen = self.unseen_by_new_user(workspace, connection, &org).await?;
        checks.splice(0..0, unseen);
        locked(&workspace.checks).insert(connection.id, checks);
        Ok(())
    }

    /// Connects a billing source: the key is tried first and kept only if it works.
    pub async fn source_connect(&self, request: SourceConnectRequest) -> Result<ConnectionView> {
        let workspace = self.workspace();
        let provider = match request.provider {
            ProviderView::Alguna => Provider::Alguna,
            ProviderView::Profitwell => Provider::Profitwell,
            ProviderView::Salesforce => {
                return Err(ErrorView::bad_request(
                    "An org is connected by signing in to it.",
                ));
            }
        };
        let name = checked_name(&workspace, &request.name)?;
        let key = checked_key(&request.key)?;
        let mut connection = Connection {
            id: ConnectionId(0),
            name: name.clone(),
            provider,
            environment: None,
            base_url: request
                .base_url
                .filter(|url| !url.trim().is_empty())
                .unwrap_or_else(|| AnySource::default_url(provider).to_owned()),
            client_id: None,
            org: None,
            source: None,
            status: ConnectionStatus::Connected,
            status_reason: None,
            checked_at: Some(self.clock().now()),
            read_only: false,
            user_changes: Vec::new(),
        };
        let identity = workspace
            .source_with(&connection, key.clone())?
            .identity()
            .await
            .map_err(not_connected)?;
        workspace.secrets.set(&connection.secret_name(), &key)?;
        let inserted = workspace.store.insert_connection(&NewConnection {
            name,
            provider,
            environment: None,
            base_url: connection.base_url.clone(),
            client_id: None,
        })?;
        connection.id = inserted.id;
        connection.source = Some(identity);
        workspace.store.update_connection(&connection)?;
        self.connection_check(ConnectionRequest {
            connection: connection.id.0,
        })
        .await
    }

    /// Replaces the key of a billing source, if the new one works.
    pub async fn source_replace_key(&self, request: KeyReplaceRequest) -> Result<ConnectionView> {
        let workspace = self.workspace();
        let connection = workspace.connection(ConnectionId(request.connection))?;
        let key = checked_key(&request.key)?;
        let found = workspace
            .source_with(&connection, key.clone())?
            .identity()
            .await?;
        refuse_other_company(&connection, &found)?;
        workspace.secrets.set(&connection.secret_name(), &key)?;
        workspace.store.forget_watermark(connection.id)?;
        self.connection_check(ConnectionRequest {
            connection: connection.id.0,
        })
        .await
    }

    /// Reads all customers and subscriptions of a billing source into the cache, so that they can
    /// be browsed without it. Writes nothing to either side.
    pub async fn source_pull(&self, request: ConnectionRequest) -> Result<ConnectionView> {
        let workspace = self.workspace();
        let mut connection = workspace.connection(ConnectionId(request.connection))?;
        let source = workspace.source(&connection)?;
        let id = connection.id;
        let (store, clock) = (&workspace.store, self.clock());
        let pulled = pull(id, Depth::Changes, &source, store, clock, &NoReporter)
            .await
            .map_err(ErrorView::from);
        let (status, reason) = match &pulled {
            Ok(_) => (ConnectionStatus::Connected, None),
            Err(error) => (status_of(error), Some(error.message.clone())),
        };
        connection.status = status;
        connection.status_reason = reason;
        workspace.store.update_connection(&connection)?;
        pulled?;
        workspace.connection_view(&connection)
    }

    /// Leaves a connection: revokes the login and forgets the secret. The connection itself goes
    /// too, unless a sync uses it. Records and fields in the org stay as they are.
    pub async fn connection_leave(&self, request: ConnectionRequest) -> Result<Nothing> {
        let workspace = self.workspace();
        let mut connection = workspace.connection(ConnectionId(request.connection))?;
        let syncs = workspace.store.syncs()?;
        let used = syncs
            .iter()
            .any(|sync| [sync.source, sync.org].contains(&connection.id));
        if connection.provider == Provider::Salesforce
            && let Ok(org) = workspace.org(&connection)
            && let Err(error) = org.revoke().await
        {
            tracing::warn!(connection = connection.name, %error, "the login could not be revoked");
        }
        locked(&workspace.orgs).remove(&connection.id);
        locked(&workspace.checks).remove(&connection.id);
        workspace.secrets.delete(&connection.secret_name())?;
        if used {
            connection.status = ConnectionStatus::NeedsSignIn;
            connection.status_reason =
                Some("You left this connection. Its syncs wait until you sign in again.".into());
            workspace.store.update_connection(&connection)?;
        } else {
            workspace.store.delete_connection(connection.id)?;
        }
        Ok(Nothing {})
    }
}

/// The same error for a source that is not connected yet: there is nothing to replace.
fn not_connected(error: SourceError) -> ErrorView {
    let refused = matches!(error, SourceError::KeyRefused { .. });
    let view = ErrorView::from(error);
    if refused {
        return view.hint(
            "Check that the whole key was pasted, and that it is for this address. \
                          Nothing was kept.",
        );
    }
    view
}

pub(crate) fn checked_name(workspace: &Workspace, name: &str) -> Result<String> {
    let name = name.trim();
    let fits = !name.is_empty()
        && name.chars().count() <= 60
        && name
            .chars()
            .all(|letter| letter.is_alphanumeric() || " -_&()".contains(letter));
    if !fits {
        return Err(ErrorView::bad_request(
            "A connection's name has 1 to 60 letters, digits, spaces, hyphens or underscores.",
        ));
    }
    if workspace.store.connection_by_name(name)?.is_some() {
        return Err(ErrorView::new(
            ErrorCode::NameTaken,
            format!("There is already a connection called “{name}”."),
        )
        .hint("Choose another name, or replace the key of that connection."));
    }
    Ok(name.to_owned())
}

fn checked_key(key: &str) -> Result<Sensitive<String>> {
    let key = key.trim();
    if key.is_empty()
        || key
            .chars()
            .any(|letter| letter.is_control() || !letter.is_ascii())
    {
        return Err(ErrorView::bad_request(
            "The key is empty or has characters a key cannot have. Paste it again.",
        ));
    }
    Ok(Sensitive::from(key))
}

/// A connection called sandbox whose org says otherwise is not connected.
pub(crate) fn refuse_wrong_label(environment: Environment, identity: &OrgIdentity) -> Result<()> {
    if identity.is_sandbox == (environment == Environment::Sandbox) {
        return Ok(());
    }
    Err(drawbridge_sync::Error::WrongEnvironment {
        label: environment.word(),
        is_sandbox: identity.is_sandbox,
    }
    .into())
}

/// An org with one currency shows every amount in it; that matters once the sources have several.
fn mixed_currencies(workspace: &Workspace) -> Result<Option<CheckView>> {
    let mut currencies: Vec<String> = workspace
        .store
        .facets()?
        .currencies
        .into_iter()
        .map(|facet| facet.value)
        .filter(|code| !code.is_empty())
        .collect();
    currencies.sort();
    if currencies.len() < 2 {
        return Ok(None);
    }
    Ok(Some(CheckView {
        name: "Amounts come in several currencies".to_owned(),
        state: CheckState::Warning,
        detail: Some(format!(
            "{} are written as plain numbers: the org keeps one currency, and nothing is converted.",
            currencies.join(", ")
        )),
        who: None,
        setup_url: None,
        message_for_admin: None,
    }))
}

/// A key of another company would mix two companies' customers in one sync.
fn refuse_other_company(connection: &Connection, found: &SourceIdentity) -> Result<()> {
    let known = connection
        .source
        .as_ref()
        .and_then(|source| source.account.as_ref());
    match (known, &found.account) {
        (Some(known), Some(found)) if known != found => Err(ErrorView::new(
            ErrorCode::WrongOrg,
            format!(
                "The key belongs to account {found}, and “{}” to account {known}: it was not kept.",
                connection.name
            ),
        )
        .hint("Connect the other account under a name of its own.")),
        _ => Ok(()),
    }
}

/// The org a connection is pinned to.
pub(crate) fn pinned(connection: &Connection) -> Result<OrgIdentity> {
    connection.org.clone().ok_or_else(|| {
        ErrorView::not_found(format_args!("org of connection {} yet", connection.name))
            .hint("Sign in to the org on the Connections screen.")
    })
}

pub(crate) fn refuse_other_org(connection: &Connection, identity: &OrgIdentity) -> Result<()> {
    match &connection.org {
        Some(pinned) if pinned.was_refreshed_into(identity) => {
            Err(drawbridge_sync::Error::SandboxRefreshed {
                pinned: pinned.org_id.clone(),
                found: identity.org_id.clone(),
            }
            .into())
        }
        Some(pinned) if pinned.org_id != identity.org_id => Err(drawbridge_sync::Error::WrongOrg {
            pinned: pinned.org_id.clone(),
            found: identity.org_id.clone(),
        }
        .into()),
        _ => Ok(()),
    }
}

impl Workspace {
    /// Keeps what a reading or a run said of the connections it worked with: that one must be signed
    /// in to again, say, or that they stand well after all.
    pub(crate) fn note_standing(
        &self,
        source: Option<ConnectionId>,
        org: ConnectionId,
        ended: std::result::Result<(), &drawbridge_sync::Error>,
    ) {
        let noted = match ended {
            Ok(()) => source
                .into_iter()
                .chain([org])
                .try_for_each(|one| self.stands(one, ConnectionStatus::Connected, None)),
            Err(error) => refusal(error, source, org).map_or(Ok(()), |(one, status)| {
                self.stands(one, status, Some(sentence(error)))
            }),
        };
        if let Err(error) = noted {
            tracing::error!(%error, "how the connections stand could not be kept");
        }
    }

    /// Keeps what an answer outside of previews and runs says of the connection it came from, and gives
    /// it back. That there is no secret is seen whenever the connection is looked at.
    pub(crate) fn noting<T>(&self, connection: &Connection, answer: Result<T>) -> Result<T> {
        if let Err(error) = &answer
            && matches!(
                error.code,
                ErrorCode::NeedsSignIn
                    | ErrorCode::BlockedByPolicy
                    | ErrorCode::WrongOrg
                    | ErrorCode::OrgRefreshed
            )
            && self.secret(connection).is_ok()
            && let Err(second) =
                self.stands(connection.id, status_of(error), Some(error.message.clone()))
        {
            tracing::error!(%second, "how the connection stands could not be kept");
        }
        answer
    }

    fn stands(
        &self,
        id: ConnectionId,
        status: ConnectionStatus,
        reason: Option<String>,
    ) -> Result<()> {
        let mut connection = self.connection(id)?;
        if connection.status == status {
            return Ok(());
        }
        connection.status = status;
        connection.status_reason = reason;
        connection.checked_at = Some(crate::clock::now());
        Ok(self.store.update_connection(&connection)?)
    }
}

/// Which connection an error says must be seen to, and how it stands. Of a network or a server it
/// says what held at that moment only.
fn refusal(
    error: &drawbridge_sync::Error,
    source: Option<ConnectionId>,
    org: ConnectionId,
) -> Option<(ConnectionId, ConnectionStatus)> {
    use drawbridge_sync::Error;

    match error {
        Error::NotSettled { cause, .. } => refusal(cause, source, org),
        Error::Source(SourceError::KeyRefused { .. }) => {
            source.map(|source| (source, ConnectionStatus::NeedsSignIn))
        }
        Error::Target(TargetError::SignInNeeded { .. }) => {
            Some((org, ConnectionStatus::NeedsSignIn))
        }
        Error::Target(TargetError::BlockedByPolicy { .. }) | Error::WrongOrg { .. } => {
            Some((org, ConnectionStatus::BlockedByPolicy))
        }
        Error::SandboxRefreshed { .. } => Some((org, ConnectionStatus::Refreshed)),
        _ => None,
    }
}

fn status_of(error: &ErrorView) -> ConnectionStatus {
    match error.code {
        ErrorCode::NeedsSignIn | ErrorCode::NoKeychain => ConnectionStatus::NeedsSignIn,
        ErrorCode::OrgRefreshed => ConnectionStatus::Refreshed,
        ErrorCode::BlockedByPolicy | ErrorCode::WrongOrg => ConnectionStatus::BlockedByPolicy,
        _ => ConnectionStatus::Unreachable,
    }
}
