//! Checks of single fields that gather every mistake of a request.

use crate::problem::Problem;
use paifang_core::problem::FieldError;
use paifang_core::{phone::Phone, text};

/// Mistakes found so far.
#[derive(Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes a mistake.
    pub fn wrong(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        self.0.push(FieldError::new(field, code, detail));
    }

    /// Notes mistakes that a rule has found.
    pub fn append(&mut self, mistakes: Vec<FieldError>) {
        self.0.extend(mistakes);
    }

    /// A trimmed text of 1 to `max` characters; empty when it is wrong.
    pub fn label(&mut self, field: &str, value: &str, max: usize) -> String {
        text::label(value, max).unwrap_or_else(|| {
            self.wrong(field, "length", format!("needs 1 to {max} characters and no control characters"));
            String::new()
        })
    }

    /// Like [`Fields::label`], where there is a value.
    pub fn optional_label(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        value.map(|value| self.label(field, value, max))
    }

    /// A phone number in E.164 form, where there is one.
    pub fn phone(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let phone = Phone::parse(value?);
        if phone.is_none() {
            self.wrong(field, "format", "is no phone number");
        }
        phone.map(|phone| phone.as_str().to_owned())
    }

    /// Checks that a period does not end before it starts.
    pub fn period(&mut self, field: &str, from: Option<i64>, until: Option<i64>) {
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            self.wrong(field, "range", "must be after the start");
        }
    }

    /// All mistakes as one problem, or nothing.
    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::fields(self.0)) }
    }
}
