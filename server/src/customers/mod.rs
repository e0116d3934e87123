//! Customers: companies that are served. Their people join by invitation, and see what is the company's.

pub mod api;
pub(crate) mod sql;

use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, is_unique_violation};
use paifang_core::problem::ProblemCode;
use serde_json::json;

pub use sql::CustomerRow;

/// The longest name of a customer, in characters.
pub const LONGEST_NAME: usize = 100;

/// The customer, if it is the organization's.
pub async fn find(conn: &mut Conn, organization_id: &str, id: &str) -> Result<CustomerRow, Problem> {
    sql::find(conn, organization_id, id).await?.ok_or_else(Problem::not_found)
}

/// The ids of the customers of which the person is a member.
pub async fn of_person(conn: &mut Conn, organization_id: &str, person_id: &str) -> Result<Vec<String>, Problem> {
    let rows = sql::of_person(conn, organization_id, person_id).await?;
    Ok(rows.into_iter().map(|customer| customer.id).collect())
}

/// Makes a customer; its name (already checked) must be new.
pub async fn create(conn: &mut Conn, actor: &Actor, name: &str, now: i64) -> Result<CustomerRow, Problem> {
    let row = CustomerRow {
        id: random::id(now),
        organization_id: actor.organization_id.clone(),
        name: name.to_owned(),
        created_at: now,
    };
    sql::insert(conn, &row).await.map_err(name_taken)?;
    let change = Change { action: "customer.create", subject_id: &row.id, at: now };
    audit::created(conn, actor, change, &json!({ "name": row.name })).await?;
    Ok(row)
}

/// Gives a customer another name.
pub async fn rename(conn: &mut Conn, actor: &Actor, id: &str, name: &str, now: i64) -> Result<CustomerRow, Problem> {
    let before = find(conn, &actor.organization_id, id).await?;
    let after = CustomerRow { name: name.to_owned(), ..before.clone() };
    if after.name != before.name {
        sql::rename(conn, &after).await.map_err(name_taken)?;
        let change = Change { action: "customer.update", subject_id: id, at: now };
        let shown = |row: &CustomerRow| json!({ "name": row.name });
        audit::record(conn, actor, change, Some(&shown(&before)), Some(&shown(&after))).await?;
    }
    Ok(after)
}

/// Lets a person join a customer.
pub async fn join(
    conn: &mut Conn,
    organization_id: &str,
    customer_id: &str,
    person_id: &str,
    now: i64,
) -> Result<(), Problem> {
    if sql::join(conn, organization_id, customer_id, person_id, now).await? {
        let actor = Actor { organization_id: organization_id.to_owned(), kind: "person", id: person_id.to_owned() };
        let change = Change { action: "customer.join", subject_id: customer_id, at: now };
        audit::created(conn, &actor, change, &json!({ "person_id": person_id })).await?;
    }
    Ok(())
}

/// Takes a person out of a customer; repeating it is harmless.
pub async fn dismiss(conn: &mut Conn, actor: &Actor, id: &str, person_id: &str, now: i64) -> Result<(), Problem> {
    find(conn, &actor.organization_id, id).await?;
    if sql::dismiss(conn, &actor.organization_id, id, person_id).await? {
        let change = Change { action: "customer.dismiss", subject_id: id, at: now };
        audit::record::<_, ()>(conn, actor, change, Some(&json!({ "person_id": person_id })), None).await?;
    }
    Ok(())
}

fn name_taken(error: sqlx::Error) -> Problem {
    match is_unique_violation(&error) {
        true => Problem::new(ProblemCode::AlreadyExists).detail("another customer has this name"),
        false => error.into(),
    }
}
