//! Equipment: units that the organization made or serves. A unit is known by its serial number within the
//! organization, and by the short code of its label everywhere. Its people register it, and say where it stands.

pub mod api;
pub(crate) mod import;
mod labels;
pub(crate) mod qr;
pub(crate) mod registrations;
pub(crate) mod service;
pub(crate) mod sql;
pub(crate) mod view;
mod warranty;

use crate::app::App;
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::ids::ShortId;

pub use sql::EquipmentRow;

/// The longest serial number, model and site, in characters.
pub const LONGEST_LABEL: usize = 100;
/// The longest address, in characters.
pub const LONGEST_ADDRESS: usize = 200;

/// The unit, if it is the organization's and not retired.
pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> Result<EquipmentRow, Problem> {
    sql::find(conn, organization_id, id).await?.ok_or_else(Problem::not_found)
}

/// The unit whose label carries `code`, of whatever organization; none where it is retired.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<EquipmentRow>, Problem> {
    Ok(find_labeled(conn, code).await?.filter(|unit| unit.retired_at.is_none()))
}

/// The unit whose label carries `code`, of whatever organization, also where it is retired: for what was said of it
/// before that.
pub async fn find_labeled(conn: &mut Conn, code: &str) -> Result<Option<EquipmentRow>, Problem> {
    let Some(code) = ShortId::parse(code) else { return Ok(None) };
    Ok(sql::find_by_code(conn, code.as_str()).await?)
}

/// The unit that a scene names: `u=` and its code.
pub async fn in_scene(conn: &mut Conn, scene: &str) -> Result<Option<EquipmentRow>, Problem> {
    match scene.split('&').find_map(|part| part.strip_prefix("u=")) {
        Some(code) => find_by_code(conn, code).await,
        None => Ok(None),
    }
}

/// The scene of the mini program code that opens a unit.
pub fn scene_of(unit: &EquipmentRow) -> String {
    format!("u={}", unit.code)
}

/// The address in the QR code of a unit.
pub fn landing_address(app: &App, code: &str) -> String {
    format!("{}/q/{code}", app.config.public_url)
}
