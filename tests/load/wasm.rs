//! The signature check in the built wasm beside `tweetnacl`.

use ed25519_dalek::{Signer, SigningKey};
use paifang_core::ticket::TicketCode;
use paifang_core::ticket::code::public_key_hex;
use serde_json::json;
use std::path::Path;
use std::process::Command;
use uuid::Uuid;

/// Runs the comparison under Node and prints its line.
pub fn run() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let code = TicketCode {
        key_number: 1,
        event_tag: 7,
        ticket_id: Uuid::from_u128(1),
        product_number: 1,
        valid_from: Some(1),
        valid_until: Some(2),
        device_key: None,
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // The peer checks a message of the same length as a ticket code's.
    let message = [7_u8; 49];
    let input = json!({
        "name": "read_code",
        "input": { "code": code.sign(&key), "keys": [{ "number": 1, "public_key": public_key_hex(&key) }] },
        "expect_key": "signed",
        "public_key_hex": public_key_hex(&key),
        "message_hex": hex(&message),
        "signature_hex": hex(&key.sign(&message).to_bytes()),
    });
    let file = std::env::temp_dir().join("paifang-wasm-bench.json");
    std::fs::write(&file, input.to_string()).expect("the input");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("load/wasm-bench.mjs");
    let output = Command::new("node").arg(script).arg(file).output().expect("node");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    println!("signature check in wasm beside tweetnacl: {}", String::from_utf8_lossy(&output.stdout).trim());
}
