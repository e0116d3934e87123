//! Campaigns in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_optional};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO campaigns (id, organization_id, code, name, starts_at, ends_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const CHANGE: &str = "UPDATE campaigns SET name = $3, starts_at = $4, ends_at = $5
    WHERE organization_id = $1 AND id = $2";
const FIND: &str = "SELECT id, organization_id, code, name, starts_at, ends_at, created_at FROM campaigns
    WHERE organization_id = $1 AND id = $2";
const PAGE: &str = "SELECT id, organization_id, code, name, starts_at, ends_at, created_at FROM campaigns
    WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
const BY_CODE: &str = "SELECT id FROM campaigns WHERE organization_id = $1 AND code = $2";
const ENDING: &str = "SELECT id, organization_id, code, name, starts_at, ends_at, created_at FROM campaigns
    WHERE ends_at > $1 AND ends_at <= $2";
/// Only the reason that time has settled: prolonged, or over.
const CLEAR_SETTLED: &str = "UPDATE notices SET cleared_at = $1 WHERE kind = 'campaign_ending' AND cleared_at IS NULL
    AND subject_id IN (SELECT id FROM campaigns WHERE ends_at > $2 OR ends_at <= $1)";
const ACTIVITIES: &str = "SELECT kind, COUNT(*) AS number FROM activities
    WHERE organization_id = $1 AND campaign_id = $2 GROUP BY kind ORDER BY kind";

/// A campaign.
#[derive(Clone, Debug, FromRow)]
pub struct CampaignRow {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub organization_id: String,
    /// What a scene names it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// When it starts (UTC epoch milliseconds).
    pub starts_at: i64,
    /// When it ends (UTC epoch milliseconds).
    pub ends_at: i64,
    /// When it was made (UTC epoch milliseconds).
    pub created_at: i64,
}

/// How much of one kind was booked.
#[derive(FromRow)]
pub struct Booked {
    pub kind: String,
    pub number: i64,
}

pub async fn insert(conn: &mut Conn, row: &CampaignRow) -> SqlResult<u64> {
    let CampaignRow { id, organization_id, code, name, starts_at, ends_at, created_at } = row;
    execute!(conn, INSERT, id, organization_id, code, name, *starts_at, *ends_at, *created_at)
}

pub async fn change(conn: &mut Conn, row: &CampaignRow) -> SqlResult<u64> {
    execute!(conn, CHANGE, &row.organization_id, &row.id, &row.name, row.starts_at, row.ends_at)
}

pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<CampaignRow>> {
    fetch_optional!(conn, CampaignRow, FIND, organization_id, id)
}

pub async fn page(conn: &mut Conn, organization_id: &str, after: &str, limit: i64) -> SqlResult<Vec<CampaignRow>> {
    fetch_all!(conn, CampaignRow, PAGE, organization_id, after, limit)
}

pub async fn by_code(conn: &mut Conn, organization_id: &str, code: &str) -> SqlResult<Option<String>> {
    let row: Option<(String,)> = fetch_optional!(conn, (String,), BY_CODE, organization_id, code)?;
    Ok(row.map(|(id,)| id))
}

/// Campaigns of all organizations that end after `now` and not after `until`.
pub async fn ending(conn: &mut Conn, now: i64, until: i64) -> SqlResult<Vec<CampaignRow>> {
    fetch_all!(conn, CampaignRow, ENDING, now, until)
}

pub async fn clear_settled(conn: &mut Conn, now: i64, until: i64) -> SqlResult<u64> {
    execute!(conn, CLEAR_SETTLED, now, until)
}

pub async fn booked(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Vec<Booked>> {
    fetch_all!(conn, Booked, ACTIVITIES, organization_id, id)
}
