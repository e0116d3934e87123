//! Every route with every role, and from a foreign organization.

use paifang_server::people::Role;
use paifang_tests::{Actor, TestApp, both, nonce};
use reqwest::Method;
use serde_json::{Value, json};

/// Method, path, the least role (none: open to everybody), whether a foreigner meets 404 there, and a body.
type Route = (&'static str, &'static str, Option<Role>, bool, fn(&Value) -> Value);

const NOTHING: fn(&Value) -> Value = |_| Value::Null;

const CAMPAIGN: fn(&Value) -> Value =
    |_| json!({ "name": "c", "starts_at": "2026-05-01T00:00:00Z", "ends_at": "2026-05-02T00:00:00Z" });

const UNIT: fn(&Value) -> Value = |_| json!({ "serial_number": nonce(), "model": "x", "version": 1 });

const ADDITION: fn(&Value) -> Value = |_| json!({ "draft_id": nonce(), "text": "x", "number": "x" });
const NEW_VISIT: fn(&Value) -> Value =
    |_| json!({ "visit_key": nonce(), "at": "2026-11-20T04:00:00Z", "sent_at": "2026-11-20T04:00:00Z" });

const CHECK_OUT: fn(&Value) -> Value =
    |_| json!({ "at": "2026-11-20T04:00:00Z", "sent_at": "2026-11-20T04:00:00Z", "result": "done", "text": "x" });

const DAY_POINT: fn(&Value) -> Value = |_| json!({ "point_key": nonce(), "kind": "start", "at": "2026-11-20T04:00:00Z", "sent_at": "2026-11-20T04:00:00Z" });

/// Supervisors approve mileage, but do not work on orders.
fn is_for_supervisors(path: &str) -> bool {
    path.starts_with("/api/v1/mileage-")
}

/// The person is gone afterwards.
const FORGET: (&str, &str) = ("delete", "/api/v1/me");

const ROUTES: &[Route] = &[
    ("get", "/healthz", None, false, NOTHING),
    ("get", "/readyz", None, false, NOTHING),
    ("get", "/metrics", None, false, NOTHING),
    ("get", "/openapi.json", None, false, NOTHING),
    ("post", "/api/v1/sessions", None, false, |_| json!({ "appid": "wx", "code": "x" })),
    ("post", "/api/v1/decrypt", Some(Role::Guest), false, |_| json!({ "encrypted_data": "AAAA", "iv": "AAAA" })),
    ("get", "/api/v1/me", Some(Role::Guest), false, NOTHING),
    ("post", "/api/v1/me/invitations", Some(Role::Guest), false, |_| json!({ "code": "nothing" })),
    ("get", "/api/v1/me/tickets", Some(Role::Guest), false, NOTHING),
    (
        "post",
        "/api/v1/me/tickets/claim",
        Some(Role::Guest),
        false,
        |_| json!({ "order_code": "x", "attendee_name": "x" }),
    ),
    ("post", "/api/v1/invitations", Some(Role::Admin), false, |_| json!({ "role": "member" })),
    ("get", "/api/v1/invitations", Some(Role::Admin), false, NOTHING),
    ("delete", "/api/v1/invitations/{id}", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/persons", Some(Role::Admin), false, NOTHING),
    ("delete", "/api/v1/persons/{id}/roles/{role}", Some(Role::Admin), true, NOTHING),
    (
        "post",
        "/api/v1/events",
        Some(Role::Admin),
        false,
        |_| json!({ "name": "e", "starts_at": "2026-05-01T00:00:00Z", "ends_at": "2026-05-02T00:00:00Z", "time_zone": "UTC" }),
    ),
    ("get", "/api/v1/events", Some(Role::Staff), false, NOTHING),
    ("get", "/api/v1/events/{event}", Some(Role::Staff), true, NOTHING),
    ("get", "/api/v1/events/{event}/keys", Some(Role::Staff), true, NOTHING),
    ("post", "/api/v1/events/{event}/keys", Some(Role::Admin), true, NOTHING),
    ("post", "/api/v1/events/{event}/products", Some(Role::Admin), true, |_| json!({ "name": nonce() })),
    ("get", "/api/v1/events/{event}/products", Some(Role::Staff), true, NOTHING),
    ("post", "/api/v1/events/{event}/check-in-lists", Some(Role::Admin), true, |_| json!({ "name": "l" })),
    ("get", "/api/v1/events/{event}/check-in-lists", Some(Role::Staff), true, NOTHING),
    ("get", "/api/v1/check-in-lists/{list}", Some(Role::Staff), true, NOTHING),
    ("put", "/api/v1/check-in-lists/{list}", Some(Role::Admin), true, |_| json!({ "name": "l" })),
    (
        "post",
        "/api/v1/events/{event}/tickets",
        Some(Role::Admin),
        true,
        |made| json!({ "product_id": made["product"], "order_code": "x", "attendee_name": "x" }),
    ),
    ("get", "/api/v1/events/{event}/tickets", Some(Role::Staff), true, NOTHING),
    ("post", "/api/v1/events/{event}/tickets/import", Some(Role::Admin), true, |_| {
        json!("order_code,product,attendee_name\n")
    }),
    ("get", "/api/v1/tickets/{ticket}", Some(Role::Supervisor), true, NOTHING),
    ("patch", "/api/v1/tickets/{ticket}", Some(Role::Admin), true, |_| json!({ "seat": "A1" })),
    (
        "post",
        "/api/v1/check-in-lists/{list}/check-ins",
        Some(Role::Staff),
        true,
        |_| json!({ "code": "x", "nonce": nonce() }),
    ),
    ("get", "/api/v1/check-in-lists/{list}/check-ins", Some(Role::Staff), true, NOTHING),
    ("post", "/api/v1/check-in-lists/{list}/check-ins/batch", Some(Role::Staff), true, |_| json!({ "check_ins": [] })),
    ("get", "/api/v1/check-in-lists/{list}/conflicts", Some(Role::Supervisor), true, NOTHING),
    ("get", "/api/v1/check-in-lists/{list}/stats", Some(Role::Staff), true, NOTHING),
    ("get", "/api/v1/check-in-lists/{list}/devices", Some(Role::Supervisor), true, NOTHING),
    (
        "post",
        "/api/v1/check-ins/{nonce}/annul",
        Some(Role::Staff),
        true,
        |_| json!({ "reason": "x", "device_id": "d1" }),
    ),
    ("get", "/wechat/callback/{appid}", None, false, NOTHING),
    ("post", "/wechat/callback/{appid}", None, false, NOTHING),
    ("get", "/api/v1/me/profile", Some(Role::Guest), false, NOTHING),
    ("get", "/api/v1/me/organizations", Some(Role::Guest), false, NOTHING),
    ("get", "/api/v1/me/accounts", Some(Role::Guest), false, NOTHING),
    ("post", "/api/v1/me/phone", Some(Role::Guest), false, |_| json!({ "code": "x" })),
    ("get", "/api/v1/persons/{id}", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/persons/{id}/activities", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/phone-conflicts", Some(Role::Admin), false, NOTHING),
    (
        "post",
        "/api/v1/phone-conflicts/{id}/resolve",
        Some(Role::Admin),
        true,
        |_| json!({ "resolution": "keep_owner" }),
    ),
    ("get", "/api/v1/organization", Some(Role::Admin), false, NOTHING),
    ("put", "/api/v1/organization", Some(Role::Admin), false, |_| json!({ "name": "x", "guests_allowed": true })),
    (
        "post",
        "/api/v1/accounts",
        Some(Role::Admin),
        false,
        |_| json!({ "kind": "mini_program", "appid": "wx", "secret": "x" }),
    ),
    ("get", "/api/v1/accounts", Some(Role::Admin), false, NOTHING),
    ("get", "/api/v1/accounts/{account}", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/accounts/{account}/dependents", Some(Role::Admin), true, NOTHING),
    ("put", "/api/v1/accounts/{account}", Some(Role::Admin), true, |_| json!({ "display_name": "x" })),
    ("delete", "/api/v1/accounts/{id}", Some(Role::Admin), true, NOTHING),
    ("post", "/api/v1/accounts/{account}/check", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/accounts/{account}/portal-code", Some(Role::Admin), true, NOTHING),
    ("post", "/api/v1/accounts/{account}/follower-imports", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/accounts/{account}/follower-imports", Some(Role::Admin), true, NOTHING),
    ("post", "/api/v1/campaigns", Some(Role::Admin), false, CAMPAIGN),
    ("get", "/api/v1/campaigns", Some(Role::Admin), false, NOTHING),
    ("get", "/api/v1/campaigns/{id}", Some(Role::Admin), true, NOTHING),
    ("put", "/api/v1/campaigns/{id}", Some(Role::Admin), true, CAMPAIGN),
    ("get", "/api/v1/notices", Some(Role::Admin), false, NOTHING),
    ("delete", "/api/v1/notices/{id}", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/pushes", Some(Role::Admin), false, NOTHING),
    ("post", "/api/v1/pushes/replay", Some(Role::Admin), false, |_| json!({ "from": "2026-05-01T00:00:00Z" })),
    ("get", "/api/v1/api-tokens", Some(Role::Admin), false, NOTHING),
    ("delete", "/api/v1/api-tokens/{id}", Some(Role::Admin), true, NOTHING),
    ("get", "/api/v1/audit-log", Some(Role::Admin), false, NOTHING),
    ("post", "/api/v1/bindings", Some(Role::Admin), false, |_| json!([{ "userid": "u" }])),
    ("get", "/api/v1/bindings", Some(Role::Admin), false, NOTHING),
    ("get", "/api/v1/bindings/export", Some(Role::Admin), false, NOTHING),
    ("post", "/api/v1/bindings/import", Some(Role::Admin), false, |_| json!("userid\n")),
    ("post", "/api/v1/binding-codes", Some(Role::Admin), false, |_| json!({ "userid": "u" })),
    ("post", "/api/v1/binding-links", Some(Role::Admin), false, |_| json!({ "userid": "u" })),
    ("post", "/api/v1/me/binding", Some(Role::Guest), false, |_| json!({ "userid": "x", "code": "00000000" })),
    ("delete", "/api/v1/me/binding", Some(Role::Guest), false, NOTHING),
    ("post", "/api/v1/media", None, false, NOTHING),
    ("get", "/api/v1/media/{id}/content", None, false, NOTHING),
    ("post", "/api/v1/media/videos", None, false, |_| json!({ "upload_key": nonce(), "size": 1, "sha256": "0" })),
    ("put", "/api/v1/media/{id}/parts/{part}", None, true, NOTHING),
    ("post", "/api/v1/media/{id}/complete", None, true, NOTHING),
    ("post", "/api/v1/work-orders/{id}/visits", Some(Role::Engineer), false, NEW_VISIT),
    ("get", "/api/v1/work-orders/{id}/visits", Some(Role::Guest), true, NOTHING),
    ("patch", "/api/v1/work-orders/{id}/visits/{id}", Some(Role::Engineer), false, CHECK_OUT),
    ("get", "/api/v1/me/visits", Some(Role::Engineer), false, NOTHING),
    ("post", "/api/v1/me/day-points", Some(Role::Engineer), false, DAY_POINT),
    ("get", "/api/v1/mileage-days", Some(Role::Dispatcher), false, NOTHING),
    ("get", "/api/v1/mileage-days/{id}/{day}", Some(Role::Engineer), true, NOTHING),
    ("post", "/api/v1/mileage-days/{id}/{day}/submit", Some(Role::Engineer), true, NOTHING),
    (
        "post",
        "/api/v1/mileage-days/{id}/{day}/decision",
        Some(Role::Dispatcher),
        true,
        |_| json!({ "decision": "approve" }),
    ),
    (
        "patch",
        "/api/v1/mileage-legs/{id}",
        Some(Role::Engineer),
        true,
        |_| json!({ "version": 1, "method": "manual", "meters": 1, "reason": "x" }),
    ),
    ("get", "/api/v1/mileage-statements/{id}/{month}", Some(Role::Engineer), true, NOTHING),
    (FORGET.0, FORGET.1, Some(Role::Guest), false, NOTHING),
    ("post", "/api/v1/customers", Some(Role::Admin), false, |_| json!({ "name": nonce() })),
    ("get", "/api/v1/customers", Some(Role::Dispatcher), false, NOTHING),
    ("put", "/api/v1/customers/{customer}", Some(Role::Admin), true, |_| json!({ "name": nonce() })),
    ("get", "/api/v1/customers/{customer}/members", Some(Role::Admin), true, NOTHING),
    ("delete", "/api/v1/customers/{customer}/members/{id}", Some(Role::Admin), true, NOTHING),
    ("post", "/api/v1/equipment", Some(Role::Dispatcher), false, UNIT),
    ("get", "/api/v1/equipment", Some(Role::Dispatcher), false, NOTHING),
    ("get", "/api/v1/equipment/{code}", None, false, NOTHING),
    ("put", "/api/v1/equipment/{unit}", Some(Role::Dispatcher), true, UNIT),
    ("get", "/api/v1/equipment/{unit}/mini-program-code", Some(Role::Dispatcher), true, NOTHING),
    ("get", "/api/v1/equipment/{unit}/qr-code.svg", Some(Role::Dispatcher), true, NOTHING),
    ("get", "/api/v1/equipment/labels", Some(Role::Dispatcher), false, NOTHING),
    ("post", "/api/v1/equipment/import", Some(Role::Admin), false, |_| json!("serial_number\n")),
    ("get", "/api/v1/equipment-registrations", Some(Role::Dispatcher), false, NOTHING),
    (
        "post",
        "/api/v1/equipment-registrations/{id}/decision",
        Some(Role::Dispatcher),
        true,
        |_| json!({ "decision": "reject" }),
    ),
    ("post", "/api/v1/me/equipment", Some(Role::Guest), false, |_| json!({ "serial_number": "nothing" })),
    ("get", "/api/v1/me/equipment", Some(Role::Guest), false, NOTHING),
    ("put", "/api/v1/verification-files/{file}", Some(Role::Admin), false, |_| json!("x")),
    ("get", "/api/v1/verification-files/{file}", Some(Role::Admin), true, NOTHING),
    ("get", "/q/{code}", None, false, NOTHING),
    ("get", "/f/{nonce}", None, false, NOTHING),
    ("post", "/api/v1/work-orders", None, false, |_| json!({})),
    ("get", "/api/v1/work-orders", Some(Role::Engineer), false, NOTHING),
    ("get", "/api/v1/me/work-orders", Some(Role::Guest), false, NOTHING),
    ("post", "/api/v1/me/work-orders/claim", Some(Role::Guest), false, |_| json!({ "follow_code": "x" })),
    ("get", "/api/v1/work-orders/{id}", Some(Role::Guest), true, NOTHING),
    ("post", "/api/v1/work-orders/{id}/moves", Some(Role::Guest), true, |_| json!({ "move": "take", "version": 1 })),
    ("post", "/api/v1/work-orders/{id}/additions", Some(Role::Guest), true, ADDITION),
    ("post", "/api/v1/equipment/{code}/additions", None, false, ADDITION),
    ("post", "/api/v1/followed", None, false, |_| json!({ "number": "x", "phone": "13800138000" })),
    ("get", "/api/v1/followed/{nonce}", None, false, NOTHING),
    ("post", "/api/v1/followed/{nonce}/moves", None, false, |_| json!({ "move": "cancel", "version": 1 })),
    ("get", "/api/v1/service-settings", Some(Role::Guest), false, NOTHING),
    ("put", "/api/v1/service-settings", Some(Role::Admin), false, |_| json!({})),
    ("get", "/api/v1/engineers", Some(Role::Dispatcher), false, NOTHING),
    // Near the end, because others use the unit and the file.
    ("delete", "/api/v1/equipment/{unit}", Some(Role::Admin), true, NOTHING),
    ("delete", "/api/v1/verification-files/{file}", Some(Role::Admin), true, NOTHING),
    // Last, because it ends the session that the others use.
    ("delete", "/api/v1/sessions/current", Some(Role::Guest), false, NOTHING),
];

fn fill(path: &str, made: &Value) -> String {
    let mut filled = path.to_owned();
    for name in ["event", "list", "ticket", "nonce", "account", "customer", "unit", "code", "file"] {
        filled = filled.replace(&format!("{{{name}}}"), made[name].as_str().unwrap());
    }
    let filled = filled
        .replace("{id}", "00000000-0000-7000-8000-000000000000")
        .replace("{part}", "1")
        .replace("{day}", "2026-11-20")
        .replace("{month}", "2026-11")
        .replace("{role}", "staff")
        .replace("{appid}", "wx0000000000000000");
    match filled.as_str() {
        "/api/v1/persons" => format!("{filled}?role=staff"),
        "/api/v1/work-orders" => format!("{filled}?near=31.23,121.47"),
        _ => filled,
    }
}

async fn call(actor: &Actor, route: &Route, made: &Value) -> u16 {
    let (method, path, _, _, body) = route;
    let mut request = actor.request(method.to_uppercase().parse::<Method>().unwrap(), &fill(path, made));
    match body(made) {
        Value::Null => {}
        Value::String(text) => request = request.body(text),
        body => request = request.json(&body),
    }
    let search = path.ends_with("/tickets") && *method == "get" && path.contains("events");
    if search {
        request = request.query(&[("q", "nobody")]);
    }
    Actor::send(request).await.status
}

async fn prepared(app: &TestApp) -> Value {
    let mut made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let nonce = nonce();
    app.scan(&app.admin, &made, &ticket["code"], json!({ "nonce": nonce, "device_id": "d1" })).await.expect(200);
    made["ticket"] = ticket["id"].clone();
    made["nonce"] = json!(nonce);
    made["account"] = app.admin.get("/api/v1/accounts").await.expect(200)["items"][0]["id"].clone();
    made["customer"] = app.customer("东方物业").await["id"].clone();
    let unit = app.unit(json!({})).await;
    made["unit"] = unit["id"].clone();
    made["code"] = unit["code"].clone();
    made["file"] = json!("rights.txt");
    let file = app.admin.request(Method::PUT, "/api/v1/verification-files/rights.txt");
    Actor::send(file.header("content-type", "text/plain").body("x")).await.expect(204);
    made
}

#[test]
fn the_table_has_every_route() {
    let document = serde_json::to_value(paifang_server::http::routes::openapi()).unwrap();
    let generic = |path: &str| {
        path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
    };
    let mut documented = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        documented.extend(
            item.as_object()
                .unwrap()
                .keys()
                .filter(|key| *key != "parameters")
                .map(|method| format!("{method} {}", generic(path))),
        );
    }
    let mut tested: Vec<_> = ROUTES.iter().map(|(method, path, ..)| format!("{method} {}", generic(path))).collect();
    documented.sort();
    tested.sort();
    assert_eq!(documented, tested);
}

both!(every_route_asks_for_its_role, |app| {
    let made = prepared(&app).await;
    for role in Role::ALL {
        let actor =
            if role == Role::Guest { app.login("guest").await } else { app.login_as(role.as_str(), role).await };
        for route in ROUTES {
            let leaving = (route.0, route.1) == FORGET;
            let who = if leaving { app.login_as(&format!("{role:?} leaves"), role).await } else { actor.clone() };
            let status = call(&who, route, &made).await;
            let allowed = route.2.is_none_or(|least| role.includes(least))
                || role == Role::Supervisor && is_for_supervisors(route.1);
            assert_eq!(status == 403, !allowed, "{role:?} {} {}: {status}", route.0, route.1);
            assert!(status < 500 && status != 401, "{role:?} {} {}: {status}", route.0, route.1);
        }
    }
    for route in ROUTES.iter().filter(|route| route.2.is_some()) {
        assert_eq!(call(&app.anonymous(), route, &made).await, 401, "{} {}", route.0, route.1);
    }
});

both!(nothing_of_another_organization_can_be_reached, |app| {
    let made = prepared(&app).await;
    let audit = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200);
    for route in ROUTES.iter().filter(|route| route.3) {
        assert_eq!(call(&app.foreign_admin, route, &made).await, 404, "{} {}", route.0, route.1);
    }
    for path in ["/api/v1/events", "/api/v1/invitations", "/api/v1/equipment", "/api/v1/customers"] {
        assert_eq!(app.foreign_admin.get(path).await.expect(200)["items"], json!([]), "{path}");
    }
    assert_eq!(app.admin.get("/api/v1/audit-log?limit=200").await.expect(200), audit, "nothing was changed");
});
