//! The rows of a file while it is read: whatever the file says, they take no more memory than a full table does.

use super::file::{Table, malformed, too_large};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// The most rows of one file, the header not counted.
pub const MOST_ROWS: usize = 20_000;
/// The most columns of one file: several times as many as any has that is imported.
const MOST_COLUMNS: usize = 100;
/// All text of one file, in bytes. A workbook may have the same long text in every cell, and still be small itself.
const MOST_TEXT: usize = 32 * 1024 * 1024;

/// Cells that are not empty, by line and column, in any order.
pub struct Rows {
    rows: BTreeMap<usize, Vec<String>>,
    room: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), room: MOST_TEXT }
    }
}

impl Rows {
    /// Puts a cell into a line of the file; the first column is 0. What is blank is not there.
    pub fn put(&mut self, line: usize, column: usize, text: &str) -> Result<(), Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(malformed(format!("line {line} has a cell beyond column {MOST_COLUMNS}")));
        }
        let room = self.room.checked_sub(text.len());
        self.room = room.ok_or_else(|| too_large(format!("at most {MOST_TEXT} bytes of text in one file")))?;
        if self.rows.len() > MOST_ROWS && !self.rows.contains_key(&line) {
            return Err(too_large(format!("at most {MOST_ROWS} rows in one file")));
        }
        let cells = self.rows.entry(line).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            text.clone_into(cell);
        }
        Ok(())
    }

    /// The first row is the header.
    pub fn into_table(mut self) -> Result<Table, Problem> {
        let (_, header) = self.rows.pop_first().ok_or_else(|| malformed("the file has no rows"))?;
        Ok(Table { header, rows: self.rows.into_iter().collect() })
    }
}
