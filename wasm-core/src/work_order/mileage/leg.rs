//! One leg: how long it is, by which method, and whether that can be.

use super::Stop;
use crate::problem::FieldError;
use serde::{Deserialize, Serialize};

/// The longest leg that anybody drives in a day, in meters.
pub const LONGEST_LEG: i64 = 3_000_000;
/// Roads are seldom longer than this many thousandths of the straight line.
const LONGEST_DETOUR_PERMILLE: i64 = 3_000;
/// How far a figure may miss the straight line without being odd, in meters: sites have gates, fixes are inexact.
const SLACK: i64 = 2_000;

/// How the length of a leg is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The straight line times the organization's detour factor.
    GreatCircle,
    /// The odometer at the end less the one at the start.
    Odometer,
    /// As somebody says, with a reason.
    Manual,
}

impl Method {
    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GreatCircle => "great_circle",
            Self::Odometer => "odometer",
            Self::Manual => "manual",
        }
    }

    /// Reads a name from the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::GreatCircle, Self::Odometer, Self::Manual].into_iter().find(|method| method.as_str() == name)
    }
}

/// What is odd about a figure. It is shown to who approves, and counts all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// The odometer reads less at the end than at the start.
    OdometerBackwards,
    /// Shorter than the straight line.
    TooShort,
    /// Much longer than the straight line.
    TooLong,
}

impl Suspicion {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OdometerBackwards => "odometer_backwards",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
        }
    }

    /// Compares a figure with the straight line; both in meters.
    pub fn of(meters: i64, straight_meters: i64) -> Option<Self> {
        let longest = straight_meters.saturating_mul(LONGEST_DETOUR_PERMILLE) / 1000;
        if meters < straight_meters - SLACK {
            Some(Self::TooShort)
        } else if meters > longest.saturating_add(SLACK) {
            Some(Self::TooLong)
        } else {
            None
        }
    }
}

/// What somebody says about a leg.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The stop where it starts.
    pub from: String,
    /// The stop where it ends.
    pub to: String,
    /// How its length is found.
    pub method: Method,
    /// Its length, where the method is `manual`.
    #[serde(default)]
    pub meters: Option<i64>,
    /// What the odometer read at its start, where the method is `odometer`.
    #[serde(default, alias = "odometer_start")]
    pub odometer_start_meters: Option<i64>,
    /// What it read at its end.
    #[serde(default, alias = "odometer_end")]
    pub odometer_end_meters: Option<i64>,
}

impl Edit {
    /// Checks that the fields fit the method and can be.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, code: &str, detail: &str| errors.push(FieldError::new(field, code, detail));
        match self.method {
            Method::GreatCircle => {}
            Method::Manual => match self.meters {
                None => wrong("meters", "required", "is missing"),
                Some(meters) if !(0..=LONGEST_LEG).contains(&meters) => {
                    wrong("meters", "range", "0 to 3,000,000 m");
                }
                Some(_) => {}
            },
            Method::Odometer => {
                for (field, value) in [
                    ("odometer_start_meters", self.odometer_start_meters),
                    ("odometer_end_meters", self.odometer_end_meters),
                ] {
                    match value {
                        None => wrong(field, "required", "is missing"),
                        Some(meters) if !is_odometer(meters) => wrong(field, "range", "is no odometer's figure"),
                        Some(_) => {}
                    }
                }
                if let (Some(start), Some(end)) = (self.odometer_start_meters, self.odometer_end_meters)
                    && is_odometer(start)
                    && is_odometer(end)
                    && !(0..=LONGEST_LEG).contains(&(end - start))
                {
                    wrong("odometer_end_meters", "range", "0 to 3,000,000 m more than at the start");
                }
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Whether an odometer can read this, in meters.
pub fn is_odometer(meters: i64) -> bool {
    (0..=9_999_999_999).contains(&meters)
}

/// A leg with its length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// The stop where it starts.
    pub from: String,
    /// The stop where it ends.
    pub to: String,
    /// How its length was found.
    pub method: Method,
    /// The straight line in meters, where both ends have a fix.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub straight_meters: Option<i64>,
    /// The straight line times the detour factor, rounded to a meter.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub computed_meters: Option<i64>,
    /// What counts; `None` as long as it is not known.
    pub meters: Option<i64>,
    /// Whether somebody must say its length.
    pub needs_manual: bool,
    /// What is odd about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suspicion: Option<Suspicion>,
}

impl Leg {
    /// The stops between which it leads.
    pub fn ends(&self) -> (&str, &str) {
        (&self.from, &self.to)
    }

    pub(super) fn between(from: &Stop, to: &Stop, edit: Option<&Edit>, detour_permille: i64) -> Self {
        let straight_meters = from.position.zip(to.position).map(|(from, to)| from.distance_to(to));
        let computed_meters = straight_meters.map(|meters| with_detour(meters, detour_permille));
        let edit = edit.filter(|edit| edit.method != Method::GreatCircle);
        let (method, meters) = match edit {
            None => (Method::GreatCircle, computed_meters),
            Some(edit) if edit.method == Method::Manual => (Method::Manual, edit.meters),
            Some(edit) => (Method::Odometer, driven(edit.odometer_start_meters, edit.odometer_end_meters)),
        };
        let backwards = method == Method::Odometer && meters.is_none();
        let suspicion = match (backwards, edit, meters, straight_meters) {
            (true, ..) => Some(Suspicion::OdometerBackwards),
            (_, Some(_), Some(meters), Some(straight)) => Suspicion::of(meters, straight),
            _ => None,
        };
        let (from, to) = (from.id.clone(), to.id.clone());
        let needs_manual = meters.is_none();
        Self { from, to, method, straight_meters, computed_meters, meters, needs_manual, suspicion }
    }
}

/// The straight line times the detour factor, to the nearest meter.
fn with_detour(meters: i64, detour_permille: i64) -> i64 {
    (meters.saturating_mul(detour_permille.clamp(0, 10_000)) + 500) / 1000
}

fn driven(start: Option<i64>, end: Option<i64>) -> Option<i64> {
    let (start, end) = start.zip(end)?;
    end.checked_sub(start).filter(|meters| *meters >= 0)
}
