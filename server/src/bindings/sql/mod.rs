//! Bindings in storage.

pub mod import;
pub mod proofs;

use crate::storage::{Conn, SqlResult, fetch_all, fetch_in};
use sqlx::FromRow;

macro_rules! bindings {
    ($condition:literal) => {
        concat!(
            "SELECT i.id, p.userid, i.person_id, o.channel_code, i.appid, i.openid, p.name, i.bound_at, i.bound_by
            FROM identities i JOIN persons p ON p.id = i.person_id
            LEFT JOIN accounts a ON a.appid = i.appid
            LEFT JOIN account_organizations o ON o.account_id = a.id AND o.organization_id = i.organization_id
            WHERE i.organization_id = $1 AND i.bound_at IS NOT NULL AND p.userid IS NOT NULL AND ",
            $condition,
            " ORDER BY i.id LIMIT $4"
        )
    };
}

const PAGE: &str = bindings!("i.id > $2 AND ($3 = '' OR i.appid = $3)");
const OF_USER: &str = bindings!("i.id > $2 AND p.organization_id = $1 AND p.userid = $3 AND ($5 = '' OR i.appid = $5)");
const OF_OPENID: &str = bindings!("i.appid = $2 AND i.openid = $3");
const KNOWN_OPENIDS: &str = "SELECT openid FROM identities WHERE organization_id = ";
/// The most values of one list in a statement.
const LARGEST_LIST: usize = 10_000;

/// A binding.
#[derive(Debug, FromRow)]
pub struct BindingRow {
    pub id: String,
    pub userid: String,
    pub person_id: String,
    pub channel_code: Option<String>,
    pub appid: String,
    pub openid: String,
    pub name: Option<String>,
    pub bound_at: i64,
    pub bound_by: Option<String>,
}

/// All bindings of one account, or (with an empty `appid`) of all.
pub async fn page(
    conn: &mut Conn,
    organization_id: &str,
    after: &str,
    appid: &str,
    limit: i64,
) -> SqlResult<Vec<BindingRow>> {
    fetch_all!(conn, BindingRow, PAGE, organization_id, after, appid, limit)
}

/// A user's bindings in one account, or (with an empty `appid`) in all.
pub async fn of_user(
    conn: &mut Conn,
    organization_id: &str,
    after: &str,
    userid: &str,
    appid: &str,
    limit: i64,
) -> SqlResult<Vec<BindingRow>> {
    fetch_all!(conn, BindingRow, OF_USER, organization_id, after, userid, limit, appid)
}

pub async fn of_openid(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
) -> SqlResult<Vec<BindingRow>> {
    fetch_all!(conn, BindingRow, OF_OPENID, organization_id, appid, openid, 1)
}

/// Those of the openids that are known.
pub async fn known_openids(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openids: &[&str],
) -> SqlResult<Vec<String>> {
    let mut known = Vec::new();
    for openids in openids.chunks(LARGEST_LIST) {
        let rows: Vec<(String,)> = fetch_in!(
            &mut *conn,
            (String,),
            KNOWN_OPENIDS,
            organization_id,
            " AND appid = ",
            appid,
            " AND openid IN ",
            openids
        )?;
        known.extend(rows.into_iter().map(|(openid,)| openid));
    }
    Ok(known)
}
