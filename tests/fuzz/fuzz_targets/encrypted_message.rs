//! An encrypted message of any text is opened or refused; what was sealed opens, and changed bytes of it never open
//! for another app or at another length.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use paifang_core::wechat::message::{MessageError, MessageKey};
use paifang_core::wechat::signature::{sign, verify};

const APPID: &str = "wxb11529c136998cb6";

fuzz_target!(|bytes: &[u8]| {
    let key = MessageKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").expect("43 letters and digits");
    let text = String::from_utf8_lossy(bytes);
    let _ = MessageKey::parse(&text);
    let _ = key.open(&text, APPID);
    assert!(!verify(&text, &[&text]));
    // Ciphertext of any bytes: base64 would keep a fuzzer busy.
    let _ = key.open(&STANDARD.encode(bytes), APPID);

    // The first byte says how many changes lead; each is a place and what is turned there. The rest is the message.
    let Some((&count, rest)) = bytes.split_first() else { return };
    let (changes, message) = rest.split_at(rest.len().min(usize::from(count % 8) * 2));
    let sealed = key.seal([count; 16], message, APPID);
    assert_eq!(key.open(&sealed, APPID).as_deref(), Ok(message));
    assert_eq!(key.open(&sealed, "wx0123456789abcdef"), Err(MessageError::ForeignAppid));

    let mut changed = STANDARD.decode(&sealed).expect("base64");
    let length = changed.len();
    for change in changes.chunks_exact(2) {
        changed[usize::from(change[0]) % length] ^= change[1];
    }
    let changed = STANDARD.encode(changed);
    let opened = key.open(&changed, APPID);
    assert_eq!(verify(&sign(&["token", &sealed]), &["token", &changed]), changed == sealed);
    if let Ok(opened) = opened {
        assert_eq!(opened.len(), message.len());
    }
});
