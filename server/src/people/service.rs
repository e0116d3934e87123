//! Who is who: finding the person behind a WeChat identity.

use super::merge::{Merge, merge};
use super::sql::{self, identities};
use super::{Role, RoleSet};
use crate::audit::{self, Actor, Change};
use crate::notices::{self, NoticeKind, Subject};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::problem::ProblemCode;
use serde_json::{Value, json};

/// The last login of somebody who has not logged in.
const NEVER: i64 = 0;

/// A WeChat user, as seen by one account.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The account.
    pub appid: String,
    /// The user's name there.
    pub openid: String,
    /// The user's name on the open platform.
    pub unionid: Option<String>,
}

/// The person behind an identity.
#[derive(Debug)]
pub struct Recognized {
    /// The person.
    pub person_id: String,
    /// The merge that the unionid asked for.
    pub merge: Option<Merge>,
}

/// The person behind an identity: known by openid, else by unionid, else new. Where openid and unionid name two
/// persons, these become one.
pub async fn recognize(
    conn: &mut Conn,
    organization_id: &str,
    identity: &Identity,
    now: i64,
) -> Result<Recognized, Problem> {
    lock(conn, organization_id, identity).await?;
    let person_id = match identities::touch(conn, organization_id, identity, now).await? {
        Some(person_id) => person_id,
        None => add(conn, organization_id, identity, now, now).await?,
    };
    let merge = link(conn, organization_id, &person_id, identity.unionid.as_deref(), now).await?;
    let person_id = merge.as_ref().map_or(person_id, |merge| merge.into.clone());
    Ok(Recognized { person_id, merge })
}

/// The person behind an identity of whom WeChat tells without a login: a follower.
pub async fn meet(
    conn: &mut Conn,
    organization_id: &str,
    identity: &Identity,
    now: i64,
) -> Result<Recognized, Problem> {
    lock(conn, organization_id, identity).await?;
    let known = identities::find(conn, organization_id, &identity.appid, &identity.openid).await?;
    let person_id = match known {
        Some(known) => {
            if identity.unionid.is_some() && identity.unionid != known.unionid {
                let Identity { appid, openid, unionid } = identity;
                identities::set_unionid(conn, organization_id, appid, openid, unionid.as_deref()).await?;
            }
            known.person_id
        }
        None => add(conn, organization_id, identity, NEVER, now).await?,
    };
    let merge = link(conn, organization_id, &person_id, identity.unionid.as_deref(), now).await?;
    let person_id = merge.as_ref().map_or(person_id, |merge| merge.into.clone());
    Ok(Recognized { person_id, merge })
}

/// A login and a push of one user may come at the same moment: the second must see the person of the first.
async fn lock(conn: &mut Conn, organization_id: &str, identity: &Identity) -> Result<(), Problem> {
    if let Some(unionid) = &identity.unionid {
        identities::lock_unionid(conn, organization_id, unionid).await?;
    }
    Ok(())
}

/// Merges the person with another who has the same unionid.
pub async fn link(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    unionid: Option<&str>,
    now: i64,
) -> Result<Option<Merge>, Problem> {
    let Some(unionid) = unionid else { return Ok(None) };
    let other = identities::person_by_unionid(conn, organization_id, unionid, person_id).await?;
    let Some(other) = other else { return Ok(None) };
    let actor = Actor { organization_id: organization_id.to_owned(), kind: "system", id: "unionid".to_owned() };
    let made = merge(conn, &actor, person_id, &other, "unionid", now).await?;
    let is_business_user = async |conn: &mut Conn, id: &str| {
        let person = sql::find_person(conn, organization_id, id).await?;
        Ok::<_, Problem>(person.is_some_and(|person| person.userid.is_some()))
    };
    if made.is_none() && is_business_user(conn, person_id).await? && is_business_user(conn, &other).await? {
        let detail = json!({ "person_id": person_id, "other_id": other });
        let subject = Subject { kind: "person", id: person_id };
        notices::raise(conn, organization_id, NoticeKind::PersonConflict, subject, &detail, now).await?;
    }
    Ok(made)
}

/// Adds an identity that is new: to the person with the same unionid, or to a new one.
async fn add(
    conn: &mut Conn,
    organization_id: &str,
    identity: &Identity,
    last_login_at: i64,
    now: i64,
) -> Result<String, Problem> {
    let by_unionid = match &identity.unionid {
        Some(unionid) => identities::person_by_unionid(conn, organization_id, unionid, "").await?,
        None => None,
    };
    let id = random::id(now);
    if let Some(person_id) = by_unionid {
        return Ok(identities::upsert(conn, &id, organization_id, &person_id, identity, last_login_at, now).await?);
    }
    let person_id = random::id(now);
    sql::insert_person(conn, &person_id, organization_id, now).await?;
    let holder = identities::upsert(conn, &id, organization_id, &person_id, identity, last_login_at, now).await?;
    if holder == person_id {
        note_creation(conn, organization_id, &person_id, &json!({ "appid": identity.appid }), now).await?;
    } else {
        // Two first logins at once: the second takes the person of the first.
        sql::delete_unused(conn, organization_id, &person_id).await?;
    }
    Ok(holder)
}

/// Makes a person of whom nothing is known yet; `why` goes to the audit log.
pub async fn create(conn: &mut Conn, organization_id: &str, why: &Value, now: i64) -> Result<String, Problem> {
    let id = random::id(now);
    sql::insert_person(conn, &id, organization_id, now).await?;
    note_creation(conn, organization_id, &id, why, now).await?;
    Ok(id)
}

async fn note_creation(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    why: &Value,
    now: i64,
) -> Result<(), Problem> {
    let actor = Actor { organization_id: organization_id.to_owned(), kind: "person", id: person_id.to_owned() };
    let change = Change { action: "person.create", subject_id: person_id, at: now };
    audit::created(conn, &actor, change, why).await
}

/// How often one person may be merged into another while somebody waits for the row.
const MOST_MERGES: usize = 4;

/// Holds a person until the transaction ends: nobody merges or forgets them meanwhile, so that nothing is written for
/// who is no more. Answers who they are by now: a session may still name one who was merged a moment ago.
pub async fn hold(conn: &mut Conn, organization_id: &str, person_id: &str) -> Result<String, Problem> {
    let mut id = person_id.to_owned();
    for _ in 0..MOST_MERGES {
        if sql::hold(conn, organization_id, &id).await? {
            return Ok(id);
        }
        let person = sql::find_person(conn, organization_id, &id).await?;
        let person = person.filter(|person| person.deleted_at.is_none()).ok_or(ProblemCode::Unauthenticated)?;
        id = person.id;
    }
    Err(Problem::internal("a person was merged over and over"))
}

/// What a person may do.
pub async fn roles_of(conn: &mut Conn, person_id: &str) -> Result<RoleSet, Problem> {
    let roles = sql::roles(conn, person_id).await?;
    Ok(roles.iter().filter_map(|role| Role::parse(role)).collect())
}

/// The person behind an identity and what they may do; nobody where the identity was forgotten.
pub async fn who(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
) -> Result<Option<(String, RoleSet)>, Problem> {
    let rows = identities::who(conn, organization_id, appid, openid).await?;
    let roles = rows.iter().filter_map(|(_, role)| Role::parse(role.as_deref()?)).collect();
    Ok(rows.into_iter().next().map(|(person_id, _)| (person_id, roles)))
}

/// Whether the person is more than a guest: has a role, or is known to the business.
pub async fn is_known(conn: &mut Conn, organization_id: &str, person_id: &str) -> Result<bool, Problem> {
    if !sql::roles(conn, person_id).await?.is_empty() {
        return Ok(true);
    }
    let person = sql::find_person(conn, organization_id, person_id).await?;
    Ok(person.is_some_and(|person| person.userid.is_some()))
}

/// Whether that is a person of the organization who works as an engineer.
pub async fn may_work(conn: &mut Conn, organization_id: &str, person_id: &str) -> Result<bool, Problem> {
    let person = sql::find_person(conn, organization_id, person_id).await?;
    let Some(person) = person.filter(|person| person.id == person_id && person.deleted_at.is_none()) else {
        return Ok(false);
    };
    Ok(roles_of(conn, &person.id).await?.allows(Role::Engineer))
}
