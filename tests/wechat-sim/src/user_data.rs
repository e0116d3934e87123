//! Encrypted user data, made as WeChat makes it: AES-128-CBC with the user's current session_key.

use crate::state::{State, random_bytes};
use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Value, json};

/// What the mini program gets to pass on.
#[derive(Clone, Debug, Serialize)]
pub struct EncryptedUserData {
    /// `encryptedData`.
    pub encrypted_data: String,
    /// `iv`.
    pub iv: String,
}

/// The user's current session_key in an app.
pub(crate) fn session_key(state: &State, appid: &str, user: &str) -> anyhow::Result<String> {
    let key = state.session_keys.get(&(appid.to_owned(), user.to_owned()));
    key.cloned().with_context(|| format!("{user} has not logged in to {appid}"))
}

/// Encrypts `data`, with the watermark added, under a session_key.
pub(crate) fn encrypt(
    state: &State,
    session_key: &str,
    appid: &str,
    data: &Value,
) -> anyhow::Result<EncryptedUserData> {
    let mut data = data.clone();
    let watermark = json!({ "timestamp": state.now() / 1000, "appid": appid });
    data.as_object_mut().context("user data is an object")?.insert("watermark".to_owned(), watermark);
    let key: [u8; 16] = STANDARD.decode(session_key)?.try_into().ok().context("a session_key has 16 bytes")?;
    let iv = random_bytes::<16>();
    let cipher = cbc::Encryptor::<aes::Aes128>::new(&key.into(), &iv.into());
    let encrypted = cipher.encrypt_padded_vec::<Pkcs7>(data.to_string().as_bytes());
    Ok(EncryptedUserData { encrypted_data: STANDARD.encode(encrypted), iv: STANDARD.encode(iv) })
}

/// What the phone-number button gives for a Chinese number.
pub(crate) fn phone(number: &str) -> Value {
    json!({ "phoneNumber": number, "purePhoneNumber": number, "countryCode": "86" })
}
