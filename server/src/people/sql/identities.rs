//! Identities in storage: who somebody is in each account, and whether they follow it.

use crate::people::service::Identity;
use crate::storage::{Conn, SqlResult, execute, execute_values, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

const TOUCH: &str = "UPDATE identities SET last_login_at = $4, last_activity_at = $4, unionid = COALESCE($5, unionid)
    WHERE organization_id = $1 AND appid = $2 AND openid = $3 RETURNING person_id";
/// Others who recognize somebody by the same unionid wait until the transaction ends.
const LOCK_UNIONID: &str = "INSERT INTO unionids (organization_id, unionid) VALUES ($1, $2)
    ON CONFLICT (organization_id, unionid) DO UPDATE SET unionid = excluded.unionid";
/// Users whom no other organization that shares the account knows.
const ONLY_HERE: &str = "SELECT i.appid, i.openid FROM identities i WHERE i.organization_id = $1 AND i.person_id = $2
    AND NOT EXISTS (SELECT 1 FROM identities o WHERE o.appid = i.appid AND o.openid = i.openid
        AND o.organization_id <> $1)";
const LOCK_UNIONIDS: &str = "INSERT INTO unionids (organization_id, unionid) ";
const LOCKED: &str = " ON CONFLICT (organization_id, unionid) DO UPDATE SET unionid = excluded.unionid";
const FORGET_UNIONIDS: &str = "DELETE FROM unionids WHERE organization_id = $1 AND unionid IN
    (SELECT unionid FROM identities WHERE organization_id = $1 AND person_id = $2)";
const PERSON_BY_UNIONID: &str = "SELECT person_id FROM identities
    WHERE organization_id = $1 AND unionid = $2 AND person_id <> $3 ORDER BY id LIMIT 1";
const UPSERT: &str = "INSERT INTO identities
    (id, organization_id, person_id, appid, openid, unionid, created_at, last_login_at, last_activity_at)
    VALUES ($1, $2, $3, $4, $5, $6, $8, $7, NULLIF($7, 0))
    ON CONFLICT (organization_id, appid, openid) DO UPDATE SET last_login_at = excluded.last_login_at
    RETURNING person_id";
const FIND: &str = "SELECT id, person_id, appid, openid, unionid, subscribed, subscription_at, last_activity_at,
    bound_at, bound_by, created_at, last_login_at FROM identities WHERE organization_id = $1 AND appid = $2 AND openid = $3";
const OF_PERSON: &str = "SELECT id, person_id, appid, openid, unionid, subscribed, subscription_at, last_activity_at,
    bound_at, bound_by, created_at, last_login_at FROM identities WHERE organization_id = $1 AND person_id = $2 ORDER BY id";
const ORGANIZATIONS: &str = "SELECT o.id, o.slug, o.short_id, o.name, o.guests_allowed FROM identities i
    JOIN organizations o ON o.id = i.organization_id
    JOIN account_organizations s ON s.organization_id = o.id
    JOIN accounts a ON a.id = s.account_id AND a.appid = i.appid
    WHERE i.appid = $1 AND i.openid = $2 ORDER BY i.last_login_at DESC, o.id";
const WHO: &str = "SELECT i.person_id, r.role FROM identities i LEFT JOIN person_roles r ON r.person_id = i.person_id
    WHERE i.organization_id = $1 AND i.appid = $2 AND i.openid = $3";
const SET_UNIONID: &str = "UPDATE identities SET unionid = COALESCE($4, unionid), details_due = FALSE
    WHERE organization_id = $1 AND appid = $2 AND openid = $3";
/// An event that is older than what is known changes nothing.
const SET_SUBSCRIBED: &str = "UPDATE identities SET subscribed = $4, subscription_at = $5
    WHERE organization_id = $1 AND appid = $2 AND openid = $3 AND COALESCE(subscription_at, 0) <= $5";
const SET_ACTIVE: &str = "UPDATE identities SET last_activity_at = $4
    WHERE organization_id = $1 AND appid = $2 AND openid = $3 AND COALESCE(last_activity_at, 0) < $4";
const SET_DETAILS_DUE: &str = "UPDATE identities SET details_due = TRUE
    WHERE organization_id = $1 AND appid = $2 AND openid = $3 AND unionid IS NULL";
const CLEAR_DETAILS_DUE: &str = "UPDATE identities SET details_due = FALSE WHERE appid = $1 AND openid = $2";
const ACCOUNTS_WITH_DETAILS_DUE: &str = "SELECT DISTINCT i.appid FROM identities i JOIN accounts a ON a.appid = i.appid
    WHERE i.details_due";
const DETAILS_DUE: &str = "SELECT openid FROM identities WHERE appid = $1 AND details_due ORDER BY id LIMIT $2";
const BIND: &str = "UPDATE identities SET bound_at = $3, bound_by = $4 WHERE organization_id = $1 AND id = $2";
const MOVE: &str = "UPDATE identities SET person_id = $3, bound_at = NULL, bound_by = NULL
    WHERE organization_id = $1 AND id = $2";
const FORGET: &str = "DELETE FROM identities WHERE organization_id = $1 AND person_id = $2";
const FORGET_ONE: &str = "DELETE FROM identities WHERE organization_id = $1 AND id = $2";

/// Who somebody is in one account.
#[derive(Clone, Debug, FromRow)]
pub struct IdentityRow {
    pub id: String,
    pub person_id: String,
    pub appid: String,
    pub openid: String,
    pub unionid: Option<String>,
    pub subscribed: Option<bool>,
    pub subscription_at: Option<i64>,
    pub last_activity_at: Option<i64>,
    pub bound_at: Option<i64>,
    pub bound_by: Option<String>,
    pub created_at: i64,
    pub last_login_at: i64,
}

/// Notes a login; answers the person where the identity is known.
pub async fn touch(conn: &mut Conn, organization_id: &str, identity: &Identity, now: i64) -> SqlResult<Option<String>> {
    let Identity { appid, openid, unionid } = identity;
    let row: Option<(String,)> = fetch_optional!(conn, (String,), TOUCH, organization_id, appid, openid, now, unionid)?;
    Ok(row.map(|(person_id,)| person_id))
}

/// Lets others who recognize somebody by the same unionid wait, so that one person is not made twice.
pub async fn lock_unionid(conn: &mut Conn, organization_id: &str, unionid: &str) -> SqlResult<u64> {
    execute!(conn, LOCK_UNIONID, organization_id, unionid)
}

/// [`lock_unionid`] for many; in one order, so that two such calls cannot wait for each other.
pub async fn lock_unionids(conn: &mut Conn, organization_id: &str, unionids: &[&str]) -> SqlResult<u64> {
    let mut ordered = unionids.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    if ordered.is_empty() {
        return Ok(0);
    }
    execute_values!(
        conn,
        LOCK_UNIONIDS,
        &ordered,
        |row, unionid| {
            row.push_bind(organization_id).push_bind(*unionid);
        },
        LOCKED
    )
}

/// Another person than `but` with that unionid.
pub async fn person_by_unionid(
    conn: &mut Conn,
    organization_id: &str,
    unionid: &str,
    but: &str,
) -> SqlResult<Option<String>> {
    let row: Option<(String,)> = fetch_optional!(conn, (String,), PERSON_BY_UNIONID, organization_id, unionid, but)?;
    Ok(row.map(|(person_id,)| person_id))
}

/// Adds an identity of `person_id`; where it is known already, the answer is the person who has it.
pub async fn upsert(
    conn: &mut Conn,
    id: &str,
    organization_id: &str,
    person_id: &str,
    identity: &Identity,
    last_login_at: i64,
    now: i64,
) -> SqlResult<String> {
    let Identity { appid, openid, unionid } = identity;
    let (person_id,): (String,) = fetch_one!(
        conn,
        (String,),
        UPSERT,
        id,
        organization_id,
        person_id,
        appid,
        openid,
        unionid,
        last_login_at,
        now
    )?;
    Ok(person_id)
}

pub async fn find(conn: &mut Conn, organization_id: &str, appid: &str, openid: &str) -> SqlResult<Option<IdentityRow>> {
    fetch_optional!(conn, IdentityRow, FIND, organization_id, appid, openid)
}

pub async fn of_person(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<Vec<IdentityRow>> {
    fetch_all!(conn, IdentityRow, OF_PERSON, organization_id, person_id)
}

/// The organizations in which a user of an account is known, the one logged in to last first.
pub async fn organizations(
    conn: &mut Conn,
    appid: &str,
    openid: &str,
) -> SqlResult<Vec<crate::organizations::OrganizationRow>> {
    fetch_all!(conn, crate::organizations::OrganizationRow, ORGANIZATIONS, appid, openid)
}

/// The person behind an identity, once for each role and without any for a guest.
pub async fn who(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
) -> SqlResult<Vec<(String, Option<String>)>> {
    fetch_all!(conn, (String, Option<String>), WHO, organization_id, appid, openid)
}

pub async fn set_unionid(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
    unionid: Option<&str>,
) -> SqlResult<u64> {
    execute!(conn, SET_UNIONID, organization_id, appid, openid, unionid)
}

/// Says whether this was news.
pub async fn set_subscribed(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
    subscribed: bool,
    at: i64,
) -> SqlResult<bool> {
    Ok(execute!(conn, SET_SUBSCRIBED, organization_id, appid, openid, subscribed, at)? == 1)
}

pub async fn set_active(conn: &mut Conn, organization_id: &str, appid: &str, openid: &str, at: i64) -> SqlResult<u64> {
    execute!(conn, SET_ACTIVE, organization_id, appid, openid, at)
}

/// Notes that WeChat must still be asked for the unionid.
pub async fn set_details_due(conn: &mut Conn, organization_id: &str, appid: &str, openid: &str) -> SqlResult<u64> {
    execute!(conn, SET_DETAILS_DUE, organization_id, appid, openid)
}

pub async fn clear_details_due(conn: &mut Conn, appid: &str, openid: &str) -> SqlResult<u64> {
    execute!(conn, CLEAR_DETAILS_DUE, appid, openid)
}

/// Connected accounts some of whose users WeChat must be asked about.
pub async fn accounts_with_details_due(conn: &mut Conn) -> SqlResult<Vec<String>> {
    let rows: Vec<(String,)> = fetch_all!(conn, (String,), ACCOUNTS_WITH_DETAILS_DUE)?;
    Ok(rows.into_iter().map(|(appid,)| appid).collect())
}

pub async fn details_due(conn: &mut Conn, appid: &str, limit: i64) -> SqlResult<Vec<String>> {
    let rows: Vec<(String,)> = fetch_all!(conn, (String,), DETAILS_DUE, appid, limit)?;
    Ok(rows.into_iter().map(|(openid,)| openid).collect())
}

/// Notes that the identity was bound to a business user, and how.
pub async fn bind(conn: &mut Conn, organization_id: &str, id: &str, at: i64, by: &str) -> SqlResult<u64> {
    execute!(conn, BIND, organization_id, id, at, by)
}

/// Gives the identity to another person; a binding ends.
pub async fn move_to(conn: &mut Conn, organization_id: &str, id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, MOVE, organization_id, id, person_id)
}

/// The person's accounts and openids, without those that other organizations know too.
pub async fn only_here(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<Vec<(String, String)>> {
    fetch_all!(conn, (String, String), ONLY_HERE, organization_id, person_id)
}

pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str) -> SqlResult<u64> {
    execute!(conn, FORGET_UNIONIDS, organization_id, person_id)?;
    execute!(conn, FORGET, organization_id, person_id)
}

pub async fn forget_one(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<u64> {
    execute!(conn, FORGET_ONE, organization_id, id)
}
