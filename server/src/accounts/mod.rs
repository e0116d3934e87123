//! Connected WeChat accounts: mini programs and official accounts, by AppID and secret.

pub(crate) mod sql;

use crate::app::App;
use crate::audit::{self, Change};
use crate::organizations::{OrganizationRow, command_line};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

pub use sql::AccountRow;

/// Where AppSecrets are sealed.
const SECRET: &str = "accounts.secret";
const CALLBACK_TOKEN: &str = "accounts.callback_token";
const CALLBACK_AES_KEY: &str = "accounts.callback_aes_key";

/// An account to connect.
#[derive(Debug)]
pub struct NewAccount {
    /// `mini_program` or `official_account`.
    pub kind: &'static str,
    /// The AppID.
    pub appid: String,
    /// The AppSecret.
    pub secret: SecretString,
    /// The token of the message push, where it is used.
    pub callback_token: Option<SecretString>,
    /// The EncodingAESKey of the message push, where it is used.
    pub callback_aes_key: Option<SecretString>,
    /// `safe`, `compatible` or `plain`.
    pub callback_mode: String,
    /// `xml` or `json`.
    pub callback_format: String,
}

/// Whether `appid` looks like one of WeChat's: `wx` and 16 hexadecimal digits.
pub fn is_appid(appid: &str) -> bool {
    appid.len() == 18 && appid.starts_with("wx") && appid.bytes().skip(2).all(|b| b.is_ascii_hexdigit())
}

/// Connects an account to the organization. An account that is known already gets the new secret; one that belongs
/// to another organization becomes shared by both.
pub async fn add(
    app: &App,
    conn: &mut Conn,
    organization: &OrganizationRow,
    new: &NewAccount,
    now: i64,
) -> Result<(), Problem> {
    let seal = |place: &str, secret: &SecretString| app.sealer.seal(place, secret.expose_secret().as_bytes());
    let row = AccountRow {
        id: random::id(now),
        kind: new.kind.to_owned(),
        appid: new.appid.clone(),
        secret_sealed: seal(SECRET, &new.secret)?,
        callback_token_sealed: new.callback_token.as_ref().map(|token| seal(CALLBACK_TOKEN, token)).transpose()?,
        callback_aes_key_sealed: new.callback_aes_key.as_ref().map(|key| seal(CALLBACK_AES_KEY, key)).transpose()?,
        callback_mode: new.callback_mode.clone(),
        callback_format: new.callback_format.clone(),
    };
    let id = sql::upsert(conn, &row, now).await?;
    sql::share(conn, &id, &organization.id).await?;
    let change = Change { action: "account.connect", subject_id: &id, at: now };
    let after = json!({ "appid": new.appid, "kind": new.kind, "callback_mode": new.callback_mode });
    audit::created(conn, &command_line(&organization.id), change, &after).await
}

/// The account's AppSecret.
pub fn secret(app: &App, account: &AccountRow) -> Result<SecretString, Problem> {
    app.sealer.open_text(SECRET, &account.secret_sealed)
}
