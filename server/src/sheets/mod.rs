//! Files of rows: reading what people upload, naming every mistake by line and column, the report of what an import
//! did; and writing CSV.

mod cells;
mod file;
mod package;
mod rows;
#[cfg(test)]
mod tests;
mod workbook;
mod write;

use crate::problem::Problem;
use paifang_core::problem::ProblemCode;
use serde::Serialize;
use utoipa::ToSchema;

pub use cells::Cells;
pub use file::{Table, read, read_apart};
pub use write::csv;

/// The largest file, in bytes.
pub const LIMIT: usize = 10 * 1024 * 1024;

/// A row that cannot be taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowError {
    /// Line in the file, the header being line 1.
    pub line: usize,
    /// Name of the column, as in the file's header.
    pub column: String,
    /// `required`, `length`, `format`, `unknown`, `duplicate` or `range`; bindings also have `openid_refused` and
    /// `binding_conflict`.
    pub code: String,
    /// What is wrong, for people.
    pub detail: String,
}

/// What an import did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    /// Nothing was written.
    pub dry_run: bool,
    /// Rows of things that were not known.
    pub created: usize,
    /// Rows that changed something known.
    pub updated: usize,
    /// Rows that said nothing new.
    pub unchanged: usize,
    /// Rows that cannot be taken.
    pub errors: Vec<RowError>,
}

impl ImportReport {
    /// A report of nothing yet.
    pub fn new(dry_run: bool, errors: Vec<RowError>) -> Self {
        Self { dry_run, created: 0, updated: 0, unchanged: 0, errors }
    }
}

/// The refusal of a whole file because of these rows.
pub fn refused(errors: &[RowError]) -> Problem {
    Problem::new(ProblemCode::InvalidRows).with("errors", serde_json::to_value(errors).unwrap_or_default())
}
