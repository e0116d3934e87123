//! Check-in lists of an event.

use super::sql::{self, EventRow, ListRow};
use crate::audit::{self, Actor, Change};
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::ticket::CheckInList;

/// The most gates of one list.
const MOST_GATES: usize = 100;

/// Checks a list's settings against its event: products must be the event's, gates have distinct names.
pub async fn check(
    conn: &mut Conn,
    actor: &Actor,
    event_id: &str,
    name: &str,
    mut list: CheckInList,
) -> Result<(String, CheckInList), Problem> {
    let mut fields = Fields::default();
    let name = fields.label("name", name, 200);
    fields.period("ends_at", list.starts_at, list.ends_at);
    if let Some(ids) = &list.product_ids {
        let known = sql::products(conn, &actor.organization_id, event_id).await?;
        for (index, id) in ids.iter().enumerate() {
            if !known.iter().any(|product| product.id == *id) {
                fields.wrong(&format!("product_ids[{index}]"), "unknown", "is no product of this event");
            }
        }
        if ids.is_empty() {
            fields.wrong("product_ids", "length", "leave it away to let in all products");
        }
    }
    if list.gates.len() > MOST_GATES {
        fields.wrong("gates", "length", format!("at most {MOST_GATES}"));
    }
    let given = std::mem::take(&mut list.gates);
    for (index, gate) in given.iter().take(MOST_GATES).enumerate() {
        let field = format!("gates[{index}]");
        let gate = fields.label(&field, gate, 60);
        if list.gates.contains(&gate) {
            fields.wrong(&field, "duplicate", "stands there twice");
        }
        list.gates.push(gate);
    }
    fields.finish()?;
    Ok((name, list))
}

/// Makes a list.
pub async fn create(
    conn: &mut Conn,
    actor: &Actor,
    event: &EventRow,
    name: &str,
    list: CheckInList,
    now: i64,
) -> Result<ListRow, Problem> {
    let (name, list) = check(conn, actor, &event.id, name, list).await?;
    let settings = to_json(&list)?;
    let row = ListRow { id: random::id(now), event_id: event.id.clone(), name, settings, created_at: now };
    sql::insert_list(conn, &actor.organization_id, &row).await?;
    let change = Change { action: "check_in_list.create", subject_id: &row.id, at: now };
    audit::created(conn, actor, change, &list).await?;
    Ok(row)
}

/// Replaces a list's name and settings.
pub async fn replace(
    conn: &mut Conn,
    actor: &Actor,
    id: &str,
    name: &str,
    list: CheckInList,
    now: i64,
) -> Result<ListRow, Problem> {
    let before = find(conn, &actor.organization_id, id).await?;
    let (name, list) = check(conn, actor, &before.event_id, name, list).await?;
    let settings = to_json(&list)?;
    sql::update_list(conn, &actor.organization_id, id, &name, &settings).await?;
    let change = Change { action: "check_in_list.update", subject_id: id, at: now };
    audit::record(conn, actor, change, Some(&settings_of(&before)?), Some(&list)).await?;
    Ok(ListRow { name, settings, ..before })
}

/// The list, if it is the organization's.
pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> Result<ListRow, Problem> {
    sql::find_list(conn, organization_id, id).await?.ok_or_else(Problem::not_found)
}

/// The settings of a stored list.
pub fn settings_of(row: &ListRow) -> Result<CheckInList, Problem> {
    serde_json::from_str(&row.settings).map_err(|error| Problem::internal(format!("list settings: {error}")))
}

fn to_json(list: &CheckInList) -> Result<String, Problem> {
    serde_json::to_string(list).map_err(|error| Problem::internal(error.to_string()))
}
