//! Phone numbers that WeChat confirmed. A number links the WeChat user to the person whom the business knows by it;
//! a second WeChat user with the same number is a conflict for somebody to decide.

use super::merge::{Merge, merge};
use super::service::hold;
use super::sql::{self, identities, phones};
use crate::audit::{self, Actor, Change};
use crate::notices::{self, NoticeKind, Subject};
use crate::organizations::sql as organizations;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::work_orders;
use paifang_core::phone::Phone;
use serde_json::json;

/// What became of a confirmed number.
#[derive(Debug)]
pub enum PhoneOutcome {
    /// The person has it.
    Set {
        /// Who has it now, which may be the person that the caller was merged into.
        person_id: String,
        /// The merge that it took.
        merge: Option<Merge>,
    },
    /// Somebody else has it; the conflict is noted.
    Conflict,
}

/// Keeps a number that WeChat confirmed for `person_id`.
pub async fn confirm(
    conn: &mut Conn,
    actor: &Actor,
    person_id: &str,
    phone: &Phone,
    now: i64,
) -> Result<PhoneOutcome, Problem> {
    let organization_id = actor.organization_id.as_str();
    // Two who confirm the same number at the same moment must see each other.
    organizations::lock(conn, organization_id).await?;
    // Asking WeChat took a while.
    let person_id = &hold(conn, organization_id, person_id).await?;
    let actor = &Actor { id: person_id.clone(), ..actor.clone() };
    let owner = phones::owner(conn, organization_id, phone.as_str()).await?;
    let owner_id = owner.map(|(id, merged_into)| merged_into.unwrap_or(id));
    let mut made = None;
    let mut holder = person_id.clone();
    if let Some(owner_id) = owner_id.filter(|owner_id| *owner_id != *person_id) {
        if may_be_one(conn, organization_id, person_id, &owner_id).await? {
            made = merge(conn, actor, &owner_id, person_id, "phone", now).await?;
        }
        let Some(merge) = &made else {
            note_conflict(conn, organization_id, &owner_id, person_id, phone, now).await?;
            return Ok(PhoneOutcome::Conflict);
        };
        holder.clone_from(&merge.into);
    }
    phones::clear(conn, organization_id, phone.as_str(), &holder).await?;
    sql::set_phone(conn, organization_id, &holder, Some(phone.as_str())).await?;
    let change = Change { action: "person.bind_phone", subject_id: &holder, at: now };
    audit::created(conn, actor, change, &json!({ "phone": phone.masked() })).await?;
    work_orders::follow::claim_by_phone(conn, actor, &holder, phone.as_str(), now).await?;
    Ok(PhoneOutcome::Set { person_id: holder, merge: made })
}

/// Whether nothing says that the two are different WeChat users: they share no account, and no different unionids.
async fn may_be_one(conn: &mut Conn, organization_id: &str, one: &str, other: &str) -> Result<bool, Problem> {
    let one = identities::of_person(conn, organization_id, one).await?;
    let other = identities::of_person(conn, organization_id, other).await?;
    let differ = |a: &identities::IdentityRow, b: &identities::IdentityRow| {
        a.appid == b.appid || a.unionid.is_some() && b.unionid.is_some() && a.unionid != b.unionid
    };
    Ok(!one.iter().any(|a| other.iter().any(|b| differ(a, b))))
}

async fn note_conflict(
    conn: &mut Conn,
    organization_id: &str,
    owner_id: &str,
    claimant_id: &str,
    phone: &Phone,
    now: i64,
) -> Result<(), Problem> {
    let id = random::id(now);
    let open = phones::note_conflict(conn, &id, organization_id, phone.as_str(), owner_id, claimant_id, now).await?;
    let id = open.map_or(id, |open| open.id);
    let detail = json!({ "owner_id": owner_id, "claimant_id": claimant_id, "phone": phone.masked() });
    let subject = Subject { kind: "phone_conflict", id: &id };
    notices::raise(conn, organization_id, NoticeKind::PhoneConflict, subject, &detail, now).await
}
