//! Properties that hold for every input: of the code parser, of decryption, of pushes, of time and of the wasm call
//! table.

mod field;
mod messages;
mod pushes;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use paifang_core::phone::Phone;
use paifang_core::ticket::code::{SignedCode, public_key_hex};
use paifang_core::ticket::rules::Rule;
use paifang_core::ticket::{EventKey, Scanned, ShortCode, TicketCode, read};
use paifang_core::time::{format_rfc3339, parse_rfc3339};
use paifang_core::wechat::user_data::{DecryptError, EncryptedData};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;
use wechat_sim::{App, Config, WechatSim};

fn codes() -> impl Strategy<Value = TicketCode> {
    let times = (any::<Option<u32>>(), any::<Option<u32>>());
    (any::<u8>(), any::<u32>(), any::<u128>(), any::<u16>(), times, any::<Option<[u8; 32]>>()).prop_map(
        |(key_number, event_tag, id, product_number, (valid_from, valid_until), device_key)| TicketCode {
            key_number,
            event_tag,
            ticket_id: Uuid::from_u128(id),
            product_number,
            valid_from,
            valid_until,
            device_key,
        },
    )
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![".*", "now|product|and|or|inList|isAfter|buildTime|custom|var|<|=="].prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let operator = prop_oneof!["and|or|inList|isAfter|isBefore|buildTime|var|<|==|entries_since", ".*"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(operator, inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn a_code_is_read_as_it_was_signed(code in codes(), seed in any::<[u8; 32]>(), other in any::<[u8; 32]>()) {
        let key = SigningKey::from_bytes(&seed);
        let text = code.sign(&key);
        let read = SignedCode::parse(&text).unwrap();
        prop_assert_eq!(&read.code, &code);
        prop_assert_eq!(read.issued(), text);
        let public = |key: &SigningKey| [EventKey { number: code.key_number, public_key: public_key_hex(key) }];
        prop_assert!(read.is_signed_by(&public(&key)));
        prop_assume!(seed != other);
        prop_assert!(!read.is_signed_by(&public(&SigningKey::from_bytes(&other))));
    }

    #[test]
    fn a_changed_code_is_refused(code in codes(), seed in any::<[u8; 32]>(), at in any::<prop::sample::Index>(), to in "[A-Z2-7]") {
        let key = SigningKey::from_bytes(&seed);
        let text = code.sign(&key);
        let at = at.index(text.len());
        let mut changed = text.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != text);
        let keys = [EventKey { number: code.key_number, public_key: public_key_hex(&key) }];
        let accepted = SignedCode::parse(&changed).filter(|code| code.is_signed_by(&keys));
        prop_assert!(accepted.is_none());
    }

    #[test]
    fn any_text_is_read_without_a_trap(text in ".{0,400}") {
        let _ = read(&text);
        let _ = Phone::parse(&text);
        let _ = parse_rfc3339(&text);
    }

    #[test]
    fn any_base32_is_read_without_a_trap(text in "[A-Z2-7]{0,330}") {
        let _ = SignedCode::parse(&text);
    }

    #[test]
    fn short_codes_are_read_however_they_are_typed(bytes in any::<[u8; 12]>(), hyphens in proptest::collection::vec(0_usize..12, 0..4)) {
        let code = ShortCode::from_random(bytes);
        let mut typed = code.as_str().to_lowercase().replace('0', "o").replace('1', "l");
        for at in hyphens {
            typed.insert(at, '-');
        }
        prop_assert_eq!(read(&format!(" {typed}\r\n")), Some(Scanned::Short(code)));
    }

    #[test]
    fn time_agrees_with_a_library(at in 0..=paifang_core::time::MAX) {
        let text = format_rfc3339(at);
        prop_assert_eq!(parse_rfc3339(&text), Some(at));
        let theirs: jiff::Timestamp = text.parse().unwrap();
        prop_assert_eq!(theirs.as_millisecond(), at);
    }

    #[test]
    fn any_rule_is_read_or_refused(value in json_values()) {
        if let Ok(rule) = Rule::try_from(value.clone()) {
            prop_assert_eq!(Value::from(rule), value);
        }
    }

    #[test]
    fn every_call_is_answered(name in "check_in|read_code|show_rotating|echo|.*", input in prop_oneof![any::<String>(), json_values().prop_map(|v| v.to_string())]) {
        let answer: Value = serde_json::from_str(&paifang_core::call::call(&name, &input)).unwrap();
        prop_assert!(answer.get("ok").is_some() ^ answer.get("problem").is_some());
    }

    #[test]
    fn any_bytes_are_decrypted_or_refused(data in proptest::collection::vec(any::<u8>(), 0..200), iv in any::<[u8; 16]>(), key in any::<[u8; 16]>()) {
        let whole = !data.is_empty() && data.len() % 16 == 0;
        match EncryptedData::parse(&STANDARD.encode(&data), &STANDARD.encode(iv)) {
            Ok(parsed) => {
                prop_assert!(whole);
                let opened = parsed.open(&STANDARD.encode(key), "wx");
                prop_assert!(matches!(opened, Err(DecryptError::WrongKey | DecryptError::ForeignWatermark)));
            }
            Err(error) => prop_assert!(!whole && error == DecryptError::Malformed),
        }
    }
}

#[test]
fn what_wechat_encrypts_is_opened_with_its_key_only() {
    let sim = WechatSim::start(Config::default()).unwrap();
    sim.add_app(App::mini_program("wx1", "s"));
    proptest!(|(text in ".{0,64}", key in any::<[u8; 16]>(), other in any::<[u8; 16]>())| {
        prop_assume!(key != other);
        let key = STANDARD.encode(key);
        let made = sim.encrypt_with(&key, "wx1", &json!({ "text": text })).unwrap();
        let data = EncryptedData::parse(&made.encrypted_data, &made.iv).unwrap();
        let opened = data.open(&key, "wx1").unwrap();
        prop_assert_eq!(opened["text"].as_str(), Some(text.as_str()));
        prop_assert_eq!(data.open(&key, "wx2"), Err(DecryptError::ForeignWatermark));
        prop_assert!(data.open(&STANDARD.encode(other), "wx1").is_err());
    });
}
