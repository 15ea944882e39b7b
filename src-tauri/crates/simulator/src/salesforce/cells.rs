//! A row on its way into a table: field names and what is stored for them.

use rusqlite::types::Value as Cell;

/// Field names, in canonical case, with their values.
pub(crate) type Cells = Vec<(String, Cell)>;

/// What the row says about a field; `None` when it does not name it.
pub(crate) fn given<'a>(cells: &'a [(String, Cell)], name: &str) -> Option<&'a Cell> {
    cells
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, cell)| cell)
}

/// Whether the row gives the field a value other than null.
pub(crate) fn has_value(cells: &[(String, Cell)], name: &str) -> bool {
    given(cells, name).is_some_and(|cell| *cell != Cell::Null)
}

/// The text of a field, when the row gives one.
pub(crate) fn text_of<'a>(cells: &'a [(String, Cell)], name: &str) -> Option<&'a str> {
    match given(cells, name) {
        Some(Cell::Text(text)) => Some(text),
        _ => None,
    }
}

/// Sets a field, in place of what the row said before.
pub(crate) fn put(cells: &mut Cells, name: &str, cell: Cell) {
    match cells.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => *known = cell,
        None => cells.push((name.to_owned(), cell)),
    }
}

/// A text cell.
pub(crate) fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}
