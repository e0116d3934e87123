//! Signing keys in storage.

use crate::storage::{Conn, SqlResult, execute, fetch_all};
use sqlx::FromRow;

const KEYS: &str = "SELECT id, secret_sealed, created_at FROM jwt_keys ORDER BY created_at, id";
const INSERT_KEY: &str = "INSERT INTO jwt_keys (id, secret_sealed, created_at) VALUES ($1, $2, $3)";
const DELETE_KEYS: &str = "DELETE FROM jwt_keys WHERE created_at < $1";

/// A signing key.
#[derive(FromRow)]
pub struct JwtKeyRow {
    pub id: String,
    pub secret_sealed: String,
    pub created_at: i64,
}

pub async fn jwt_keys(conn: &mut Conn) -> SqlResult<Vec<JwtKeyRow>> {
    fetch_all!(conn, JwtKeyRow, KEYS)
}

pub async fn insert_jwt_key(conn: &mut Conn, id: &str, secret_sealed: &str, now: i64) -> SqlResult<u64> {
    execute!(conn, INSERT_KEY, id, secret_sealed, now)
}

pub async fn delete_jwt_keys(conn: &mut Conn, before: i64) -> SqlResult<u64> {
    execute!(conn, DELETE_KEYS, before)
}
