//! Connections as the screens see them.

use drawbridge_model::{ApiUsage, Connection, ConnectionId, ConnectionStatus, OrgIdentity, Target};
use drawbridge_salesforce as salesforce;
use url::Url;

use crate::context::{Workspace, locked};
use crate::convert;
use crate::error::Result;
use crate::users::change_check;
use crate::view::{CheckState, CheckView, ConnectionView, ErrorCode, OrgView};

impl Workspace {
    pub(crate) fn usage(&self, connection: ConnectionId) -> Option<ApiUsage> {
        locked(&self.orgs).get(&connection).and_then(Target::usage)
    }

    pub(crate) fn connection_view(&self, connection: &Connection) -> Result<ConnectionView> {
        let pull = self.store.last_pull(connection.id)?;
        let usage = self.usage(connection.id);
        let gone = self.without_secret(connection);
        // What was found with the secret says nothing without it.
        let checks = match gone {
            None => locked(&self.checks).get(&connection.id).cloned(),
            Some(_) => None,
        };
        Ok(ConnectionView {
            id: connection.id.0,
            name: connection.name.clone(),
            provider: convert::provider(connection.provider),
            environment: connection.environment.map(convert::environment),
            status: convert::connection_status(match gone {
                None => &connection.status,
                Some(_) => &ConnectionStatus::NeedsSignIn,
            }),
            status_reason: gone.or_else(|| connection.status_reason.clone()),
            host: host(connection),
            base_url: connection.base_url.clone(),
            client_id: connection.client_id.clone(),
            org: connection.org.as_ref().map(|org| org_view(org, usage)),
            company: connection
                .source
                .as_ref()
                .and_then(|source| source.company.clone()),
            account: connection
                .source
                .as_ref()
                .and_then(|source| source.account.clone()),
            currency: connection
                .source
                .as_ref()
                .and_then(|source| source.currency)
                .map(|currency| currency.to_string()),
            customers: pull.as_ref().map_or(0, |pull| pull.customers),
            subscriptions: pull.as_ref().map_or(0, |pull| pull.subscriptions),
            pulled_at: pull.map(|pull| pull.at.to_string()),
            checks: change_check(connection)
                .into_iter()
                .chain(checks.unwrap_or_default())
                .collect(),
            checked_at: connection.checked_at.map(|at| at.to_string()),
            read_only: connection.read_only,
        })
    }
}

impl Workspace {
    /// Why a connection must be signed in to again whatever was found when the other side was last
    /// asked: its secret is gone.
    fn without_secret(&self, connection: &Connection) -> Option<String> {
        let stands = matches!(
            connection.status,
            ConnectionStatus::Connected | ConnectionStatus::Unreachable
        );
        let missing = self.secret(connection).err()?;
        (stands && missing.code == ErrorCode::NeedsSignIn).then_some(missing.message)
    }
}

fn host(connection: &Connection) -> String {
    let address = connection
        .org
        .as_ref()
        .map_or(connection.base_url.as_str(), |org| {
            org.instance_url.as_str()
        });
    domain(address)
}

/// Host, and port where there is one.
pub(crate) fn domain(address: &str) -> String {
    Url::parse(address)
        .ok()
        .and_then(|url| {
            let host = url.host_str()?.to_owned();
            Some(
                url.port()
                    .map_or(host.clone(), |port| format!("{host}:{port}")),
            )
        })
        .unwrap_or_else(|| address.to_owned())
}

fn org_view(org: &OrgIdentity, usage: Option<ApiUsage>) -> OrgView {
    OrgView {
        org_id: org.org_id.to_string(),
        name: org.name.clone(),
        is_sandbox: org.is_sandbox,
        edition: org.edition.clone(),
        instance: org.instance.clone(),
        domain: domain(&org.instance_url),
        instance_url: org.instance_url.clone(),
        api_version: org.api_version.clone(),
        username: org.username.clone(),
        user_name: org.user_name.clone(),
        api_used: usage.map(|usage| usage.used),
        api_limit: usage.map(|usage| usage.limit),
    }
}

pub(crate) fn passed(name: &str, detail: Option<String>) -> CheckView {
    CheckView {
        name: name.to_owned(),
        state: CheckState::Ok,
        detail,
        who: None,
        setup_url: None,
        message_for_admin: None,
    }
}

pub(crate) fn setup_base(instance_url: &str) -> Option<String> {
    let url = Url::parse(instance_url).ok()?;
    Some(url.origin().ascii_serialization())
}

pub(crate) fn check_view(check: salesforce::Check, base: Option<&str>) -> CheckView {
    CheckView {
        name: check.name,
        state: match check.state {
            salesforce::CheckState::Ok => CheckState::Ok,
            salesforce::CheckState::Warning => CheckState::Warning,
            salesforce::CheckState::Failed => CheckState::Failed,
        },
        detail: Some(check.detail).filter(|detail| !detail.is_empty()),
        who: check.who_fixes,
        setup_url: check
            .setup_path
            .and_then(|path| base.map(|base| format!("{base}/{}", path.trim_start_matches('/')))),
        message_for_admin: check.message_for_admin,
    }
}
