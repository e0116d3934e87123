//! An account's secrets at rest.

use super::AccountRow;
use crate::app::App;
use crate::problem::Problem;
use secrecy::{ExposeSecret, SecretString};

/// Where each secret is sealed for.
pub const SECRET: &str = "accounts.secret";
pub const CALLBACK_TOKEN: &str = "accounts.callback_token";
pub const CALLBACK_AES_KEY: &str = "accounts.callback_aes_key";
pub const PROVIDER_SECRET: &str = "accounts.provider_secret";

pub fn seal(app: &App, place: &str, secret: &SecretString) -> Result<String, Problem> {
    app.sealer.seal(place, secret.expose_secret().as_bytes())
}

pub fn seal_optional(app: &App, place: &str, secret: Option<&SecretString>) -> Result<Option<String>, Problem> {
    secret.map(|secret| seal(app, place, secret)).transpose()
}

/// The account's AppSecret.
pub fn secret(app: &App, account: &AccountRow) -> Result<SecretString, Problem> {
    app.sealer.open_text(SECRET, &account.secret_sealed)
}

/// The token of the account's message push.
pub fn callback_token(app: &App, account: &AccountRow) -> Result<Option<SecretString>, Problem> {
    open(app, CALLBACK_TOKEN, account.callback_token_sealed.as_deref())
}

/// The EncodingAESKey of the account's message push.
pub fn callback_aes_key(app: &App, account: &AccountRow) -> Result<Option<SecretString>, Problem> {
    open(app, CALLBACK_AES_KEY, account.callback_aes_key_sealed.as_deref())
}

/// What the account's token provider asks for.
pub fn provider_secret(app: &App, account: &AccountRow) -> Result<Option<SecretString>, Problem> {
    open(app, PROVIDER_SECRET, account.provider_secret_sealed.as_deref())
}

fn open(app: &App, place: &str, sealed: Option<&str>) -> Result<Option<SecretString>, Problem> {
    sealed.map(|sealed| app.sealer.open_text(place, sealed)).transpose()
}
