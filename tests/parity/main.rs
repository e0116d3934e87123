//! The case files, answered alike natively, by the built wasm and over HTTP.

mod field;
mod work_orders;

use paifang_server::clock::Clock;
use paifang_tests::{Stack, TestApp, vectors};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the built wasm answers to calls of `check_in`.
fn in_wasm(inputs: &[Value]) -> Vec<Value> {
    let calls: Vec<_> = inputs.iter().map(|input| json!({ "name": "check_in", "input": input })).collect();
    answers(&calls).into_iter().map(|answer| answer["ok"].clone()).collect()
}

/// What the built wasm answers to calls as `{name, input}`; `scripts/build-wasm` has built it.
fn answers(calls: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("wasm/answer.mjs");
    let mut node = Command::new("node").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = node.stdin.take().unwrap();
    let text = serde_json::to_string(calls).unwrap();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn native_and_wasm_agree_with_the_cases() {
    let file = vectors::load("check_in.json");
    assert!(file.cases.len() > 80);
    let situations: Vec<_> = file.cases.iter().map(|case| vectors::situation(&file, case)).collect();
    let wasm = in_wasm(&situations);
    assert_eq!(wasm.len(), file.cases.len());
    for ((case, situation), wasm) in file.cases.iter().zip(&situations).zip(wasm) {
        assert_eq!(vectors::native(situation), case.expect, "{} (native)", case.name);
        assert_eq!(wasm, case.expect, "{} (wasm)", case.name);
    }
}

async fn http_agrees(stack: Stack) {
    let file = vectors::load("check_in.json");
    let clock = Clock::manual(paifang_core::time::parse_rfc3339(&file.now).unwrap());
    let app = TestApp::start_with(stack, clock, &[]).await;
    for case in &file.cases {
        assert_eq!(vectors::over_http(&app, &file, case).await, case.expect, "{} (HTTP)", case.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_agrees_on_sqlite() {
    http_agrees(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_agrees_on_postgres_and_redis() {
    http_agrees(Stack::Postgres).await;
}

/// A ticket of a real list is let in once over HTTP, and the same function in the built wasm says the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_ticket_is_judged_alike() {
    let app = TestApp::start(Stack::Sqlite).await;
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let keys = app.admin.get(&format!("/api/v1/events/{}/keys", made["event"].as_str().unwrap())).await.expect(200);
    let tag = match paifang_core::ticket::read(ticket["code"].as_str().unwrap()) {
        Some(paifang_core::ticket::Scanned::Signed(code)) => code.code.event_tag,
        other => panic!("{other:?}"),
    };
    let situation = |history: Value| {
        json!({
            "event": { "tag": tag, "keys": keys["items"], "period": [0, 1] },
            "list": {},
            "scan": { "code": ticket["code"], "type": "entry", "at": 1_780_000_000_000_i64 },
            "ticket": { "product_id": "p", "status": "valid", "code": ticket["code"] },
            "history": history,
        })
    };
    let wasm = in_wasm(&[situation(json!([])), situation(json!([{ "type": "entry", "at": 1 }]))]);
    for verdict in wasm {
        let http = app.scan(&app.admin, &made, &ticket["code"], json!({})).await.expect(200);
        assert_eq!((&verdict["status"], verdict.get("reason")), (&http["status"], http.get("reason")));
    }
}
