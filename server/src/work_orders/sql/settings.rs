//! How an organization runs its service, in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_optional};

const FIND: &str = "SELECT settings FROM service_settings WHERE organization_id = $1";
const REPLACE: &str = "INSERT INTO service_settings (organization_id, settings, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (organization_id) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";

/// JSON of the settings, where they were ever set.
pub async fn find(conn: &mut Conn, organization_id: &str) -> SqlResult<Option<String>> {
    Ok(fetch_optional!(conn, (String,), FIND, organization_id)?.map(|(settings,)| settings))
}

pub async fn replace(conn: &mut Conn, organization_id: &str, settings: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, REPLACE, organization_id, settings, now)
}
