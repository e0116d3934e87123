//! Work orders: reported for a unit, worked on by engineers, followed by customers.

pub mod additions;
pub mod api;
pub(crate) mod content;
pub mod follow;
mod forget;
pub mod moves;
mod near;
pub mod page;
pub mod report;
pub mod reporting;
pub mod settings;
pub(crate) mod sql;
pub mod viewer;
pub mod views;

use crate::equipment::EquipmentRow;
use crate::problem::Problem;
use crate::storage::Conn;

pub use forget::forget;
pub use moves::{MoveRequest, apply};
pub use settings::ServiceSettings;
pub use sql::WorkOrderRow;
pub use viewer::{Sight, Viewer};

use paifang_core::work_order::State;
use paifang_core::work_order::near::cell_of;

/// A unit turns out to be somewhere else: so are its orders, but for those with a place of their own.
pub async fn follow_unit(conn: &mut Conn, before: &EquipmentRow, after: &EquipmentRow) -> Result<(), Problem> {
    let (from, to) = (before.position().map(cell_of), after.position().map(cell_of));
    sql::lists::follow_unit(conn, &after.organization_id, &after.id, from, to).await?;
    Ok(())
}

/// The order, if the viewer may see it; else it is not found.
pub async fn find_for(conn: &mut Conn, viewer: &Viewer, id: &str) -> Result<(WorkOrderRow, Sight), Problem> {
    let row = sql::find(conn, &viewer.organization_id, id).await?.ok_or_else(Problem::not_found)?;
    let sight = viewer.sight(&row).ok_or_else(Problem::not_found)?;
    Ok((row, sight))
}
