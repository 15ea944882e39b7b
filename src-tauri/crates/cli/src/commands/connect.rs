//! `connect`.

use drawbridge_api::view::{
    CheckState, ConnectionView, EnvironmentView, LoginRequest, OrgLoginRequest, ProviderView,
    SourceConnectRequest,
};
use drawbridge_api::{Context, Sensitive, Tokens, oauth};
use url::Url;

use super::{Done, from_environment};
use crate::arguments::{Connect, Environment, SourceArguments};
use crate::failure::{Exit, Failure};
use crate::report::Report;
use crate::visible;

pub(super) async fn run(context: &Context, what: Connect, report: Report) -> Done {
    let connection = match what {
        Connect::Alguna(source) => connect_source(context, ProviderView::Alguna, source).await?,
        Connect::Profitwell(source) => {
            connect_source(context, ProviderView::Profitwell, source).await?
        }
        Connect::Salesforce {
            name,
            environment,
            login_url,
            client_id,
            instance_url,
            access_token_env,
            sfdx_auth_url_env,
        } => {
            let environment = view(environment);
            match (access_token_env, sfdx_auth_url_env, client_id) {
                (Some(variable), _, _) => {
                    let instance = instance_url.unwrap_or_default();
                    let instance = Url::parse(&instance).map_err(|_| {
                        Failure::usage(format!("“{instance}” is not the address of an org."))
                    })?;
                    let token = Sensitive::new(from_environment(&variable)?);
                    let tokens = Tokens::from_access_token(instance, token)
                        .map_err(drawbridge_api::view::ErrorView::from)?;
                    context.org_connect_with(&name, environment, tokens).await?
                }
                (None, Some(variable), _) => {
                    let url = Sensitive::new(from_environment(&variable)?);
                    let tokens = oauth::from_sfdx_url(&url)
                        .map_err(drawbridge_api::view::ErrorView::from)?;
                    context.org_connect_with(&name, environment, tokens).await?
                }
                (None, None, client_id) => {
                    let request = OrgLoginRequest {
                        name,
                        environment,
                        login_url,
                        client_id: client_id.unwrap_or_default(),
                    };
                    sign_in(context, request, report).await?
                }
            }
        }
    };
    report.answer(&connection, || describe(&connection));
    Ok(Exit::Done)
}

async fn connect_source(
    context: &Context,
    provider: ProviderView,
    source: SourceArguments,
) -> Result<ConnectionView, Failure> {
    let key = from_environment(&source.token_env)?;
    let request = SourceConnectRequest {
        provider,
        name: source.name,
        base_url: source.base_url,
        key,
    };
    Ok(context.source_connect(request).await?)
}

async fn sign_in(
    context: &Context,
    request: OrgLoginRequest,
    report: Report,
) -> Result<ConnectionView, Failure> {
    let login = context.org_login_begin(request).await?;
    if login.opened {
        report.say("Sign in to Salesforce in the browser that has opened. If none has, open:");
    } else {
        report.say("Open this address in a browser and sign in to Salesforce:");
    }
    report.say(&format!("  {}", login.authorize_url));
    Ok(context
        .org_login_finish(LoginRequest { login: login.login })
        .await?)
}

fn view(environment: Environment) -> EnvironmentView {
    match environment {
        Environment::Sandbox => EnvironmentView::Sandbox,
        Environment::Production => EnvironmentView::Production,
    }
}

/// A connection for people: identity, then checks.
pub(super) fn describe(connection: &ConnectionView) -> String {
    let mut lines = vec![format!(
        "{}: {}{}",
        connection.name,
        super::connections::status_word(connection.status),
        connection
            .status_reason
            .as_ref()
            .map(|reason| format!(". {reason}"))
            .unwrap_or_default()
    )];
    if let Some(org) = &connection.org {
        lines.push(format!(
            "  {} ({}), org {}, IsSandbox is {}, as {}",
            org.name, org.edition, org.org_id, org.is_sandbox, org.username
        ));
    }
    if let Some(company) = &connection.company {
        lines.push(format!("  {company}"));
    }
    if connection.read_only {
        lines.push("  read-only: nothing is changed there".to_owned());
    }
    for check in &connection.checks {
        let mark = match check.state {
            CheckState::Ok => "✓",
            CheckState::Warning => "!",
            CheckState::Failed => "×",
        };
        let detail = check
            .detail
            .as_ref()
            .map(|it| format!(": {it}"))
            .unwrap_or_default();
        lines.push(format!("  {mark} {}{detail}", check.name));
    }
    visible::lines(&lines)
}
