//! Connecting, changing and removing WeChat accounts.

use crate::official::{OFFICIAL, connect, connect_with, try_connect};
use paifang_server::people::Role;
use paifang_tests::{APP_SECRET, APPID, both};
use serde_json::{Value, json};

both!(an_account_is_connected_shown_without_secrets_and_changed, |app| {
    let campaign = json!({ "name": "常年", "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2036-01-01T00:00:00Z" });
    let campaign = app.admin.post("/api/v1/campaigns", &campaign).await.expect(201);
    let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    let more = json!({
        "display_name": "会展服务号", "description": "Expo service account", "time_zone": "Asia/Shanghai",
        "default_campaign_id": campaign["id"], "channel_code": "wechatoa1", "open_platform": "expo",
        "attributes": { "openid": "wx_openid", "subscription_status": "wx_status" },
        "callback": { "token": "AAAAA", "encoding_aes_key": key, "mode": "safe", "format": "xml" },
    });
    let account = connect_with(&app, OFFICIAL, more.clone()).await.expect(201);
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let shown = app.admin.get(&path).await.expect(200);
    assert_eq!(shown, account);
    assert_eq!(shown["callback"]["path"], format!("/wechat/callback/{OFFICIAL}"));
    assert_eq!(
        (&shown["callback"]["token_set"], &shown["callback"]["encoding_aes_key_set"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(app.admin.get("/api/v1/accounts").await.expect(200)["items"].as_array().unwrap().len(), 2);
    let mut change = more;
    change["display_name"] = json!("会展订阅号");
    change["official_account_type"] = json!("service");
    change["callback"]["encoding_aes_key"] = Value::Null;
    let changed = app.admin.put(&path, &change).await.expect(200);
    assert_eq!(changed["display_name"], "会展订阅号");
    assert_eq!(changed["callback"]["encoding_aes_key_set"], true, "what is absent stays");
    let everything = format!("{}{shown}{changed}", app.admin.get("/api/v1/audit-log?limit=200").await.expect(200));
    for secret in [APP_SECRET, key] {
        assert!(!everything.contains(secret));
    }
});

both!(wechat_is_asked_before_anything_is_kept, |app| {
    app.sim.add_app(wechat_sim::App::official_account(OFFICIAL, APP_SECRET));
    let refused = try_connect(&app, OFFICIAL, json!({ "secret": "ffffffffffffffffffffffffffffffff" })).await;
    assert_eq!(refused.problem(422, "invalid_field")["errors"][0]["field"], "secret");
    let unknown = try_connect(&app, "wx00000000000000ee", json!({})).await;
    assert_eq!(unknown.problem(422, "invalid_field")["errors"][0]["field"], "appid");
    app.sim.set_allowed_ips(OFFICIAL, Some(vec!["203.0.113.9".to_owned()])).unwrap();
    let problem = try_connect(&app, OFFICIAL, json!({})).await.problem(409, "wechat_address_refused");
    assert_eq!(problem["address"], "127.0.0.1");
    app.sim.set_allowed_ips(OFFICIAL, None).unwrap();
    app.sim.set_frozen(OFFICIAL, true).unwrap();
    assert_eq!(
        try_connect(&app, OFFICIAL, json!({})).await.problem(422, "invalid_field")["errors"][0]["field"],
        "secret"
    );
    assert_eq!(app.admin.get("/api/v1/accounts").await.expect(200)["items"].as_array().unwrap().len(), 1);
});

both!(every_wrong_field_is_named, |app| {
    let wrong = json!({
        "kind": "official_account", "appid": "wx1", "secret": "", "official_account_type": "magazine",
        "time_zone": "Mars/Olympus", "channel_code": "a b", "attributes": { "openid": "a.b" },
        "callback": { "token": "!", "encoding_aes_key": "short", "mode": "loud", "format": "yaml" },
        "token_provider": { "url": "https://evil.example/" },
    });
    let problem = app.admin.post("/api/v1/accounts", &wrong).await.problem(422, "invalid_field");
    let named: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    for field in [
        "appid",
        "secret",
        "official_account_type",
        "time_zone",
        "channel_code",
        "attributes.openid",
        "callback.token",
        "callback.encoding_aes_key",
        "callback.mode",
        "callback.format",
        "token_provider.url",
    ] {
        assert!(named.contains(&field), "{field} in {named:?}");
    }
    let plain_needs_no_key = json!({ "callback": { "token": "AAAAA", "mode": "safe" } });
    connect_with(&app, OFFICIAL, plain_needs_no_key).await.problem(422, "invalid_field");
});

both!(an_open_platform_account_holds_five_official_accounts, |app| {
    for number in 0..6 {
        let appid = format!("wx000000000000f0{number:02}");
        app.sim.add_app(wechat_sim::App::official_account(&appid, APP_SECRET));
        let spelled = if number % 2 == 0 { "expo" } else { " expo \u{200b}" };
        let answer = connect_with(&app, &appid, json!({ "open_platform": spelled })).await;
        if number < 5 {
            answer.expect(201);
        } else {
            assert_eq!(answer.problem(409, "open_platform_full")["limit"], 5);
        }
    }
    let elsewhere = connect_with(&app, "wx000000000000f005", json!({ "open_platform": "other" })).await.expect(201);
    let path = format!("/api/v1/accounts/{}", elsewhere["id"].as_str().unwrap());
    let moved = json!({ "official_account_type": "service", "open_platform": "expo" });
    app.admin.put(&path, &moved).await.problem(409, "open_platform_full");
});

both!(what_depends_on_an_account_is_said_first_and_marked, |app| {
    let campaign = json!({ "name": "常年", "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2036-01-01T00:00:00Z" });
    let campaign = app.admin.post("/api/v1/campaigns", &campaign).await.expect(201);
    let settings = json!({ "default_campaign_id": campaign["id"], "channel_code": "oa" });
    let account = connect_with(&app, OFFICIAL, settings).await.expect(201);
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    let dependents = app.admin.get(&format!("{path}/dependents")).await.expect(200);
    assert_eq!(dependents["items"], json!([{ "kind": "campaign", "id": campaign["id"], "name": "常年" }]));
    let other_channel = json!({ "official_account_type": "service", "default_campaign_id": campaign["id"],
        "channel_code": "oa2" });
    let problem = app.admin.put(&path, &other_channel).await.problem(409, "account_in_use");
    assert_eq!(problem["dependents"][0]["id"], campaign["id"]);
    app.admin.delete(&path).await.problem(409, "account_in_use");
    assert_eq!(app.admin.get("/api/v1/notices").await.expect(200)["items"], json!([]), "nothing was changed");
    app.admin.put(&format!("{path}?confirm=true"), &other_channel).await.expect(200);
    app.admin.delete(&format!("{path}?confirm=true")).await.expect(204);
    let notices = app.admin.get("/api/v1/notices").await.expect(200)["items"].clone();
    let kinds: Vec<_> = notices.as_array().unwrap().iter().map(|n| n["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["account_changed", "account_deleted"]);
    assert_eq!(notices[0]["subject_id"], campaign["id"]);
    app.admin.get(&path).await.problem(404, "not_found");
    app.admin.delete(&format!("/api/v1/notices/{}", notices[0]["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(app.admin.get("/api/v1/notices").await.expect(200)["items"].as_array().unwrap().len(), 1);
});

both!(an_account_may_be_kept_to_some_persons, |app| {
    let (ada, bob) = (app.login_as("ada", Role::Dispatcher).await, app.login_as("bob", Role::Supervisor).await);
    let ada_id = ada.get("/api/v1/me").await.expect(200)["id"].clone();
    let named = json!({ "person_ids": [ada_id], "display_name": "甲", "description": "A" });
    connect_with(&app, OFFICIAL, named).await.expect(201);
    let seen = |who: paifang_tests::Actor| async move {
        let items = who.get("/api/v1/me/accounts").await.expect(200)["items"].clone();
        items.as_array().unwrap().iter().map(|a| a["appid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen(ada).await, [APPID, OFFICIAL]);
    assert_eq!(seen(bob).await, [APPID]);
    let stranger = json!({ "person_ids": ["00000000-0000-7000-8000-000000000000"] });
    app.sim.add_app(wechat_sim::App::official_account("wx000000000000f001", APP_SECRET));
    connect_with(&app, "wx000000000000f001", stranger).await.problem(422, "invalid_field");
});

both!(a_mini_program_may_be_shared_an_official_account_not, |app| {
    connect(&app, OFFICIAL).await.expect(201);
    let body = json!({ "kind": "official_account", "appid": OFFICIAL, "secret": APP_SECRET,
        "official_account_type": "service" });
    app.foreign_admin.post("/api/v1/accounts", &body).await.problem(409, "already_exists");
    let ours = app.admin.get("/api/v1/accounts").await.expect(200)["items"][0]["id"].clone();
    let ours = format!("/api/v1/accounts/{}", ours.as_str().unwrap());
    let callback = json!({ "callback": { "token": "AAAAA", "encoding_aes_key": crate::official::AES_KEY } });
    app.admin.put(&ours, &callback).await.expect(200);
    let mini = json!({ "kind": "mini_program", "appid": APPID, "secret": APP_SECRET, "display_name": "共享" });
    let mut guess = mini.clone();
    guess["secret"] = json!("ffffffffffffffffffffffffffffffff");
    app.foreign_admin.post("/api/v1/accounts", &guess).await.problem(422, "invalid_field");
    app.foreign_admin.post("/api/v1/accounts", &mini).await.expect(201);
    app.admin.post("/api/v1/accounts", &mini).await.problem(409, "already_exists");
    assert_eq!(app.admin.get(&ours).await.expect(200)["callback"]["token_set"], true, "it is as it was");
    let theirs = app.foreign_admin.get("/api/v1/accounts").await.expect(200)["items"].clone();
    let shared = theirs.as_array().unwrap().iter().find(|account| account["appid"] == APPID).unwrap().clone();
    let path = format!("/api/v1/accounts/{}", shared["id"].as_str().unwrap());
    let problem = app.foreign_admin.put(&path, &callback).await.problem(422, "invalid_field");
    assert_eq!(problem["errors"][0]["field"], "secret", "who changes what is the others' too proves that it is theirs");
    // Who leaves a shared account leaves it to the others.
    app.admin.delete(&ours).await.expect(204);
    assert_eq!(app.foreign_admin.get("/api/v1/accounts").await.expect(200)["items"].as_array().unwrap().len(), 2);
});

both!(a_check_says_what_wechat_says, |app| {
    let account = connect(&app, OFFICIAL).await.expect(201);
    let path = format!("/api/v1/accounts/{}/check", account["id"].as_str().unwrap());
    assert_eq!(app.admin.post(&path, &json!({})).await.expect(200)["status"], "ok");
    app.sim.set_allowed_ips(OFFICIAL, Some(vec!["203.0.113.9".to_owned()])).unwrap();
    let refused = app.admin.post(&path, &json!({})).await.expect(200);
    assert_eq!((&refused["errcode"], &refused["address"]), (&json!(40164), &json!("127.0.0.1")));
    assert!(refused["errmsg"].as_str().unwrap().contains("rid"));
    let notices = app.admin.get("/api/v1/notices").await.expect(200)["items"].clone();
    assert_eq!(
        (&notices[0]["kind"], &notices[0]["detail"]["address"]),
        (&json!("wechat_refused"), &json!("127.0.0.1"))
    );
    app.sim.set_allowed_ips(OFFICIAL, None).unwrap();
    let change = json!({ "official_account_type": "service" });
    app.admin.put(path.trim_end_matches("/check"), &change).await.expect(200);
    assert_eq!(app.admin.get("/api/v1/notices").await.expect(200)["items"], json!([]), "a change starts anew");
});

both!(a_portal_code_leads_to_the_organization, |app| {
    let accounts = app.admin.get("/api/v1/accounts").await.expect(200);
    let path = format!("/api/v1/accounts/{}/portal-code", accounts["items"][0]["id"].as_str().unwrap());
    let response = app.admin.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
    let picture = response.bytes().await.unwrap();
    let scene = app.admin.get("/api/v1/organization").await.expect(200)["scene"].as_str().unwrap().to_owned();
    assert!(picture.windows(scene.len()).any(|window| window == scene.as_bytes()), "the picture holds the scene");
});
