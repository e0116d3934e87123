//! Activities in storage.

use super::NewActivity;
use crate::storage::{Conn, SqlResult, execute, fetch_all};
use sqlx::FromRow;

const INSERT: &str = "INSERT INTO activities
    (id, organization_id, person_id, appid, kind, campaign_id, scene, at, push_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
const OF_PERSON: &str = "SELECT id, appid, kind, campaign_id, scene, at FROM activities
    WHERE organization_id = $1 AND person_id = $2 AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4";
const FORGET: &str = "DELETE FROM activities WHERE organization_id = $1 AND person_id = $2";

/// Something that somebody did.
#[derive(FromRow)]
pub struct ActivityRow {
    pub id: String,
    pub appid: String,
    pub kind: String,
    pub campaign_id: Option<String>,
    pub scene: Option<String>,
    pub at: i64,
}

pub async fn insert(
    conn: &mut Conn,
    id: &str,
    activity: &NewActivity<'_>,
    campaign_id: Option<&str>,
) -> SqlResult<u64> {
    let NewActivity { organization_id, person_id, appid, kind, scene, at, push_id, .. } = *activity;
    execute!(conn, INSERT, id, organization_id, person_id, appid, kind, campaign_id, scene, at, push_id)
}

/// The newest first.
pub async fn of_person(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    before: &str,
    limit: i64,
) -> SqlResult<Vec<ActivityRow>> {
    fetch_all!(conn, ActivityRow, OF_PERSON, organization_id, person_id, before, limit)
}

pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, FORGET, organization_id, person_id)
}
