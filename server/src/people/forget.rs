//! A person asks to be forgotten. What identifies them goes; what an order or a law needs stays, without them: tickets
//! (they belong to the order), scans, visits and mileage without where the person was, and the audit log, which holds
//! ids, figures and the reasons of those who decided.

use super::service;
use super::sql::{self, identities, phones};
use crate::activities;
use crate::audit::{self, Actor, Change};
use crate::callbacks;
use crate::customers;
use crate::equipment;
use crate::media;
use crate::mileage;
use crate::problem::Problem;
use crate::storage::Conn;
use crate::tickets;
use crate::work_orders;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// What was forgotten, and what was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forgotten {
    /// WeChat accounts in which the person was known.
    pub identities: u64,
    /// Activities that were deleted.
    pub activities: u64,
    /// Tickets that stay with their orders; the person no longer carries them.
    pub tickets_kept: u64,
    /// As whom the person was known, for what is kept outside the database.
    #[serde(skip)]
    pub accounts: Vec<(String, String)>,
    /// Who that was.
    #[serde(skip)]
    pub person_id: String,
}

/// Forgets the person, and what was pushed about them, but for the push `push_id` that asks for it, where one does.
pub async fn forget(
    conn: &mut Conn,
    actor: &Actor,
    person_id: &str,
    push_id: &str,
    now: i64,
) -> Result<Forgotten, Problem> {
    let organization_id = actor.organization_id.as_str();
    // First, as whoever writes for the person does: so neither waits for the other. Whoever has become a part of somebody
    // else is forgotten as them.
    let person_id = service::hold(conn, organization_id, person_id).await?;
    let person_id = person_id.as_str();
    let tickets_kept = tickets::sql::release(conn, organization_id, person_id).await?;
    let activities = activities::forget(conn, organization_id, person_id).await?;
    mileage::forget(conn, organization_id, person_id).await?;
    media::forget(conn, organization_id, person_id).await?;
    customers::sql::leave_all(conn, organization_id, person_id).await?;
    equipment::sql::registrations::forget(conn, organization_id, person_id).await?;
    let known = identities::of_person(conn, organization_id, person_id).await?;
    let only_here = identities::only_here(conn, organization_id, person_id).await?;
    for (appid, openid) in &only_here {
        callbacks::forget(conn, appid, openid, push_id).await?;
    }
    work_orders::forget(conn, organization_id, person_id, now).await?;
    let identities = identities::forget(conn, organization_id, person_id).await?;
    phones::forget(conn, organization_id, person_id).await?;
    phones::clear_notices(conn, organization_id, now).await?;
    sql::forget(conn, organization_id, person_id, now).await?;
    let after = json!({ "identities": identities, "activities": activities, "tickets_kept": tickets_kept });
    let change = Change { action: "person.forget", subject_id: person_id, at: now };
    audit::created(conn, actor, change, &after).await?;
    let accounts = known.into_iter().map(|identity| (identity.appid, identity.openid)).collect();
    Ok(Forgotten { identities, activities, tickets_kept, accounts, person_id: person_id.to_owned() })
}
