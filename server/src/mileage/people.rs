//! Persons who become one, or ask to be forgotten.

use super::sql::{days, people as rows};
use super::{day, decide};
use crate::problem::Problem;
use crate::storage::Conn;
use crate::work_orders::ServiceSettings;

/// Moves visits, day points, days and legs of `from` to `into`; days of both have legs between the stops of both.
pub async fn carry(conn: &mut Conn, organization_id: &str, from: &str, into: &str, now: i64) -> Result<(), Problem> {
    let moved = rows::days(conn, organization_id, from).await?;
    rows::move_all(conn, organization_id, from, into).await?;
    if moved.is_empty() {
        return Ok(());
    }
    let settings = ServiceSettings::of(conn, organization_id).await?;
    for day in moved {
        day::note_stop(conn, organization_id, into, &day, &settings, now).await?;
    }
    Ok(())
}

/// Forgets where the engineer was. What the visits proved, and the mileage, stay: orders and accounts need them.
pub async fn forget(conn: &mut Conn, organization_id: &str, engineer_id: &str) -> Result<(), Problem> {
    for day in rows::days(conn, organization_id, engineer_id).await? {
        let Some(mut row) = days::lock(conn, organization_id, engineer_id, &day).await? else { continue };
        let state = day::read(conn, organization_id, engineer_id, &day).await?;
        row.settled = Some(decide::settled(&state)?);
        days::save(conn, organization_id, &row).await?;
    }
    rows::blur(conn, organization_id, engineer_id).await?;
    Ok(())
}
