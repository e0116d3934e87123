//! Encrypted user data, as a mini program's client receives it: AES-128-CBC with PKCS#7 under the session key.

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::random;
use crate::state::CHINA;

/// What `wx.getUserInfo` and the phone number button give to the client, both in Base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EncryptedUserData {
    /// `encryptedData`.
    pub encrypted_data: String,
    /// `iv`, 16 bytes.
    pub iv: String,
}

/// Encrypts a JSON object together with the watermark WeChat adds. `now_seconds` is since 1970.
pub(crate) fn encrypt(
    session_key: &str,
    appid: &str,
    data: Map<String, Value>,
    now_seconds: i64,
) -> anyhow::Result<EncryptedUserData> {
    let key = STANDARD.decode(session_key).context("the session key is not Base64")?;
    let Ok(key) = <[u8; 16]>::try_from(key) else { bail!("a session key has 16 bytes") };
    let iv = random::bytes::<16>();
    let text = with_watermark(Value::Object(data), appid, now_seconds).to_string();
    let cipher = cbc::Encryptor::<aes::Aes128>::new(&key.into(), &iv.into());
    let encrypted = cipher.encrypt_padded_vec::<Pkcs7>(text.as_bytes());
    Ok(EncryptedUserData { encrypted_data: STANDARD.encode(encrypted), iv: STANDARD.encode(iv) })
}

/// Adds to an object when and for which app WeChat gave it out.
pub(crate) fn with_watermark(mut data: Value, appid: &str, now_seconds: i64) -> Value {
    if let Value::Object(data) = &mut data {
        data.insert("watermark".to_owned(), json!({"timestamp": now_seconds, "appid": appid}));
    }
    data
}

/// What the phone number button gives, but for the watermark. Only a foreign `phoneNumber` carries the country's code.
pub(crate) fn phone_data(country_code: &str, number: &str) -> Value {
    let full = if country_code == CHINA { number.to_owned() } else { format!("{country_code}{number}") };
    json!({"phoneNumber": full, "purePhoneNumber": number, "countryCode": country_code})
}
