//! What is said of a unit over HTTP.

use crate::equipment::service::Content;
use crate::equipment::{LONGEST_ADDRESS, LONGEST_LABEL, warranty};
use crate::http::Coordinates;
use crate::http::fields::Fields;
use crate::problem::Problem;
use paifang_core::position::Datum;
use serde::Deserialize;
use utoipa::ToSchema;

/// A unit to make, or to put in the place of what is known of it: what is absent is taken away then.
#[derive(Deserialize, ToSchema)]
pub struct NewEquipment {
    /// The maker's number, 1 to 100 characters, unique within the organization.
    serial_number: String,
    /// 1 to 100 characters.
    model: String,
    /// The customer that has it.
    customer_id: Option<String>,
    /// Where it stands, in the customer's words: 1 to 100 characters.
    site: Option<String>,
    /// The postal address: 1 to 200 characters.
    address: Option<String>,
    position: Option<Coordinates>,
    /// What the position is measured against: `gcj02` (as WeChat's map; when absent), `wgs84` (as satellites) or `bd09`
    /// (as Baidu's map).
    datum: Option<String>,
    /// The last day of the warranty, as `2027-01-31`.
    warranty_until: Option<String>,
    /// The version that was read; needed for a change, and without meaning for a new unit.
    pub version: Option<i64>,
}

impl NewEquipment {
    /// Checks all fields at once.
    pub fn check(self) -> Result<Content, Problem> {
        let mut fields = Fields::default();
        let datum = self.datum.as_deref().map_or(Some(Datum::default()), Datum::parse);
        if datum.is_none() {
            fields.wrong("datum", "unknown", "is gcj02, wgs84 or bd09");
        }
        let warranty_until = self.warranty_until.as_deref().map(|day| {
            let day = warranty::parse_day(day);
            if day.is_none() {
                fields.wrong("warranty_until", "format", "is no day; write 2027-01-31");
            }
            day
        });
        let content = Content {
            serial_number: fields.label("serial_number", &self.serial_number, LONGEST_LABEL),
            model: fields.label("model", &self.model, LONGEST_LABEL),
            customer_id: self.customer_id,
            site: fields.optional_label("site", self.site.as_deref(), LONGEST_LABEL),
            address: fields.optional_label("address", self.address.as_deref(), LONGEST_ADDRESS),
            position: self.position.and_then(|at| at.check(&mut fields, "position", datum.unwrap_or_default())),
            warranty_until: warranty_until.flatten(),
        };
        fields.finish()?;
        Ok(content)
    }
}
