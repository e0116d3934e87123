//! Stops in storage: where days start and end, and check-ins on site.

use crate::fixes::FixColumns;
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO day_points (id, organization_id, engineer_id, point_key, request_hash, kind, day, at,
        counted_at, received_at, clock_skew, offline, lat_e6, lng_e6, accuracy, source, fixed_at, address,
        odometer_meters)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
    ON CONFLICT (organization_id, point_key) DO NOTHING";
const BY_KEY: &str = "SELECT engineer_id, request_hash, day FROM day_points
    WHERE organization_id = $1 AND point_key = $2";
const POINTS: &str = "SELECT id, point_key AS stop_key, kind, day, at, counted_at, clock_skew, offline, lat_e6, lng_e6,
        accuracy, source, fixed_at, address, odometer_meters, CAST(NULL AS TEXT) AS work_order_id,
        CAST(NULL AS TEXT) AS number, CAST(NULL AS TEXT) AS outcome
    FROM day_points WHERE organization_id = $1 AND engineer_id = $2 AND day >= $3 AND day <= $4";
const VISITS: &str = "SELECT v.id, v.visit_key AS stop_key, 'visit' AS kind, v.day, v.in_at AS at,
        v.in_counted_at AS counted_at, v.in_clock_skew AS clock_skew, v.in_offline AS offline, v.in_lat_e6 AS lat_e6,
        v.in_lng_e6 AS lng_e6, v.in_accuracy AS accuracy, v.in_source AS source, v.in_fixed_at AS fixed_at,
        CAST(NULL AS TEXT) AS address, CAST(NULL AS BIGINT) AS odometer_meters, v.work_order_id, w.number,
        v.in_outcome AS outcome
    FROM visits v JOIN work_orders w ON w.id = v.work_order_id
    WHERE v.organization_id = $1 AND v.engineer_id = $2 AND v.day >= $3 AND v.day <= $4";

/// A stop.
#[derive(Clone, Debug, FromRow)]
pub struct StopRow {
    /// The id of the day point or visit.
    pub id: String,
    /// What the phone named it.
    pub stop_key: String,
    /// `start`, `visit` or `end`.
    pub kind: String,
    pub day: String,
    /// As the phone said.
    pub at: i64,
    /// Put right where the clock was suspect.
    pub counted_at: i64,
    pub clock_skew: i64,
    pub offline: bool,
    pub lat_e6: Option<i64>,
    pub lng_e6: Option<i64>,
    pub accuracy: Option<i64>,
    pub source: Option<String>,
    pub fixed_at: Option<i64>,
    pub address: Option<String>,
    pub odometer_meters: Option<i64>,
    pub work_order_id: Option<String>,
    /// The number of the work order.
    pub number: Option<String>,
    /// What the check-in proved about where.
    pub outcome: Option<String>,
}

impl StopRow {
    /// The columns of its fix.
    pub fn fix(&self) -> FixColumns {
        FixColumns {
            lat_e6: self.lat_e6,
            lng_e6: self.lng_e6,
            accuracy: self.accuracy,
            source: self.source.clone(),
            fixed_at: self.fixed_at,
        }
    }
}

/// A day point to write.
pub struct NewPoint {
    pub id: String,
    pub engineer_id: String,
    pub point_key: String,
    pub request_hash: String,
    pub kind: &'static str,
    pub day: String,
    pub at: i64,
    pub counted_at: i64,
    pub received_at: i64,
    pub clock_skew: i64,
    pub offline: bool,
    pub fix: FixColumns,
    pub address: Option<String>,
    pub odometer_meters: Option<i64>,
}

/// A day point that is there.
#[derive(Clone, Debug, FromRow)]
pub struct StoredPoint {
    pub engineer_id: String,
    pub request_hash: String,
    pub day: String,
}

/// Writes it; false where there is one of the same key.
pub async fn insert(conn: &mut Conn, organization_id: &str, point: &NewPoint) -> SqlResult<bool> {
    let written = execute!(
        conn,
        INSERT,
        &point.id,
        organization_id,
        &point.engineer_id,
        &point.point_key,
        &point.request_hash,
        point.kind,
        &point.day,
        point.at,
        point.counted_at,
        point.received_at,
        point.clock_skew,
        point.offline,
        point.fix.lat_e6,
        point.fix.lng_e6,
        point.fix.accuracy,
        &point.fix.source,
        point.fix.fixed_at,
        &point.address,
        point.odometer_meters
    )?;
    Ok(written == 1)
}

pub async fn by_key(conn: &mut Conn, organization_id: &str, key: &str) -> SqlResult<Option<StoredPoint>> {
    fetch_optional!(conn, StoredPoint, BY_KEY, organization_id, key)
}

/// The stops of an engineer from one day to another, in no particular order.
pub async fn between(
    conn: &mut Conn,
    organization_id: &str,
    engineer_id: &str,
    first: &str,
    last: &str,
) -> SqlResult<Vec<StopRow>> {
    let mut stops = fetch_all!(&mut *conn, StopRow, POINTS, organization_id, engineer_id, first, last)?;
    stops.extend(fetch_all!(conn, StopRow, VISITS, organization_id, engineer_id, first, last)?);
    Ok(stops)
}
