//! The API console: calls made by hand to a billing system.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ErrorView, ProviderView};

/// How a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum ApiMethodView {
    /// Reads.
    Get,
    /// Reads the head of an answer alone.
    Head,
    /// Creates, or does what the path says.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Deletes.
    Delete,
}

/// A name with its value: of a header or of the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PairView {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// A documented call, for completion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EndpointView {
    /// Whose.
    pub provider: ProviderView,
    /// How.
    pub method: ApiMethodView,
    /// Its path; what stands in braces is to be filled in.
    pub path: String,
    /// What it does, as a line that begins with a verb.
    pub does: String,
    /// What goes into the query.
    pub query: Vec<ParameterView>,
    /// A body to begin with, where it takes one.
    pub body: Option<String>,
    /// Whether it changes something.
    pub changes: bool,
    /// What cannot be taken back, where something cannot.
    pub irreversible: Option<String>,
    /// What limits it beyond the pace of all calls.
    pub limit: Option<String>,
}

/// A parameter of the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// What it means, in a few words.
    pub means: String,
    /// Whether the call fails without it.
    pub required: bool,
}

/// A call to be looked at, or made.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ConsoleRequest {
    /// Number of the billing connection.
    pub connection: u32,
    /// How.
    pub method: ApiMethodView,
    /// Below the base URL of the connection.
    pub path: String,
    /// Headers beside those every call has.
    pub headers: Vec<PairView>,
    /// The query, as plain text.
    pub query: Vec<PairView>,
    /// JSON, unless a `Content-Type` says otherwise.
    pub body: Option<String>,
    /// Whether a person confirmed it: needed for what may change something.
    pub confirmed: bool,
    /// What a person typed: needed for what cannot be taken back.
    pub typed: Option<String>,
    /// A word of the caller's own, by which the call can be cancelled while it is under way.
    pub ticket: Option<String>,
}

/// Cancels a call that is under way.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ConsoleCancelRequest {
    /// [`ConsoleRequest::ticket`] of the call.
    pub ticket: String,
}

/// What a call would do. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConsoleCheckView {
    /// Its path as it would be sent.
    pub path: String,
    /// Where it would go: host, and port where there is one.
    pub host: String,
    /// What it does, in one sentence.
    pub sentence: String,
    /// Whether it may change something.
    pub changes: bool,
    /// What cannot be taken back, where something cannot.
    pub irreversible: Option<String>,
    /// What a person types before it is sent, where it cannot be taken back.
    pub type_this: Option<String>,
    /// What limits it beyond the pace of all calls.
    pub limit: Option<String>,
    /// Why it would not be sent, where it would not.
    pub refusal: Option<ErrorView>,
}

/// What an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKindView {
    /// Nothing.
    Empty,
    /// JSON.
    Json,
    /// Other text.
    Text,
    /// Bytes that are no text, such as a PDF.
    Bytes,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiAnswerView {
    /// Number of the call in the history.
    pub call: u32,
    /// Number of its connection.
    pub connection: u32,
    /// How.
    pub method: ApiMethodView,
    /// The path as it was sent.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// The status in words, such as `Not Found`.
    pub status_text: String,
    /// What came of it, in one sentence.
    pub sentence: String,
    /// What to know or do next, where there is something.
    pub note: Option<String>,
    /// When trying again makes sense, as the system says.
    pub retry_after_seconds: Option<u32>,
    /// Headers, without those that carry secrets.
    pub headers: Vec<PairView>,
    /// How long it took.
    pub elapsed_ms: u32,
    /// Bytes.
    pub size: u32,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// What it holds.
    pub kind: AnswerKindView,
    /// Its text, JSON with line breaks and indents; only its beginning when it is long.
    pub text: String,
    /// Whether the text is only the beginning.
    pub text_cut: bool,
    /// Rows, where it holds a list.
    pub rows: u32,
    /// Their columns.
    pub columns: Vec<String>,
}

/// Asks for rows of an answer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AnswerRowsRequest {
    /// Number of the call.
    pub call: u32,
    /// How many rows to leave out.
    pub offset: u32,
    /// How many rows to give, at most 500.
    pub limit: u32,
}

/// Rows of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerRowsView {
    /// The cells of each row, one a column.
    pub rows: Vec<Vec<String>>,
    /// How many rows there are.
    pub total: u32,
}

/// As what an answer is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnswerFormat {
    /// As it came.
    Whole,
    /// Its rows, for a spreadsheet.
    Csv,
}

/// Saves an answer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct AnswerSaveRequest {
    /// Number of the call.
    pub call: u32,
    /// As what.
    pub format: AnswerFormat,
}

/// Asks for a window of the calls, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ApiCallsRequest {
    /// Words to find in method, path, query, body and connection.
    pub search: String,
    /// Only calls of this connection.
    pub connection: Option<u32>,
    /// Only calls that may have changed something.
    pub changes: bool,
    /// How many to leave out.
    pub offset: u32,
    /// How many to give, at most 500.
    pub limit: u32,
}

/// A window of the calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiCallsView {
    /// The calls, newest first.
    pub rows: Vec<ApiCallView>,
    /// How many the filter leaves.
    pub total: u32,
    /// How many there are without a filter.
    pub all: u32,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ApiCallStateView {
    /// It is under way.
    UnderWay,
    /// An answer came.
    Answered,
    /// An answer came, but no whole one.
    Cut,
    /// It was sent and no answer came.
    Lost,
    /// It was not sent.
    NotSent,
    /// Drawbridge ended before an answer came.
    NotKnown,
}

/// A call of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiCallView {
    /// Its number.
    pub call: u32,
    /// Number of its connection, which may be gone.
    pub connection: u32,
    /// The connection's name at that time.
    pub connection_name: String,
    /// Who made it, as the computer calls them.
    pub who: Option<String>,
    /// Which billing system.
    pub provider: ProviderView,
    /// How.
    pub method: ApiMethodView,
    /// The path as it was sent.
    pub path: String,
    /// The query.
    pub query: Vec<PairView>,
    /// Headers, without the values of those that look like secrets.
    pub headers: Vec<PairView>,
    /// The body.
    pub body: Option<String>,
    /// Whether it may have changed something.
    pub changes: bool,
    /// When it was begun.
    pub begun_at: String,
    /// What became of it.
    pub state: ApiCallStateView,
    /// HTTP status.
    pub status: Option<u16>,
    /// The status in words.
    pub status_text: Option<String>,
    /// How long it took.
    pub elapsed_ms: u32,
    /// Bytes of the answer.
    pub size: u32,
    /// What went wrong, when something did.
    pub message: Option<String>,
}

/// Names one call.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct ApiCallRequest {
    /// Its number.
    pub call: u32,
}

/// Says whether anything may be changed through a billing connection.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct ReadOnlyRequest {
    /// Number of the connection.
    pub connection: u32,
    /// Whether it is only read from now on.
    pub read_only: bool,
}
