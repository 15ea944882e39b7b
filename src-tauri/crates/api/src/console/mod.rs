//! The API console: a person writes a call to a billing system, sees what it would do, confirms what
//! changes something, and looks at the answer. Each call is written down before it is sent.

mod answers;
mod cancel;
mod save;
mod table;
mod text;
mod views;

use std::collections::HashMap;
use std::sync::Arc;

use drawbridge_billing::console::{Endpoint, ReadyCall, confirmation, documented};
use drawbridge_model::{
    ApiAnswer, ApiCall, ApiCallEnd, ApiCallError, ApiCallId, ApiCallOutcome, Connection,
    ConnectionId, Provider, Sensitive,
};
use drawbridge_store::ApiCallQuery;
use rand::Rng;

pub(crate) use self::answers::Answers;
use self::answers::Kept;
use self::cancel::{Ticket, UnderWay};
pub(crate) use self::views::record;
use crate::connection_views::domain;
use crate::context::{Context, Workspace, locked};
use crate::error::Result;
use crate::sources::AnySource;
use crate::view::{
    ApiAnswerView, ApiCallRequest, ApiCallView, ApiCallsRequest, ApiCallsView,
    ConsoleCancelRequest, ConsoleCheckView, ConsoleRequest, EndpointView, ErrorCode, ErrorView,
    Nothing,
};

/// The most calls one window gives.
const LARGEST_PAGE: u32 = 500;
/// By this header Alguna does a call once, however often it comes (facts/alguna.md §1).
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Billing systems that were called by hand, with the address and the key they were opened with.
#[derive(Default)]
pub(crate) struct Consoles(HashMap<ConnectionId, (String, Sensitive<String>, Arc<AnySource>)>);

/// A call that was looked at.
struct Looked {
    connection: Connection,
    source: Arc<AnySource>,
    ready: ReadyCall,
    check: ConsoleCheckView,
    forgets: bool,
}

impl Workspace {
    /// The connection, where it is one to a billing system.
    fn billing_connection(&self, id: u32) -> Result<Connection> {
        let connection = self.connection(ConnectionId(id))?;
        if connection.provider == Provider::Salesforce {
            return Err(ErrorView::bad_request(format!(
                "“{}” is a Salesforce org. The console calls billing systems.",
                connection.name
            )));
        }
        Ok(connection)
    }

    /// The billing system of a connection, the same for all calls by hand.
    fn console_source(&self, connection: &Connection) -> Result<Arc<AnySource>> {
        let key = self.secret(connection)?;
        let mut open = locked(&self.consoles);
        if let Some((url, known, source)) = open.0.get(&connection.id)
            && *url == connection.base_url
            && known.expose() == key.expose()
        {
            return Ok(source.clone());
        }
        let source = Arc::new(self.source_with(connection, key.clone())?);
        let kept = (connection.base_url.clone(), key, source.clone());
        open.0.insert(connection.id, kept);
        Ok(source)
    }

    fn look(&self, request: &ConsoleRequest) -> Result<Looked> {
        let connection = self.billing_connection(request.connection)?;
        let source = self.console_source(&connection)?;
        let call = written(request, connection.provider);
        let (ready, check, forgets) = {
            let console = source.console();
            let ready = console.ready(&call)?;
            let endpoint = documented(console.endpoints(), ready.method, &ready.path);
            let check = checked(&connection, &ready, endpoint);
            (ready, check, endpoint.is_some_and(|it| it.forgets))
        };
        Ok(Looked {
            connection,
            source,
            ready,
            check,
            forgets,
        })
    }
}

/// The call of a request. Alguna gets a key by which it does the call once, also when a lost one
/// is sent again.
fn written(request: &ConsoleRequest, provider: Provider) -> ApiCall {
    let mut call = views::call(request);
    let has_one = |call: &ApiCall| {
        let mut names = call.headers.iter().map(|(name, _)| name.trim());
        names.any(|name| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY))
    };
    // Usage events have a key of their own in each event.
    let takes_one = call.method.changes() && !call.path.trim().starts_with("/events");
    if provider == Provider::Alguna && takes_one && !has_one(&call) {
        let key: u128 = rand::rng().random();
        call.headers
            .push((IDEMPOTENCY_KEY.to_owned(), format!("drawbridge-{key:032x}")));
    }
    call
}

fn checked(
    connection: &Connection,
    ready: &ReadyCall,
    endpoint: Option<&Endpoint>,
) -> ConsoleCheckView {
    let irreversible = views::irreversible(ready.method, endpoint);
    ConsoleCheckView {
        path: ready.path.clone(),
        host: domain(&connection.base_url),
        sentence: views::sentence(connection, ready, endpoint),
        changes: ready.method.changes(),
        type_this: irreversible
            .is_some()
            .then(|| confirmation(endpoint, &ready.path)),
        irreversible,
        limit: endpoint.and_then(|it| it.limit).map(str::to_owned),
        refusal: None,
    }
}

/// What must be said before some calls are sent.
fn guard(looked: &Looked, request: &ConsoleRequest) -> Result<()> {
    let check = &looked.check;
    if !check.changes {
        return Ok(());
    }
    let method = looked.ready.method.word();
    let provider = looked.connection.provider.name();
    Workspace::refuse_read_only(
        &looked.connection,
        &format!("{method} may change something in {provider}"),
    )?;
    if let Some(wanted) = &check.type_this
        && request.typed.as_deref().map(str::trim) != Some(wanted.trim())
    {
        return Err(ErrorView::new(
            ErrorCode::Guard,
            format!(
                "{} {} Nothing was sent.",
                check.sentence,
                check.irreversible.as_deref().unwrap_or_default()
            ),
        )
        .hint(format!("If that is right, confirm it by typing: {wanted}")));
    }
    if !request.confirmed {
        return Err(ErrorView::new(
            ErrorCode::Guard,
            format!("{} Nothing was sent.", check.sentence),
        )
        .hint("If that is right, confirm it."));
    }
    Ok(())
}

impl Context {
    /// What is documented of the billing systems' APIs.
    pub async fn console_endpoints(&self, _: Nothing) -> Result<Vec<EndpointView>> {
        Ok(views::endpoints())
    }

    /// What a call would do. Sends nothing; a call that would be refused is an answer.
    pub async fn console_check(&self, request: ConsoleRequest) -> Result<ConsoleCheckView> {
        let workspace = self.workspace();
        let connection = workspace.billing_connection(request.connection)?;
        let looked = match workspace.look(&request) {
            Ok(looked) => looked,
            Err(refusal) => return Ok(views::refused(&connection, &request, refusal)),
        };
        let refusal = guard(
            &looked,
            &ConsoleRequest {
                confirmed: true,
                typed: looked.check.type_this.clone(),
                ..request
            },
        )
        .err();
        Ok(ConsoleCheckView {
            refusal,
            ..looked.check
        })
    }

    /// Makes a call, once. It is written down before it is sent, and how it ended after.
    pub async fn console_call(&self, request: ConsoleRequest) -> Result<ApiAnswerView> {
        let workspace = self.workspace();
        let looked = workspace.look(&request)?;
        guard(&looked, &request)?;
        let clock = self.options().clock.clone();
        let Looked {
            connection,
            source,
            ready,
            forgets,
            ..
        } = looked;
        let provider = connection.provider;
        let (sent, who) = (ready.kept.clone(), crate::operations::who());
        let ticket = Ticket::take(&workspace, request.ticket)?;
        let id = workspace
            .store
            .begin_api_call(&connection, &sent, who.as_deref(), clock.now())?;
        let (work, begun) = (workspace.clone(), clock.now());
        let under_way = UnderWay {
            provider,
            call: format!("{} {}", ready.method.word(), ready.path),
            changes: ready.method.changes(),
        };
        // Whoever asked may go away; the call goes on and its end is recorded.
        let made = tokio::spawn(async move {
            let console = source.console();
            let answered = tokio::select! {
                answered = console.send(ready) => answered,
                () = ticket.cancelled() => Err(under_way.cancelled(clock.now().duration_since(begun))),
            };
            drop(ticket);
            let took = clock.now().duration_since(begun).as_millis();
            let end = ended(&answered, u64::try_from(took).unwrap_or(0));
            let done = matches!(&answered, Ok(answer) if (200..300).contains(&answer.status));
            let instead = (forgets && done).then(|| views::forgotten(&sent));
            let noted = work.store.end_api_call(id, &end, instead.as_ref());
            // A refusal is short; a long answer is none.
            let said = answered.as_ref().ok().filter(|answer| answer.status >= 400);
            let said = said.and_then(|answer| console.message(&answer.body));
            (answered, said, noted)
        });
        let (answered, said, noted) = made.await.map_err(|_| {
            ErrorView::new(
                ErrorCode::Internal,
                "The call broke off because of a defect of Drawbridge. It may have been done.",
            )
        })?;
        let answer = answered?;
        let path = workspace
            .store
            .api_call(id)?
            .map_or_else(String::new, |record| record.call.path);
        let kept = tokio::task::spawn_blocking(move || Kept::new(id, provider, path, answer))
            .await
            .map_err(|error| ErrorView::new(ErrorCode::Internal, error.to_string()))?;
        let kept = Arc::new(kept);
        locked(&workspace.answers).keep(kept.clone());
        let mut view = views::answer(&connection, request.method, &kept, said.as_deref());
        if let Err(error) = noted {
            // The answer is here: an error instead of it would say less.
            let told = format!("The history could not be written: {error}.");
            view.note = Some(
                view.note
                    .map_or(told.clone(), |note| format!("{note} {told}")),
            );
        }
        Ok(view)
    }

    /// Stops waiting for a call that is under way. It was sent: whether it was done is not known, and
    /// so it is written down.
    pub async fn console_cancel(&self, request: ConsoleCancelRequest) -> Result<Nothing> {
        let workspace = self.workspace();
        let found = locked(&workspace.calls).get(&request.ticket).cloned();
        let stop = found.ok_or_else(|| {
            ErrorView::not_found(format_args!("call under way with that ticket"))
                .hint("Its answer came meanwhile, or it was never sent. The history knows.")
        })?;
        stop.notify_one();
        Ok(Nothing {})
    }

    /// The calls that were made, in windows, newest first.
    pub async fn console_list(&self, request: ApiCallsRequest) -> Result<ApiCallsView> {
        let query = ApiCallQuery {
            search: request.search,
            connection: request.connection.map(ConnectionId),
            changes: request.changes,
            offset: request.offset,
            limit: request.limit.min(LARGEST_PAGE),
        };
        let page = self.workspace().store.api_calls(&query)?;
        let now = self.clock().now();
        Ok(ApiCallsView {
            rows: page
                .rows
                .into_iter()
                .map(|row| views::record(row, now))
                .collect(),
            total: page.total,
            all: page.all,
        })
    }

    /// One call that was made.
    pub async fn console_get(&self, request: ApiCallRequest) -> Result<ApiCallView> {
        let id = ApiCallId(request.call);
        let record = self.workspace().store.api_call(id)?;
        record
            .map(|record| views::record(record, self.clock().now()))
            .ok_or_else(|| ErrorView::not_found(format_args!("call {id}")))
    }
}

/// How a call ended, for the history.
fn ended(answered: &std::result::Result<ApiAnswer, ApiCallError>, took: u64) -> ApiCallEnd {
    let none = ApiCallEnd {
        outcome: ApiCallOutcome::NotSent,
        status: None,
        elapsed_ms: took,
        size: 0,
        message: None,
    };
    match answered {
        Ok(answer) => ApiCallEnd {
            outcome: ApiCallOutcome::Answered,
            status: Some(answer.status),
            elapsed_ms: answer.elapsed_ms,
            size: answer.body.len() as u64,
            message: None,
        },
        Err(error) => {
            let message = Some(error.to_string());
            match error {
                ApiCallError::Refused(_) | ApiCallError::Unreachable { .. } => {
                    ApiCallEnd { message, ..none }
                }
                ApiCallError::Lost { .. } => ApiCallEnd {
                    outcome: ApiCallOutcome::Lost,
                    message,
                    ..none
                },
                ApiCallError::Cut { status, read, .. } => ApiCallEnd {
                    outcome: ApiCallOutcome::Cut,
                    status: Some(*status),
                    size: *read,
                    message,
                    ..none
                },
            }
        }
    }
}
