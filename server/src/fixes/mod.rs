//! Fixes and moments as phones send them: read, judged and shown alike wherever an engineer was somewhere.

mod moments;

use crate::http::fields::Fields;
use paifang_core::position::Position;
use paifang_core::time::format_rfc3339;
use paifang_core::work_order::{Fix, FixDocument, Source};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

pub use moments::{Zone, read_day, read_key, timing};

/// A position as a phone measured it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Fix)]
pub struct FixBody {
    /// Degrees north, GCJ-02.
    pub latitude: f64,
    /// Degrees east, GCJ-02.
    pub longitude: f64,
    /// Radius in meters within which the phone believes to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// `gps`, or `picked` on a map.
    pub source: String,
    /// When, by the phone's clock.
    #[schema(format = DateTime)]
    pub fixed_at: String,
}

impl FixBody {
    /// Reads it; mistakes are noted below `field`.
    pub fn read(&self, fields: &mut Fields, field: &str) -> Option<Fix> {
        let document = FixDocument {
            latitude: self.latitude,
            longitude: self.longitude,
            accuracy: self.accuracy,
            source: self.source.clone(),
            fixed_at: self.fixed_at.clone(),
        };
        Fix::read(&document, field).map_err(|mistakes| fields.append(mistakes)).ok()
    }
}

impl From<Fix> for FixBody {
    fn from(fix: Fix) -> Self {
        let degrees = fix.position.degrees();
        Self {
            latitude: degrees.latitude,
            longitude: degrees.longitude,
            accuracy: fix.accuracy.and_then(|meters| u32::try_from(meters).ok()).map(f64::from),
            source: fix.source.as_str().to_owned(),
            fixed_at: format_rfc3339(fix.fixed_at),
        }
    }
}

/// What a fix is to the hash of a request.
pub fn hashed(fix: Option<&Fix>) -> Value {
    fix.map_or(Value::Null, |fix| {
        let position = fix.position;
        json!([position.latitude_e6(), position.longitude_e6(), fix.accuracy, fix.source, fix.fixed_at])
    })
}

/// The columns of a fix, as they are stored.
#[derive(Clone, Debug, Default)]
pub struct FixColumns {
    /// Millionths of a degree north.
    pub lat_e6: Option<i64>,
    /// Millionths of a degree east.
    pub lng_e6: Option<i64>,
    /// In meters.
    pub accuracy: Option<i64>,
    /// `gps` or `picked`.
    pub source: Option<String>,
    /// UTC epoch milliseconds.
    pub fixed_at: Option<i64>,
}

impl From<Option<&Fix>> for FixColumns {
    fn from(fix: Option<&Fix>) -> Self {
        fix.map_or_else(Self::default, |fix| Self {
            lat_e6: Some(fix.position.latitude_e6()),
            lng_e6: Some(fix.position.longitude_e6()),
            accuracy: fix.accuracy,
            source: Some(fix.source.as_str().to_owned()),
            fixed_at: Some(fix.fixed_at),
        })
    }
}

impl FixColumns {
    /// The fix, where there is one.
    pub fn fix(&self) -> Option<Fix> {
        Some(Fix {
            position: Position::from_e6(self.lat_e6?, self.lng_e6?)?,
            accuracy: self.accuracy,
            source: Source::parse(self.source.as_deref()?)?,
            fixed_at: self.fixed_at?,
        })
    }
}
