//! `/composite` and `/composite/graph`: subrequests one after the other, with references between
//! them, and all or none of them when asked.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::references::{References, named_in};
use super::subrequest::{Wanted, body_of, perform};
use super::{Interface, refused};
use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::json_body;
use crate::salesforce::org::Org;

/// Most subrequests of a composite, and how many of them may be queries or collections.
const MOST: usize = 25;
const MOST_QUERIES: usize = 5;
/// Most subrequests and graphs of a graph call, and how deep references may go.
const MOST_IN_GRAPHS: usize = 500;
const MOST_GRAPHS: usize = 75;
const DEEPEST: usize = 15;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subrequest {
    method: String,
    url: String,
    reference_id: String,
    #[serde(default)]
    http_headers: Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
}

impl Subrequest {
    fn wanted<'a>(&'a self, url: &'a str, body: Option<&'a Value>) -> Wanted<'a> {
        Wanted {
            method: &self.method,
            url,
            headers: Some(&self.http_headers),
            body,
        }
    }

    fn as_sent(&self) -> Wanted<'_> {
        self.wanted(&self.url, self.body.as_ref())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composite {
    #[serde(default)]
    all_or_none: bool,
    #[serde(deserialize_with = "json_body::objects")]
    composite_request: Vec<Subrequest>,
}

/// The answer to one subrequest.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    body: Box<RawValue>,
    http_headers: Map<String, Value>,
    http_status_code: u16,
    reference_id: String,
}

impl Answer {
    fn new(reply: &Reply, reference_id: &str) -> Self {
        let headers = reply.headers.iter().filter_map(|(name, value)| {
            let shown = match name.as_ref() {
                "location" => "Location",
                "etag" => "ETag",
                "last-modified" => "Last-Modified",
                _ => return None,
            };
            Some((shown.to_owned(), Value::from(value.as_str())))
        });
        Self {
            body: body_of(reply),
            http_headers: headers.collect(),
            http_status_code: reply.status,
            reference_id: reference_id.to_owned(),
        }
    }

    fn failed(&self) -> bool {
        self.http_status_code >= 400
    }

    /// The answer to a subrequest that was taken back, or never made, because of another.
    fn halted(reference_id: &str) -> Self {
        let error = CallError::bad(
            "PROCESSING_HALTED",
            "The transaction was rolled back since another operation in the same transaction failed.",
        );
        Self::new(&error.reply(), reference_id)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answers {
    composite_response: Vec<Answer>,
}

/// `POST /composite` and `POST /tooling/composite`.
pub(super) fn composite(
    org: &mut Org,
    request: &Request,
    interface: Interface,
) -> Result<Reply, CallError> {
    let composite: Composite = json_body::read(&request.body)?;
    let list = &composite.composite_request;
    if list.len() > MOST {
        return Err(refused(format!(
            "Limit exceeded. A composite request can contain at most {MOST} subrequests."
        )));
    }
    let queries = list
        .iter()
        .filter(|sub| sub.as_sent().is_query_or_collection());
    if queries.count() > MOST_QUERIES {
        return Err(refused(format!(
            "Limit exceeded. A composite request can contain at most {MOST_QUERIES} queries and collections."
        )));
    }
    check_references(list)?;
    let composite_response = run(org, request, interface, list, composite.all_or_none)?;
    let mut reply = Reply::json(200, &Answers { composite_response });
    reply.is_write = Some(list.iter().any(|sub| sub.as_sent().is_write()));
    Ok(reply)
}

/// Reference ids must be there, be names, and be one of a kind.
fn check_references(list: &[Subrequest]) -> Result<(), CallError> {
    if list.is_empty() {
        return Err(refused("The request must contain at least one subrequest."));
    }
    for (index, sub) in list.iter().enumerate() {
        let id = sub.reference_id.as_str();
        let legal = id.starts_with(|c: char| c.is_ascii_alphanumeric())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !legal {
            return Err(refused(format!(
                "Provided referenceId ('{id}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_')."
            )));
        }
        if list[..index].iter().any(|other| other.reference_id == id) {
            return Err(refused(format!("Duplicate referenceId provided: {id}")));
        }
    }
    Ok(())
}

enum Stop {
    Broken(CallError),
    RolledBack(Vec<Answer>),
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error.into())
    }
}

fn run(
    org: &mut Org,
    request: &Request,
    interface: Interface,
    list: &[Subrequest],
    all_or_none: bool,
) -> Result<Vec<Answer>, CallError> {
    // Subrequests of the Tooling API change fields, which a savepoint does not take back.
    let before = (all_or_none && interface == Interface::Tooling)
        .then(|| (org.schema.clone(), org.ids.clone()));
    let done = org.atomically(|org| {
        let answers = one_after_the_other(org, request, interface, list, all_or_none);
        if all_or_none && answers.iter().any(Answer::failed) {
            Err(Stop::RolledBack(answers))
        } else {
            Ok(answers)
        }
    });
    let answers = match done {
        Ok(answers) => {
            org.settle_access()?;
            answers
        }
        Err(Stop::RolledBack(mut answers)) => {
            if let Some((schema, ids)) = before {
                org.schema = schema;
                org.ids = ids;
            }
            // Calls in it may have changed permissions for a moment.
            org.recompute_access()?;
            for answer in answers.iter_mut().filter(|answer| !answer.failed()) {
                *answer = Answer::halted(&answer.reference_id);
            }
            let made = answers.len();
            answers.extend(
                list[made..]
                    .iter()
                    .map(|sub| Answer::halted(&sub.reference_id)),
            );
            answers
        }
        Err(Stop::Broken(error)) => return Err(error),
    };
    Ok(answers)
}

fn one_after_the_other(
    org: &mut Org,
    request: &Request,
    interface: Interface,
    list: &[Subrequest],
    stop_at_failure: bool,
) -> Vec<Answer> {
    let mut references = References::default();
    let mut answers = Vec::with_capacity(list.len());
    for sub in list {
        let resolved = references.in_url(&sub.url).and_then(|url| {
            let body = sub.body.as_ref().map(|body| references.in_body(body));
            Ok((url, body.transpose()?))
        });
        let reply = match resolved {
            Ok((url, body)) => perform(org, request, &sub.wanted(&url, body.as_ref()), interface),
            Err(error) => error.reply(),
        };
        let answer = Answer::new(&reply, &sub.reference_id);
        let failed = answer.failed();
        let value = (!failed)
            .then(|| serde_json::from_str(answer.body.get()).ok())
            .flatten();
        references.add(&sub.reference_id, value);
        answers.push(answer);
        if failed && stop_at_failure {
            break;
        }
    }
    answers
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Graph {
    graph_id: String,
    #[serde(deserialize_with = "json_body::objects")]
    composite_request: Vec<Subrequest>,
}

#[derive(Deserialize)]
struct Graphs {
    #[serde(deserialize_with = "json_body::objects")]
    graphs: Vec<Graph>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GraphAnswer {
    graph_id: String,
    graph_response: Answers,
    is_successful: bool,
}

#[derive(Serialize)]
struct GraphAnswers {
    graphs: Vec<GraphAnswer>,
}

/// `POST /composite/graph`: each graph is a transaction of its own.
pub(super) fn graphs(org: &mut Org, request: &Request) -> Result<Reply, CallError> {
    let Graphs { graphs } = json_body::read(&request.body)?;
    let subrequests: usize = graphs
        .iter()
        .map(|graph| graph.composite_request.len())
        .sum();
    if graphs.len() > MOST_GRAPHS || subrequests > MOST_IN_GRAPHS {
        return Err(refused(format!(
            "Limit exceeded. A payload can contain at most {MOST_GRAPHS} graphs and {MOST_IN_GRAPHS} nodes."
        )));
    }
    for (index, graph) in graphs.iter().enumerate() {
        if graphs[..index]
            .iter()
            .any(|other| other.graph_id == graph.graph_id)
        {
            return Err(refused(format!(
                "Duplicate graphId provided: {}",
                graph.graph_id
            )));
        }
        check_references(&graph.composite_request)?;
        if depth(&graph.composite_request) > DEEPEST {
            return Err(refused(format!(
                "Limit exceeded. A graph can be at most {DEEPEST} levels deep."
            )));
        }
        let record = |sub: &Subrequest| matches!(sub.as_sent().resource()[..], ["sobjects", _, ..]);
        if let Some(other) = graph.composite_request.iter().find(|sub| !record(sub)) {
            return Err(refused(format!(
                "The URL {} is not supported in a graph.",
                other.url
            )));
        }
    }
    let mut answers = Vec::with_capacity(graphs.len());
    for graph in &graphs {
        let composite_response = run(
            org,
            request,
            Interface::Data,
            &graph.composite_request,
            true,
        )?;
        answers.push(GraphAnswer {
            graph_id: graph.graph_id.clone(),
            is_successful: !composite_response.iter().any(Answer::failed),
            graph_response: Answers { composite_response },
        });
    }
    let mut reply = Reply::json(200, &GraphAnswers { graphs: answers });
    reply.is_write = Some(
        graphs
            .iter()
            .flat_map(|graph| &graph.composite_request)
            .any(|sub| sub.as_sent().is_write()),
    );
    Ok(reply)
}

/// Length of the longest chain of references.
fn depth(list: &[Subrequest]) -> usize {
    let mut levels: HashMap<&str, usize> = HashMap::new();
    for sub in list {
        let below = named_in(&sub.url, sub.body.as_ref())
            .into_iter()
            .filter_map(|id| levels.get(id).copied())
            .max();
        levels.insert(&sub.reference_id, below.unwrap_or_default() + 1);
    }
    levels.values().copied().max().unwrap_or_default()
}
