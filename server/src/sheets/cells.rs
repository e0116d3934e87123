//! The cells of a table by column; what is wrong with one is noted with its line and the header's own word.

use super::RowError;
use crate::problem::Problem;
use paifang_core::phone::Phone;
use paifang_core::problem::ProblemCode;
use paifang_core::text::label;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// Reads cells of the columns `C`, and gathers mistakes.
pub struct Cells<C> {
    header: Vec<String>,
    columns: HashMap<C, usize>,
    wrong: HashSet<(usize, usize)>,
    /// Mistakes found so far.
    pub errors: Vec<RowError>,
}

impl<C: Eq + Hash> Cells<C> {
    /// Finds the columns by the names in the header; `required` ones, with the names that are documented, must be
    /// there, others than known ones must not.
    pub fn new(header: &[String], named: impl Fn(&str) -> Option<C>, required: &[(C, &str)]) -> Result<Self, Problem> {
        let mut columns = HashMap::new();
        let mut mistakes = Vec::new();
        for (index, name) in header.iter().enumerate() {
            match named(name.trim()).map(|column| columns.insert(column, index)) {
                Some(Some(_)) => mistakes.push(format!("{name:?} stands twice")),
                Some(None) => {}
                None if name.is_empty() => {}
                None => mistakes.push(format!("{name:?} is no known column")),
            }
        }
        for (column, name) in required {
            if !columns.contains_key(column) {
                mistakes.push(format!("the column {name:?} is missing"));
            }
        }
        if mistakes.is_empty() {
            Ok(Self { header: header.to_vec(), columns, wrong: HashSet::new(), errors: Vec::new() })
        } else {
            Err(Problem::new(ProblemCode::MalformedBody).detail(format!("the header: {}", mistakes.join("; "))))
        }
    }

    /// A cell that is not empty.
    pub fn cell<'c>(&self, cells: &'c [String], column: &C) -> Option<&'c str> {
        let index = self.columns.get(column)?;
        cells.get(*index).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    /// A text of 1 to `max` characters that must be there.
    pub fn text(&mut self, line: usize, cells: &[String], column: &C, max: usize) -> Option<String> {
        if self.cell(cells, column).is_none() {
            self.wrong(line, column, "required", "is empty");
            return None;
        }
        self.optional(line, cells, column, max)
    }

    /// A text of 1 to `max` characters, where there is one.
    pub fn optional(&mut self, line: usize, cells: &[String], column: &C, max: usize) -> Option<String> {
        let text = label(self.cell(cells, column)?, max);
        if text.is_none() {
            self.wrong(line, column, "length", format!("needs 1 to {max} characters"));
        }
        text
    }

    /// A phone number in E.164 form, where there is one.
    pub fn phone(&mut self, line: usize, cells: &[String], column: &C) -> Option<String> {
        let phone = Phone::parse(self.cell(cells, column)?);
        if phone.is_none() {
            self.wrong(line, column, "format", "is no phone number");
        }
        phone.map(|phone| phone.as_str().to_owned())
    }

    /// Whether the file has that column.
    pub fn has(&self, column: &C) -> bool {
        self.columns.contains_key(column)
    }

    /// Whether a mistake was found there.
    pub fn is_wrong(&self, line: usize, column: &C) -> bool {
        self.columns.get(column).is_some_and(|index| self.wrong.contains(&(line, *index)))
    }

    /// Notes a mistake.
    pub fn wrong(&mut self, line: usize, column: &C, code: &str, detail: impl Into<String>) {
        let index = self.columns.get(column).copied();
        self.wrong.extend(index.map(|index| (line, index)));
        let column = index.and_then(|index| self.header.get(index)).cloned().unwrap_or_default();
        self.errors.push(RowError { line, column, code: code.to_owned(), detail: detail.into() });
    }
}
