//! Connected WeChat accounts: mini programs and official accounts, by AppID and secret. What belongs to WeChat
//! (secret, message push, open platform) is kept once for each account; what an organization sets for itself (name,
//! default campaign, channel code) once for each organization that uses it.

pub mod api;
mod calls;
mod content_check;
mod dependents;
mod secrets;
pub(crate) mod service;
mod settings;
pub(crate) mod sql;

use crate::app::App;
use crate::audit::{self, Change};
use crate::organizations::{OrganizationRow, command_line};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use secrecy::SecretString;
use serde_json::json;

pub use calls::{credentials, outcome};
pub use content_check::check_text;
pub use secrets::{callback_aes_key, callback_token, secret};
pub use settings::{Attributes, Settings};
pub use sql::{AccountRow, UsedAccountRow, find};

/// The kinds of account, as they are stored.
pub const MINI_PROGRAM: &str = "mini_program";
/// See [`MINI_PROGRAM`].
pub const OFFICIAL_ACCOUNT: &str = "official_account";

/// An account to connect.
#[derive(Debug)]
pub struct NewAccount {
    /// [`MINI_PROGRAM`] or [`OFFICIAL_ACCOUNT`].
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

/// Connects an account to the organization, from the command line. An account that is known already gets the new
/// secret; one that belongs to another organization becomes shared by both.
pub async fn add(
    app: &App,
    conn: &mut Conn,
    organization: &OrganizationRow,
    new: &NewAccount,
    now: i64,
) -> Result<(), Problem> {
    let row = AccountRow {
        id: random::id(now),
        kind: new.kind.to_owned(),
        appid: new.appid.clone(),
        secret_sealed: secrets::seal(app, secrets::SECRET, &new.secret)?,
        callback_token_sealed: secrets::seal_optional(app, secrets::CALLBACK_TOKEN, new.callback_token.as_ref())?,
        callback_aes_key_sealed: secrets::seal_optional(app, secrets::CALLBACK_AES_KEY, new.callback_aes_key.as_ref())?,
        callback_mode: new.callback_mode.clone(),
        callback_format: new.callback_format.clone(),
        official_account_type: None,
        open_platform: None,
        provider_url: None,
        provider_secret_sealed: None,
    };
    let id = sql::upsert(conn, &row, now).await?;
    sql::share(conn, &id, &organization.id).await?;
    let change = Change { action: "account.connect", subject_id: &id, at: now };
    let after = json!({ "appid": new.appid, "kind": new.kind, "callback_mode": new.callback_mode });
    audit::created(conn, &command_line(&organization.id), change, &after).await
}
