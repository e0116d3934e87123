//! Positions at the edge.

use super::fields::Fields;
use paifang_core::position::{Datum, Position};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A position in degrees, in GCJ-02 unless another datum is named beside it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Coordinates {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

impl Coordinates {
    /// The position; what is off the globe is noted as a mistake.
    pub fn check(self, fields: &mut Fields, field: &str, datum: Datum) -> Option<Position> {
        let position = datum.position(self.latitude, self.longitude);
        if position.is_none() {
            fields.wrong(field, "range", "latitude is -90 to 90 degrees, longitude -180 to 180");
        }
        position
    }
}

impl From<Position> for Coordinates {
    fn from(position: Position) -> Self {
        let degrees = position.degrees();
        Self { latitude: degrees.latitude, longitude: degrees.longitude }
    }
}
