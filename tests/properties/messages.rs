//! Properties of encrypted pushes and their signatures.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use paifang_core::wechat::message::{MessageError, MessageKey};
use paifang_core::wechat::signature::{sign, verify};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The cipher's own block; a change of one block of ciphertext spoils that block and changes the next.
const BLOCK: usize = 16;
/// What stands before the message: 16 random bytes and the length.
const HEAD: usize = 20;

fn keys() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]{43}"
}

fn appids() -> impl Strategy<Value = String> {
    "wx[0-9a-f]{16}"
}

fn messages() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..300)
}

/// The 43rd character carries two bits of nothing, so two texts may be one key.
fn is_other(one: &str, other: &str) -> bool {
    let sealed = |key: &str| MessageKey::parse(key).unwrap().seal([0; 16], b"", "");
    sealed(one) != sealed(other)
}

proptest! {
    #[test]
    fn what_is_sealed_opens_with_its_key_for_its_app(
        key in keys(), other in keys(), random in any::<[u8; 16]>(), message in messages(),
        appid in appids(), foreign in "(wx)?[0-9a-f]{0,18}",
    ) {
        let encrypted = MessageKey::parse(&key).unwrap().seal(random, &message, &appid);
        prop_assert_eq!(MessageKey::parse(&key).unwrap().open(&encrypted, &appid), Ok(message));
        prop_assume!(foreign != appid && is_other(&key, &other));
        prop_assert_eq!(MessageKey::parse(&key).unwrap().open(&encrypted, &foreign), Err(MessageError::ForeignAppid));
        prop_assert!(MessageKey::parse(&other).unwrap().open(&encrypted, &appid).is_err());
    }

    /// Opening alone cannot notice every change: CBC has no authentication, and whoever turns a bit of the ciphertext
    /// gets one spoiled block and one turned bit. So the signature must be looked at first, and it notices all.
    /// What opens in spite of a change has the same length and differs in those two blocks at most.
    #[test]
    fn a_turned_bit_is_noticed_by_the_signature_and_stays_where_it_is(
        key in keys(), random in any::<[u8; 16]>(), message in messages(), appid in appids(),
        at in any::<prop::sample::Index>(), bit in 0_u32..8,
    ) {
        let key = MessageKey::parse(&key).unwrap();
        let encrypted = key.seal(random, &message, &appid);
        let signature = sign(&["token", "1", "2", &encrypted]);
        let mut bytes = STANDARD.decode(&encrypted).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let changed = STANDARD.encode(&bytes);
        prop_assert!(!verify(&signature, &["token", "1", "2", &changed]));
        if let Ok(opened) = key.open(&changed, &appid) {
            prop_assert_eq!(opened.len(), message.len());
            let touched = at / BLOCK * BLOCK..(at / BLOCK + 2) * BLOCK;
            for (position, (after, before)) in opened.iter().zip(&message).enumerate() {
                prop_assert!(after == before || touched.contains(&(HEAD + position)));
            }
        }
    }

    #[test]
    fn any_text_is_opened_or_refused(key in keys(), text in ".{0,200}", bytes in messages(), appid in ".{0,20}") {
        let key = MessageKey::parse(&key).unwrap();
        let _ = key.open(&text, &appid);
        let expected = if bytes.is_empty() || bytes.len() % BLOCK != 0 { MessageError::Malformed } else { MessageError::WrongKey };
        let opened = key.open(&STANDARD.encode(&bytes), "wx0123456789abcdef");
        prop_assert_eq!(opened, Err(expected));
    }

    #[test]
    fn only_43_letters_and_digits_are_a_key(text in ".{0,60}|[A-Za-z0-9+/=]{40,46}") {
        let has_shape = text.len() == 43 && text.chars().all(|c| c.is_ascii_alphanumeric());
        prop_assert_eq!(MessageKey::parse(&text).is_some(), has_shape);
    }

    #[test]
    fn a_signature_covers_every_part_in_any_order(
        parts in proptest::collection::vec("[ -~派]{1,20}", 1..5), at in any::<prop::sample::Index>(), extra in "[ -~]{1,4}",
    ) {
        let borrowed = |parts: &[String]| sign(&parts.iter().map(String::as_str).collect::<Vec<_>>());
        let signature = borrowed(&parts);
        let reversed: Vec<String> = parts.iter().rev().cloned().collect();
        prop_assert_eq!(&borrowed(&reversed), &signature);
        // Two parts may be cut elsewhere and join to the same text, so the change lengthens the whole.
        let mut changed = parts.clone();
        changed[at.index(parts.len())].push_str(&extra);
        prop_assert_ne!(borrowed(&changed), signature);
    }
}

#[test]
fn every_length_of_padding_occurs_and_opens() {
    let key = MessageKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").unwrap();
    let appid = "wxb11529c136998cb6";
    let mut seen = BTreeSet::new();
    for length in 0..=200 {
        let message: Vec<u8> = (0..length).map(|at| u8::try_from(at).unwrap()).collect();
        let encrypted = key.seal([7; 16], &message, appid);
        let whole = STANDARD.decode(&encrypted).unwrap().len();
        assert_eq!(whole % 32, 0);
        seen.insert(whole - HEAD - message.len() - appid.len());
        assert_eq!(key.open(&encrypted, appid), Ok(message));
    }
    assert_eq!(seen, (1..=32).collect());
}
