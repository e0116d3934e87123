//! Equipment: units that the organization made or serves. A unit is known by its serial number within the
//! organization, and by the short code of its label everywhere.

pub(crate) mod sql;

use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::ids::ShortId;

pub use sql::EquipmentRow;

/// The unit, if it is the organization's and not retired.
pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> Result<EquipmentRow, Problem> {
    sql::find(conn, organization_id, id).await?.ok_or_else(Problem::not_found)
}

/// The unit whose label carries `code`, of whatever organization; none where it is retired.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<EquipmentRow>, Problem> {
    let Some(code) = ShortId::parse(code) else { return Ok(None) };
    Ok(sql::find_by_code(conn, code.as_str()).await?)
}
