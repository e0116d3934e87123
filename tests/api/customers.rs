//! Customers and their people.

use paifang_server::people::Role;
use paifang_tests::{TestApp, both};
use serde_json::{Value, json};

async fn customers_of(actor: &paifang_tests::Actor) -> Value {
    actor.get("/api/v1/me").await.expect(200)["customers"].clone()
}

fn members(customer: &Value) -> String {
    format!("/api/v1/customers/{}/members", customer["id"].as_str().unwrap())
}

async fn number_of_members(app: &TestApp, customer: &Value) -> usize {
    app.admin.get(&members(customer)).await.expect(200)["items"].as_array().unwrap().len()
}

both!(customers_are_made_renamed_and_listed, |app| {
    let made = app.customer("  东方物业 ").await;
    assert_eq!(made["name"], "东方物业");
    app.admin.post("/api/v1/customers", &json!({ "name": "东方物业" })).await.problem(409, "already_exists");
    let second = app.customer("西方物业").await;
    let path = format!("/api/v1/customers/{}", second["id"].as_str().unwrap());
    app.admin.put(&path, &json!({ "name": "东方物业" })).await.problem(409, "already_exists");
    app.admin.put(&path, &json!({ "name": " " })).await.problem(422, "invalid_field");
    assert_eq!(app.admin.put(&path, &json!({ "name": "北方物业" })).await.expect(200)["name"], "北方物业");
    app.foreign_admin.put(&path, &json!({ "name": "x" })).await.problem(404, "not_found");
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let listed = dispatcher.get("/api/v1/customers?limit=1").await.expect(200);
    assert_eq!(listed["items"][0]["name"], "东方物业");
    let next = format!("/api/v1/customers?cursor={}", listed["next_cursor"].as_str().unwrap());
    assert_eq!(dispatcher.get(&next).await.expect(200)["items"][0]["name"], "北方物业");
    assert_eq!(app.foreign_admin.get("/api/v1/customers").await.expect(200)["items"], json!([]));
    app.foreign_admin.post("/api/v1/customers", &json!({ "name": "东方物业" })).await.expect(201);
    let log = app.admin.get("/api/v1/audit-log").await.expect(200);
    let renamed = log["items"].as_array().unwrap().iter().find(|entry| entry["action"] == "customer.update").unwrap();
    assert_eq!((&renamed["before"]["name"], &renamed["after"]["name"]), (&json!("西方物业"), &json!("北方物业")));
});

both!(people_join_a_customer_by_its_invitation, |app| {
    let customer = app.customer("东方物业").await;
    let new = json!({ "role": "member", "customer_id": customer["id"] });
    let invitation = app.admin.post("/api/v1/invitations", &new).await.expect(201);
    assert_eq!(invitation["customer_id"], customer["id"]);
    let alice = app.login("alice").await;
    assert_eq!(customers_of(&alice).await, json!([]));
    for _ in 0..2 {
        let accepted = alice.post("/api/v1/me/invitations", &json!({ "code": invitation["code"] })).await.expect(200);
        assert_eq!((&accepted["role"], &accepted["customer"]["name"]), (&json!("member"), &json!("东方物业")));
    }
    assert_eq!(customers_of(&alice).await, json!([{ "id": customer["id"], "name": "东方物业" }]));
    assert_eq!(alice.get("/api/v1/me").await.expect(200)["roles"], json!(["member"]));
    let bob = app.login_for("bob", &customer).await;
    assert_eq!(customers_of(&bob).await[0]["id"], customer["id"]);
    assert_eq!(number_of_members(&app, &customer).await, 2);
    app.foreign_admin.get(&members(&customer)).await.problem(404, "not_found");
    let one = app.admin.get(&format!("{}?limit=1", members(&customer))).await.expect(200);
    assert!(one["next_cursor"].is_string());
});

both!(an_invitation_of_a_customer_makes_members_only, |app| {
    let customer = app.customer("东方物业").await;
    for role in ["engineer", "admin"] {
        let wrong = json!({ "role": role, "customer_id": customer["id"] });
        let problem = app.admin.post("/api/v1/invitations", &wrong).await.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["field"], "role");
    }
    let foreign = json!({ "role": "member", "customer_id": customer["id"] });
    let problem = app.foreign_admin.post("/api/v1/invitations", &foreign).await.problem(422, "invalid_field");
    assert_eq!(
        (&problem["errors"][0]["field"], &problem["errors"][0]["code"]),
        (&json!("customer_id"), &json!("unknown"))
    );
    let plain = app.admin.post("/api/v1/invitations", &json!({ "role": "member" })).await.expect(201);
    assert_eq!(plain["customer_id"], Value::Null);
});

both!(who_was_dismissed_does_not_come_back_by_the_old_invitation, |app| {
    let customer = app.customer("东方物业").await;
    let unit = app.unit(json!({ "customer_id": customer["id"], "site": "地下一层" })).await;
    let new = json!({ "role": "member", "customer_id": customer["id"] });
    let invitation = app.admin.post("/api/v1/invitations", &new).await.expect(201);
    let answer = app.try_login("alice", json!({ "invitation_code": invitation["code"] })).await;
    let alice = app.actor(&answer);
    let page = format!("/api/v1/equipment/{}", unit["code"].as_str().unwrap());
    assert_eq!(alice.get(&page).await.expect(200)["site"], "地下一层");
    let me = alice.get("/api/v1/me").await.expect(200);
    let member = format!("{}/{}", members(&customer), me["id"].as_str().unwrap());
    app.foreign_admin.delete(&member).await.problem(404, "not_found");
    for _ in 0..2 {
        assert_eq!(app.admin.delete(&member).await.status, 204);
    }
    assert_eq!(alice.get(&page).await.expect(200).get("site"), None);
    assert_eq!(customers_of(&alice).await, json!([]));
    let again = json!({ "code": invitation["code"] });
    alice.post("/api/v1/me/invitations", &again).await.problem(409, "invitation_invalid");
    let log = app.admin.get("/api/v1/audit-log").await.expect(200);
    let dismissals = log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "customer.dismiss");
    assert_eq!(dismissals.count(), 1);
});

both!(merged_persons_are_in_the_customers_of_both, |app| {
    let (east, west) = (app.customer("东方物业").await, app.customer("西方物业").await);
    let unit = app.unit(json!({ "serial_number": "M-1" })).await;
    let shared = app.unit(json!({ "serial_number": "M-2" })).await;
    for (user, phone) in [("alice", "13800138000"), ("bob", "13800138000")] {
        app.sim.add_user(wechat_sim::User { phone: Some(phone.to_owned()), ..wechat_sim::User::new(user) });
    }
    let (alice, bob) = (app.login_for("alice", &east).await, app.login_for("bob", &west).await);
    app.login_for("bob", &east).await;
    alice.post("/api/v1/me/equipment", &json!({ "serial_number": "M-2" })).await.expect(201);
    for serial in ["M-1", "M-2"] {
        bob.post("/api/v1/me/equipment", &json!({ "serial_number": serial })).await.expect(201);
    }
    let pending = app.admin.get("/api/v1/equipment-registrations").await.expect(200)["items"].clone();
    let of_bob = pending.as_array().unwrap().iter().rfind(|item| item["equipment"]["id"] == shared["id"]).unwrap();
    let decision = format!("/api/v1/equipment-registrations/{}/decision", of_bob["id"].as_str().unwrap());
    app.admin.post(&decision, &json!({ "decision": "verify" })).await.expect(200);
    for (actor, user, status) in [(&alice, "alice", 200), (&bob, "bob", 409)] {
        let code = app.sim.mint_phone_code(paifang_tests::APPID, user).unwrap();
        actor.post("/api/v1/me/phone", &json!({ "code": code })).await.expect(status);
    }
    let conflict = app.admin.get("/api/v1/phone-conflicts").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/api/v1/phone-conflicts/{}/resolve", conflict.as_str().unwrap());
    app.admin.post(&path, &json!({ "resolution": "merge" })).await.expect(204);
    for actor in [&alice, &bob] {
        assert_eq!(customers_of(actor).await.as_array().unwrap().len(), 2);
        let mine = actor.get("/api/v1/me/equipment").await.expect(200)["items"].clone();
        let mine: Vec<_> =
            mine.as_array().unwrap().iter().map(|item| (&item["equipment"]["code"], &item["status"])).collect();
        assert_eq!(mine.len(), 2, "{mine:?}");
        assert!(
            mine.contains(&(&unit["code"], &json!("pending"))) && mine.contains(&(&shared["code"], &json!("verified")))
        );
    }
    assert_eq!((number_of_members(&app, &east).await, number_of_members(&app, &west).await), (1, 1));
});

both!(a_forgotten_person_has_no_customer_and_no_units, |app| {
    let customer = app.customer("东方物业").await;
    app.unit(json!({ "serial_number": "F-1" })).await;
    let alice = app.login_for("alice", &customer).await;
    alice.post("/api/v1/me/equipment", &json!({ "serial_number": "F-1", "address": "浦东新区一号" })).await.expect(201);
    alice.delete("/api/v1/me").await.expect(200);
    assert_eq!(number_of_members(&app, &customer).await, 0);
    assert_eq!(app.admin.get("/api/v1/equipment-registrations").await.expect(200)["items"], json!([]));
    let log = app.admin.get("/api/v1/audit-log?limit=200").await.expect(200).to_string();
    assert!(log.contains("equipment_registration.create") && !log.contains("浦东新区一号"));
    assert_eq!(customers_of(&app.login("alice").await).await, json!([]));
});
