//! Reading typed values out of metadata elements, with Salesforce's words for what is wrong.

use serde_json::Value;

use crate::salesforce::xml::{Node, XmlError};

const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";

/// What is wrong with a component, and where in its file when that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) message: String,
    /// Line and column, from 1.
    pub(crate) place: Option<(usize, usize)>,
}

impl Problem {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
        }
    }

    /// A file that cannot be read at this element.
    fn parsing(node: &Node, message: &str) -> Self {
        Self {
            message: format!("Error parsing file: {message}"),
            place: Some((node.line, node.column)),
        }
    }

    /// The problem at an element, unless it has a place already.
    pub(crate) fn at(mut self, line: usize, column: usize) -> Self {
        self.place = self.place.or(Some((line, column)));
        self
    }
}

impl From<XmlError> for Problem {
    fn from(error: XmlError) -> Self {
        Self {
            message: format!("Error parsing file: {}", error.message),
            place: Some((error.line, error.column)),
        }
    }
}

/// Refuses elements a type does not have.
pub(crate) fn known(node: &Node, kind: &str, names: &[&str]) -> Result<(), Problem> {
    match node
        .children
        .iter()
        .find(|child| !names.contains(&child.name.as_str()))
    {
        None => Ok(()),
        Some(child) => Err(Problem::parsing(
            child,
            &format!(
                "Element {{{NAMESPACE}}}{} invalid at this location in type {kind}",
                child.name
            ),
        )),
    }
}

/// Refuses a second element of a name that may stand once.
pub(crate) fn once(node: &Node, names: &[&str]) -> Result<(), Problem> {
    for name in names {
        if let Some(second) = node.all(name).nth(1) {
            return Err(Problem::parsing(
                second,
                &format!("Element {name} is duplicated at this location"),
            ));
        }
    }
    Ok(())
}

/// A text value; the empty text counts as absent.
pub(crate) fn text(node: &Node, name: &str) -> Option<String> {
    node.text_of(name).map(str::to_owned)
}

pub(crate) fn boolean(node: &Node, name: &str) -> Result<Option<bool>, Problem> {
    let Some(child) = node.child(name) else {
        return Ok(None);
    };
    match child.text.trim() {
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        other => Err(Problem::parsing(
            child,
            &format!("'{other}' is not a valid value for the type xsd:boolean"),
        )),
    }
}

pub(crate) fn number(node: &Node, name: &str) -> Result<Option<u32>, Problem> {
    let Some(child) = node.child(name) else {
        return Ok(None);
    };
    let words = child.text.trim();
    words.parse().map(Some).map_err(|_| {
        Problem::parsing(
            child,
            &format!("'{words}' is not a valid value for the type xsd:int"),
        )
    })
}

/// A word out of a list.
pub(crate) fn word(
    node: &Node,
    name: &str,
    list: &str,
    words: &[&str],
) -> Result<Option<String>, Problem> {
    let Some(child) = node.child(name) else {
        return Ok(None);
    };
    let given = child.text.trim();
    if words.contains(&given) {
        return Ok(Some(given.to_owned()));
    }
    Err(Problem::parsing(
        child,
        &format!("'{given}' is not a valid value for the enum '{list}'"),
    ))
}

/// The Tooling API's JSON form of metadata as elements: lists become repeated elements.
pub(crate) fn from_json(name: &str, value: &Value) -> Node {
    let mut node = Node {
        name: name.to_owned(),
        ..Node::default()
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Null => {}
                    Value::Array(list) => {
                        node.children
                            .extend(list.iter().map(|value| from_json(key, value)));
                    }
                    other => node.children.push(from_json(key, other)),
                }
            }
        }
        Value::String(words) => node.text.clone_from(words),
        other => node.text = other.to_string(),
    }
    node
}
