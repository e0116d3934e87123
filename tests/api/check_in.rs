//! Scans over HTTP.

use paifang_server::clock::Clock;
use paifang_server::people::Role;
use paifang_tests::{Stack, TestApp, both, nonce, scan_path};
use serde_json::{Value, json};

both!(a_ticket_is_let_in_once_with_the_earlier_entry_shown, |app| {
    let made = app.event_with(json!({ "gates": ["东门", "西门"] })).await;
    let ticket = app.ticket(&made, json!({ "seat": "A1" })).await;
    let staff = app.login_as("sam", Role::Staff).await;
    let entered =
        app.scan(&staff, &made, &ticket["code"], json!({ "gate": "东门", "device_id": "d1" })).await.expect(200);
    assert_eq!(
        (&entered["status"], &entered["forced"], &entered["previous"]),
        (&json!("ok"), &json!(false), &json!([]))
    );
    assert_eq!(entered["ticket"]["attendee_name"], "王小明");
    assert!(entered.get("reason").is_none());
    let again = app.scan(&staff, &made, &ticket["short_code"], json!({ "gate": "西门" })).await.expect(200);
    assert_eq!((&again["status"], &again["reason"]), (&json!("error"), &json!("already_redeemed")));
    assert_eq!((&again["previous"][0]["gate"], &again["previous"][0]["device_id"]), (&json!("东门"), &json!("d1")));
    assert!(again["explanation"].as_str().unwrap().contains("入场"));
    let elsewhere = app.scan(&staff, &made, &ticket["code"], json!({ "gate": "北门" })).await.expect(200);
    assert_eq!(elsewhere["reason"], "gate");
    let stats =
        staff.get(&format!("/api/v1/check-in-lists/{}/stats", made["list"].as_str().unwrap())).await.expect(200);
    assert_eq!((&stats["expected"], &stats["entered"], &stats["inside"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(stats["refused"], json!({ "already_redeemed": 1, "gate": 1 }));
    assert_eq!(stats["entries_by_gate"], json!({ "东门": 1 }));
});

both!(scanner_noise_is_stripped_and_ids_are_no_codes, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    for code in [&ticket["id"], &json!("nonsense"), &json!(""), &json!("'; DROP TABLE tickets; --"), &json!("票")] {
        let refused = app.scan(&app.admin, &made, code, json!({ "force": true })).await.expect(200);
        assert_eq!(
            (&refused["status"], &refused["reason"], &refused["forced"]),
            (&json!("error"), &json!("invalid"), &json!(false))
        );
    }
    let noisy = format!("\u{feff} {}\r\n", ticket["code"].as_str().unwrap().to_lowercase());
    assert_eq!(app.scan(&app.admin, &made, &json!(noisy), json!({})).await.expect(200)["status"], "ok");
});

both!(the_same_nonce_always_gets_the_same_answer, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let body = json!({ "code": ticket["code"], "nonce": nonce(), "type": "entry" });
    let first = app.admin.post(&scan_path(&made), &body).await.expect(200);
    let path = format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap());
    app.admin.patch(&path, &json!({ "status": "canceled" })).await.expect(200);
    assert_eq!(app.admin.post(&scan_path(&made), &body).await.expect(200), first);
    for (field, value) in
        [("code", json!("other")), ("type", json!("exit")), ("gate", json!("x")), ("force", json!(true))]
    {
        let mut other = body.clone();
        other[field] = value;
        app.admin.post(&scan_path(&made), &other).await.problem(422, "nonce_reused");
    }
    let nonce = body["nonce"].as_str().unwrap();
    app.admin.post(&format!("/api/v1/check-ins/{nonce}/annul"), &json!({ "reason": "x" })).await.expect(200);
    let replayed = app.admin.post(&scan_path(&made), &body).await.expect(200);
    assert_eq!(replayed["status"], "ok");
    assert!(replayed["annulled_at"].is_string());
});

both!(force_passes_all_but_invalid_and_needs_a_supervisor, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({ "status": "blocked" })).await;
    let staff = app.login_as("sam", Role::Staff).await;
    let supervisor = app.login_as("sue", Role::Supervisor).await;
    app.scan(&staff, &made, &ticket["code"], json!({ "force": true })).await.problem(403, "forbidden");
    let forced = app.scan(&supervisor, &made, &ticket["code"], json!({ "force": true })).await.expect(200);
    assert_eq!(
        (&forced["status"], &forced["forced"], &forced["reason"]),
        (&json!("ok"), &json!(true), &json!("blocked"))
    );
    let path = format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap());
    app.admin.patch(&path, &json!({ "status": "valid" })).await.expect(200);
    let fresh = app.ticket(&made, json!({})).await;
    let unneeded = app.scan(&supervisor, &made, &fresh["code"], json!({ "force": true })).await.expect(200);
    assert_eq!((&unneeded["status"], &unneeded["forced"]), (&json!("ok"), &json!(false)));
});

both!(the_history_names_the_guest_and_why_a_supervisor_let_them_in, |app| {
    let made = app.event_with(json!({ "gates": ["东门", "西门"] })).await;
    let ticket = app.ticket(&made, json!({ "status": "canceled" })).await;
    let supervisor = app.login_as("sue", Role::Supervisor).await;
    let sent = json!({ "force": true, "force_reason": "门票系统出错", "gate": "东门", "device_id": "d1" });
    app.scan(&supervisor, &made, &ticket["code"], sent).await.expect(200);
    let needless = json!({ "force": true, "force_reason": "x", "gate": "西门", "device_id": "d1" });
    let fresh = app.ticket(&made, json!({ "order_code": "D2" })).await;
    app.scan(&supervisor, &made, &fresh["code"], needless).await.expect(200);
    app.scan(&supervisor, &made, &json!("nonsense"), json!({ "gate": "东门", "device_id": "d2" })).await.expect(200);
    let too_long = json!({ "force": true, "force_reason": "x".repeat(201) });
    app.scan(&supervisor, &made, &ticket["code"], too_long).await.problem(422, "invalid_field");

    let list = format!("/api/v1/check-in-lists/{}", made["list"].as_str().unwrap());
    let history = supervisor.get(&format!("{list}/check-ins")).await.expect(200);
    let seen: Vec<_> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scan| (&scan["attendee_name"], &scan["force_reason"]))
        .collect();
    let name = json!("王小明");
    assert_eq!(seen, [(&Value::Null, &Value::Null), (&name, &Value::Null), (&name, &json!("门票系统出错"))]);
    assert_eq!(history["items"][1]["product_name"], "普通票");

    let refused = supervisor.get(&format!("{list}/check-ins?status=error")).await.expect(200);
    let reasons: Vec<_> = refused["items"].as_array().unwrap().iter().map(|scan| &scan["reason"]).collect();
    assert_eq!(reasons, [&json!("invalid")]);
    supervisor.get(&format!("{list}/check-ins?status=maybe")).await.problem(422, "invalid_field");

    let devices = supervisor.get(&format!("{list}/devices")).await.expect(200);
    let seen: Vec<_> = devices["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| json!([device["device_id"], device["gate"], device["scans"], device["admitted"]]))
        .collect();
    assert_eq!(seen, [json!(["d2", "东门", 1, 0]), json!(["d1", "西门", 2, 2])], "where each phone scanned last");
});

both!(a_scan_may_be_late_but_not_too_late, |app| {
    let made = app.event().await;
    let now = app.running.app.clock.now();
    for (offset, good) in [(-6 * 86_400_000_i64, true), (-8 * 86_400_000, false), (240_000, true), (400_000, false)] {
        let ticket = app.ticket(&made, json!({})).await;
        let at = paifang_core::time::format_rfc3339(now + offset);
        let answer = app.scan(&app.admin, &made, &ticket["code"], json!({ "scanned_at": at })).await;
        if good {
            assert_eq!(answer.expect(200)["status"], "ok")
        } else {
            answer.problem(422, "invalid_field");
        }
    }
});

both!(another_events_ticket_is_invalid, |app| {
    let (one, two) = (app.event().await, app.event().await);
    let ticket = app.ticket(&one, json!({})).await;
    for code in [&ticket["code"], &ticket["short_code"]] {
        assert_eq!(app.scan(&app.admin, &two, code, json!({})).await.expect(200)["reason"], "invalid");
    }
});

both!(one_scan_admits_a_whole_order_where_the_list_allows_it, |app| {
    let made = app.event_with(json!({ "admit_order": true })).await;
    let mut tickets = Vec::new();
    for name in ["甲", "乙", "丙"] {
        tickets.push(app.ticket(&made, json!({ "attendee_name": name })).await);
    }
    let path = format!("/api/v1/tickets/{}", tickets[2]["id"].as_str().unwrap());
    app.admin.patch(&path, &json!({ "status": "canceled" })).await.expect(200);
    let body = json!({ "code": tickets[0]["code"], "nonce": nonce(), "type": "entry" });
    let answer = app.admin.post(&scan_path(&made), &body).await.expect(200);
    let admitted = |answer: &Value| answer["order"].as_array().unwrap().iter().filter(|t| t["status"] == "ok").count();
    assert_eq!((&answer["status"], admitted(&answer)), (&json!("ok"), 2));
    let second = app.scan(&app.admin, &made, &tickets[1]["code"], json!({})).await.expect(200);
    assert_eq!((&second["status"], &second["reason"]), (&json!("error"), &json!("already_redeemed")));
    let annul = format!("/api/v1/check-ins/{}/annul", body["nonce"].as_str().unwrap());
    app.admin.post(&annul, &json!({ "reason": "门没开" })).await.expect(200);
    let third = app.scan(&app.admin, &made, &tickets[1]["code"], json!({})).await.expect(200);
    assert_eq!((&third["status"], admitted(&third)), (&json!("ok"), 2));
});

both!(exit_and_re_entry_follow_the_list, |app| {
    let made = app.event_with(json!({ "allow_entry_after_exit": true })).await;
    let ticket = app.ticket(&made, json!({})).await;
    let mut answers = Vec::new();
    for direction in ["exit", "entry", "entry", "exit", "entry", "entry"] {
        let answer = app.scan(&app.admin, &made, &ticket["code"], json!({ "type": direction })).await.expect(200);
        answers.push(answer["status"].as_str().unwrap().to_owned());
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    assert_eq!(answers, ["ok", "ok", "error", "ok", "ok", "error"]);
    let stats =
        app.admin.get(&format!("/api/v1/check-in-lists/{}/stats", made["list"].as_str().unwrap())).await.expect(200);
    assert_eq!((&stats["entered"], &stats["inside"]), (&json!(1), &json!(1)));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn annulling_is_for_the_same_device_in_time_or_a_supervisor() {
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let clock = Clock::manual(1_780_000_000_000);
        let app = TestApp::start_with(stack, clock.clone(), &[]).await;
        let made = app.event().await;
        let ticket = app.ticket(&made, json!({})).await;
        let staff = app.login_as("sam", Role::Staff).await;
        let scan = json!({ "code": ticket["code"], "nonce": nonce(), "type": "entry", "device_id": "d1" });
        staff.post(&scan_path(&made), &scan).await.expect(200);
        let path = format!("/api/v1/check-ins/{}/annul", scan["nonce"].as_str().unwrap());
        let by = |device: &str| json!({ "reason": "误扫", "device_id": device });
        staff.post(&path, &by("d2")).await.problem(403, "other_device");
        staff.post(&path, &json!({ "reason": "误扫" })).await.problem(403, "other_device");
        staff.post(&path, &json!({ "reason": " ", "device_id": "d1" })).await.problem(422, "invalid_field");
        app.foreign_admin.post(&path, &by("d1")).await.problem(404, "not_found");
        clock.set(clock.now() + 15 * 60_000 + 1);
        staff.post(&path, &by("d1")).await.problem(409, "annul_too_late");
        let annulled = app.admin.post(&path, &by("office")).await.expect(200);
        assert_eq!(app.admin.post(&path, &by("office")).await.expect(200), annulled, "once is enough");
        let again = json!({ "code": ticket["code"], "nonce": nonce(), "type": "entry", "device_id": "d1" });
        assert_eq!(staff.post(&scan_path(&made), &again).await.expect(200)["status"], "ok");
        let undone = format!("/api/v1/check-ins/{}/annul", again["nonce"].as_str().unwrap());
        staff.post(&undone, &by("d1")).await.expect(200);
    }
}

both!(refusals_are_kept_and_shown, |app| {
    let made = app.event().await;
    app.scan(&app.admin, &made, &json!("nonsense"), json!({ "gate": "东门" })).await.expect(200);
    let path = format!("/api/v1/check-in-lists/{}/check-ins", made["list"].as_str().unwrap());
    let rows = app.admin.get(&path).await.expect(200);
    assert_eq!((&rows["items"][0]["status"], &rows["items"][0]["reason"]), (&json!("error"), &json!("invalid")));
});

both!(explanations_come_in_the_language_asked_for, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({ "valid_until": "2026-01-01T16:00:00Z" })).await;
    let body = json!({ "code": ticket["code"], "nonce": nonce(), "type": "entry" });
    let request =
        app.admin.request(reqwest::Method::POST, &scan_path(&made)).header("accept-language", "en-US,en;q=0.9");
    let english = paifang_tests::Actor::send(request.json(&body)).await.expect(200);
    assert_eq!(english["explanation"], "Valid until 2026-01-02 00:00");
});
