//! Photos and signatures of visits, and who may attach what.

use image::ImageFormat;
use paifang_server::people::Role;
use paifang_tests::field::visits_path;
use paifang_tests::media::{camera_jpeg, encoded, picture, upload};
use paifang_tests::{Actor, both_at, nonce};
use serde_json::{Value, json};

/// Noon in Shanghai.
const NOON: &str = "2026-11-20T04:00:00Z";

async fn photo(actor: &Actor) -> Value {
    let query = format!("kind=photo&upload_key={}", nonce());
    upload(actor, &query, camera_jpeg(64, 48), "p.jpg", "image/jpeg").await.expect(201)["id"].clone()
}

async fn signature(actor: &Actor) -> Value {
    let query = format!("kind=signature&upload_key={}", nonce());
    let drawn = encoded(&picture(64, 32), ImageFormat::Png);
    upload(actor, &query, drawn, "s.png", "image/png").await.expect(201)["id"].clone()
}

both_at!(NOON, a_visit_shows_its_photos_and_the_signature, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    let order = app.order_for(&engineer).await;
    let arrived = photo(&engineer).await;
    let visit = app.check_in(&engineer, &order, json!({ "photo_id": arrived })).await.expect(201)["visit"].clone();
    assert_eq!(visit["check_in"]["photo"]["id"], arrived);
    let (one, two, signed) = (photo(&engineer).await, photo(&engineer).await, signature(&engineer).await);
    let more = json!({ "photo_ids": [one, two], "signature_id": signed, "signer_name": "李经理" });
    let visit = app.check_out(&engineer, &order, &visit["id"], more).await.expect(200)["visit"].clone();
    let shown: Vec<_> =
        visit["check_out"]["photos"].as_array().unwrap().iter().map(|photo| photo["id"].clone()).collect();
    assert_eq!((shown, &visit["signature"]["id"]), (vec![one, two], &signed));
    assert_eq!((&visit["check_in"]["photo"]["id"], &visit["signer_name"]), (&arrived, &json!("李经理")));
    let (status, _, bytes) =
        paifang_tests::media::fetch(&app.anonymous(), visit["signature"]["url"].as_str().unwrap(), &[]).await;
    assert_eq!((status, &bytes[..4]), (200, &b"\x89PNG"[..]));
});

both_at!(NOON, only_ones_own_and_fitting_uploads_are_attached, |app| {
    let (engineer, other) = (app.login_as("engineer", Role::Engineer).await, app.login_as("o", Role::Engineer).await);
    let order = app.order_for(&engineer).await;
    let (own, foreign, signed) = (photo(&engineer).await, photo(&other).await, signature(&engineer).await);
    for (id, field) in [(&foreign, "photo_id[0]"), (&json!("nothing"), "photo_id[0]"), (&signed, "photo_id")] {
        app.check_in(&engineer, &order, json!({ "photo_id": id })).await.expect_problem_at(field);
    }
    assert_eq!(engineer.get(&visits_path(&order)).await.expect(200)["items"], json!([]), "nothing was written");
    let visit = app.check_in(&engineer, &order, json!({ "photo_id": own })).await.expect(201)["visit"]["id"].clone();
    let out = |more: Value| app.check_out(&engineer, &order, &visit, more);
    out(json!({ "photo_ids": [foreign] })).await.expect_problem_at("photo_ids[0]");
    out(json!({ "signature_id": photo(&engineer).await })).await.expect_problem_at("signature_id");
    out(json!({ "photo_ids": vec!["x"; 10] })).await.expect_problem_at("photo_ids");
    let elsewhere = app.order_for(&engineer).await;
    let taken = app.check_in(&engineer, &elsewhere, json!({ "photo_id": own })).await;
    taken.expect_problem_at("photo_id[0]");
});

both_at!(NOON, the_organization_may_ask_for_proof, |app| {
    let engineer = app.login_as("engineer", Role::Engineer).await;
    app.serve_with(json!({ "check_in_photo": true, "signature_required": true })).await;
    let order = app.order_for(&engineer).await;
    app.check_in(&engineer, &order, json!({})).await.expect_problem_at("photo_id");
    let with_photo = json!({ "photo_id": photo(&engineer).await });
    let visit = app.check_in(&engineer, &order, with_photo).await.expect(201)["visit"]["id"].clone();
    app.check_out(&engineer, &order, &visit, json!({})).await.expect_problem_at("signature_id");
    let signed = json!({ "signature_id": signature(&engineer).await });
    app.check_out(&engineer, &order, &visit, signed).await.expect(200);
    // What happened without network is never refused for it.
    let order = app.order_for(&engineer).await;
    let visit = app.check_in(&engineer, &order, json!({ "offline": true })).await.expect(201)["visit"]["id"].clone();
    app.check_out(&engineer, &order, &visit, json!({ "offline": true })).await.expect(200);
});
