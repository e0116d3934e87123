//! Who works on orders, in storage.

use crate::storage::{Conn, SqlResult, fetch_all};
use sqlx::FromRow;

const ENGINEERS: &str = "SELECT p.id, p.name,
        (SELECT COUNT(*) FROM work_orders w WHERE w.engineer_id = p.id AND w.is_open) AS open
    FROM persons p WHERE p.organization_id || '' = $1 AND p.merged_into IS NULL AND p.deleted_at IS NULL
    AND p.id IN (SELECT r.person_id FROM person_roles r
        WHERE r.organization_id = $1 AND r.role IN ('engineer', 'dispatcher', 'admin'))
    ORDER BY open, p.id LIMIT 1000";
/// Only what the phone measured, at times that are put right where its clock was suspect.
const FIXES: &str = "SELECT v.engineer_id, v.in_lat_e6 AS lat_e6, v.in_lng_e6 AS lng_e6, v.in_accuracy AS accuracy,
        v.in_fixed_at + v.in_counted_at - v.in_at AS fixed_at FROM visits v
        WHERE v.organization_id = $1 AND v.day >= $2 AND v.in_lat_e6 IS NOT NULL AND v.in_source = 'gps'
    UNION ALL SELECT v.engineer_id, v.out_lat_e6, v.out_lng_e6, v.out_accuracy,
        v.out_fixed_at + v.out_counted_at - v.out_at FROM visits v
        WHERE v.organization_id = $1 AND v.day >= $2 AND v.out_lat_e6 IS NOT NULL AND v.out_source = 'gps'
    UNION ALL SELECT d.engineer_id, d.lat_e6, d.lng_e6, d.accuracy, d.fixed_at + d.counted_at - d.at FROM day_points d
        WHERE d.organization_id = $1 AND d.day >= $2 AND d.lat_e6 IS NOT NULL AND d.source = 'gps'
    ORDER BY fixed_at";

/// An engineer, with what is assigned.
#[derive(FromRow)]
pub struct EngineerRow {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) open: i64,
}

/// Where an engineer was.
#[derive(FromRow)]
pub struct FixRow {
    pub(crate) engineer_id: String,
    pub lat_e6: i64,
    pub lng_e6: i64,
    /// In meters.
    pub(crate) accuracy: Option<i64>,
    /// UTC epoch milliseconds.
    pub(crate) fixed_at: i64,
}

pub async fn engineers(conn: &mut Conn, organization_id: &str) -> SqlResult<Vec<EngineerRow>> {
    fetch_all!(conn, EngineerRow, ENGINEERS, organization_id)
}

/// Where engineers were since the day `since` (ISO 8601), the newest last.
pub async fn fixes(conn: &mut Conn, organization_id: &str, since: &str) -> SqlResult<Vec<FixRow>> {
    fetch_all!(conn, FixRow, FIXES, organization_id, since)
}
