//! Products (ticket types) of an event.

use super::sql::{self, EventRow, ProductRow};
use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, is_unique_violation};
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// Makes a product; its name is unique within the event.
pub async fn create(
    conn: &mut Conn,
    actor: &Actor,
    event: &EventRow,
    name: &str,
    rotating: bool,
    now: i64,
) -> Result<ProductRow, Problem> {
    let id = random::id(now);
    match sql::insert_product(conn, event, &id, name, rotating, now).await {
        Err(error) if is_unique_violation(&error) => {
            return Err(Problem::new(ProblemCode::AlreadyExists).detail("the event has a product of this name"));
        }
        other => other?,
    };
    let change = Change { action: "product.create", subject_id: &id, at: now };
    audit::created(conn, actor, change, &json!({ "name": name, "rotating": rotating, "event_id": event.id })).await?;
    find(conn, actor, &event.id, &id).await
}

/// A product of the event.
pub async fn find(conn: &mut Conn, actor: &Actor, event_id: &str, id: &str) -> Result<ProductRow, Problem> {
    let products = sql::products(conn, &actor.organization_id, event_id).await?;
    products.into_iter().find(|product| product.id == id).ok_or_else(Problem::not_found)
}
