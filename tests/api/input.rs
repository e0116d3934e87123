//! Malformed, oversized and wrongly typed input on every route: a 4xx problem, nothing changed.

use paifang_tests::{Actor, both};
use reqwest::Method;
use serde_json::{Value, json};

const AT: &str = "2026-11-20T04:00:00Z";

/// Routes that take JSON, with a valid body's fields.
fn routes(made: &Value) -> Vec<(Method, String, Value)> {
    let event = made["event"].as_str().unwrap();
    let list = made["list"].as_str().unwrap();
    let ticket = made["ticket"].as_str().unwrap();
    let unit = json!({ "serial_number": "x", "model": "x", "customer_id": "x", "site": "x", "address": "x",
        "position": { "latitude": 31.2, "longitude": 121.5 }, "datum": "wgs84", "warranty_until": "2027-01-31", "version": 1 });
    vec![
        (Method::POST, "/api/v1/sessions".into(), json!({ "appid": "wx00000000000000a1", "code": "x" })),
        (Method::POST, "/api/v1/decrypt".into(), json!({ "encrypted_data": "AAAA", "iv": "AAAA" })),
        (Method::POST, "/api/v1/me/invitations".into(), json!({ "code": "x" })),
        (Method::POST, "/api/v1/me/tickets/claim".into(), json!({ "order_code": "x" })),
        (Method::POST, "/api/v1/invitations".into(), json!({ "role": "staff", "uses": 1, "customer_id": "x" })),
        (
            Method::POST,
            "/api/v1/events".into(),
            json!({ "name": "x", "starts_at": "2026-05-01T00:00:00Z", "ends_at": "2026-05-02T00:00:00Z", "time_zone": "UTC" }),
        ),
        (Method::POST, format!("/api/v1/events/{event}/products"), json!({ "name": "x" })),
        (
            Method::POST,
            format!("/api/v1/events/{event}/check-in-lists"),
            json!({ "name": "x", "gates": [], "allow_multiple_entries": true }),
        ),
        (
            Method::PUT,
            format!("/api/v1/check-in-lists/{list}"),
            json!({ "name": "x", "starts_at": "2026-05-01T00:00:00Z" }),
        ),
        (
            Method::POST,
            format!("/api/v1/events/{event}/tickets"),
            json!({ "product_id": "x", "order_code": "x", "attendee_name": "x" }),
        ),
        (
            Method::PATCH,
            format!("/api/v1/tickets/{ticket}"),
            json!({ "attendee_name": "x", "status": "valid", "needs_approval": true }),
        ),
        (
            Method::POST,
            format!("/api/v1/check-in-lists/{list}/check-ins"),
            json!({ "code": "x", "nonce": "x", "type": "entry", "force": true, "force_reason": "x" }),
        ),
        (Method::POST, format!("/api/v1/check-in-lists/{list}/check-ins/batch"), json!({ "check_ins": [] })),
        (Method::POST, "/api/v1/check-ins/xxxxxxxxxxxxxxxx/annul".into(), json!({ "reason": "x" })),
        (Method::POST, "/api/v1/me/phone".into(), json!({ "code": "x" })),
        (Method::PUT, "/api/v1/organization".into(), json!({ "name": "x", "guests_allowed": true })),
        (
            Method::POST,
            "/api/v1/accounts".into(),
            json!({ "kind": "mini_program", "appid": "wx00000000000000a1", "secret": "x", "display_name": "x",
                "attributes": {}, "person_ids": [] }),
        ),
        (
            Method::POST,
            "/api/v1/campaigns".into(),
            json!({ "name": "x", "starts_at": "2026-05-01T00:00:00Z", "ends_at": "2026-05-02T00:00:00Z" }),
        ),
        (Method::POST, "/api/v1/pushes/replay".into(), json!({ "from": "2026-05-01T00:00:00Z", "appid": "x" })),
        (Method::POST, "/api/v1/phone-conflicts/x/resolve".into(), json!({ "resolution": "merge" })),
        (Method::POST, "/api/v1/customers".into(), json!({ "name": "x" })),
        (Method::PUT, "/api/v1/customers/x".into(), json!({ "name": "x" })),
        (Method::POST, "/api/v1/equipment".into(), unit.clone()),
        (Method::PUT, "/api/v1/equipment/x".into(), unit),
        (
            Method::POST,
            "/api/v1/me/equipment".into(),
            json!({ "serial_number": "x", "code": "x", "position": { "latitude": 31.2, "longitude": 121.5 }, "accuracy": 1, "address": "x" }),
        ),
        (
            Method::POST,
            "/api/v1/equipment-registrations/x/decision".into(),
            json!({ "decision": "verify", "reason": "x", "version": 1 }),
        ),
        (Method::POST, "/api/v1/bindings".into(), json!({})),
        (Method::POST, "/api/v1/binding-codes".into(), json!({ "userid": "x", "expires_in": 60 })),
        (Method::POST, "/api/v1/binding-links".into(), json!({ "userid": "x", "expires_in": 60 })),
        (
            Method::POST,
            "/api/v1/media/videos".into(),
            json!({ "upload_key": "k".repeat(16), "size": 1, "sha256": "0".repeat(64) }),
        ),
        (Method::POST, "/api/v1/me/binding".into(), json!({ "userid": "x", "code": "x" })),
        (
            Method::POST,
            "/api/v1/work-orders".into(),
            json!({ "draft_id": "x", "equipment_code": "x", "fault_type": "x", "text": "x", "media_ids": [],
                "contact": {}, "address": "x", "separate": true }),
        ),
        (
            Method::POST,
            "/api/v1/work-orders/x/moves".into(),
            json!({ "move": "take", "version": 1, "at": AT, "move_key": "x", "engineer_id": "x", "reason": "x",
                "until": AT, "text": "x", "rating": 1, "comment": "x" }),
        ),
        (
            Method::POST,
            "/api/v1/work-orders/x/additions".into(),
            json!({ "draft_id": "x", "text": "x", "media_ids": [] }),
        ),
        (
            Method::POST,
            "/api/v1/equipment/x/additions".into(),
            json!({ "number": "x", "draft_id": "x", "text": "x", "media_ids": [] }),
        ),
        (
            Method::POST,
            "/api/v1/followed".into(),
            json!({ "number": "x", "phone": "x", "equipment_code": "x", "organization_id": "x" }),
        ),
        (Method::POST, "/api/v1/followed/x/moves".into(), json!({ "move": "take", "version": 1, "reason": "x" })),
        (Method::POST, "/api/v1/me/work-orders/claim".into(), json!({ "follow_code": "x" })),
        (
            Method::PUT,
            "/api/v1/service-settings".into(),
            json!({ "report_by": "guest", "time_zone": "x", "business_hours": [], "holidays": [], "response_minutes": 1,
                "fault_types": [], "geofence_meters": 1, "geofence_blocks": true, "content_check": true }),
        ),
        (
            Method::POST,
            "/api/v1/work-orders/x/visits".into(),
            json!({ "visit_key": "x", "at": AT, "sent_at": AT, "skip_reason": "x", "photo_id": "x", "offline": true,
                "fix": { "latitude": 1, "longitude": 1, "source": "gps", "fixed_at": AT } }),
        ),
        (
            Method::PATCH,
            "/api/v1/work-orders/x/visits/y".into(),
            json!({ "at": AT, "sent_at": AT, "result": "done", "text": "x", "version": 1, "parts": [], "labor": [],
                "signature_id": "x", "signer_name": "x", "photo_ids": [] }),
        ),
        (
            Method::POST,
            "/api/v1/me/day-points".into(),
            json!({ "point_key": "x", "kind": "start", "at": AT, "sent_at": AT, "odometer_meters": 1, "address": "x" }),
        ),
        (
            Method::PATCH,
            "/api/v1/mileage-legs/x".into(),
            json!({ "version": 1, "method": "manual", "meters": 1, "reason": "x", "photo_ids": [] }),
        ),
        (
            Method::POST,
            "/api/v1/mileage-days/me/2026-11-20/decision".into(),
            json!({ "decision": "approve", "reason": "x", "version": 1 }),
        ),
    ]
}

both!(nothing_malformed_passes_or_changes_anything, |app| {
    let mut made = app.event().await;
    made["ticket"] = app.ticket(&made, json!({})).await["id"].clone();
    // A person may send 600 requests a minute.
    let mut admins = Vec::new();
    for number in 0..5 {
        admins.push(app.login_as(&format!("ada{number}"), paifang_server::people::Role::Admin).await);
    }
    let audit = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200);
    for (number, (method, path, fields)) in routes(&made).into_iter().enumerate() {
        let alice = &admins[number / 16];
        let request = |content_type: &str, body: Vec<u8>| {
            let request = alice.request(method.clone(), &path).header("content-type", content_type.to_owned());
            Actor::send(request.body(body))
        };
        let json_type = "application/json";
        for body in [&b""[..], b"{", b"\xff\xfe", b"nul", b"{]"] {
            request(json_type, body.to_vec()).await.problem(400, "malformed_body");
        }
        request("text/plain", b"{}".to_vec()).await.problem(415, "unsupported_media_type");
        request("application/x-www-form-urlencoded", b"a=b".to_vec()).await.problem(415, "unsupported_media_type");
        let huge = format!("{{\"x\":\"{}\"}}", "x".repeat(3 * 1024 * 1024));
        request(json_type, huge.into_bytes()).await.problem(413, "body_too_large");
        let deep = "[".repeat(100_000);
        assert_eq!(request(json_type, deep.into_bytes()).await.status / 100, 4, "{path}: deep");
        for body in ["[]", "17", "null", "\"x\"", "true"] {
            assert_eq!(request(json_type, body.into()).await.status, 422, "{path}: {body}");
        }
        for (name, value) in fields.as_object().unwrap() {
            let wrong = match value {
                Value::String(_) => json!([1]),
                Value::Number(_) => json!("many"),
                _ => json!("yes"),
            };
            let mut body = fields.clone();
            body[name] = wrong;
            let problem =
                Actor::send(alice.request(method.clone(), &path).json(&body)).await.problem(422, "invalid_field");
            let named = problem["errors"][0]["field"].as_str().unwrap();
            assert!(named.starts_with(name.as_str()), "{path}: {name} but {named}");
        }
        let mut long = fields.clone();
        for value in long.as_object_mut().unwrap().values_mut().filter(|value| value.is_string()) {
            *value = json!("字".repeat(10_000));
        }
        if long == fields {
            continue;
        }
        let answer = Actor::send(alice.request(method.clone(), &path).json(&long)).await;
        assert_eq!(answer.status / 100, 4, "{path}: {}", answer.body);
    }
    assert_eq!(app.admin.get("/api/v1/audit-log?limit=200").await.expect(200), audit, "nothing was changed");
});

both!(one_body_holds_one_document, |app| {
    let request = app.admin.request(Method::POST, "/api/v1/invitations").header("content-type", "application/json");
    let two = r#"{"role":"staff"}{"role":"admin"}"#;
    Actor::send(request.body(two)).await.problem(400, "malformed_body");
    assert_eq!(app.admin.get("/api/v1/invitations").await.expect(200)["items"], json!([]));
});

both!(a_nul_character_is_never_a_defect, |app| {
    let made = app.event().await;
    let event = made["event"].as_str().unwrap();
    for query in ["q=%00", "status=%00"] {
        assert!(app.admin.get(&format!("/api/v1/events/{event}/tickets?{query}")).await.status < 500, "{query}");
    }
    let nul = json!({ "appid": "wx\u{0}", "code": "x", "scene": "o=\u{0}", "invitation_code": "\u{0}" });
    assert_eq!(app.anonymous().post("/api/v1/sessions", &nul).await.status / 100, 4);
    let ticket = json!({ "product_id": "\u{0}", "order_code": "x", "attendee_name": "x" });
    app.admin.post(&format!("/api/v1/events/{event}/tickets"), &ticket).await.problem(422, "invalid_field");
    let scanned = app.scan(&app.admin, &made, &json!("\u{0}\u{0}"), json!({})).await.expect(200);
    assert_eq!(scanned["reason"], "invalid");
});

both!(strange_paths_are_not_found, |app| {
    for id in ["1", "%00", "..%2f..", "'%20OR%201=1", "%F0%9F%8E%AB", &"x".repeat(2000)] {
        for path in ["events", "check-in-lists", "tickets", "equipment"] {
            let answer = app.admin.get(&format!("/api/v1/{path}/{id}")).await;
            assert!(answer.status == 404 || answer.status == 400, "{path} {id}: {} {}", answer.status, answer.body);
        }
    }
});
