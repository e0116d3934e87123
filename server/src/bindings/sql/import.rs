//! What an import of bindings needs to know, and writes, of many users at once.

use super::LARGEST_LIST;
use crate::storage::{Conn, SqlResult, execute_values, fetch_in};
use sqlx::FromRow;

const USERS: &str = "SELECT id, userid, name, phone FROM persons WHERE organization_id = ";
const IDENTITIES: &str = "SELECT i.person_id, i.appid, i.openid, i.bound_at, p.userid
    FROM identities i JOIN persons p ON p.id = i.person_id WHERE i.organization_id = ";
const OF_PERSONS: &str = "SELECT i.person_id, i.appid, i.openid, i.bound_at, p.userid
    FROM identities i JOIN persons p ON p.id = i.person_id WHERE i.organization_id || '' = ";
const PHONES: &str = "SELECT phone, COALESCE(merged_into, id) FROM persons WHERE organization_id = ";
const INSERT_USERS: &str = "INSERT INTO persons (id, organization_id, userid, name, phone, created_at) ";
const INSERT_IDENTITIES: &str = "INSERT INTO identities
    (id, organization_id, person_id, appid, openid, created_at, last_login_at, bound_at, bound_by) ";

/// A business user who is known.
#[derive(Clone, Debug, FromRow)]
pub struct UserRow {
    pub id: String,
    pub userid: String,
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// An identity that is known, with its person's userid.
#[derive(Clone, Debug, FromRow)]
pub struct KnownRow {
    pub person_id: String,
    pub appid: String,
    pub openid: String,
    pub bound_at: Option<i64>,
    pub userid: Option<String>,
}

/// A user to write.
pub struct NewUser<'a> {
    pub id: String,
    pub userid: &'a str,
    pub name: Option<&'a str>,
    pub phone: Option<&'a str>,
}

/// An identity of one to write, bound at once.
pub struct NewIdentity<'a> {
    pub id: String,
    pub person_id: String,
    pub appid: &'a str,
    pub openid: &'a str,
}

macro_rules! in_parts {
    ($conn:expr, $row:ty, $select:expr, $one:expr, $and:expr, $other:expr, $column_in:expr, $list:expr) => {{
        let mut rows: Vec<$row> = Vec::new();
        for part in $list.chunks(LARGEST_LIST) {
            rows.extend(fetch_in!(&mut *$conn, $row, $select, $one, $and, $other, $column_in, part)?);
        }
        Ok(rows)
    }};
}

pub async fn users(conn: &mut Conn, organization_id: &str, userids: &[&str]) -> SqlResult<Vec<UserRow>> {
    in_parts!(conn, UserRow, USERS, organization_id, " AND '' = ", "", " AND userid IN ", userids)
}

pub async fn by_openids(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openids: &[&str],
) -> SqlResult<Vec<KnownRow>> {
    in_parts!(conn, KnownRow, IDENTITIES, organization_id, " AND i.appid = ", appid, " AND i.openid IN ", openids)
}

pub async fn by_persons(conn: &mut Conn, organization_id: &str, appid: &str, ids: &[&str]) -> SqlResult<Vec<KnownRow>> {
    in_parts!(conn, KnownRow, OF_PERSONS, organization_id, " AND i.appid || '' = ", appid, " AND i.person_id IN ", ids)
}

/// Pairs of phone number and who has it.
pub async fn phones(conn: &mut Conn, organization_id: &str, phones: &[&str]) -> SqlResult<Vec<(String, String)>> {
    in_parts!(conn, (String, String), PHONES, organization_id, " AND '' = ", "", " AND phone IN ", phones)
}

pub async fn insert_users(conn: &mut Conn, organization_id: &str, users: &[NewUser<'_>], now: i64) -> SqlResult<u64> {
    if users.is_empty() {
        return Ok(0);
    }
    execute_values!(
        conn,
        INSERT_USERS,
        users,
        |row, user| {
            row.push_bind(&user.id)
                .push_bind(organization_id)
                .push_bind(user.userid)
                .push_bind(user.name)
                .push_bind(user.phone)
                .push_bind(now);
        },
        ""
    )
}

pub async fn insert_identities(
    conn: &mut Conn,
    organization_id: &str,
    identities: &[NewIdentity<'_>],
    by: &str,
    now: i64,
) -> SqlResult<u64> {
    execute_values!(
        conn,
        INSERT_IDENTITIES,
        identities,
        |row, identity| {
            row.push_bind(&identity.id)
                .push_bind(organization_id)
                .push_bind(&identity.person_id)
                .push_bind(identity.appid)
                .push_bind(identity.openid)
                .push_bind(now)
                .push_bind(0_i64)
                .push_bind(now)
                .push_bind(by);
        },
        ""
    )
}
