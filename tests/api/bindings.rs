//! Bindings that the business makes: users of its own to WeChat users.

use crate::official::{OFFICIAL, connect_with};
use paifang_tests::{APP_SECRET, APPID, Actor, TestApp, both};
use reqwest::Method;
use serde_json::{Value, json};
use wechat_sim::App;

pub const BINDINGS: &str = "/api/v1/bindings";
/// The channel code of the mini program.
pub const CHANNEL: &str = "wechatmp123";
/// As the guide of the business system has it.
const GUIDE: &str = r#"[{ "userid": "zhangsan", "set":{ "wechatmp123":"pioV1cHbf7ghFI_oRcf0w_yHT-1F" } }]"#;

/// Gives the mini program its channel code.
pub async fn with_channel(app: &TestApp) {
    let accounts = app.admin.get("/api/v1/accounts").await.expect(200);
    let of_appid = accounts["items"].as_array().unwrap().iter().find(|account| account["appid"] == APPID).unwrap();
    let path = format!("/api/v1/accounts/{}", of_appid["id"].as_str().unwrap());
    app.admin.put(&path, &json!({ "channel_code": CHANNEL })).await.expect(200);
}

/// An openid of nobody.
pub fn openid(number: usize) -> String {
    format!("o{number:027}")
}

/// Sends users; answers the results.
pub async fn send(app: &TestApp, users: Value) -> Vec<Value> {
    let answer = app.admin.post(BINDINGS, &users).await.expect(200);
    answer["results"].as_array().unwrap().clone()
}

/// Sends users who must all be taken.
pub async fn send_ok(app: &TestApp, users: Value) {
    for result in send(app, users).await {
        assert_eq!(result["status"], "ok", "{result}");
    }
}

/// The openids of a user, in order.
pub async fn openids(app: &TestApp, userid: &str) -> Vec<String> {
    let page = app.admin.get(&format!("{BINDINGS}?userid={userid}")).await.expect(200);
    let mut openids: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|item| item["openid"].as_str().unwrap().to_owned()).collect();
    openids.sort();
    openids
}

async fn me(actor: &Actor) -> Value {
    actor.get("/api/v1/me").await.expect(200)
}

both!(the_body_of_the_guide_is_taken_word_for_word, |app| {
    with_channel(&app).await;
    for _ in 0..2 {
        let request = app.admin.request(Method::POST, BINDINGS).header("content-type", "application/json");
        let answer = Actor::send(request.body(GUIDE)).await.expect(200);
        assert_eq!(answer, json!({ "results": [{ "userid": "zhangsan", "status": "ok" }] }));
    }
    let page = app.admin.get(BINDINGS).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let binding = &page["items"][0];
    for (name, value) in [
        ("userid", "zhangsan"),
        ("channel", CHANNEL),
        ("appid", APPID),
        ("openid", "pioV1cHbf7ghFI_oRcf0w_yHT-1F"),
        ("bound_by", "api"),
    ] {
        assert_eq!(binding[name], value);
    }
    let person =
        app.admin.get(&format!("/api/v1/persons/{}", binding["person_id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&person["userid"], &person["identities"][0]["bound_by"]), (&json!("zhangsan"), &json!("api")));
});

both!(del_set_and_add_in_that_order, |app| {
    with_channel(&app).await;
    let [a, b, c, d] = [openid(1), openid(2), openid(3), openid(4)];
    send_ok(&app, json!([{ "userid": "u", "add": { CHANNEL: a } }, { "userid": "u", "add": { CHANNEL: [b, c] } }]))
        .await;
    assert_eq!(openids(&app, "u").await, [a.clone(), b.clone(), c.clone()]);
    send_ok(&app, json!([{ "userid": "u", "set": { CHANNEL: [b, d] } }])).await;
    assert_eq!(openids(&app, "u").await, [b.clone(), d.clone()]);
    send_ok(&app, json!([{ "userid": "u", "add": { CHANNEL: c }, "set": { CHANNEL: a }, "del": { CHANNEL: a } }]))
        .await;
    assert_eq!(openids(&app, "u").await, [a.clone(), c.clone()]);
    send_ok(
        &app,
        json!([{ "userid": "u", "del": { CHANNEL: [a, d] } }, { "userid": "nobody", "del": { CHANNEL: a } }]),
    )
    .await;
    assert_eq!(openids(&app, "u").await, std::slice::from_ref(&c));
    for all in [json!(""), Value::Null, json!([a, ""])] {
        send_ok(&app, json!([{ "userid": "u", "set": { CHANNEL: [a, b] } }])).await;
        send_ok(&app, json!([{ "userid": "u", "del": { CHANNEL: all } }])).await;
        assert_eq!(openids(&app, "u").await, Vec::<String>::new());
    }
    send_ok(&app, json!([{ "userid": "u", "add": { CHANNEL: a } }, { "userid": "u", "set": { CHANNEL: [] } }])).await;
    assert_eq!(openids(&app, "u").await, Vec::<String>::new());
    let known = app.admin.get("/api/v1/persons?limit=200").await.expect(200);
    let userids = known["items"].as_array().unwrap().iter().filter(|person| !person["userid"].is_null()).count();
    assert_eq!(userids, 1, "who is only deleted is not made");
});

both!(a_thousand_users_in_one_call_and_not_one_more, |app| {
    with_channel(&app).await;
    let user = |n: usize| json!({ "userid": format!("user-{n:04}"), "set": { CHANNEL: openid(n) } });
    let users: Vec<_> = (0..1000).map(user).collect();
    let results = send(&app, json!(users)).await;
    assert_eq!(results.len(), 1000);
    for (n, result) in results.iter().enumerate() {
        assert_eq!(*result, json!({ "userid": format!("user-{n:04}"), "status": "ok" }));
    }
    let audit = app.admin.get("/api/v1/audit-log?limit=1").await.expect(200);
    send_ok(&app, json!(users)).await;
    assert_eq!(app.admin.get("/api/v1/audit-log?limit=1").await.expect(200), audit, "nothing was changed");
    let mut cursor = String::new();
    let mut seen = 0;
    loop {
        let page = app.admin.get(&format!("{BINDINGS}?channel={CHANNEL}&limit=200{cursor}")).await.expect(200);
        seen += page["items"].as_array().unwrap().len();
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, 1000);
    let more: Vec<_> = (0..1001).map(user).collect();
    app.admin.post(BINDINGS, &more).await.problem(422, "invalid_field");
    app.admin.post(BINDINGS, &json!([])).await.problem(422, "invalid_field");
    app.admin.post(BINDINGS, &json!({ "userid": "u" })).await.problem(422, "invalid_field");
});

both!(a_mistake_does_not_hinder_the_others, |app| {
    with_channel(&app).await;
    let [a, b] = [openid(1), openid(2)];
    let results = send(
        &app,
        json!([
            { "userid": "good", "set": { CHANNEL: a } },
            { "userid": "", "set": { CHANNEL: b } },
            { "userid": "x".repeat(65) },
            { "userid": 17 },
            "nobody",
            { "userid": "u1", "set": { "nowhere": b } },
            { "userid": "u2", "add": { CHANNEL: b, "tag": { "all": "x" } } },
            { "userid": "u3", "set": { "phone": { "all": "13800138000" } } },
            { "userid": "u4", "set": { CHANNEL: "short" } },
            { "userid": "u5", "set": { CHANNEL: [17] } },
            { "userid": "u6", "set": { CHANNEL: "" } },
            { "userid": "u7", "set": 17 },
            { "userid": "thief", "add": { CHANNEL: a } },
            { "userid": " also good ", "tag": { "all": "x" }, "add": { CHANNEL: b } },
            { "userid": "late", "add": { CHANNEL: b } },
        ]),
    )
    .await;
    let codes: Vec<_> = results.iter().map(|result| result["code"].as_str().unwrap_or("-")).collect();
    let expected = [
        "-",
        "userid",
        "userid",
        "userid",
        "userid",
        "unknown_channel",
        "unknown_channel",
        "unknown_channel",
        "openid",
        "openid",
        "openid",
        "unknown_channel",
        "binding_conflict",
        "-",
        "binding_conflict",
    ];
    assert_eq!(codes, expected);
    assert_eq!((&results[12]["channel"], &results[12]["openid"]), (&json!(CHANNEL), &json!(a)));
    assert!(results[12]["detail"].as_str().is_some_and(|detail| detail.contains("deleted first")));
    assert_eq!((openids(&app, "good").await, openids(&app, "also%20good").await), (vec![a], vec![b]));
    assert_eq!(openids(&app, "u2").await, Vec::<String>::new(), "a user is taken as a whole or not at all");
});

both!(who_has_logged_in_before_keeps_everything, |app| {
    with_channel(&app).await;
    let made = app.event().await;
    app.ticket(&made, json!({ "order_code": "D1" })).await;
    app.ticket(&made, json!({ "order_code": "D2" })).await;
    let claim = |order: &str| json!({ "order_code": order, "attendee_name": "王小明" });
    let alice = app.login_as("alice", paifang_server::people::Role::Staff).await;
    alice.post("/api/v1/me/tickets/claim", &claim("D1")).await.expect(200);
    let before = me(&alice).await;
    // The business gets to know alice: she keeps her id.
    send_ok(&app, json!([{ "userid": "alice", "set": { CHANNEL: app.sim.openid(APPID, "alice") } }])).await;
    let known = me(&alice).await;
    assert_eq!((&known["id"], &known["userid"]), (&before["id"], &json!("alice")));
    // It knows bob already: what he did becomes the known person's.
    send_ok(&app, json!([{ "userid": "bob" }])).await;
    let bob = app.login_as("bob", paifang_server::people::Role::Staff).await;
    bob.post("/api/v1/me/tickets/claim", &claim("D2")).await.expect(200);
    let before = me(&bob).await;
    send_ok(&app, json!([{ "userid": "bob", "add": { CHANNEL: app.sim.openid(APPID, "bob") } }])).await;
    let known = me(&bob).await;
    assert_ne!(known["id"], before["id"]);
    assert_eq!((&known["userid"], &known["roles"]), (&json!("bob"), &json!(["staff"])));
    for actor in [&alice, &bob] {
        assert_eq!(actor.get("/api/v1/me/tickets").await.expect(200)["items"].as_array().unwrap().len(), 1);
        actor.get("/api/v1/events").await.expect(200);
    }
    assert_eq!(me(&app.login("bob").await).await["id"], known["id"]);
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200).to_string();
    assert!(
        log.contains("person.bind") && log.contains("person.merge") && !log.contains(&app.sim.openid(APPID, "bob"))
    );
});

both!(an_openid_goes_to_another_user_only_after_a_del, |app| {
    with_channel(&app).await;
    let of_alice = app.sim.openid(APPID, "alice");
    let alice = app.login("alice").await;
    let made = app.event().await;
    app.ticket(&made, json!({ "order_code": "D1" })).await;
    let claim = json!({ "order_code": "D1", "attendee_name": "王小明" });
    alice.post("/api/v1/me/tickets/claim", &claim).await.expect(200);
    send_ok(&app, json!([{ "userid": "a", "set": { CHANNEL: of_alice } }])).await;
    let first = me(&alice).await["id"].clone();
    let refused = send(&app, json!([{ "userid": "b", "set": { CHANNEL: of_alice } }])).await;
    assert_eq!(refused[0]["code"], "binding_conflict");
    let swap =
        json!([{ "userid": "a", "del": { CHANNEL: of_alice } }, { "userid": "b", "add": { CHANNEL: of_alice } }]);
    send_ok(&app, swap).await;
    alice.get("/api/v1/me").await.problem(401, "unauthenticated");
    let again = app.login("alice").await;
    let now = me(&again).await;
    assert_eq!(now["userid"], "b");
    assert_ne!(now["id"], first);
    assert_eq!(again.get("/api/v1/me/tickets").await.expect(200)["items"], json!([]), "the ticket is a's");
    assert_eq!((openids(&app, "a").await, openids(&app, "b").await), (vec![], vec![of_alice]));
});

both!(of_many_calls_at_once_one_binds_an_openid, |app| {
    with_channel(&app).await;
    app.login("alice").await;
    let shared = [openid(1), openid(2), app.sim.openid(APPID, "alice")];
    let call = |n: usize| {
        let users: Vec<_> =
            shared.iter().map(|of| json!({ "userid": format!("{n}-{of}"), "set": { CHANNEL: of } })).collect();
        let app = &app;
        async move { send(app, json!(users)).await }
    };
    let results: Vec<_> = futures_util::future::join_all((0..6).map(call)).await.into_iter().flatten().collect();
    assert_eq!(results.iter().filter(|result| result["status"] == "ok").count(), 3);
    assert_eq!(results.iter().filter(|result| result["code"] == "binding_conflict").count(), 15);
    assert_eq!(app.admin.get(BINDINGS).await.expect(200)["items"].as_array().unwrap().len(), 3);
});

both!(bindings_are_looked_up_both_ways, |app| {
    with_channel(&app).await;
    connect_with(&app, OFFICIAL, json!({ "channel_code": "wechatoa1" })).await.expect(201);
    app.sim.follow(OFFICIAL, "alice").unwrap();
    let official = app.sim.openid(OFFICIAL, "alice");
    let both = json!({ CHANNEL: openid(1), "wechatoa1": official });
    send_ok(&app, json!([{ "userid": "a", "set": both }, { "userid": "b", "set": { CHANNEL: openid(2) } }])).await;
    let get = |query: String| {
        let app = &app;
        async move { app.admin.get(&format!("{BINDINGS}?{query}")).await }
    };
    let count = |page: Value| page["items"].as_array().unwrap().len();
    assert_eq!(count(get("userid=a".into()).await.expect(200)), 2);
    assert_eq!(count(get("userid=a&channel=wechatoa1".into()).await.expect(200)), 1);
    assert_eq!(count(get(format!("channel={CHANNEL}")).await.expect(200)), 2);
    let found = get(format!("channel={CHANNEL}&openid={}", openid(2))).await.expect(200);
    assert_eq!((found["items"][0]["userid"].as_str(), count(found.clone())), (Some("b"), 1));
    assert_eq!(count(get(format!("channel=wechatoa1&openid={}", openid(2))).await.expect(200)), 0);
    assert_eq!(count(get("userid=nobody".into()).await.expect(200)), 0);
    for wrong in [format!("openid={}", openid(1)), "channel=nowhere".into(), "userid=%00".into(), "userid=".into()] {
        get(wrong).await.problem(422, "invalid_field");
    }
    assert_eq!(app.foreign_admin.get(BINDINGS).await.expect(200)["items"], json!([]));
    let dependents = app.admin.get("/api/v1/accounts").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/api/v1/accounts/{}/dependents", dependents.as_str().unwrap());
    assert_eq!(app.admin.get(&path).await.expect(200)["items"][0]["kind"], "binding");
});

both!(what_is_known_of_a_wechat_user_comes_and_goes_together, |app| {
    with_channel(&app).await;
    app.sim.add_app(App::mini_program(APPID, APP_SECRET).bound_to("expo"));
    connect_with(&app, OFFICIAL, json!({ "channel_code": "wechatoa1" })).await.expect(201);
    app.sim.follow(OFFICIAL, "alice").unwrap();
    let alice = app.login("alice").await;
    send_ok(&app, json!([{ "userid": "alice" }])).await;
    let official = app.sim.openid(OFFICIAL, "alice");
    send_ok(&app, json!([{ "userid": "alice", "set": { "wechatoa1": official } }])).await;
    assert_eq!(me(&alice).await["userid"], "alice", "WeChat told the unionid");
    let profile = alice.get("/api/v1/me/profile").await.expect(200);
    assert_eq!((&profile["subscribed"], profile["identities"].as_array().unwrap().len()), (&json!(true), 2));
    assert_eq!(openids(&app, "alice").await, std::slice::from_ref(&official), "the mini program is not bound itself");
    send_ok(&app, json!([{ "userid": "alice", "del": { "wechatoa1": official } }])).await;
    alice.get("/api/v1/me").await.problem(401, "unauthenticated");
    assert_eq!(me(&app.login("alice").await).await["userid"], Value::Null);
});
