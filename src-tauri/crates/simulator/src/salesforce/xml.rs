//! XML as Salesforce reads it in metadata files and SOAP envelopes: a small tree whose elements know
//! their line and column. Prefixes are dropped; document types and their entities are refused.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

/// Deepest nesting read; metadata needs fewer than ten.
const MAX_DEPTH: usize = 100;
/// Most elements of one document.
const MAX_NODES: usize = 500_000;

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// Name without its prefix.
    pub(crate) name: String,
    /// Line of the start tag, from 1.
    pub(crate) line: usize,
    /// Column after the start tag, from 1, which is where Salesforce's parser stands.
    pub(crate) column: usize,
    /// All text directly inside.
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
}

impl Node {
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The trimmed text of a child; `None` when it is absent or empty.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(|child| child.text.trim())
            .filter(|text| !text.is_empty())
    }
}

/// Why a document cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct XmlError {
    pub(crate) message: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// Turns bytes into text by byte-order mark; without one it is UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, XmlError> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        if rest.len() % 2 == 1 {
            return None;
        }
        String::from_utf16(&units).ok()
    };
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        // UTF-16 without a mark shows by the zero beside the first `<`.
        [b'<', 0, ..] => wide(bytes, u16::from_le_bytes),
        [0, b'<', ..] => wide(bytes, u16::from_be_bytes),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    };
    text.ok_or_else(|| XmlError {
        message: "Invalid byte sequence for the encoding of the file.".to_owned(),
        line: 1,
        column: 1,
    })
}

/// Follows a position through the text, counting lines and columns as it goes: each byte is looked
/// at once, however long a line is.
struct Place<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    column: usize,
}

impl Place<'_> {
    fn advance(&mut self, to: u64) -> (usize, usize) {
        let to = usize::try_from(to)
            .unwrap_or(usize::MAX)
            .min(self.text.len());
        for byte in self.text.get(self.at..to).unwrap_or_default() {
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                // The later bytes of a letter beyond ASCII do not count.
                0x80..=0xBF => {}
                _ => self.column += 1,
            }
        }
        self.at = self.at.max(to);
        (self.line, self.column)
    }
}

/// Reads a document: its root element.
pub(crate) fn parse(text: &str) -> Result<Node, XmlError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut place = Place {
        text: text.as_bytes(),
        at: 0,
        line: 1,
        column: 1,
    };
    let mut open: Vec<Node> = Vec::new();
    let mut root: Option<Node> = None;
    let mut nodes = 0_usize;
    loop {
        let event = reader.read_event();
        let position = reader.buffer_position();
        let mut error = |message: &str| {
            let (line, column) = place.advance(position);
            XmlError {
                message: message.to_owned(),
                line,
                column,
            }
        };
        match event {
            Err(problem) => return Err(error(&problem.to_string())),
            Ok(Event::Start(start)) => {
                nodes += 1;
                if open.len() >= MAX_DEPTH || nodes > MAX_NODES {
                    return Err(error("The document is nested too deeply or too large."));
                }
                if root.is_some() {
                    return Err(error(
                        "The markup in the document following the root element must be well-formed.",
                    ));
                }
                let (line, column) = place.advance(position);
                open.push(Node {
                    name: start.local_name().into_inner().to_owned(),
                    line,
                    column,
                    ..Node::default()
                });
            }
            Ok(Event::End(_)) => {
                let Some(node) = open.pop() else {
                    return Err(error("Unexpected end tag."));
                };
                match open.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => root = Some(node),
                }
            }
            Ok(Event::Text(words)) => match open.last_mut() {
                Some(node) => node.text.push_str(&words.xml10_content()),
                None if words.trim().is_empty() => {}
                None => return Err(error("Content is not allowed in prolog.")),
            },
            Ok(Event::CData(words)) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(&words.xml10_content());
                }
            }
            Ok(Event::GeneralRef(name)) => {
                let known = match name.resolve_char_ref() {
                    Ok(Some(letter)) => Some(letter.to_string()),
                    Ok(None) => resolve_predefined_entity(&name).map(str::to_owned),
                    Err(_) => None,
                };
                if let (Some(letters), Some(node)) = (known, open.last_mut()) {
                    node.text.push_str(&letters);
                } else {
                    let name: &str = &name;
                    let message =
                        format!("The entity \"{name}\" was referenced, but not declared.");
                    return Err(error(&message));
                }
            }
            Ok(Event::DocType(_)) => {
                return Err(error(
                    "DOCTYPE is disallowed: the document may not declare entities.",
                ));
            }
            Ok(Event::Eof) => {
                return match root {
                    Some(root) if open.is_empty() => Ok(root),
                    _ if open.is_empty() => Err(error("Premature end of file.")),
                    _ => Err(error(
                        "XML document structures must start and end within the same entity.",
                    )),
                };
            }
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn elements_know_their_place() {
        let root = parse("<?xml version=\"1.0\"?>\n<a:x>\n  <b>1 &amp; 2</b><c/>\n</a:x>").unwrap();
        assert_eq!(root.name, "x");
        let b = root.child("b").unwrap();
        assert_eq!((b.line, b.column, b.text.as_str()), (3, 6, "1 & 2"));
        assert_eq!(root.children[1].name, "c");
    }

    #[test]
    fn dangerous_documents_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"cc\">]><a>&b;</a>";
        assert!(parse(bomb).unwrap_err().message.contains("DOCTYPE"));
        assert!(parse("<a>&b;</a>").is_err());
        assert!(parse(&"<a>".repeat(100_000)).is_err());
        assert!(parse("<a><b></a></b>").is_err());
        assert!(parse("").is_err());
    }

    #[test]
    fn a_long_line_of_many_elements_is_read_in_time() {
        let text = format!("<a>{}</a>", "<bé/>".repeat(200_000));
        let root = parse(&text).unwrap();
        assert_eq!(root.children.len(), 200_000);
        assert_eq!(root.children[199_999].column, 4 + 200_000 * 5);
        assert!(parse(&format!("<a>{}</a>", "<b/>".repeat(MAX_NODES))).is_err());
    }

    #[test]
    fn wide_text_is_read_by_its_mark() {
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend("<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(parse(&decode(&bytes).unwrap()).unwrap().text, "é");
        assert!(decode(b"<a>\xE9</a>").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[<>/a &;\"'!\\[\\]#x?=\n-]{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode(&bytes).map(|text| parse(&text));
        }
    }
}
