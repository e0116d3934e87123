//! How much may wait to be attached, and where strangers may upload at all.

use paifang_server::people::Role;
use paifang_tests::media::{camera_jpeg, upload};
use paifang_tests::{Actor, Answer, TestApp, both, nonce};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};

const MEBIBYTE: i64 = 1024 * 1024;

async fn photo(actor: &Actor, key: &str, more: &str) -> Answer {
    let query = format!("kind=photo&upload_key={key}{more}");
    upload(actor, &query, camera_jpeg(64, 32), "a.jpg", "image/jpeg").await
}

/// Begins a video of two parts.
async fn video(actor: &Actor, more: &str) -> Answer {
    let video = json!({ "upload_key": nonce(), "size": MEBIBYTE + 10, "sha256": "0".repeat(64) });
    actor.post(&format!("/api/v1/media/videos?{}", more.trim_start_matches('&')), &video).await
}

async fn put(actor: &Actor, video: &Value, number: usize, bytes: Vec<u8>, more: &str) -> Answer {
    let path = format!("/api/v1/media/{}/parts/{number}?{more}", video["id"].as_str().unwrap());
    Actor::send(actor.request(Method::PUT, &path).body(bytes)).await
}

/// As if an upload had so many bytes already: sending them would take an hour.
async fn fill(app: &TestApp, video: &Value, bytes: i64) {
    let update = format!("UPDATE media SET held = {bytes} WHERE id = '{}'", video["id"].as_str().unwrap());
    connect(app).await.execute(AssertSqlSafe(update)).await.unwrap();
}

async fn held(app: &TestApp, media: &Value) -> i64 {
    let select = format!("SELECT held FROM media WHERE id = '{}'", media["id"].as_str().unwrap());
    connect(app).await.fetch_one(AssertSqlSafe(select)).await.unwrap().get(0)
}

async fn connect(app: &TestApp) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(&app.stores.database).await.unwrap()
}

/// The code of a new unit.
async fn unit_of(admin: &Actor) -> String {
    let unit = json!({ "serial_number": nonce(), "model": "M" });
    admin.post("/api/v1/equipment", &unit).await.expect(201)["code"].as_str().unwrap().to_owned()
}

both!(what_arrives_is_counted, |app| {
    let alice = app.login("alice").await;
    let made = photo(&alice, &nonce(), "").await.expect(201);
    assert_eq!(Some(held(&app, &made).await), made["size"].as_i64());
    let begun = video(&alice, "").await.expect(201);
    assert_eq!(held(&app, &begun).await, 0, "an announcement takes no room");
    for _ in 0..2 {
        put(&alice, &begun, 2, vec![1; 10], "").await.expect(200);
        assert_eq!(held(&app, &begun).await, 10, "once, however often it comes");
    }
});

both!(a_person_without_a_role_has_a_gibibyte, |app| {
    let alice = app.login("alice").await;
    let begun = video(&alice, "").await.expect(201);
    fill(&app, &begun, 1023 * MEBIBYTE).await;
    let key = nonce();
    let last = photo(&alice, &key, "").await.expect(201);
    photo(&alice, &nonce(), "").await.problem(409, "conflict");
    video(&alice, "").await.problem(409, "conflict");
    put(&alice, &begun, 2, vec![1; 10], "").await.problem(409, "conflict");
    assert_eq!(photo(&alice, &key, "").await.expect(200)["id"], last["id"], "what is there is answered");
    photo(&app.login("bob").await, &nonce(), "").await.expect(201);

    let carol = app.login_as("carol", Role::Engineer).await;
    let begun = video(&carol, "").await.expect(201);
    fill(&app, &begun, 1024 * MEBIBYTE).await;
    photo(&carol, &nonce(), "").await.expect(201);
    fill(&app, &begun, 20 * 1024 * MEBIBYTE).await;
    photo(&carol, &nonce(), "").await.problem(409, "conflict");
});

both!(all_drafts_of_an_organization_share_their_room, |app| {
    let code = unit_of(&app.admin).await;
    let anonymous = app.anonymous();
    let draft = || format!("&draft_id={}&equipment_code={code}", nonce());
    let begun = video(&anonymous, &draft()).await.expect(201);
    fill(&app, &begun, 20 * 1024 * MEBIBYTE).await;
    photo(&anonymous, &nonce(), &draft()).await.problem(409, "conflict");
    video(&anonymous, &draft()).await.problem(409, "conflict");
    photo(&app.login("alice").await, &nonce(), "").await.expect(201);
    let elsewhere = unit_of(&app.foreign_admin).await;
    let more = format!("&draft_id={}&equipment_code={elsewhere}", nonce());
    photo(&anonymous, &nonce(), &more).await.expect(201);
});

both!(strangers_upload_only_where_they_may_report, |app| {
    let code = unit_of(&app.admin).await;
    let anonymous = app.anonymous();
    let more = format!("&draft_id={}&equipment_code={code}", nonce());
    let begun = video(&anonymous, &more).await.expect(201);
    for report_by in ["member", "customer"] {
        app.admin.put("/api/v1/service-settings", &json!({ "report_by": report_by })).await.expect(200);
        let of_other = &app.foreign_admin;
        for stranger in [&anonymous, of_other] {
            let problem = photo(stranger, &nonce(), &more).await.problem(403, "report_not_allowed");
            assert_eq!(problem["why_not"], "login_required");
            video(stranger, &more).await.problem(403, "report_not_allowed");
            put(stranger, &begun, 2, vec![1; 10], &more[1..]).await.problem(403, "report_not_allowed");
        }
        photo(&app.login("alice").await, &nonce(), &more).await.expect(201);
    }
    app.admin.put("/api/v1/service-settings", &json!({ "report_by": "guest" })).await.expect(200);
    photo(&anonymous, &nonce(), &more).await.expect(201);
    put(&anonymous, &begun, 2, vec![1; 10], &more[1..]).await.expect(200);
});
