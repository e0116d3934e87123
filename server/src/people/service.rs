//! Who somebody is, and what they may do.

use super::sql;
use super::{Role, RoleSet};
use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, is_unique_violation};
use paifang_core::phone::Phone;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// A WeChat user, as seen by one account.
pub struct Identity {
    /// The account.
    pub appid: String,
    /// The user's name there.
    pub openid: String,
    /// The user's name on the open platform.
    pub unionid: Option<String>,
}

/// The person behind an identity: known by openid, else by unionid, else new.
pub async fn recognize(
    conn: &mut Conn,
    organization_id: &str,
    identity: &Identity,
    now: i64,
) -> Result<String, Problem> {
    let known = sql::touch_identity(conn, organization_id, identity, now).await?;
    if let Some(person_id) = known {
        return Ok(person_id);
    }
    let by_unionid = match &identity.unionid {
        Some(unionid) => sql::person_by_unionid(conn, organization_id, unionid).await?,
        None => None,
    };
    let person_id = match by_unionid {
        Some(person_id) => person_id,
        None => {
            let id = random::id(now);
            sql::insert_person(conn, &id, organization_id, now).await?;
            let actor = Actor { organization_id: organization_id.to_owned(), kind: "person", id: id.clone() };
            let change = Change { action: "person.create", subject_id: &id, at: now };
            audit::created(conn, &actor, change, &json!({ "appid": identity.appid })).await?;
            id
        }
    };
    // Two first logins at once: the second takes the person of the first.
    let id = random::id(now);
    Ok(sql::upsert_identity(conn, &id, organization_id, &person_id, identity, now).await?)
}

/// What a person may do.
pub async fn roles_of(conn: &mut Conn, person_id: &str) -> Result<RoleSet, Problem> {
    let roles = sql::roles(conn, person_id).await?;
    Ok(roles.iter().filter_map(|role| Role::parse(role)).collect())
}

/// Keeps a phone number that WeChat confirmed. Somebody else with the same number is a conflict.
pub async fn set_phone(conn: &mut Conn, organization_id: &str, person_id: &str, phone: &Phone) -> Result<(), Problem> {
    let set = sql::set_phone(conn, organization_id, person_id, phone.as_str()).await;
    match set {
        Err(error) if is_unique_violation(&error) => Err(ProblemCode::PhoneTaken.into()),
        other => Ok(other.map(|_| ())?),
    }
}
