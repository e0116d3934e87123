//! Accounts in storage.

use crate::organizations::OrganizationRow;
use crate::storage::{Conn, SqlResult, execute, fetch_all, fetch_one, fetch_optional};
use sqlx::FromRow;

const UPSERT: &str = "INSERT INTO accounts (id, kind, appid, secret_sealed, callback_token_sealed,
        callback_aes_key_sealed, callback_mode, callback_format, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
    ON CONFLICT (appid) DO UPDATE SET kind = excluded.kind, secret_sealed = excluded.secret_sealed,
        callback_token_sealed = COALESCE(excluded.callback_token_sealed, accounts.callback_token_sealed),
        callback_aes_key_sealed = COALESCE(excluded.callback_aes_key_sealed, accounts.callback_aes_key_sealed),
        callback_mode = CASE WHEN excluded.callback_token_sealed IS NULL THEN accounts.callback_mode
            ELSE excluded.callback_mode END,
        callback_format = CASE WHEN excluded.callback_token_sealed IS NULL THEN accounts.callback_format
            ELSE excluded.callback_format END,
        updated_at = excluded.updated_at
    RETURNING id";
const CHANGE: &str = "UPDATE accounts SET secret_sealed = $2, callback_token_sealed = $3, callback_aes_key_sealed = $4,
        callback_mode = $5, callback_format = $6, official_account_type = $7, open_platform = $8, provider_url = $9,
        provider_secret_sealed = $10, updated_at = $11
    WHERE id = $1";
const SHARE: &str = "INSERT INTO account_organizations (account_id, organization_id) VALUES ($1, $2)
    ON CONFLICT DO NOTHING";
/// Others who change the account wait until the transaction ends.
const LOCK: &str = "UPDATE accounts SET updated_at = updated_at WHERE appid = $1";
const FIND: &str = "SELECT id, kind, appid, secret_sealed, callback_token_sealed, callback_aes_key_sealed,
    callback_mode, callback_format, official_account_type, open_platform, provider_url, provider_secret_sealed
    FROM accounts WHERE appid = $1";
macro_rules! used {
    ($condition:literal) => {
        concat!(
            "SELECT a.id, a.kind, a.appid, a.secret_sealed, a.callback_token_sealed, a.callback_aes_key_sealed,
                a.callback_mode, a.callback_format, a.official_account_type, a.open_platform, a.provider_url,
                a.provider_secret_sealed, o.organization_id, o.display_name, o.description, o.time_zone,
                o.default_campaign_id, o.channel_code, o.openid_attribute, o.unionid_attribute,
                o.subscription_attribute, o.activity_attribute
            FROM account_organizations o JOIN accounts a ON a.id = o.account_id WHERE ",
            $condition
        )
    };
}
const USED: &str =
    used!("o.organization_id = $1 AND ($2 = '' OR a.id = $2) AND ($3 = '' OR o.channel_code = $3) ORDER BY a.id");
const USES: &str = used!("a.id = $1 ORDER BY o.organization_id");
const SET: &str = "UPDATE account_organizations SET display_name = $3, description = $4, time_zone = $5,
        default_campaign_id = $6, channel_code = $7, openid_attribute = $8, unionid_attribute = $9,
        subscription_attribute = $10, activity_attribute = $11
    WHERE account_id = $1 AND organization_id = $2";
const ORGANIZATIONS: &str = "SELECT o.id, o.slug, o.short_id, o.name, o.guests_allowed FROM organizations o
    JOIN account_organizations a ON a.organization_id = o.id WHERE a.account_id = $1 ORDER BY o.id";
const ON_PLATFORM: &str = "SELECT COUNT(*) FROM accounts a JOIN account_organizations o ON o.account_id = a.id
    WHERE o.organization_id = $1 AND a.open_platform = $2 AND a.kind = 'official_account' AND a.id <> $3";
const PERSONS: &str = "SELECT account_id, person_id FROM account_persons WHERE organization_id = $1
    ORDER BY account_id, person_id";
const CLEAR_PERSONS: &str = "DELETE FROM account_persons WHERE account_id = $1 AND organization_id = $2";
const ADD_PERSON: &str = "INSERT INTO account_persons (account_id, organization_id, person_id) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING";
const UNSHARE: &str = "DELETE FROM account_organizations WHERE account_id = $1 AND organization_id = $2";
const DELETE: &str = "DELETE FROM accounts WHERE id = $1";

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
    /// `subscription` or `service`; of official accounts only.
    pub official_account_type: Option<String>,
    /// The open platform account that it is bound to, as entered by hand.
    pub open_platform: Option<String>,
    /// The company's own token server.
    pub provider_url: Option<String>,
    /// What that server asks for.
    pub provider_secret_sealed: Option<String>,
}

/// An account as one organization uses it.
#[derive(Clone, Debug, FromRow)]
pub struct UsedAccountRow {
    /// What is WeChat's.
    #[sqlx(flatten)]
    pub account: AccountRow,
    /// The organization.
    pub organization_id: String,
    /// Its name for the account.
    pub display_name: Option<String>,
    /// Shown with the name.
    pub description: Option<String>,
    /// The time zone (IANA) in which messages show times.
    pub time_zone: Option<String>,
    /// Where activity without a campaign is booked.
    pub default_campaign_id: Option<String>,
    /// What business systems call the account.
    pub channel_code: Option<String>,
    /// The name of the person's attribute for the openid.
    pub openid_attribute: Option<String>,
    /// The name of the person's attribute for the unionid.
    pub unionid_attribute: Option<String>,
    /// The name of the person's attribute for the subscription status.
    pub subscription_attribute: Option<String>,
    /// The name of the person's attribute for the last activity.
    pub activity_attribute: Option<String>,
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

pub async fn change(conn: &mut Conn, row: &AccountRow, now: i64) -> SqlResult<u64> {
    execute!(
        conn,
        CHANGE,
        &row.id,
        &row.secret_sealed,
        &row.callback_token_sealed,
        &row.callback_aes_key_sealed,
        &row.callback_mode,
        &row.callback_format,
        &row.official_account_type,
        &row.open_platform,
        &row.provider_url,
        &row.provider_secret_sealed,
        now
    )
}

pub async fn share(conn: &mut Conn, account_id: &str, organization_id: &str) -> SqlResult<u64> {
    execute!(conn, SHARE, account_id, organization_id)
}

/// The account with that AppID.
pub async fn find(conn: &mut Conn, appid: &str) -> SqlResult<Option<AccountRow>> {
    fetch_optional!(conn, AccountRow, FIND, appid)
}

/// Like [`find`]; others who change the account wait.
pub async fn find_locked(conn: &mut Conn, appid: &str) -> SqlResult<Option<AccountRow>> {
    execute!(conn, LOCK, appid)?;
    find(conn, appid).await
}

/// The accounts that the organization uses.
pub async fn used(conn: &mut Conn, organization_id: &str) -> SqlResult<Vec<UsedAccountRow>> {
    fetch_all!(conn, UsedAccountRow, USED, organization_id, "", "")
}

pub async fn find_used(conn: &mut Conn, organization_id: &str, id: &str) -> SqlResult<Option<UsedAccountRow>> {
    fetch_optional!(conn, UsedAccountRow, USED, organization_id, id, "")
}

pub async fn by_channel(conn: &mut Conn, organization_id: &str, code: &str) -> SqlResult<Option<UsedAccountRow>> {
    fetch_optional!(conn, UsedAccountRow, USED, organization_id, "", code)
}

/// The account as each organization uses it.
pub async fn uses(conn: &mut Conn, account_id: &str) -> SqlResult<Vec<UsedAccountRow>> {
    fetch_all!(conn, UsedAccountRow, USES, account_id)
}

pub async fn set(conn: &mut Conn, row: &UsedAccountRow) -> SqlResult<u64> {
    execute!(
        conn,
        SET,
        &row.account.id,
        &row.organization_id,
        &row.display_name,
        &row.description,
        &row.time_zone,
        &row.default_campaign_id,
        &row.channel_code,
        &row.openid_attribute,
        &row.unionid_attribute,
        &row.subscription_attribute,
        &row.activity_attribute
    )
}

/// The organizations that the account serves.
pub async fn organizations(conn: &mut Conn, account_id: &str) -> SqlResult<Vec<OrganizationRow>> {
    fetch_all!(conn, OrganizationRow, ORGANIZATIONS, account_id)
}

/// How many other official accounts the organization has on an open platform account.
pub async fn on_platform(conn: &mut Conn, organization_id: &str, platform: &str, but: &str) -> SqlResult<i64> {
    let (count,): (i64,) = fetch_one!(conn, (i64,), ON_PLATFORM, organization_id, platform, but)?;
    Ok(count)
}

/// Who may use which account, as pairs of account and person.
pub async fn persons(conn: &mut Conn, organization_id: &str) -> SqlResult<Vec<(String, String)>> {
    fetch_all!(conn, (String, String), PERSONS, organization_id)
}

pub async fn set_persons(conn: &mut Conn, account_id: &str, organization_id: &str, ids: &[String]) -> SqlResult<()> {
    execute!(conn, CLEAR_PERSONS, account_id, organization_id)?;
    for id in ids {
        execute!(conn, ADD_PERSON, account_id, organization_id, id)?;
    }
    Ok(())
}

/// Takes the account from the organization; from the last one it is deleted, with its secrets.
pub async fn remove(conn: &mut Conn, account_id: &str, organization_id: &str) -> SqlResult<bool> {
    execute!(conn, CLEAR_PERSONS, account_id, organization_id)?;
    execute!(conn, UNSHARE, account_id, organization_id)?;
    let gone = organizations(conn, account_id).await?.is_empty();
    if gone {
        execute!(conn, DELETE, account_id)?;
    }
    Ok(gone)
}
