//! Verification files in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_optional};
use sqlx::FromRow;

/// A name that another organization has stays its own.
const PUT: &str = "INSERT INTO verification_files (name, organization_id, content, updated_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (name) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at
    WHERE verification_files.organization_id = excluded.organization_id";
const FIND: &str = "SELECT name, organization_id, content FROM verification_files WHERE name = $1";
const DELETE: &str = "DELETE FROM verification_files WHERE organization_id = $1 AND name = $2";

/// A file that WeChat asks for.
#[derive(Clone, Debug, FromRow)]
pub struct VerificationFileRow {
    /// Its name, as `ab12CD34.txt`.
    pub name: String,
    /// Whose it is.
    pub organization_id: String,
    /// What it says.
    pub content: String,
}

/// Stores a file; false where another organization has one of that name.
pub async fn put(conn: &mut Conn, row: &VerificationFileRow, now: i64) -> SqlResult<bool> {
    Ok(execute!(conn, PUT, &row.name, &row.organization_id, &row.content, now)? == 1)
}

pub async fn find(conn: &mut Conn, name: &str) -> SqlResult<Option<VerificationFileRow>> {
    fetch_optional!(conn, VerificationFileRow, FIND, name)
}

/// Says whether there was one.
pub async fn delete(conn: &mut Conn, organization_id: &str, name: &str) -> SqlResult<bool> {
    Ok(execute!(conn, DELETE, organization_id, name)? == 1)
}
