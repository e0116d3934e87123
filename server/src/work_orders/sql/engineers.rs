//! Who works on orders, in storage.

use crate::storage::{Conn, SqlResult, fetch_all};
use sqlx::FromRow;

const ENGINEERS: &str = "SELECT p.id, p.name,
        (SELECT COUNT(*) FROM work_orders w WHERE w.engineer_id = p.id AND w.is_open) AS open
    FROM persons p WHERE p.organization_id = $1 AND p.merged_into IS NULL AND p.deleted_at IS NULL
    AND EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role IN ('engineer', 'dispatcher', 'admin'))
    ORDER BY open, p.id LIMIT 1000";

/// An engineer, with what is assigned.
#[derive(FromRow)]
pub struct EngineerRow {
    pub id: String,
    pub name: Option<String>,
    pub open: i64,
}

pub async fn engineers(conn: &mut Conn, organization_id: &str) -> SqlResult<Vec<EngineerRow>> {
    fetch_all!(conn, EngineerRow, ENGINEERS, organization_id)
}
