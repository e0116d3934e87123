//! A person who is forgotten leaves their orders: as reporter without a trace, as engineer to the others.

use super::ServiceSettings;
use super::sql::entries::{self, EntryRow};
use super::sql::lists;
use crate::equipment;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::work_order::State;
use paifang_core::work_order::near::cell_of;

/// Forgets who reported and from where, and puts open orders of an engineer back on the list, which their timelines
/// tell.
pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str, now: i64) -> Result<(), Problem> {
    for (id, unit) in lists::forget_reporter(conn, organization_id, person_id).await? {
        let unit = equipment::sql::find(conn, organization_id, &unit).await?;
        let cell = unit.and_then(|unit| unit.position()).map(cell_of);
        lists::place(conn, organization_id, &id, cell).await?;
    }
    let settings = ServiceSettings::of(conn, organization_id).await?;
    for left in lists::leave(conn, organization_id, person_id).await?.into_iter().filter(|left| left.is_open) {
        let due = match (left.resolution_due_at, left.paused_at) {
            (Some(due), Some(paused)) => Some(settings.business_time(paused).put_off(due, paused, now)),
            (due, _) => due,
        };
        lists::reopen(conn, organization_id, &left.id, due, now).await?;
        let entry = EntryRow {
            id: random::id(now),
            work_order_id: left.id,
            kind: "move".to_owned(),
            client_key: None,
            request_hash: None,
            made: None,
            from_state: Some(left.state),
            to_state: Some(State::Reopened.as_str().to_owned()),
            actor_kind: "system".to_owned(),
            actor_id: organization_id.to_owned(),
            actor_as: "dispatcher".to_owned(),
            detail: "{}".to_owned(),
            at: now,
        };
        entries::insert(conn, organization_id, &entry).await?;
    }
    Ok(())
}
