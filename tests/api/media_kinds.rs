//! What a report and an addition take: nine photos and one video.

use paifang_server::http::body::hash;
use paifang_tests::media::{camera_jpeg, encoded, picture, upload, video};
use paifang_tests::{Actor, TestApp, both, nonce};
use reqwest::Method;
use serde_json::{Value, json};

fn id(media: &Value) -> String {
    media["id"].as_str().unwrap().to_owned()
}

async fn photo(actor: &Actor) -> String {
    let query = format!("kind=photo&upload_key={}", nonce());
    id(&upload(actor, &query, camera_jpeg(16, 8), "a.jpg", "image/jpeg").await.expect(201))
}

async fn signature(actor: &Actor) -> String {
    let query = format!("kind=signature&upload_key={}", nonce());
    let file = encoded(&picture(16, 8), image::ImageFormat::Png);
    id(&upload(actor, &query, file, "s.png", "image/png").await.expect(201))
}

async fn filmed(actor: &Actor) -> String {
    let file = video(2, 500);
    let body = json!({ "upload_key": nonce(), "size": file.len(), "sha256": hash(&file) });
    let begun = id(&actor.post("/api/v1/media/videos", &body).await.expect(201));
    let part = actor.request(Method::PUT, &format!("/api/v1/media/{begun}/parts/1")).body(file);
    Actor::send(part).await.expect(200);
    id(&actor.post(&format!("/api/v1/media/{begun}/complete"), &json!({})).await.expect(200))
}

/// Where a refused answer says that something is wrong, and what.
fn wrong(problem: &Value) -> Vec<(String, String)> {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| (text(error, "field"), text(error, "code"))).collect()
}

async fn refused(app: &TestApp, actor: &Actor, unit: &Value, ids: &[&String]) -> Vec<(String, String)> {
    let report = json!({ "media_ids": ids });
    wrong(&app.try_report(actor, unit, report).await.problem(422, "invalid_field"))
}

fn at(place: usize, code: &str) -> (String, String) {
    (format!("media_ids[{place}]"), code.to_owned())
}

both!(a_report_takes_nine_photos_and_a_video_and_so_does_an_addition, |app| {
    let alice = app.login("alice").await;
    let unit = app.unit(json!({})).await;
    let mut photos = Vec::new();
    for _ in 0..10 {
        photos.push(photo(&alice).await);
    }
    let (first, second, third) = (filmed(&alice).await, filmed(&alice).await, filmed(&alice).await);
    let signed = signature(&alice).await;
    let all: Vec<_> = photos.iter().collect();
    assert_eq!(refused(&app, &alice, &unit, &all).await, [at(9, "length")]);
    let videos = [&first, all[0], &second, &third];
    assert_eq!(refused(&app, &alice, &unit, &videos).await, [at(2, "length"), at(3, "length")]);
    let mixed = [&signed, all[0], &"nothing".to_owned(), &first];
    assert_eq!(refused(&app, &alice, &unit, &mixed).await, [at(0, "type"), at(2, "unknown")]);
    let eleven = app.try_report(&alice, &unit, json!({ "media_ids": vec![&first; 11] })).await;
    assert_eq!(wrong(&eleven.problem(422, "invalid_field")), [("media_ids".to_owned(), "length".to_owned())]);

    let most: Vec<_> = all[..9].iter().copied().chain([&first]).collect();
    let order = app.try_report(&alice, &unit, json!({ "media_ids": most })).await.expect(201);
    let path = format!("/api/v1/equipment/{}/additions", unit["code"].as_str().unwrap());
    let addition =
        |ids: &[&String]| json!({ "draft_id": nonce(), "number": order["number"], "text": "还有", "media_ids": ids });
    let problem = alice.post(&path, &addition(&[&second, &third, &signed])).await.problem(422, "invalid_field");
    assert_eq!(wrong(&problem), [at(1, "length"), at(2, "type")]);
    alice.post(&path, &addition(&[&second, all[9]])).await.expect(200);
    alice.post(&path, &addition(&[&third])).await.expect(200);
});
