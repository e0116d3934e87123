//! Who sees the bytes of media, and who may upload without a login.

use paifang_server::clock::Clock;
use paifang_tests::media::{camera_jpeg, fetch, upload};
use paifang_tests::{Actor, Stack, TestApp, both, nonce};
use serde_json::json;

async fn photo(actor: &Actor, more: &str) -> paifang_tests::Answer {
    let query = format!("kind=photo&upload_key={}{more}", nonce());
    upload(actor, &query, camera_jpeg(64, 32), "a.jpg", "image/jpeg").await
}

both!(an_address_is_good_for_its_bytes_alone, |app| {
    let alice = app.login("alice").await;
    let (one, other) = (photo(&alice, "").await.expect(201), photo(&alice, "").await.expect(201));
    let url = one["url"].as_str().unwrap();
    let (status, headers, bytes) = fetch(&app.anonymous(), url, &[]).await;
    assert_eq!((status, bytes.len() as i64), (200, one["size"].as_i64().unwrap()));
    let cache = headers["cache-control"].to_str().unwrap();
    let age: i64 = cache.split("max-age=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!((890..=1800).contains(&age) && cache.contains("private"), "{cache}");
    let again = photo(&alice, "").await;
    assert_eq!(again.status, 201);

    let of_other = url.replace(one["id"].as_str().unwrap(), other["id"].as_str().unwrap());
    let later = url.replace("expires=", "expires=9");
    let (path, _) = url.split_once("&signature=").unwrap();
    for forged in [of_other, later, format!("{path}&signature=AAAA"), format!("{path}&signature=!")] {
        let (status, headers, _) = fetch(&alice, &forged, &[]).await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (403, "application/problem+json"), "{forged}");
    }
    assert_eq!(fetch(&alice, path, &[]).await.0, 400);
    assert_eq!(fetch(&alice, &format!("{path}&signature="), &[]).await.0, 403);
});

both!(ranges_and_caches_are_served, |app| {
    let alice = app.login("alice").await;
    let made = photo(&alice, "").await.expect(201);
    let url = made["url"].as_str().unwrap();
    let (_, headers, whole) = fetch(&alice, url, &[]).await;
    let (tag, size) = (headers["etag"].to_str().unwrap().to_owned(), whole.len());
    assert_eq!(headers["accept-ranges"], "bytes");
    for (range, expected) in [
        ("bytes=0-9", &whole[..10]),
        ("bytes=10-", &whole[10..]),
        ("bytes=-5", &whole[size - 5..]),
        ("bytes=5-999999999", &whole[5..]),
    ] {
        let (status, headers, bytes) = fetch(&alice, url, &[("range", range)]).await;
        assert_eq!((status, &bytes[..]), (206, expected), "{range}");
        assert!(headers["content-range"].to_str().unwrap().ends_with(&format!("/{size}")));
    }
    let beyond = fetch(&alice, url, &[("range", &format!("bytes={size}-"))]).await;
    assert_eq!((beyond.0, beyond.1["content-range"].to_str().unwrap()), (416, &*format!("bytes */{size}")));
    for ignored in ["bytes=0-1,3-4", "nonsense", "bytes=9-3"] {
        let (status, _, bytes) = fetch(&alice, url, &[("range", ignored)]).await;
        assert!(status == 200 && bytes == whole || status == 416, "{ignored}: {status}");
    }
    let (status, _, bytes) = fetch(&alice, url, &[("range", "bytes=0-9"), ("if-range", "\"another\"")]).await;
    assert_eq!((status, bytes.len()), (200, size));
    let (status, _, bytes) = fetch(&alice, url, &[("if-none-match", &tag)]).await;
    assert_eq!((status, bytes.len()), (304, 0));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_expires_and_is_the_same_for_a_quarter_of_an_hour() {
    let start = 1_790_000_100_000;
    let clock = Clock::manual(start);
    let app = TestApp::start_with(Stack::Sqlite, clock.clone(), &[]).await;
    let query = format!("kind=photo&upload_key={}", nonce());
    let show = async || upload(&app.admin, &query, camera_jpeg(64, 32), "a.jpg", "image/jpeg").await.body;
    let first = show().await;
    clock.set(start + 60_000);
    assert_eq!(show().await["url"], first["url"], "a phone finds it in its cache");
    let url = first["url"].as_str().unwrap();
    clock.set(start + 15 * 60_000 - 1000);
    assert_eq!(fetch(&app.anonymous(), url, &[]).await.0, 200);
    clock.set(start + 30 * 60_000);
    assert_eq!(fetch(&app.anonymous(), url, &[]).await.0, 403);
    let renewed = show().await;
    assert_eq!(
        (&renewed["id"], fetch(&app.anonymous(), renewed["url"].as_str().unwrap(), &[]).await.0),
        (&first["id"], 200)
    );
}

/// The code of a new unit.
async fn unit_of(admin: &Actor) -> String {
    let unit = json!({ "serial_number": nonce(), "model": "M" });
    let unit = admin.post("/api/v1/equipment", &unit).await.expect(201);
    unit["code"].as_str().unwrap().to_owned()
}

both!(whoever_stands_before_a_unit_uploads_under_a_draft, |app| {
    let code = unit_of(&app.admin).await;
    let anonymous = app.anonymous();
    let draft = nonce();
    let more = format!("&draft_id={draft}&equipment_code={code}");
    photo(&anonymous, &more).await.expect(201);
    photo(&anonymous, "").await.problem(401, "unauthenticated");
    photo(&anonymous, &format!("&draft_id={draft}")).await.problem(401, "unauthenticated");
    photo(&anonymous, &format!("&equipment_code={code}")).await.problem(422, "invalid_field");
    photo(&anonymous, &format!("&draft_id=short&equipment_code={code}")).await.problem(422, "invalid_field");
    photo(&anonymous, &format!("&draft_id={draft}&equipment_code=unit000009")).await.problem(404, "not_found");
    let dead = Actor::new(&app.base, Some("dead".to_owned()));
    photo(&dead, &more).await.problem(401, "unauthenticated");

    let video = json!({ "upload_key": nonce(), "size": 10, "sha256": "0".repeat(64) });
    let begun = anonymous.post(&format!("/api/v1/media/videos?{}", &more[1..]), &video).await.expect(201);
    let part = format!("/api/v1/media/{}/parts/1", begun["id"].as_str().unwrap());
    let stranger = format!("{part}?draft_id={}&equipment_code={code}", nonce());
    let bytes = || vec![0; 10];
    let put = |actor: &Actor, path: &str| actor.request(reqwest::Method::PUT, path).body(bytes());
    Actor::send(put(&anonymous, &stranger)).await.problem(404, "not_found");
    Actor::send(put(&app.login("bob").await, &part)).await.problem(404, "not_found");
    Actor::send(put(&app.admin, &part)).await.problem(404, "not_found");
    let there = unit_of(&app.foreign_admin).await;
    let elsewhere = format!("{part}?draft_id={draft}&equipment_code={there}");
    Actor::send(put(&anonymous, &elsewhere)).await.problem(404, "not_found");
    Actor::send(put(&app.foreign_admin, &part)).await.problem(404, "not_found");

    let mut refused = None;
    for _ in 0..40 {
        let answer = photo(&anonymous, &more).await;
        if answer.status != 201 {
            refused = Some(answer);
            break;
        }
    }
    refused.expect("one draft does not fill the store").problem(409, "conflict");
});

both!(strangers_are_limited_by_address, |app| {
    let code = unit_of(&app.admin).await;
    let anonymous = app.anonymous();
    let path = format!("/api/v1/media/videos?draft_id={}&equipment_code={code}", nonce());
    let video = json!({ "upload_key": nonce(), "size": 10, "sha256": "0".repeat(64) });
    let mut limited = None;
    for _ in 0..320 {
        let answer = anonymous.post(&path, &video).await;
        if answer.status == 429 {
            limited = Some(answer);
            break;
        }
    }
    let limited = limited.expect("the 301st of a minute is too many");
    assert!(limited.headers.contains_key("retry-after"));
    app.foreign_admin.post(&path, &video).await.problem(429, "rate_limited");
    app.login("alice").await.post("/api/v1/media/videos", &video).await.expect(201);
});
