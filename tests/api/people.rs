//! Phone numbers, who is who, being forgotten, shared mini programs.

use paifang_server::people::Role;
use paifang_tests::{APP_SECRET, APPID, Actor, TestApp, both};
use serde_json::{Value, json};
use wechat_sim::User;

const PHONE: &str = "/api/v1/me/phone";

fn with_phone(app: &TestApp, name: &str, phone: &str) {
    app.sim.add_user(User { phone: Some(phone.to_owned()), ..User::new(name) });
}

async fn bind(app: &TestApp, actor: &Actor, name: &str) -> paifang_tests::Answer {
    let code = app.sim.mint_phone_code(APPID, name).unwrap();
    actor.post(PHONE, &json!({ "code": code })).await
}

async fn id(actor: &Actor) -> Value {
    actor.get("/api/v1/me").await.expect(200)["id"].clone()
}

both!(a_phone_is_bound_by_its_code_once, |app| {
    with_phone(&app, "alice", "13800138000");
    let alice = app.login("alice").await;
    let code = app.sim.mint_phone_code(APPID, "alice").unwrap();
    let bound = alice.post(PHONE, &json!({ "code": code })).await.expect(200);
    assert_eq!(bound["phone"], "***8000");
    alice.post(PHONE, &json!({ "code": code })).await.problem(409, "phone_code_invalid");
    alice.post(PHONE, &json!({ "code": "nonsense" })).await.problem(409, "phone_code_invalid");
    assert_eq!(alice.get("/api/v1/me").await.expect(200)["phone"], "***8000");
    let log = format!("{}", app.admin.get("/api/v1/audit-log?limit=200").await.expect(200));
    assert!(log.contains("***8000") && !log.contains("13800138000"));
});

both!(a_code_of_somebody_else_or_another_app_is_refused, |app| {
    with_phone(&app, "alice", "13800138000");
    let bob = app.login("bob").await;
    app.login("alice").await;
    bind(&app, &bob, "alice").await.problem(409, "phone_code_invalid");
    let elsewhere = app.sim.mint_phone_code("wx00000000000000b2", "alice").unwrap();
    bob.post(PHONE, &json!({ "code": elsewhere })).await.problem(409, "phone_code_invalid");
    assert_eq!(bob.get("/api/v1/me").await.expect(200)["phone"], Value::Null);
    assert_eq!(app.admin.get("/api/v1/notices").await.expect(200)["items"], json!([]), "nobody has to mend anything");
    with_phone(&app, "bob", "13800138001");
    bind(&app, &bob, "bob").await.expect(200);
});

both!(a_second_owner_is_a_conflict_for_somebody_to_decide, |app| {
    with_phone(&app, "alice", "13800138000");
    with_phone(&app, "bob", "13800138000");
    let (alice, bob) = (app.login("alice").await, app.login("bob").await);
    bind(&app, &alice, "alice").await.expect(200);
    for _ in 0..2 {
        bind(&app, &bob, "bob").await.problem(409, "phone_taken");
    }
    assert_eq!(alice.get("/api/v1/me").await.expect(200)["phone"], "***8000", "nothing was overwritten");
    let open = app.admin.get("/api/v1/phone-conflicts").await.expect(200)["items"].clone();
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!((&open[0]["owner_id"], &open[0]["claimant_id"]), (&id(&alice).await, &id(&bob).await));
    assert_eq!(app.admin.get("/api/v1/notices").await.expect(200)["items"][0]["kind"], "phone_conflict");
    let path = format!("/api/v1/phone-conflicts/{}/resolve", open[0]["id"].as_str().unwrap());
    app.admin.post(&path, &json!({ "resolution": "move_to_claimant" })).await.expect(204);
    app.admin.post(&path, &json!({ "resolution": "keep_owner" })).await.problem(409, "conflict");
    assert_eq!(alice.get("/api/v1/me").await.expect(200)["phone"], Value::Null);
    assert_eq!(bob.get("/api/v1/me").await.expect(200)["phone"], "***8000");
    assert_eq!(app.admin.get("/api/v1/notices").await.expect(200)["items"], json!([]));
});

both!(a_conflict_may_end_in_one_person, |app| {
    with_phone(&app, "alice", "13800138000");
    with_phone(&app, "bob", "13800138000");
    let (alice, bob) = (app.login("alice").await, app.login_as("bob", Role::Staff).await);
    bind(&app, &alice, "alice").await.expect(200);
    bind(&app, &bob, "bob").await.problem(409, "phone_taken");
    let open = app.admin.get("/api/v1/phone-conflicts").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/api/v1/phone-conflicts/{}/resolve", open.as_str().unwrap());
    app.admin.post(&path, &json!({ "resolution": "merge" })).await.expect(204);
    assert_eq!(id(&alice).await, id(&bob).await);
    assert_eq!(alice.get("/api/v1/me").await.expect(200)["roles"], json!(["staff"]));
    assert_eq!(app.admin.get("/api/v1/persons").await.expect(200)["items"].as_array().unwrap().len(), 1);
});

both!(who_asks_to_be_forgotten_is, |app| {
    with_phone(&app, "alice", "13800138000");
    let made = app.event().await;
    let ticket = app.ticket(&made, json!({})).await;
    let alice = app.login_as("alice", Role::Staff).await;
    bind(&app, &alice, "alice").await.expect(200);
    let claim = json!({ "order_code": "D1", "attendee_name": "王小明" });
    alice.post("/api/v1/me/tickets/claim", &claim).await.expect(200);
    let person = id(&alice).await;
    let forgotten = alice.delete("/api/v1/me").await.expect(200);
    assert_eq!((&forgotten["identities"], &forgotten["tickets_kept"]), (&json!(1), &json!(1)));
    alice.get("/api/v1/me").await.problem(401, "unauthenticated");
    app.admin.get(&format!("/api/v1/persons/{}", person.as_str().unwrap())).await.problem(404, "not_found");
    assert_eq!(app.admin.get("/api/v1/persons").await.expect(200)["items"], json!([]));
    let kept = app.admin.get(&format!("/api/v1/tickets/{}", ticket["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(kept["status"], "valid", "the order still has its ticket");
    let again = app.login("alice").await;
    assert_ne!(id(&again).await, person, "nothing leads back");
    assert_eq!(again.get("/api/v1/me").await.expect(200)["roles"], json!([]));
    again.post("/api/v1/me/tickets/claim", &claim).await.expect(200);
    bind(&app, &again, "alice").await.expect(200);
});

both!(guests_may_be_kept_out, |app| {
    let settings = json!({ "name": "会展公司", "guests_allowed": false });
    app.admin.put("/api/v1/organization", &settings).await.expect(200);
    let before = app.admin.get("/api/v1/persons").await.expect(200);
    app.try_login("mallory", json!({})).await.problem(403, "guests_not_allowed");
    assert_eq!(app.admin.get("/api/v1/persons").await.expect(200), before, "nobody is kept of whom nothing may be");
    let member = app.login_as("alice", Role::Member).await;
    assert_eq!(member.get("/api/v1/me").await.expect(200)["roles"], json!(["member"]));
    app.login("alice").await;
    let open = json!({ "name": "会展公司", "guests_allowed": true });
    assert_eq!(app.admin.put("/api/v1/organization", &open).await.expect(200)["name"], "会展公司");
    app.login("mallory").await;
    app.admin
        .put("/api/v1/organization", &json!({ "name": "", "guests_allowed": true }))
        .await
        .problem(422, "invalid_field");
});

both!(one_person_may_belong_to_several_organizations_of_a_shared_mini_program, |app| {
    let shared = json!({ "kind": "mini_program", "appid": APPID, "secret": APP_SECRET });
    app.foreign_admin.post("/api/v1/accounts", &shared).await.expect(201);
    let scene = |admin: Actor| async move { admin.get("/api/v1/organization").await.expect(200)["scene"].clone() };
    let (ours, theirs) = (scene(app.admin.clone()).await, scene(app.foreign_admin.clone()).await);
    let problem = app.try_login("alice", json!({})).await.problem(409, "organization_required");
    assert_eq!(problem["organizations"].as_array().unwrap().len(), 2);
    let here = app.try_login("alice", json!({ "scene": ours })).await;
    let there = app.try_login("alice", json!({ "scene": theirs })).await;
    let (here, there) = (app.actor(&here), app.actor(&there));
    assert_ne!(id(&here).await, id(&there).await, "a person of each");
    let known = there.get("/api/v1/me/organizations").await.expect(200)["items"].clone();
    let known: Vec<_> = known.as_array().unwrap().iter().map(|o| (o["scene"].clone(), o["current"].clone())).collect();
    assert_eq!(known, [(theirs, json!(true)), (ours, json!(false))]);
});

both!(a_phone_and_an_invitation_are_for_who_somebody_is_by_now, |app| {
    let (one, two) = app.twins([Role::Member; 2]).await;
    let (stays, goes) = app.become_one_behind(&one, &two, Role::Member).await;
    let unit = app.unit(json!({})).await;
    let report = json!({ "contact": { "phone": "13900139001" } });
    let order = app.try_report(&app.anonymous(), &unit, report).await.expect(201);
    with_phone(&app, "two", "13900139001");
    let bound = bind(&app, &two, "two").await.expect(200);
    assert_eq!((&bound["person_id"], id(&two).await), (&json!(stays), json!(stays)), "the session has caught up");
    app.name_in_sessions(&stays, &goes, Role::Member).await;
    let invitation = app.admin.post("/api/v1/invitations", &json!({ "role": "staff" })).await.expect(201);
    two.post("/api/v1/me/invitations", &json!({ "code": invitation["code"] })).await.expect(200);
    let me = two.get("/api/v1/me").await.expect(200);
    assert_eq!((&me["id"], &me["roles"]), (&json!(stays), &json!(["member", "staff"])));
    let whole = one.get(&paifang_tests::order_path(&order)).await.expect(200);
    assert_eq!(whole["id"], order["id"], "what was reported with the number is theirs");
    let person = app.admin.get(&format!("/api/v1/persons/{stays}")).await.expect(200);
    assert!(person["roles"].as_array().unwrap().contains(&json!("staff")), "{person}");
    let log = app.admin.get("/api/v1/audit-log?limit=100").await.expect(200);
    let claims = log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "work_order.claim");
    let reporters: Vec<_> = claims.map(|entry| entry["after"]["reporter_id"].clone()).collect();
    assert_eq!(reporters, [json!(stays)]);
});

both!(who_is_a_part_of_somebody_by_now_is_forgotten_as_them, |app| {
    let (one, two) = app.twins([Role::Member; 2]).await;
    let (stays, goes) = app.become_one_behind(&one, &two, Role::Member).await;
    let forgotten = two.delete("/api/v1/me").await.expect(200);
    assert_eq!(forgotten["identities"], json!(2));
    for id in [stays, goes] {
        app.admin.get(&format!("/api/v1/persons/{id}")).await.problem(404, "not_found");
    }
    two.get("/api/v1/me").await.problem(401, "unauthenticated");
});
