//! Customers register their units, and the organization verifies where they stand.

use paifang_server::people::Role;
use paifang_tests::{TestApp, both};
use serde_json::{Value, json};

const MINE: &str = "/api/v1/me/equipment";
const ALL: &str = "/api/v1/equipment-registrations";

fn decision(registration: &Value) -> String {
    format!("{ALL}/{}/decision", registration["id"].as_str().unwrap())
}

async fn only(app: &TestApp, query: &str) -> Value {
    let list = app.admin.get(&format!("{ALL}{query}")).await.expect(200)["items"].clone();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    list[0].clone()
}

both!(a_registration_is_verified_and_brings_the_position, |app| {
    let unit = app.unit(json!({ "serial_number": "PF-77 01" })).await;
    let scanned = format!("/api/v1/equipment/{}", unit["code"].as_str().unwrap());
    let alice = app.login("alice").await;
    let place = json!({ "latitude": 31.2304, "longitude": 121.4737 });
    let body = json!({ "serial_number": "pf-7701", "position": place, "accuracy": 15.4, "address": "人民广场" });
    let made = alice.post(MINE, &body).await.expect(201);
    assert_eq!((&made["status"], &made["position_status"]), (&json!("pending"), &json!("pending")));
    assert_eq!(
        (&made["equipment"]["serial_number"], &made["equipment"]["registered"]),
        (&json!("PF-77 01"), &json!(true))
    );
    let again = alice.post(MINE, &body).await.expect(200);
    assert_eq!(again["id"], made["id"]);
    assert_eq!(alice.get(MINE).await.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(alice.get(&scanned).await.expect(200).get("address"), None, "nothing is copied yet");

    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let waiting = only(&app, "?status=pending").await;
    assert_eq!((&waiting["position"], &waiting["accuracy"]), (&place, &json!(15)));
    assert_eq!(
        (&waiting["person"]["id"], &waiting["address"]),
        (&alice.get("/api/v1/me").await.expect(200)["id"], &json!("人民广场"))
    );
    for _ in 0..2 {
        let verified = dispatcher.post(&decision(&waiting), &json!({ "decision": "verify" })).await.expect(200);
        assert_eq!((&verified["status"], &verified["version"]), (&json!("verified"), &json!(2)));
        assert_eq!((&verified["equipment"]["position"], &verified["equipment"]["version"]), (&place, &json!(2)));
    }
    let view = alice.get(&scanned).await.expect(200);
    assert_eq!((&view["position"], &view["address"]), (&place, &json!("人民广场")));
    assert_eq!(view["position_status"], "verified");
    assert_eq!(app.login("bob").await.get(&scanned).await.expect(200).get("position"), None);
    assert_eq!(app.admin.get(&format!("{ALL}?status=pending")).await.expect(200)["items"], json!([]));
});

both!(a_rejected_place_is_given_anew, |app| {
    app.unit(json!({ "serial_number": "R-1", "site": "机房" })).await;
    let alice = app.login("alice").await;
    let place =
        |longitude: f64| json!({ "serial_number": "R-1", "position": { "latitude": 31.0, "longitude": longitude } });
    alice.post(MINE, &place(121.0)).await.expect(201);
    let waiting = only(&app, "?status=pending").await;
    let reject = json!({ "decision": "reject", "reason": "不在上海" });
    app.admin.post(&decision(&waiting), &reject).await.expect(200);
    let mine = alice.get(MINE).await.expect(200)["items"][0].clone();
    assert_eq!((&mine["position_status"], &mine["reason"]), (&json!("unverified"), &json!("不在上海")));
    assert_eq!(mine["equipment"].get("site"), None);
    let seen = only(&app, "?status=rejected").await;
    alice.post(MINE, &place(121.5)).await.expect(200);
    let mine = alice.get(MINE).await.expect(200)["items"][0].clone();
    assert_eq!((&mine["position_status"], &mine["reason"]), (&json!("pending"), &Value::Null));
    let unseen = json!({ "decision": "verify", "version": seen["version"] });
    app.admin.post(&decision(&seen), &unseen).await.problem(409, "version_stale");
    let current = only(&app, "?status=pending").await;
    let seen = json!({ "decision": "verify", "version": current["version"] });
    app.admin.post(&decision(&current), &seen).await.expect(200);
    assert_eq!(alice.get(MINE).await.expect(200)["items"][0]["equipment"]["site"], "机房");
    app.admin.post(&decision(&current), &json!({ "decision": "reject" })).await.expect(200);
    assert_eq!(alice.get(MINE).await.expect(200)["items"][0]["equipment"].get("site"), None, "taken back");
});

both!(only_the_right_serial_number_registers, |app| {
    let unit = app.unit(json!({ "serial_number": "S-1" })).await;
    let other = app.unit(json!({ "serial_number": "S-2" })).await;
    let foreign = json!({ "serial_number": "S-3", "model": "x" });
    app.foreign_admin.post("/api/v1/equipment", &foreign).await.expect(201);
    let alice = app.login("alice").await;
    for body in [
        json!({ "serial_number": "S-0" }),
        json!({ "serial_number": "S-3" }),
        json!({ "serial_number": "S-1", "code": other["code"] }),
        json!({ "serial_number": "S-1", "code": "nonsense" }),
    ] {
        alice.post(MINE, &body).await.problem(404, "serial_unknown");
    }
    for (field, value) in [
        ("serial_number", json!("")),
        ("accuracy", json!(-1)),
        ("address", json!("")),
        ("position", json!({ "latitude": 0, "longitude": 200 })),
    ] {
        let mut body = json!({ "serial_number": "S-1" });
        body[field] = value;
        let problem = alice.post(MINE, &body).await.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let right = json!({ "serial_number": "S-1", "code": unit["code"] });
    let made = alice.post(MINE, &right).await.expect(201);
    assert_eq!((&made["position_status"], &made["equipment"]["code"]), (&Value::Null, &unit["code"]));
    app.admin.post(MINE, &right).await.problem(403, "forbidden");
    app.admin.delete(&format!("/api/v1/equipment/{}", unit["id"].as_str().unwrap())).await;
    assert_eq!(alice.get(MINE).await.expect(200)["items"], json!([]), "retired");
});

both!(serial_numbers_cannot_be_guessed, |app| {
    let alice = app.login("alice").await;
    let mut refused = 0;
    for number in 0..12 {
        let answer = alice.post(MINE, &json!({ "serial_number": format!("G-{number}") })).await;
        refused += usize::from(answer.status == 429);
    }
    assert_eq!(refused, 2);
});

both!(registrations_stay_within_the_organization, |app| {
    app.unit(json!({ "serial_number": "O-1" })).await;
    app.login("alice").await.post(MINE, &json!({ "serial_number": "O-1" })).await.expect(201);
    let waiting = only(&app, "").await;
    assert_eq!(app.foreign_admin.get(ALL).await.expect(200)["items"], json!([]));
    let verify = json!({ "decision": "verify" });
    app.foreign_admin.post(&decision(&waiting), &verify).await.problem(404, "not_found");
    app.login_as("eve", Role::Engineer).await.post(&decision(&waiting), &verify).await.problem(403, "forbidden");
    app.admin.post(&decision(&waiting), &json!({ "decision": "maybe" })).await.problem(422, "invalid_field");
    app.admin.get(&format!("{ALL}?status=open")).await.problem(400, "malformed_parameter");
    assert_eq!(only(&app, "").await["status"], "pending");
});
