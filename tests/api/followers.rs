//! Followers: events, imports, and one person across accounts.

use crate::official::{OFFICIAL, connect_with, connect_with_pushes, drained};
use paifang_tests::{APP_SECRET, APPID, TestApp, both};
use serde_json::{Value, json};
use wechat_sim::{App, PushFormat, PushMode};

async fn persons(app: &TestApp) -> Vec<Value> {
    app.admin.get("/api/v1/persons?limit=200").await.expect(200)["items"].as_array().unwrap().clone()
}

async fn person(app: &TestApp, id: &Value) -> Value {
    app.admin.get(&format!("/api/v1/persons/{}", id.as_str().unwrap())).await.expect(200)
}

async fn push(app: &TestApp, event: &Value) {
    assert!(app.sim.deliver(OFFICIAL, event).await.unwrap().accepted());
    drained(app).await;
}

both!(who_follows_logs_in_and_leaves_is_one_person_with_all_history, |app| {
    app.sim.add_app(App::mini_program(APPID, APP_SECRET).bound_to("expo"));
    let campaign =
        |name: &str| json!({ "name": name, "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2036-01-01T00:00:00Z" });
    let standing = app.admin.post("/api/v1/campaigns", &campaign("常年")).await.expect(201);
    let poster = app.admin.post("/api/v1/campaigns", &campaign("海报")).await.expect(201);
    let attributes = json!({ "openid": "oa_openid", "unionid": "unionid", "subscription_status": "oa_status" });
    let settings = json!({ "default_campaign_id": standing["id"], "attributes": attributes });
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Json, settings).await;
    let alice = app.login("alice").await;
    let me = alice.get("/api/v1/me").await.expect(200);
    let scene = poster["scene"].as_str().unwrap();
    push(&app, &app.sim.follow_event(OFFICIAL, "alice", Some(scene)).unwrap()).await;
    push(&app, &app.sim.scan_event(OFFICIAL, "alice", "42").unwrap()).await;
    assert_eq!(persons(&app).await.len(), 1, "the unionid says that it is one");
    let known = person(&app, &me["id"]).await;
    assert_eq!((&known["subscribed"], known["identities"].as_array().unwrap().len()), (&json!(true), 2));
    assert_eq!(known["attributes"]["oa_status"], "subscribed");
    assert_eq!(known["attributes"]["oa_openid"], known["identities"][1]["openid"]);
    push(&app, &app.sim.unfollow_event(OFFICIAL, "alice").unwrap()).await;
    let known = person(&app, &me["id"]).await;
    assert_eq!((&known["subscribed"], &known["attributes"]["oa_status"]), (&json!(false), &json!("unsubscribed")));
    assert!(known["identities"][1]["last_activity_at"].is_string());
    let path = format!("/api/v1/persons/{}/activities", me["id"].as_str().unwrap());
    let done = app.admin.get(&path).await.expect(200)["items"].clone();
    let booked: Vec<_> =
        done.as_array().unwrap().iter().map(|a| (a["kind"].clone(), a["campaign_id"].clone())).collect();
    let expected = [("unsubscribe", &standing), ("scan", &standing), ("subscribe", &poster)];
    assert_eq!(booked, expected.map(|(kind, campaign)| (json!(kind), campaign["id"].clone())));
    let path = format!("/api/v1/campaigns/{}", poster["id"].as_str().unwrap());
    assert_eq!(app.admin.get(&path).await.expect(200)["activities"], json!({ "subscribe": 1 }));
});

both!(two_persons_who_turn_out_to_be_one_keep_everything, |app| {
    // Followed while the account was not bound to the open platform; then both sides learn the unionid.
    app.sim.add_app(App::mini_program(APPID, APP_SECRET).bound_to("expo"));
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Xml, json!({})).await;
    app.sim.add_app(App::official_account(OFFICIAL, APP_SECRET));
    push(&app, &app.sim.follow_event(OFFICIAL, "alice", None).unwrap()).await;
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let alice = app.login_as("alice", paifang_server::people::Role::Staff).await;
    let claim = json!({ "order_code": "D1", "attendee_name": "王小明" });
    alice.post("/api/v1/me/tickets/claim", &claim).await.expect(200);
    let before = alice.get("/api/v1/me").await.expect(200)["id"].clone();
    assert_eq!(persons(&app).await.len(), 2);
    app.sim.add_app(App::official_account(OFFICIAL, APP_SECRET).bound_to("expo"));
    push(&app, &app.sim.scan_event(OFFICIAL, "alice", "1").unwrap()).await;
    assert_eq!(persons(&app).await.len(), 1);
    let after = alice.get("/api/v1/me").await.expect(200);
    assert_ne!(after["id"], before, "the elder stays, and the session follows");
    assert_eq!(after["roles"], json!(["staff"]));
    assert_eq!(alice.get("/api/v1/me/tickets").await.expect(200)["items"][0]["id"], ticket["id"]);
    assert_eq!(person(&app, &before).await["id"], after["id"], "found under both ids");
    let audit =
        app.admin.get(&format!("/api/v1/audit-log?subject_id={}", after["id"].as_str().unwrap())).await.expect(200);
    let merge = audit["items"].as_array().unwrap().iter().find(|e| e["action"] == "person.merge").unwrap().clone();
    assert_eq!((&merge["before"]["person_id"], &merge["before"]["tickets"]), (&before, &json!([ticket["id"]])));
    let actions = audit["items"].as_array().unwrap();
    assert!(actions.iter().any(|e| e["action"] == "person.take_role" && e["subject_id"] == before), "{audit}");
});

both!(existing_followers_are_imported_and_those_who_left_meanwhile_are_noticed, |app| {
    app.sim.add_app(App::mini_program(APPID, APP_SECRET).bound_to("expo"));
    let alice = app.login("alice").await.get("/api/v1/me").await.expect(200);
    let account = connect_with_pushes(&app, PushMode::Safe, PushFormat::Json, json!({})).await;
    push(&app, &app.sim.follow_event(OFFICIAL, "gone", None).unwrap()).await;
    app.sim.unfollow(OFFICIAL, "gone").unwrap();
    app.sim.populate_followers(OFFICIAL, 1234).unwrap();
    app.sim.follow(OFFICIAL, "alice").unwrap();
    app.sim.set_follower_page(500);
    let path = format!("/api/v1/accounts/{}/follower-imports", account["id"].as_str().unwrap());
    app.admin.post(&path, &json!({})).await.expect(201);
    app.admin.post(&path, &json!({})).await.problem(409, "conflict");
    let done = finished(&app, &path).await;
    assert_eq!((&done["status"], &done["total"], &done["processed"]), (&json!("done"), &json!(1235), &json!(1235)));
    assert_eq!(done["created"], 1234, "alice was known by her unionid");
    let alice = person(&app, &alice["id"]).await;
    assert_eq!((&alice["subscribed"], alice["identities"].as_array().unwrap().len()), (&json!(true), 2));
    let gone = persons(&app).await.into_iter().find(|p| p["id"] != alice["id"]).unwrap();
    assert_eq!(person(&app, &gone["id"]).await["identities"][0]["subscription_status"], "unsubscribed");
    app.admin.post(&path, &json!({})).await.expect(201);
    assert_eq!(finished(&app, &path).await["created"], 0, "a second time finds nobody new");
});

both!(an_import_goes_on_after_wechat_was_away, |app| {
    let account = connect_with(&app, OFFICIAL, json!({})).await.expect(201);
    app.sim.populate_followers(OFFICIAL, 1500).unwrap();
    app.sim.set_follower_page(500);
    app.sim.set_quota(OFFICIAL, "/cgi-bin/user/get", Some(2), None).unwrap();
    // All of it in one minute of the simulator's.
    app.sim.advance(u64::try_from(60_000 - app.sim.now_ms() % 60_000).unwrap());
    let path = format!("/api/v1/accounts/{}/follower-imports", account["id"].as_str().unwrap());
    app.admin.post(&path, &json!({})).await.expect(201);
    let mut import = Value::Null;
    for _ in 0..200 {
        import = app.admin.get(&path).await.expect(200)["items"][0].clone();
        if import["last_error"].is_string() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!((&import["status"], &import["processed"]), (&json!("running"), &json!(1000)), "{import}");
    assert!(import["last_error"].as_str().unwrap().contains("45011"));
});

async fn finished(app: &TestApp, path: &str) -> Value {
    for _ in 0..400 {
        let import = app.admin.get(path).await.expect(200)["items"][0].clone();
        if import["finished_at"].is_string() {
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the import does not end: {}", app.admin.get(path).await.expect(200));
}

both!(what_a_push_leaves_out_is_asked_for_later_when_wechat_was_away, |app| {
    app.sim.add_app(App::mini_program(APPID, APP_SECRET).bound_to("expo"));
    let account = connect_with_pushes(&app, PushMode::Safe, PushFormat::Json, json!({})).await;
    let alice = app.login("alice").await.get("/api/v1/me").await.expect(200);
    app.sim.set_quota(OFFICIAL, "/cgi-bin/user/info/batchget", Some(0), None).unwrap();
    push(&app, &app.sim.follow_event(OFFICIAL, "alice", None).unwrap()).await;
    assert_eq!(persons(&app).await.len(), 2, "without a unionid nobody knows that it is alice");
    app.sim.set_quota(OFFICIAL, "/cgi-bin/user/info/batchget", None, None).unwrap();
    // The refusal is remembered until the minute ends; a change of the account starts anew.
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    app.admin.put(&path, &json!({ "official_account_type": "service" })).await.expect(200);
    for _ in 0..600 {
        if persons(&app).await.len() == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let known = person(&app, &alice["id"]).await;
    assert_eq!((&known["subscribed"], known["identities"].as_array().unwrap().len()), (&json!(true), 2));
});

fn withdrawal(event: &str, app: &TestApp, openid: &Value) -> Value {
    let now = app.running.app.clock.now() / 1000;
    json!({ "FromUserName": "oPlatform", "CreateTime": now, "MsgType": "event", "Event": event, "OpenID": openid,
        "AppID": OFFICIAL, "RevokeInfo": "5" })
}

both!(who_closes_the_account_at_wechat_is_forgotten_and_a_replay_forgets_nobody_new, |app| {
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Xml, json!({})).await;
    let event = app.sim.follow_event(OFFICIAL, "alice", None).unwrap();
    push(&app, &event).await;
    assert_eq!(persons(&app).await.len(), 1);
    push(&app, &withdrawal("user_authorization_cancellation", &app, &event["FromUserName"])).await;
    assert_eq!(persons(&app).await, Vec::<Value>::new());
    let left = app.admin.get("/api/v1/pushes").await.expect(200)["items"].clone();
    let events: Vec<_> = left.as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["user_authorization_cancellation"], "what was pushed about the user is gone too");
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    push(&app, &app.sim.follow_event(OFFICIAL, "alice", None).unwrap()).await;
    app.admin.post("/api/v1/pushes/replay", &json!({ "from": "2020-01-01T00:00:00Z" })).await.expect(200);
    drained(&app).await;
    assert_eq!(persons(&app).await.len(), 1, "who has come back is not meant");
});

both!(who_withdraws_one_permission_loses_nothing_else, |app| {
    let url = format!("{}/wechat/callback/{APPID}", app.base);
    let callback = json!({ "callback": { "token": "AAAAA", "encoding_aes_key": crate::official::AES_KEY } });
    let account = app.admin.get("/api/v1/accounts").await.expect(200)["items"][0]["id"].clone();
    app.admin.put(&format!("/api/v1/accounts/{}", account.as_str().unwrap()), &callback).await.expect(200);
    let (mode, format) = (PushMode::Safe, PushFormat::Json);
    let aes_key = Some(crate::official::AES_KEY.to_owned());
    let callback = wechat_sim::Callback { url, token: "AAAAA".to_owned(), aes_key, mode, format };
    app.sim.set_callback(APPID, callback).unwrap();
    app.sim.add_user(wechat_sim::User { phone: Some("13800138000".to_owned()), ..wechat_sim::User::new("alice") });
    let alice = app.login_as("alice", paifang_server::people::Role::Staff).await;
    let code = app.sim.mint_phone_code(APPID, "alice").unwrap();
    alice.post("/api/v1/me/phone", &json!({ "code": code })).await.expect(200);
    let profile = alice.get("/api/v1/me/profile").await.expect(200);
    for (info, phone) in [("5", json!("***8000")), ("13,8", Value::Null)] {
        let mut event = withdrawal("user_authorization_revoke", &app, &profile["identities"][0]["openid"]);
        event["RevokeInfo"] = json!(info);
        assert!(app.sim.deliver(APPID, &event).await.unwrap().accepted());
        drained(&app).await;
        let me = alice.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["phone"], &me["roles"]), (&phone, &json!(["staff"])), "{info}");
    }
    let event = withdrawal("user_authorization_cancellation", &app, &profile["identities"][0]["openid"]);
    assert!(app.sim.deliver(APPID, &event).await.unwrap().accepted());
    for _ in 0..100 {
        if alice.get("/api/v1/me").await.status == 401 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    alice.get("/api/v1/me").await.problem(401, "unauthenticated");
});

both!(who_was_forgotten_does_not_come_back_by_leaving, |app| {
    app.sim.add_app(App::mini_program(APPID, APP_SECRET).bound_to("expo"));
    connect_with_pushes(&app, PushMode::Safe, PushFormat::Json, json!({})).await;
    let alice = app.login("alice").await;
    push(&app, &app.sim.follow_event(OFFICIAL, "alice", None).unwrap()).await;
    assert_eq!(persons(&app).await.len(), 1);
    alice.delete("/api/v1/me").await.expect(200);
    assert_eq!(app.admin.get("/api/v1/pushes").await.expect(200)["items"], json!([]));
    push(&app, &app.sim.unfollow_event(OFFICIAL, "alice").unwrap()).await;
    assert_eq!(persons(&app).await, Vec::<Value>::new());
});
