//! Following an order without login: by a link with a secret code, or by number and phone; and taking it over once
//! somebody has logged in.

use super::Viewer;
use super::sql::{self, WorkOrderRow, lists};
use crate::app::App;
use crate::audit::{self, Actor};
use crate::people;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::phone::Phone;
use serde_json::json;

/// Entries of the audit log that one statement writes.
const AUDITED_AT_ONCE: usize = 500;

/// A new code: 20 base62 characters, 119 bits.
pub fn new_code() -> Result<String, Problem> {
    Ok(format!("{}{}", random::short_id()?, random::short_id()?))
}

/// The page that shows an order to whoever has its code.
pub fn page_of(app: &App, order: &WorkOrderRow) -> String {
    format!("{}/f/{}", app.config.public_url, order.follow_code)
}

/// The order of a code.
pub async fn find(conn: &mut Conn, code: &str) -> Result<WorkOrderRow, Problem> {
    sql::by_follow_code(conn, code).await?.ok_or_else(Problem::not_found)
}

/// The order of that number whose contact has that phone number, as long as it is nobody's: whoever has logged in finds
/// theirs without, and both number and phone may be known to others.
pub async fn find_by_phone(
    conn: &mut Conn,
    organization_id: &str,
    number: &str,
    phone: &Phone,
) -> Result<WorkOrderRow, Problem> {
    let number: String = number.trim().to_ascii_uppercase();
    let order = sql::by_number(conn, organization_id, &number).await?;
    let is_meant =
        |order: &WorkOrderRow| order.reporter_id.is_none() && order.contact_phone.as_deref() == Some(phone.as_str());
    order.filter(is_meant).ok_or_else(Problem::not_found)
}

/// Gives the order of a code to the person who has it, where it is nobody's; theirs already is fine.
pub async fn claim(
    conn: &mut Conn,
    actor: &Actor,
    viewer: &Viewer,
    code: &str,
    now: i64,
) -> Result<WorkOrderRow, Problem> {
    let order = find(conn, code).await?;
    let person_id = viewer.person_id.as_deref().unwrap_or_default();
    if order.organization_id != viewer.organization_id {
        return Err(Problem::not_found());
    }
    if lists::claim(conn, &order.organization_id, &order.id, person_id).await? {
        claimed(conn, actor, person_id, std::slice::from_ref(&order.id), now).await?;
    }
    sql::find(conn, &order.organization_id, &order.id).await?.ok_or_else(Problem::not_found)
}

/// Gives a person the orders that somebody has reported, without logging in, with the phone number that WeChat has
/// confirmed for them.
pub async fn claim_by_phone(
    conn: &mut Conn,
    actor: &Actor,
    person_id: &str,
    phone: &str,
    now: i64,
) -> Result<(), Problem> {
    let orders = lists::claim_by_phone(conn, &actor.organization_id, phone, person_id).await?;
    claimed(conn, actor, person_id, &orders, now).await
}

/// The same for somebody whose number is known: what they reported without logging in since.
pub async fn claim_own(conn: &mut Conn, organization_id: &str, person_id: &str, now: i64) -> Result<(), Problem> {
    let person = people::sql::find_person(conn, organization_id, person_id).await?;
    let Some(phone) = person.and_then(|person| person.phone) else { return Ok(()) };
    let actor = Actor { organization_id: organization_id.to_owned(), kind: "person", id: person_id.to_owned() };
    claim_by_phone(conn, &actor, person_id, &phone, now).await
}

async fn claimed(conn: &mut Conn, actor: &Actor, person_id: &str, orders: &[String], now: i64) -> Result<(), Problem> {
    for some in orders.chunks(AUDITED_AT_ONCE) {
        let entries: Vec<_> = some.iter().map(|id| (id.as_str(), json!({ "reporter_id": person_id }))).collect();
        audit::created_many(conn, actor, "work_order.claim", &entries, now).await?;
    }
    Ok(())
}
