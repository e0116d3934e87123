//! Accounts in storage.

use crate::organizations::OrganizationRow;
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

const UPSERT: &str = "INSERT INTO accounts (id, kind, appid, secret_sealed, callback_token_sealed,
        callback_aes_key_sealed, callback_mode, callback_format, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
    ON CONFLICT (appid) DO UPDATE SET kind = excluded.kind, secret_sealed = excluded.secret_sealed,
        callback_token_sealed = excluded.callback_token_sealed,
        callback_aes_key_sealed = excluded.callback_aes_key_sealed, callback_mode = excluded.callback_mode,
        callback_format = excluded.callback_format, updated_at = excluded.updated_at
    RETURNING id";
const SHARE: &str = "INSERT INTO account_organizations (account_id, organization_id) VALUES ($1, $2)
    ON CONFLICT DO NOTHING";
const FIND: &str = "SELECT id, kind, appid, secret_sealed, callback_token_sealed, callback_aes_key_sealed,
    callback_mode, callback_format FROM accounts WHERE appid = $1";
const ORGANIZATIONS: &str = "SELECT o.id, o.slug, o.short_id, o.name FROM organizations o
    JOIN account_organizations a ON a.organization_id = o.id WHERE a.account_id = $1 ORDER BY o.id";

/// A connected account; its secrets are sealed.
#[derive(Clone, Debug, FromRow)]
pub struct AccountRow {
    /// Its id.
    pub id: String,
    /// `mini_program` or `official_account`.
    pub kind: String,
    /// Its AppID.
    pub appid: String,
    /// The AppSecret.
    pub secret_sealed: String,
    /// The token of the message push.
    pub callback_token_sealed: Option<String>,
    /// The EncodingAESKey of the message push.
    pub callback_aes_key_sealed: Option<String>,
    /// `safe`, `compatible` or `plain`.
    pub callback_mode: String,
    /// `xml` or `json`.
    pub callback_format: String,
}

pub async fn upsert(conn: &mut Conn, row: &AccountRow, now: i64) -> SqlResult<String> {
    let (id,): (String,) = fetch_one!(
        conn,
        (String,),
        UPSERT,
        &row.id,
        &row.kind,
        &row.appid,
        &row.secret_sealed,
        &row.callback_token_sealed,
        &row.callback_aes_key_sealed,
        &row.callback_mode,
        &row.callback_format,
        now
    )?;
    Ok(id)
}

pub async fn share(conn: &mut Conn, account_id: &str, organization_id: &str) -> SqlResult<u64> {
    execute!(conn, SHARE, account_id, organization_id)
}

pub async fn find(conn: &mut Conn, appid: &str) -> SqlResult<Option<AccountRow>> {
    fetch_optional!(conn, AccountRow, FIND, appid)
}

/// The organizations that the account serves.
pub async fn organizations(conn: &mut Conn, account_id: &str) -> SqlResult<Vec<OrganizationRow>> {
    fetch_all!(conn, OrganizationRow, ORGANIZATIONS, account_id)
}
