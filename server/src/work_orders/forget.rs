//! A person who is forgotten leaves their orders: as reporter without a trace, as engineer to the others.

use super::sql::entries::{self, EntryRow};
use super::sql::lists;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::work_order::State;

/// Forgets who reported, and puts open orders of an engineer back on the list, which their timelines tell.
pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str, now: i64) -> Result<(), Problem> {
    lists::forget_reporter(conn, organization_id, person_id).await?;
    for (id, state) in lists::leave(conn, organization_id, person_id).await? {
        lists::reopen(conn, organization_id, &id, now).await?;
        let entry = EntryRow {
            id: random::id(now),
            work_order_id: id,
            kind: "move".to_owned(),
            client_key: None,
            request_hash: None,
            made: None,
            from_state: Some(state),
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
