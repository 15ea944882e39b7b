//! Writes rows as JSON, straight into the bytes of an answer. Numbers are written as Java writes
//! them (facts/salesforce.md §4), which a JSON tree would not keep.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde_json::to_writer;

use super::cursors::{Cursor, Cursors, row_ids};
use super::plan::{Column, GroupColumn, Member, Records, Shape};
use crate::salesforce::errors::CallError;
use crate::salesforce::ids::IdMint;
use crate::salesforce::schema::FieldType;
use crate::salesforce::values::{Shown, text_of};

/// What rendering a page needs. Children with more than a page get cursors of their own.
pub(super) struct Renderer<'a> {
    pub(super) db: &'a Connection,
    pub(super) version: &'a str,
    pub(super) now: jiff::Timestamp,
    pub(super) ids: &'a mut IdMint,
    pub(super) cursors: &'a mut Cursors,
    pub(super) out: Vec<u8>,
}

impl Renderer<'_> {
    /// One page of a cursor, as a query answers it. Rows that are gone by now are left out.
    pub(super) fn page(
        &mut self,
        cursor: &Cursor,
        locator: Option<&str>,
        from: usize,
    ) -> Result<(), CallError> {
        let total = cursor.rows.len();
        let end = (from + cursor.page_size).min(total);
        self.text(&format!("{{\"totalSize\":{total},\"done\":"));
        match locator {
            Some(locator) if end < total => self.text(&format!(
                "false,\"nextRecordsUrl\":\"/services/data/v{}/query/{locator}-{end}\"",
                self.version
            )),
            _ => self.text("true"),
        }
        self.text(",\"records\":[");
        self.records(cursor, cursor.rows.get(from..end).unwrap_or_default())?;
        self.text("]}");
        Ok(())
    }

    fn records(&mut self, cursor: &Cursor, rows: &[i64]) -> Result<(), CallError> {
        let records = &cursor.records;
        let mut fetch = self.db.prepare_cached(&records.fetch)?;
        let mut first = true;
        for id in rows {
            let mut found = fetch.query([id])?;
            let Some(row) = found.next()? else {
                continue;
            };
            if !first {
                self.out.push(b',');
            }
            first = false;
            self.record(&records.shape, row, cursor)?;
        }
        Ok(())
    }

    fn record(&mut self, shape: &Shape, row: &Row<'_>, cursor: &Cursor) -> Result<(), CallError> {
        let id: Option<String> = row.get(shape.id)?;
        let id = id.unwrap_or_default();
        self.text("{\"attributes\":{\"type\":");
        self.string(&shape.sobject)?;
        self.text(",\"url\":");
        self.string(&format!(
            "/services/data/v{}/sobjects/{}/{id}",
            self.version, shape.sobject
        ))?;
        self.out.push(b'}');
        for member in &shape.members {
            self.out.push(b',');
            match member {
                Member::Column(column) => {
                    self.key(&column.name)?;
                    self.column(column, row)?;
                }
                Member::Parent(position) => {
                    let parent = &shape.parents[*position];
                    self.key(&parent.name)?;
                    if row.get_ref(parent.shape.id)? == ValueRef::Null {
                        self.text("null");
                    } else {
                        self.record(&parent.shape, row, cursor)?;
                    }
                }
                Member::Children { name, records } => {
                    self.key(name)?;
                    self.children(records, &id, cursor)?;
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn children(
        &mut self,
        records: &std::sync::Arc<Records>,
        parent: &str,
        whole: &Cursor,
    ) -> Result<(), CallError> {
        let rows = row_ids(self.db, &records.find, Some(parent))?;
        if rows.is_empty() {
            self.text("null");
            return Ok(());
        }
        let cursor = Cursor::new(
            whole.source.clone(),
            records.clone(),
            rows,
            whole.page_size,
            self.now,
        );
        if cursor.rows.len() <= cursor.page_size {
            return self.page(&cursor, None, 0);
        }
        let locator = self.ids.next("01g");
        let cursor = self.cursors.keep(&locator, cursor);
        self.page(&cursor, Some(&locator), 0)
    }

    fn column(&mut self, column: &Column, row: &Row<'_>) -> Result<(), CallError> {
        if column.kind != FieldType::Address {
            return self.value(column.kind, column.formatted, row.get_ref(column.position)?);
        }
        let mut empty = true;
        for part in 0..column.parts.len() {
            empty &= row.get_ref(column.position + part)? == ValueRef::Null;
        }
        if empty {
            self.text("null");
            return Ok(());
        }
        for (part, name) in column.parts.iter().enumerate() {
            self.out.push(if part == 0 { b'{' } else { b',' });
            let mut key = (*name).to_owned();
            key[..1].make_ascii_lowercase();
            self.key(&key)?;
            // Latitude and longitude are the numbers among them.
            self.value(
                FieldType::Double,
                false,
                row.get_ref(column.position + part)?,
            )?;
        }
        self.out.push(b'}');
        Ok(())
    }

    /// A row of groups.
    pub(super) fn group(
        &mut self,
        columns: &[GroupColumn],
        row: &Row<'_>,
    ) -> Result<(), CallError> {
        self.text("{\"attributes\":{\"type\":\"AggregateResult\"}");
        for (position, column) in columns.iter().enumerate() {
            self.out.push(b',');
            self.key(&column.name)?;
            self.value(column.kind, false, row.get_ref(position)?)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn value(
        &mut self,
        kind: FieldType,
        formatted: bool,
        value: ValueRef<'_>,
    ) -> Result<(), CallError> {
        match text_of(kind, value) {
            None => self.text("null"),
            Some(Shown::Plain(text)) if !formatted => self.text(&text),
            Some(Shown::Plain(_)) if kind.is_number() => self.string(&grouped(value))?,
            Some(Shown::Plain(text) | Shown::Quoted(text)) => self.string(&text)?,
        }
        Ok(())
    }

    fn key(&mut self, name: &str) -> Result<(), CallError> {
        self.string(name)?;
        self.out.push(b':');
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<(), CallError> {
        Ok(to_writer(&mut self.out, text)?)
    }

    pub(super) fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

/// A number as `FORMAT()` shows it, in an English locale: `1,234,567.5`.
fn grouped(value: ValueRef<'_>) -> String {
    let text = match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        _ => String::new(),
    };
    let (whole, fraction) = text
        .find('.')
        .map_or((text.as_str(), ""), |point| text.split_at(point));
    let digits = whole.trim_start_matches('-');
    let mut shown = whole[..whole.len() - digits.len()].to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_groups_of_three() {
        assert_eq!(grouped(ValueRef::Integer(-1_234_567)), "-1,234,567");
        assert_eq!(grouped(ValueRef::Real(350_000_000.25)), "350,000,000.25");
        assert_eq!(grouped(ValueRef::Integer(12)), "12");
        assert_eq!(grouped(ValueRef::Real(123.0)), "123");
    }
}
