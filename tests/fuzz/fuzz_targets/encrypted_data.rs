//! Encrypted user data of any text is opened or refused: the input as lines (data, `iv`, session key, appid), as
//! ciphertext behind its `iv`, and as what the app's own key encrypted.

#![no_main]

use aes::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use paifang_core::wechat::user_data::{DecryptError, EncryptedData};
use serde_json::Value;

const SESSION_KEY: &str = "tiihtNczf5v6AKRyjwEUhQ==";
const APPID: &str = "wx4f4bc4dec97d474b";

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    if let Ok(data) = EncryptedData::parse(next(), next()) {
        let _ = data.open(next(), next());
        if let Ok(value) = data.open(SESSION_KEY, APPID) {
            assert_eq!(value["watermark"]["appid"], APPID);
        }
    }

    let key: [u8; 16] = STANDARD.decode(SESSION_KEY).expect("base64").try_into().expect("16 bytes");
    let sealed = cbc::Encryptor::<aes::Aes128>::new(&key.into(), &[0; 16].into()).encrypt_padded_vec::<Pkcs7>(bytes);
    let opened = EncryptedData::parse(&STANDARD.encode(sealed), &STANDARD.encode([0; 16]))
        .expect("whole blocks")
        .open(SESSION_KEY, APPID);
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) if value["watermark"]["appid"] == APPID => assert_eq!(opened, Ok(value)),
        Ok(_) => assert_eq!(opened, Err(DecryptError::ForeignWatermark)),
        Err(_) => assert_eq!(opened, Err(DecryptError::WrongKey)),
    }

    // Base64 would keep a fuzzer busy.
    let Some((iv, data)) = bytes.split_first_chunk::<16>() else { return };
    match EncryptedData::parse(&STANDARD.encode(data), &STANDARD.encode(iv)) {
        Ok(parsed) => {
            assert!(!data.is_empty() && data.len() % 16 == 0);
            assert!(parsed.open(SESSION_KEY, APPID).is_err() || data.len() >= 32);
        }
        Err(_) => assert!(data.is_empty() || data.len() % 16 != 0),
    }
});
