//! Upload of scans that were decided offline.

use paifang_tests::{TestApp, both, nonce, scan_path};
use serde_json::{Value, json};

fn item(code: &Value, status: &str) -> Value {
    json!({ "code": code, "nonce": nonce(), "type": "entry", "gate": "东门", "offline": { "status": status } })
}

async fn upload(app: &TestApp, event: &Value, items: &[Value]) -> Value {
    let path = format!("{}/batch", scan_path(event));
    app.admin.post(&path, &json!({ "check_ins": items })).await.expect(200)["results"].clone()
}

both!(each_scan_gets_its_own_answer_in_order, |app| {
    let made = app.event().await;
    let (good, used) = (app.ticket(&made, json!({})).await, app.ticket(&made, json!({})).await);
    app.scan(&app.admin, &made, &used["code"], json!({ "gate": "西门" })).await.expect(200);
    let items = [
        item(&good["code"], "ok"),
        item(&used["code"], "ok"),
        json!({ "code": "x", "nonce": "short" }),
        item(&json!("nonsense"), "ok"),
        json!({ "code": good["code"], "nonce": nonce(), "type": "entry", "offline": { "status": "error", "reason": "already_redeemed" } }),
        json!(17),
        json!({ "code": good["code"], "nonce": nonce(), "type": "entry" }),
    ];
    let results = upload(&app, &made, &items).await;
    let status = |index: usize| results[index]["status"].as_str().unwrap_or("problem").to_owned();
    assert_eq!((0..7).map(status).collect::<Vec<_>>(), ["ok", "ok", "problem", "ok", "error", "problem", "error"]);
    assert!(results[0].get("conflict").is_none());
    assert_eq!(results[1]["conflict"]["reason"], "already_redeemed");
    assert_eq!(results[2]["problem"]["code"], "invalid_field");
    assert_eq!(results[3]["conflict"]["reason"], "invalid");
    assert_eq!(results[4]["reason"], "already_redeemed");
    let again = upload(&app, &made, &items).await;
    assert_eq!(again, results, "repeating the upload changes nothing");
    let conflicts =
        app.admin.get(&format!("/api/v1/check-in-lists/{}/conflicts", made["list"].as_str().unwrap())).await;
    let conflicts = conflicts.expect(200);
    assert_eq!(conflicts["items"].as_array().unwrap().len(), 2);
    let gates: Vec<_> =
        conflicts["items"][1]["check_ins"].as_array().unwrap().iter().map(|c| c["gate"].clone()).collect();
    assert_eq!(gates, ["西门", "东门"]);
});

both!(a_scan_tried_online_before_is_not_counted_twice, |app| {
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let scan = json!({ "code": ticket["code"], "nonce": nonce(), "type": "entry" });
    let online = app.admin.post(&scan_path(&made), &scan).await.expect(200);
    let mut later = scan.clone();
    later["offline"] = json!({ "status": "ok" });
    let results = upload(&app, &made, &[later.clone(), later]).await;
    assert_eq!((&results[0], &results[1]), (&online, &online));
});

both!(an_upload_has_limits, |app| {
    let made = app.event().await;
    let path = format!("{}/batch", scan_path(&made));
    let many: Vec<_> = (0..501).map(|_| item(&json!("x"), "ok")).collect();
    app.admin.post(&path, &json!({ "check_ins": many })).await.problem(422, "invalid_field");
    app.admin.post(&path, &json!({ "check_ins": [] })).await.expect(200);
    let single = item(&json!("x"), "ok");
    app.admin.post(&scan_path(&made), &single).await.problem(422, "invalid_field");
    let nowhere = "/api/v1/check-in-lists/none/check-ins/batch";
    app.admin.post(nowhere, &json!({ "check_ins": [single] })).await.problem(404, "not_found");
});
