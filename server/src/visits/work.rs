//! What was done on site: parts and labor.

use crate::http::fields::Fields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most lines of either kind.
const MOST_LINES: usize = 100;
/// The longest labor of one line: a week.
const MOST_MINUTES: i64 = 7 * 24 * 60;

/// Parts that were used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Part {
    /// 1 to 100 characters.
    name: String,
    /// The part's number, 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// How many or how much: a decimal number above 0, at most 9 digits before and 3 after the point.
    quantity: String,
    /// 1 to 20 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

/// Labor of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Labor {
    /// 1 to 50 characters.
    kind: String,
    /// 1 to 10,080.
    minutes: i64,
}

/// Checks and trims lines of parts.
pub fn read_parts(fields: &mut Fields, parts: Vec<Part>) -> Vec<Part> {
    if parts.len() > MOST_LINES {
        fields.wrong("parts", "length", format!("at most {MOST_LINES} lines"));
        return Vec::new();
    }
    let read = |(number, part): (usize, Part)| {
        let field = |name: &str| format!("parts[{number}].{name}");
        if !is_quantity(&part.quantity) {
            fields.wrong(&field("quantity"), "format", "is a decimal number above 0, as `1` or `0.5`");
        }
        Part {
            name: fields.label(&field("name"), &part.name, 100),
            number: fields.optional_label(&field("number"), part.number.as_deref(), 100),
            unit: fields.optional_label(&field("unit"), part.unit.as_deref(), 20),
            quantity: part.quantity,
        }
    };
    parts.into_iter().enumerate().map(read).collect()
}

/// Checks and trims lines of labor.
pub fn read_labor(fields: &mut Fields, labor: Vec<Labor>) -> Vec<Labor> {
    if labor.len() > MOST_LINES {
        fields.wrong("labor", "length", format!("at most {MOST_LINES} lines"));
        return Vec::new();
    }
    let read = |(number, line): (usize, Labor)| {
        let field = |name: &str| format!("labor[{number}].{name}");
        if !(1..=MOST_MINUTES).contains(&line.minutes) {
            fields.wrong(&field("minutes"), "range", format!("1 to {MOST_MINUTES}"));
        }
        Labor { kind: fields.label(&field("kind"), &line.kind, 50), minutes: line.minutes }
    };
    labor.into_iter().enumerate().map(read).collect()
}

fn is_quantity(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole, 9) && digits(fraction, 3) && text.bytes().any(|b| (b'1'..=b'9').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::is_quantity;

    #[test]
    fn a_quantity_is_a_decimal_number() {
        for good in ["1", "0.5", "12.125", "999999999.999"] {
            assert!(is_quantity(good), "{good}");
        }
        for wrong in ["", "0", "0.000", "-1", "1e3", "1.", ".5", "1,5", "1.2345", "1234567890", "１"] {
            assert!(!is_quantity(wrong), "{wrong}");
        }
    }
}
