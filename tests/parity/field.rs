//! What the phone and the server compute of a day in the field, to the meter.

use super::answers;
use paifang_core::call::call;
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn native_and_wasm_agree_on_visits_and_mileage() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/field.json");
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(cases.len() >= 20);
    let calls: Vec<_> = cases.iter().map(|case| json!({ "name": case["call"], "input": case["input"] })).collect();
    let wasm = answers(&calls);
    assert_eq!(wasm.len(), cases.len());
    for (case, wasm) in cases.iter().zip(wasm) {
        let native = call(case["call"].as_str().unwrap(), &case["input"].to_string());
        let native: Value = serde_json::from_str(&native).unwrap();
        assert_eq!(native, wasm, "{}", case["name"]);
        let (expected, got) = (case["expect"].as_object().unwrap(), &native["ok"]);
        for (name, value) in expected {
            assert_eq!(&got[name], value, "{}: {name}", case["name"]);
        }
    }
}
