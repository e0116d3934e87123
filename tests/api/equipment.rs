//! Units: the organization's list, and what whoever scans one sees.

use paifang_server::people::Role;
use paifang_tests::{APP_SECRET, APPID, Actor, both};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/equipment";

fn path(unit: &Value) -> String {
    format!("{PATH}/{}", unit["id"].as_str().unwrap())
}

fn scanned(unit: &Value) -> String {
    format!("{PATH}/{}", unit["code"].as_str().unwrap())
}

fn whole() -> Value {
    json!({ "serial_number": "PF-2026-000123", "model": "LS-300", "site": "地下一层机房", "address": "浦东新区世纪大道 1 号",
        "position": { "latitude": 31.235929, "longitude": 121.501654 }, "warranty_until": "2099-01-31" })
}

both!(a_unit_is_made_found_changed_and_retired, |app| {
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let customer = app.customer("东方物业").await;
    let made = dispatcher.post(PATH, &whole()).await.expect(201);
    assert_eq!((&made["version"], &made["customer"], &made["in_warranty"]), (&json!(1), &Value::Null, &json!(true)));
    assert_eq!(made["position"], json!({ "latitude": 31.235929, "longitude": 121.501654 }));
    assert_eq!(made["scene"], format!("u={}", made["code"].as_str().unwrap()));
    assert_eq!(dispatcher.get(&path(&made)).await.expect(200), made);
    let mut change = whole();
    change["customer_id"] = customer["id"].clone();
    change["model"] = json!("LS-301");
    change.as_object_mut().unwrap().remove("warranty_until");
    dispatcher.put(&path(&made), &change).await.problem(422, "invalid_field");
    change["version"] = json!(1);
    let changed = dispatcher.put(&path(&made), &change).await.expect(200);
    assert_eq!((&changed["version"], &changed["customer"]["name"]), (&json!(2), &json!("东方物业")));
    assert_eq!((&changed["warranty_until"], &changed["code"]), (&Value::Null, &made["code"]), "labels stay good");
    change["model"] = json!("LS-999");
    let stale = dispatcher.put(&path(&made), &change).await.problem(409, "version_stale");
    assert_eq!(stale["current"], changed);
    assert_eq!(dispatcher.get(&path(&made)).await.expect(200), changed);
    dispatcher.delete(&path(&made)).await.problem(403, "forbidden");
    app.foreign_admin.delete(&path(&made)).await.problem(404, "not_found");
    assert_eq!(app.admin.delete(&path(&made)).await.status, 204);
    app.admin.delete(&path(&made)).await.problem(404, "not_found");
    app.anonymous().get(&scanned(&made)).await.problem(404, "not_found");
    dispatcher.get(&path(&made)).await.problem(404, "not_found");
    dispatcher.put(&path(&made), &change).await.problem(404, "not_found");
    let again = dispatcher.post(PATH, &whole()).await.expect(201);
    assert_ne!(again["code"], made["code"], "the serial number is free again, the old label stays dead");
    let log = app.admin.get("/api/v1/audit-log").await.expect(200);
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    for action in ["equipment.create", "equipment.update", "equipment.retire"] {
        assert!(actions.contains(&json!(action)), "{action}");
    }
});

both!(a_serial_number_is_unique_within_the_organization, |app| {
    app.unit(json!({ "serial_number": "AB 12-34" })).await;
    for same in ["AB 12-34", "ab12-34", "ＡＢ12-34"] {
        let body = json!({ "serial_number": same, "model": "x" });
        app.admin.post(PATH, &body).await.problem(409, "already_exists");
    }
    let other = app.unit(json!({ "serial_number": "AB 12-35" })).await;
    let change = json!({ "serial_number": "ab12-34", "model": "x", "version": 1 });
    app.admin.put(&path(&other), &change).await.problem(409, "already_exists");
    app.foreign_admin.post(PATH, &json!({ "serial_number": "AB 12-34", "model": "x" })).await.expect(201);
    let body = json!({ "serial_number": "RACE-1", "model": "x" });
    let answers = futures_util::future::join_all((0..6).map(|_| app.admin.post(PATH, &body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.body["code"] == "already_exists").count(), 5);
});

both!(wrong_fields_are_named_all_at_once, |app| {
    let wrong = json!({ "serial_number": "", "model": "x".repeat(101), "site": "", "address": "x".repeat(201),
        "position": { "latitude": 91, "longitude": 0 }, "datum": "nad27", "warranty_until": "2027-02-30" });
    let problem = app.admin.post(PATH, &wrong).await.problem(422, "invalid_field");
    let named: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(named.len(), 7, "{named:?}");
    for (position, code) in [
        (json!({ "latitude": 0, "longitude": -180.5 }), "range"),
        (json!({ "latitude": "north", "longitude": 0 }), "type"),
        (json!({ "latitude": 31.0 }), "required"),
    ] {
        let body = json!({ "serial_number": "x", "model": "x", "position": position });
        let problem = app.admin.post(PATH, &body).await.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["code"], code);
    }
    let foreign = app.foreign_admin.post("/api/v1/customers", &json!({ "name": "x" })).await.expect(201);
    let body = json!({ "serial_number": "x", "model": "x", "customer_id": foreign["id"] });
    assert_eq!(app.admin.post(PATH, &body).await.problem(422, "invalid_field")["errors"][0]["field"], "customer_id");
    assert_eq!(app.admin.get(PATH).await.expect(200)["items"], json!([]));
});

both!(positions_of_satellites_are_moved_onto_the_map, |app| {
    // From the test-suite of github.com/googollee/eviltransform.
    let at = json!({ "latitude": 31.1774276, "longitude": 121.5272106 });
    let made = app.unit(json!({ "position": at, "datum": "wgs84" })).await;
    assert_eq!(made["position"], json!({ "latitude": 31.175304, "longitude": 121.531542 }));
    let abroad = json!({ "latitude": 48.8584, "longitude": 2.2945 });
    assert_eq!(app.unit(json!({ "position": abroad, "datum": "wgs84" })).await["position"], abroad);
});

both!(units_are_found_by_any_of_their_texts, |app| {
    let customer = app.customer("东方物业").await;
    let first = app.unit(json!({ "serial_number": "AA-100%", "site": "3 号楼", "customer_id": customer["id"] })).await;
    let second = app.unit(json!({ "serial_number": "BB_200", "model": "Pump P1", "address": "世纪大道" })).await;
    let found = async |query: &str| {
        let list = app.admin.get(&format!("{PATH}?{query}")).await.expect(200)["items"].clone();
        list.as_array().unwrap().iter().map(|unit| unit["id"].clone()).collect::<Vec<_>>()
    };
    for query in ["search=aa-1", "search=100%25", "search=3%E5%8F%B7%E6%A5%BC"] {
        assert_eq!(found(query).await, [first["id"].clone()], "{query}");
    }
    for query in ["search=BB_2", "search=pump%20p", "search=%E4%B8%96%E7%BA%AA"] {
        assert_eq!(found(query).await, [second["id"].clone()], "{query}");
    }
    assert_eq!(found("search=B_B").await, Vec::<Value>::new(), "an underscore stands for itself");
    assert_eq!(found(&format!("customer_id={}", customer["id"].as_str().unwrap())).await, [first["id"].clone()]);
    assert_eq!(found("limit=1").await.len(), 1);
    app.admin.get(&format!("{PATH}?search={}", "x".repeat(101))).await.problem(400, "malformed_parameter");
    assert_eq!(app.foreign_admin.get(PATH).await.expect(200)["items"], json!([]));
});

both!(everybody_sees_of_a_unit_what_concerns_them, |app| {
    let customer = app.customer("东方物业").await;
    let mut body = whole();
    body["customer_id"] = customer["id"].clone();
    let unit = app.admin.post(PATH, &body).await.expect(201);
    let strangers = [
        app.anonymous(),
        app.login("guest").await,
        app.login_as("mia", Role::Member).await,
        app.login_as("stan", Role::Staff).await,
        app.login_for("olga", &app.customer("西方物业").await).await,
        app.foreign_admin.clone(),
    ];
    for stranger in strangers {
        let view = stranger.get(&scanned(&unit)).await.expect(200);
        assert_eq!((&view["model"], &view["serial_number"]), (&json!("LS-300"), &json!("***0123")));
        assert_eq!((&view["in_warranty"], &view["registered"]), (&json!(true), &json!(false)));
        assert!(view["organization"]["scene"].as_str().unwrap().starts_with("o="));
        for hidden in ["id", "site", "address", "position", "customer", "version"] {
            assert_eq!(view.get(hidden), None, "{hidden}");
        }
        assert_eq!(view["position_status"], Value::Null);
        let text = view.to_string();
        assert!(!text.contains("PF-2026") && !text.contains("世纪大道") && !text.contains("31.2"), "{text}");
    }
    let member = app.login_for("alice", &customer).await.get(&scanned(&unit)).await.expect(200);
    assert_eq!((&member["serial_number"], &member["site"]), (&json!("PF-2026-000123"), &json!("地下一层机房")));
    assert_eq!((member.get("id"), &member["position_status"]), (None, &json!("verified")));
    let engineer = app.login_as("eve", Role::Engineer).await;
    let view = engineer.get(&scanned(&unit)).await.expect(200);
    assert_eq!((&view["id"], &view["address"]), (&unit["id"], &json!("浦东新区世纪大道 1 号")));
    assert_eq!(view["position"], unit["position"]);
    engineer.get(&path(&unit)).await.problem(403, "forbidden");
    app.anonymous().get(&path(&unit)).await.problem(401, "unauthenticated");
    app.foreign_admin.get(&path(&unit)).await.problem(404, "not_found");
    for dead in ["Bearer pfat_nothing", "Bearer x.y.z", "Basic eA=="] {
        let request = app.anonymous().request(Method::GET, &scanned(&unit)).header("authorization", dead);
        Actor::send(request).await.problem(401, "unauthenticated");
    }
    app.anonymous().get(&format!("{PATH}/AAAAAAAAAA")).await.problem(404, "not_found");
});

both!(a_unit_says_which_organization_of_a_shared_mini_program, |app| {
    let unit = app.unit(json!({})).await;
    let shared = json!({ "kind": "mini_program", "appid": APPID, "secret": APP_SECRET });
    app.foreign_admin.post("/api/v1/accounts", &shared).await.expect(201);
    let foreign = app.foreign_admin.post(PATH, &json!({ "serial_number": "x", "model": "x" })).await.expect(201);
    for (unit, admin) in [(&unit, &app.admin), (&foreign, &app.foreign_admin)] {
        let login = app.try_login("alice", json!({ "scene": unit["scene"] })).await.expect(201);
        assert_eq!(login["organization"]["id"], admin.get("/api/v1/organization").await.expect(200)["id"]);
    }
    for scene in ["u=AAAAAAAAAA", "u=", "u=%00", "x=1"] {
        app.try_login("alice", json!({ "scene": scene })).await.problem(409, "organization_required");
    }
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_counted_by_their_address() {
    let app = paifang_tests::TestApp::start(paifang_tests::Stack::Sqlite).await;
    let unit = app.unit(json!({})).await;
    let (mut refused, anonymous) = (None, app.anonymous());
    for _ in 0..400 {
        let answer = anonymous.get(&scanned(&unit)).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert!(refused.headers.contains_key("retry-after"));
    refused.problem(429, "rate_limited");
    app.login("alice").await.get(&scanned(&unit)).await.expect(200);
}
