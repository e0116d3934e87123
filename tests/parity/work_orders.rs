//! Moves of work orders and checks of reports, natively and in the built wasm.

use super::answers;
use paifang_core::call::call;
use paifang_core::work_order::State;
use serde_json::{Value, json};

const MOVES: [&str; 13] = [
    "accept", "assign", "take", "release", "set_out", "arrive", "pause", "resume", "finish", "confirm", "reopen",
    "close", "cancel",
];

fn agree(calls: &[Value]) {
    let native = calls.iter().map(|asked| {
        let answer = call(asked["name"].as_str().unwrap(), &asked["input"].to_string());
        serde_json::from_str::<Value>(&answer).unwrap()
    });
    let wasm = answers(calls);
    assert_eq!(wasm.len(), calls.len());
    for ((asked, native), wasm) in calls.iter().zip(native).zip(wasm) {
        assert_eq!(wasm, native, "{asked}");
        assert!(native["ok"] != Value::Null, "{asked}: {native}");
    }
}

#[test]
fn every_move_is_decided_alike() {
    let mut calls = Vec::new();
    for bits in 0..16 {
        let party = json!({ "dispatcher": bits & 1 > 0, "engineer": bits & 2 > 0, "own_engineer": bits & 4 > 0,
            "customer": bits & 8 > 0 });
        for state in State::ALL {
            calls.push(json!({ "name": "work_order_moves", "input": { "state": state, "party": party } }));
            for made in MOVES {
                let fields = json!({ "reason": "等配件", "rating": 9 });
                let input = json!({ "state": state, "party": party, "move": made, "fields": fields });
                calls.push(json!({ "name": "work_order_move", "input": input }));
            }
        }
    }
    agree(&calls);
}

#[test]
fn reports_are_checked_alike() {
    let reports = [
        json!({}),
        json!({ "draft_id": "d".repeat(16), "equipment_code": "0123456789", "fault_type": "no_power", "text": "坏了" }),
        json!({ "text": "长".repeat(2001), "contact": { "phone": "12" }, "address": "" }),
        json!({ "position": { "latitude": 90.000_001, "longitude": -180.0 } }),
        json!({ "preferred": { "from": "2026-11-21T10:00:00Z", "until": "soon" }, "media_ids": vec!["x"; 11] }),
    ];
    let calls: Vec<_> = reports
        .into_iter()
        .flat_map(|report| {
            [true, false].map(|needs_phone| {
                json!({ "name": "report_check", "input": { "report": report, "needs_phone": needs_phone } })
            })
        })
        .collect();
    agree(&calls);
}
