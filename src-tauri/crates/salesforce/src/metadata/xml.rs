//! Metadata XML, written element by element.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";

/// A document under construction.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// A whole document with this root element.
    pub(super) fn document(
        root: &str,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<String> {
        let mut xml = Self {
            writer: Writer::new_with_indent(Vec::new(), b' ', 4),
        };
        xml.writer
            .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let start = BytesStart::new(root).with_attributes([("xmlns", NAMESPACE)]);
        xml.writer.write_event(Event::Start(start))?;
        content(&mut xml)?;
        xml.writer.write_event(Event::End(BytesEnd::new(root)))?;
        let mut bytes = xml.writer.into_inner();
        bytes.push(b'\n');
        String::from_utf8(bytes).map_err(io::Error::other)
    }

    /// An element with elements in it.
    pub(super) fn group(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.writer
            .write_event(Event::Start(BytesStart::new(name)))?;
        content(self)?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element with text in it.
    pub(super) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.writer
            .write_event(Event::Start(BytesStart::new(name)))?;
        self.writer.write_event(Event::Text(BytesText::new(text)))?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }
}
