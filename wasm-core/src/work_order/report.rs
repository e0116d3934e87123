//! What a report of a fault needs.

use super::moves::TEXT;
use crate::ids::ShortId;
use crate::phone::Phone;
use crate::position::{Degrees, Position};
use crate::problem::FieldError;
use crate::text;
use crate::time::parse_rfc3339;
use serde::{Deserialize, Serialize};

/// The most photos of a report.
pub const PHOTOS: usize = 9;
/// The most videos of a report.
pub const VIDEOS: usize = 1;

/// A report as it is sent, and kept as a draft before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Made on the phone: 16 to 64 of `[A-Za-z0-9_-]`. A report is sent once however often it is retried.
    pub draft_id: String,
    /// The code on the unit.
    pub equipment_code: String,
    /// The code of a fault type of the organization.
    pub fault_type: String,
    /// What is wrong, 1 to 2,000 characters.
    pub text: String,
    /// Uploaded photos and videos.
    pub media_ids: Vec<String>,
    /// Whom to ask.
    pub contact: Contact,
    /// When somebody should come.
    pub preferred: Option<Preferred>,
    /// Where, in GCJ-02.
    pub position: Option<Degrees>,
    /// Where, for people.
    pub address: Option<String>,
    /// Report it although another order for the unit is open.
    pub separate: bool,
}

/// Whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// A name, up to 100 characters.
    pub name: Option<String>,
    /// A phone number.
    pub phone: Option<String>,
}

/// A period, in RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferred {
    /// From when on.
    pub from: String,
    /// Until when.
    pub until: String,
}

/// Whether it is a name that a phone made for something: 16 to 64 of `[A-Za-z0-9_-]`.
pub fn is_client_key(key: &str) -> bool {
    (16..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

impl Report {
    /// What is wrong with it. `needs_phone`: nobody has logged in, so the phone number is the only way back.
    pub fn check(&self, needs_phone: bool) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, code: &str, detail: &str| wrong.push(FieldError::new(field, code, detail));
        if !is_client_key(&self.draft_id) {
            say("draft_id", "format", "needs 16 to 64 letters, digits, hyphens or underscores");
        }
        if ShortId::parse(&self.equipment_code).is_none() {
            say("equipment_code", "format", "is no code of a unit");
        }
        if text::label(&self.fault_type, 50).is_none() {
            say("fault_type", "length", "needs 1 to 50 characters");
        }
        if text::passage(&self.text, TEXT).is_none() {
            say("text", "length", "needs 1 to 2000 characters");
        }
        if self.media_ids.len() > PHOTOS + VIDEOS {
            say("media_ids", "length", "takes at most nine photos and one video");
        }
        if self.contact.name.as_deref().is_some_and(|name| text::label(name, 100).is_none()) {
            say("contact.name", "length", "needs 1 to 100 characters");
        }
        match self.contact.phone.as_deref() {
            None if needs_phone => say("contact.phone", "required", "is needed to follow the order without login"),
            Some(phone) if Phone::parse(phone).is_none() => say("contact.phone", "format", "is no phone number"),
            _ => {}
        }
        if let Some(preferred) = &self.preferred {
            match (parse_rfc3339(&preferred.from), parse_rfc3339(&preferred.until)) {
                (Some(from), Some(until)) if from < until => {}
                (Some(_), Some(_)) => say("preferred.until", "range", "must be after the start"),
                (None, _) => say("preferred.from", "format", "expected an RFC 3339 date-time"),
                (_, None) => say("preferred.until", "format", "expected an RFC 3339 date-time"),
            }
        }
        if self.position.is_some_and(|at| Position::from_degrees(at.latitude, at.longitude).is_none()) {
            say("position", "range", "lies off the globe");
        }
        if self.address.as_deref().is_some_and(|address| text::label(address, 200).is_none()) {
            say("address", "length", "needs 1 to 200 characters");
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            draft_id: "d".repeat(16),
            equipment_code: "0123456789".to_owned(),
            fault_type: "no_power".to_owned(),
            text: "开不了机".to_owned(),
            ..Report::default()
        }
    }

    fn fields(report: &Report, needs_phone: bool) -> Vec<String> {
        report.check(needs_phone).into_iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    }

    #[test]
    fn a_short_report_will_do() {
        assert_eq!(fields(&report(), false), [""; 0]);
        assert_eq!(fields(&report(), true), ["contact.phone required"]);
    }

    #[test]
    fn every_mistake_is_named() {
        let time = |text: &str| text.to_owned();
        let wrong = Report {
            draft_id: "short".to_owned(),
            equipment_code: "?".to_owned(),
            text: "长".repeat(2001),
            contact: Contact { name: Some(String::new()), phone: Some("12".to_owned()) },
            preferred: Some(Preferred { from: time("2026-11-21T10:00:00Z"), until: time("2026-11-21T09:00:00Z") }),
            position: Some(Degrees { latitude: 91.0, longitude: 0.0 }),
            address: Some("门".repeat(201)),
            media_ids: vec![String::new(); 11],
            ..report()
        };
        assert_eq!(
            fields(&wrong, true),
            [
                "draft_id format",
                "equipment_code format",
                "text length",
                "media_ids length",
                "contact.name length",
                "contact.phone format",
                "preferred.until range",
                "position range",
                "address length",
            ]
        );
    }
}
