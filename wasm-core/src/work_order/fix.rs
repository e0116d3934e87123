//! A position as a phone measured it, or as somebody picked it on a map: where, how exactly, from what, and when.

use crate::position::{Degrees, Position, whole};
use crate::problem::FieldError;
use crate::time::{MINUTE, parse_rfc3339};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// A fix of less accuracy (in meters) does not say where somebody is.
pub const USABLE_ACCURACY: i64 = 5_000;
/// A fix that is older than this at the moment it stands for (in milliseconds) does not say where somebody is then.
pub const USABLE_AGE: i64 = 10 * MINUTE;
/// Larger accuracies than half way round the globe mean nothing.
const LARGEST_ACCURACY: f64 = 20_000_000.0;

/// Where a fix comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The phone measured it.
    Gps,
    /// Somebody picked it on a map.
    Picked,
}

impl Source {
    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gps => "gps",
            Self::Picked => "picked",
        }
    }

    /// Reads a name from the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Gps, Self::Picked].into_iter().find(|source| source.as_str() == name)
    }
}

/// A fix that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where.
    pub position: Position,
    /// Radius in meters within which the phone believes to be; `None` where it does not say.
    pub accuracy: Option<i64>,
    /// From what.
    pub source: Source,
    /// When, by the phone's clock (UTC epoch milliseconds).
    pub fixed_at: i64,
}

/// A fix as it travels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FixDocument {
    /// Degrees north, GCJ-02.
    pub latitude: f64,
    /// Degrees east, GCJ-02.
    pub longitude: f64,
    /// Radius in meters within which the phone believes to be.
    #[serde(default)]
    pub accuracy: Option<f64>,
    /// `gps` or `picked`.
    pub source: String,
    /// When (RFC 3339).
    pub fixed_at: String,
}

impl Fix {
    /// Reads a fix; every mistake is named by its path below `field`.
    pub fn read(document: &FixDocument, field: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |name: &str, code: &str, detail: &str| {
            errors.push(FieldError::new(format!("{field}.{name}"), code, detail));
        };
        let position = Position::from_degrees(document.latitude, document.longitude);
        if position.is_none() {
            let name = if (-90.0..=90.0).contains(&document.latitude) { "longitude" } else { "latitude" };
            wrong(name, "range", "lies off the globe");
        }
        if document.accuracy.is_some_and(|meters| !(0.0..=LARGEST_ACCURACY).contains(&meters)) {
            wrong("accuracy", "range", "is a number of meters");
        }
        let source = Source::parse(&document.source);
        if source.is_none() {
            wrong("source", "unknown", "is `gps` or `picked`");
        }
        let fixed_at = parse_rfc3339(&document.fixed_at);
        if fixed_at.is_none() {
            wrong("fixed_at", "format", "is no RFC 3339 date-time");
        }
        match (position, source, fixed_at) {
            (Some(position), Some(source), Some(fixed_at)) if errors.is_empty() => {
                let accuracy = document.accuracy.map(|meters| whole(libm::ceil(meters)));
                Ok(Self { position, accuracy, source, fixed_at })
            }
            _ => Err(errors),
        }
    }

    /// Whether it says where somebody was at `at` (the same clock; `None`: it is as fresh as can be).
    pub fn is_usable(&self, at: Option<i64>) -> bool {
        let fresh = at.is_none_or(|at| (at - self.fixed_at).abs() <= USABLE_AGE);
        fresh && self.accuracy.is_none_or(|meters| meters <= USABLE_ACCURACY)
    }
}

/// Reads a position of a call's input.
pub(crate) fn position_of(degrees: Degrees, field: &str) -> Result<Position, Vec<FieldError>> {
    Position::from_degrees(degrees.latitude, degrees.longitude)
        .ok_or_else(|| vec![FieldError::new(field, "range", "lies off the globe")])
}

/// Reads a moment of a call's input: RFC 3339.
pub(crate) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_rfc3339(&text).ok_or_else(|| Error::custom("is no RFC 3339 date-time"))
}

/// [`moment`], where there is one.
pub(crate) fn optional_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse_rfc3339(&text).ok_or_else(|| Error::custom("is no RFC 3339 date-time"))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> FixDocument {
        FixDocument {
            latitude: 31.2304,
            longitude: 121.4737,
            accuracy: Some(29.2),
            source: "gps".to_owned(),
            fixed_at: "2026-11-21T01:02:03Z".to_owned(),
        }
    }

    #[test]
    fn a_fix_is_read() {
        let fix = Fix::read(&document(), "fix").unwrap();
        assert_eq!((fix.accuracy, fix.source), (Some(30), Source::Gps));
        assert_eq!((fix.position.latitude_e6(), fix.position.longitude_e6()), (31_230_400, 121_473_700));
    }

    #[test]
    fn every_mistake_is_named() {
        let wrong = FixDocument {
            latitude: 91.0,
            accuracy: Some(-1.0),
            source: "guess".to_owned(),
            fixed_at: "yesterday".to_owned(),
            ..document()
        };
        let errors = Fix::read(&wrong, "fix").unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
        let expected = [
            ("fix.latitude", "range"),
            ("fix.accuracy", "range"),
            ("fix.source", "unknown"),
            ("fix.fixed_at", "format"),
        ];
        assert_eq!(named, expected);
        let far_east = FixDocument { longitude: 180.1, ..document() };
        assert_eq!(Fix::read(&far_east, "fix").unwrap_err()[0].field, "fix.longitude");
    }

    #[test]
    fn what_is_old_or_vague_says_nothing() {
        let fix = Fix::read(&document(), "fix").unwrap();
        assert!(fix.is_usable(None) && fix.is_usable(Some(fix.fixed_at + USABLE_AGE)));
        assert!(!fix.is_usable(Some(fix.fixed_at + USABLE_AGE + 1)));
        assert!(!fix.is_usable(Some(fix.fixed_at - USABLE_AGE - 1)));
        assert!(!Fix { accuracy: Some(USABLE_ACCURACY + 1), ..fix }.is_usable(None));
        assert!(Fix { accuracy: None, ..fix }.is_usable(None));
    }
}
