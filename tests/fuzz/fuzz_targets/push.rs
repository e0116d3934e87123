//! A push of any bytes is read or refused. What was read has a key, can be stored, and is the same when it is read
//! again.

#![no_main]

use callbacks::decode::Push;
use libfuzzer_sys::fuzz_target;

/// The decoder as it stands in the server, without the server's other four hundred crates.
#[path = "../../../server/src/callbacks"]
mod callbacks {
    pub mod decode;
}

/// What the decoder uses of the server.
mod http {
    pub mod body {
        use sha2::{Digest, Sha256};

        pub fn hash(bytes: &[u8]) -> String {
            data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(push) = Push::decode(bytes) else { return };
    let key = push.dedup_key();
    assert_eq!(key.len(), 64);
    for name in push.as_map().keys() {
        let (text, number) = (push.text(&[name]), push.number(&[name]));
        assert!(number.is_none() || text.is_some());
        assert!(text.is_none() || push.items(&[name]).is_empty());
        assert!(!text.unwrap_or_default().contains('\0'));
    }
    let _ = (push.event(), push.items(&["SubscribeMsgPopupEvent", "List"]));
    let stored = push.clone().into_value().to_string();
    let again = Push::decode(stored.as_bytes()).expect("what was read is read again");
    assert_eq!(again.dedup_key(), key);
    assert_eq!(again, push);
});
