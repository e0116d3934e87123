use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechat_sim::{EncryptedUserData, User};

use crate::support::*;

/// `None` if the key does not fit.
fn decrypt(session_key: &str, data: &EncryptedUserData) -> Option<Value> {
    let block = |text: &str| <[u8; 16]>::try_from(STANDARD.decode(text).unwrap()).unwrap();
    let cipher = cbc::Decryptor::<aes::Aes128>::new(&block(session_key).into(), &block(&data.iv).into());
    let text = cipher.decrypt_padded_vec::<Pkcs7>(&STANDARD.decode(&data.encrypted_data).unwrap()).ok()?;
    serde_json::from_slice(&text).ok()
}

#[tokio::test]
async fn data_opens_with_the_current_key_only() {
    let sim = start();
    assert!(sim.encrypt(APPID, "alice", &json!({})).is_err());
    let old = log_in(&sim, APPID, "alice").await["session_key"].as_str().unwrap().to_owned();
    let new = log_in(&sim, APPID, "alice").await["session_key"].as_str().unwrap().to_owned();
    let data = json!({"nickName": "爱丽丝"});
    let encrypted = sim.encrypt(APPID, "alice", &data).unwrap();
    let opened = decrypt(&new, &encrypted).unwrap();
    assert_eq!(opened["nickName"], data["nickName"]);
    assert_eq!(opened["watermark"]["appid"], APPID);
    assert!((sim.now_ms() / 1000 - opened["watermark"]["timestamp"].as_i64().unwrap()).abs() < 5);
    assert_eq!(decrypt(&old, &encrypted), None);
    assert!(decrypt(&old, &sim.encrypt_with(&old, APPID, &data).unwrap()).is_some());
}

#[tokio::test]
async fn wrong_input_is_an_error() {
    let sim = start();
    log_in(&sim, APPID, "alice").await;
    assert!(sim.encrypt(APPID, "alice", &json!([])).is_err());
    assert!(sim.encrypt_with("AAAA", APPID, &json!({})).is_err());
    assert!(sim.encrypt_with("?", APPID, &json!({})).is_err());
    assert!(sim.encrypt_own_phone(APPID, "alice").is_err());
}

#[tokio::test]
async fn a_phone_number_comes_in_wechats_fields() {
    let sim = start();
    sim.add_user(User { phone: Some("61234567".to_owned()), country_code: "852".to_owned(), ..User::new("bob") });
    let key = log_in(&sim, APPID, "bob").await["session_key"].as_str().unwrap().to_owned();
    for (encrypted, full, pure, country) in [
        (sim.encrypt_phone(APPID, "bob", "13800138000"), "13800138000", "13800138000", "86"),
        (sim.encrypt_own_phone(APPID, "bob"), "85261234567", "61234567", "852"),
    ] {
        let opened = decrypt(&key, &encrypted.unwrap()).unwrap();
        assert_eq!(opened["phoneNumber"], full);
        assert_eq!(opened["purePhoneNumber"], pure);
        assert_eq!(opened["countryCode"], country);
    }
}
