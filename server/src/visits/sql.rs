//! Visits in storage.

use crate::fixes::FixColumns;
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

/// `visits!("WHERE …")`: rows of visits, with the engineer's name.
macro_rules! visits {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.organization_id, v.work_order_id, v.engineer_id, p.name AS engineer_name, v.visit_key,
                v.version, v.in_hash, v.in_at, v.in_counted_at, v.in_received_at, v.in_clock_skew, v.in_offline,
                v.in_lat_e6, v.in_lng_e6, v.in_accuracy, v.in_source, v.in_fixed_at, v.in_outcome, v.in_distance,
                v.in_reason, v.in_photo_id, v.in_conflict, v.out_hash, v.out_at, v.out_received_at,
                v.out_clock_skew, v.out_offline, v.out_lat_e6, v.out_lng_e6, v.out_accuracy, v.out_source,
                v.out_fixed_at, v.out_outcome, v.out_distance, v.out_reason, v.out_conflict, v.result, v.result_text,
                v.result_reason, v.parts, v.labor, v.signature_id, v.signer_name
            FROM visits v JOIN persons p ON p.id = v.engineer_id ",
            $rest
        )
    };
}

const INSERT: &str = "INSERT INTO visits (id, organization_id, work_order_id, engineer_id, visit_key, day, version,
        in_hash, in_at, in_counted_at, in_received_at, in_clock_skew, in_offline, in_lat_e6, in_lng_e6, in_accuracy,
        in_source, in_fixed_at, in_outcome, in_distance, in_reason, in_photo_id, in_conflict, parts, labor)
    VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        '[]', '[]')
    ON CONFLICT (organization_id, visit_key) DO NOTHING";
/// Only who finds no check-out writes one.
const CHECK_OUT: &str = "UPDATE visits SET version = version + 1, out_hash = $3, out_at = $4, out_counted_at = $5,
        out_received_at = $6, out_clock_skew = $7, out_offline = $8, out_lat_e6 = $9, out_lng_e6 = $10,
        out_accuracy = $11, out_source = $12, out_fixed_at = $13, out_outcome = $14, out_distance = $15,
        out_reason = $16, out_conflict = $17, result = $18, result_text = $19, result_reason = $20, parts = $21,
        labor = $22, signature_id = $23, signer_name = $24
    WHERE organization_id = $1 AND id = $2 AND out_hash IS NULL";
const FIND: &str = visits!("WHERE v.organization_id = $1 AND v.id = $2");
const BY_KEY: &str = visits!("WHERE v.organization_id = $1 AND v.visit_key = $2");
const OF_ORDER: &str = visits!("WHERE v.organization_id = $1 AND v.work_order_id = $2 ORDER BY v.in_counted_at, v.id");
const COUNT_OF_ORDER: &str = "SELECT COUNT(*) FROM visits WHERE organization_id = $1 AND work_order_id = $2";
const OF_DAY: &str =
    visits!("WHERE v.organization_id = $1 AND v.engineer_id = $2 AND v.day = $3 ORDER BY v.in_counted_at, v.visit_key");
/// Others who change the order or its visits wait until the transaction ends.
const LOCK_ORDER: &str = "UPDATE work_orders SET version = version WHERE organization_id = $1 AND id = $2";

/// A visit.
#[derive(Clone, Debug, FromRow)]
pub struct VisitRow {
    pub id: String,
    pub organization_id: String,
    pub work_order_id: String,
    pub engineer_id: String,
    pub engineer_name: Option<String>,
    pub visit_key: String,
    pub version: i64,
    pub in_hash: String,
    pub in_at: i64,
    pub in_counted_at: i64,
    pub in_received_at: i64,
    pub in_clock_skew: i64,
    pub in_offline: bool,
    pub in_lat_e6: Option<i64>,
    pub in_lng_e6: Option<i64>,
    pub in_accuracy: Option<i64>,
    pub in_source: Option<String>,
    pub in_fixed_at: Option<i64>,
    pub in_outcome: String,
    pub in_distance: Option<i64>,
    pub in_reason: Option<String>,
    pub in_photo_id: Option<String>,
    /// Why the order did not move along.
    pub in_conflict: Option<String>,
    pub out_hash: Option<String>,
    pub out_at: Option<i64>,
    pub out_received_at: Option<i64>,
    pub out_clock_skew: Option<i64>,
    pub out_offline: Option<bool>,
    pub out_lat_e6: Option<i64>,
    pub out_lng_e6: Option<i64>,
    pub out_accuracy: Option<i64>,
    pub out_source: Option<String>,
    pub out_fixed_at: Option<i64>,
    pub out_outcome: Option<String>,
    pub out_distance: Option<i64>,
    pub out_reason: Option<String>,
    pub out_conflict: Option<String>,
    /// `done`, `paused` or `unfinished`.
    pub result: Option<String>,
    pub result_text: Option<String>,
    pub result_reason: Option<String>,
    /// As JSON.
    pub parts: String,
    /// As JSON.
    pub labor: String,
    pub signature_id: Option<String>,
    pub signer_name: Option<String>,
}

impl VisitRow {
    /// The columns of the fix at check-in.
    pub fn in_fix(&self) -> FixColumns {
        FixColumns {
            lat_e6: self.in_lat_e6,
            lng_e6: self.in_lng_e6,
            accuracy: self.in_accuracy,
            source: self.in_source.clone(),
            fixed_at: self.in_fixed_at,
        }
    }

    /// The columns of the fix at check-out.
    pub fn out_fix(&self) -> FixColumns {
        FixColumns {
            lat_e6: self.out_lat_e6,
            lng_e6: self.out_lng_e6,
            accuracy: self.out_accuracy,
            source: self.out_source.clone(),
            fixed_at: self.out_fixed_at,
        }
    }
}

/// A check-in or check-out to write.
#[derive(Clone, Debug)]
pub struct Mark {
    pub hash: String,
    pub at: i64,
    pub counted_at: i64,
    pub received_at: i64,
    pub clock_skew: i64,
    pub offline: bool,
    pub fix: FixColumns,
    pub outcome: &'static str,
    pub distance: Option<i64>,
    pub reason: Option<String>,
    pub conflict: Option<String>,
}

/// A visit to write.
pub struct NewVisit {
    pub id: String,
    pub work_order_id: String,
    pub engineer_id: String,
    pub visit_key: String,
    pub day: String,
    pub photo_id: Option<String>,
    pub mark: Mark,
}

/// What was done, to write.
pub struct NewResult {
    pub result: &'static str,
    pub text: String,
    pub reason: Option<String>,
    pub parts: String,
    pub labor: String,
    pub signature_id: Option<String>,
    pub signer_name: Option<String>,
    pub mark: Mark,
}

/// Writes it; false where there is one of the same key.
pub async fn insert(conn: &mut Conn, organization_id: &str, visit: &NewVisit) -> SqlResult<bool> {
    let written = execute!(
        conn,
        INSERT,
        &visit.id,
        organization_id,
        &visit.work_order_id,
        &visit.engineer_id,
        &visit.visit_key,
        &visit.day,
        &visit.mark.hash,
        visit.mark.at,
        visit.mark.counted_at,
        visit.mark.received_at,
        visit.mark.clock_skew,
        visit.mark.offline,
        visit.mark.fix.lat_e6,
        visit.mark.fix.lng_e6,
        visit.mark.fix.accuracy,
        &visit.mark.fix.source,
        visit.mark.fix.fixed_at,
        visit.mark.outcome,
        visit.mark.distance,
        &visit.mark.reason,
        &visit.photo_id,
        &visit.mark.conflict
    )?;
    Ok(written == 1)
}

/// Writes the check-out; false where there is one.
pub async fn check_out(conn: &mut Conn, organization_id: &str, id: &str, new: &NewResult) -> SqlResult<bool> {
    let written = execute!(
        conn,
        CHECK_OUT,
        organization_id,
        id,
        &new.mark.hash,
        new.mark.at,
        new.mark.counted_at,
        new.mark.received_at,
        new.mark.clock_skew,
        new.mark.offline,
        new.mark.fix.lat_e6,
        new.mark.fix.lng_e6,
        new.mark.fix.accuracy,
        &new.mark.fix.source,
        new.mark.fix.fixed_at,
        new.mark.outcome,
        new.mark.distance,
        &new.mark.reason,
        &new.mark.conflict,
        new.result,
        &new.text,
        &new.reason,
        &new.parts,
        &new.labor,
        &new.signature_id,
        &new.signer_name
    )?;
    Ok(written == 1)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<VisitRow>> {
    fetch_optional!(conn, VisitRow, FIND, organization_id, id)
}

pub async fn by_key(conn: &mut Conn, organization_id: &str, key: &str) -> SqlResult<Option<VisitRow>> {
    fetch_optional!(conn, VisitRow, BY_KEY, organization_id, key)
}

/// The visits of an order, in order of time.
pub async fn of_order(conn: &mut Conn, organization_id: &str, work_order_id: &str) -> SqlResult<Vec<VisitRow>> {
    fetch_all!(conn, VisitRow, OF_ORDER, organization_id, work_order_id)
}

/// How many visits an order has.
pub async fn count_of_order(conn: &mut Conn, organization_id: &str, work_order_id: &str) -> SqlResult<i64> {
    let row: (i64,) = fetch_one!(conn, (i64,), COUNT_OF_ORDER, organization_id, work_order_id)?;
    Ok(row.0)
}

/// The visits of an engineer's day, in order of time.
pub async fn of_day(conn: &mut Conn, organization_id: &str, engineer_id: &str, day: &str) -> SqlResult<Vec<VisitRow>> {
    fetch_all!(conn, VisitRow, OF_DAY, organization_id, engineer_id, day)
}

/// Locks the order; false where it is not the organization's.
pub async fn lock_order(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<bool> {
    Ok(execute!(conn, LOCK_ORDER, organization_id, id)? == 1)
}
