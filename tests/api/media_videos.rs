//! Videos in parts.

use paifang_server::http::body::hash;
use paifang_tests::media::{SECRET_PLACE, fetch, video};
use paifang_tests::{Actor, Answer, both, nonce};
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

const PART: usize = 1024 * 1024;

async fn begin(actor: &Actor, key: &str, file: &[u8]) -> Answer {
    let body = json!({ "upload_key": key, "size": file.len(), "sha256": hash(file) });
    actor.post("/api/v1/media/videos", &body).await
}

async fn put(actor: &Actor, upload: &Value, number: usize, bytes: impl Into<Vec<u8>>) -> Answer {
    let path = format!("/api/v1/media/{}/parts/{number}", upload["id"].as_str().unwrap());
    Actor::send(actor.request(Method::PUT, &path).body(bytes.into())).await
}

async fn complete(actor: &Actor, upload: &Value) -> Answer {
    actor.post(&format!("/api/v1/media/{}/complete", upload["id"].as_str().unwrap()), &json!({})).await
}

async fn send(actor: &Actor, file: &[u8]) -> Answer {
    let upload = begin(actor, &nonce(), file).await.expect(201);
    for (index, part) in file.chunks(PART).enumerate() {
        let answer = put(actor, &upload, index + 1, part).await;
        if answer.status != 200 {
            return answer;
        }
    }
    complete(actor, &upload).await
}

both!(parts_come_in_any_order_repeated_and_after_a_pause, |app| {
    let alice = app.login("alice").await;
    let file = video(12, 2 * PART + 5000);
    let parts: Vec<_> = file.chunks(PART).collect();
    assert_eq!(parts.len(), 3);
    let key = nonce();
    let upload = begin(&alice, &key, &file).await.expect(201);
    assert_eq!(
        (&upload["part_size"], &upload["parts"], &upload["status"]),
        (&json!(PART), &json!([]), &json!("receiving"))
    );
    assert_eq!(put(&alice, &upload, 3, parts[2]).await.expect(200)["parts"], json!([3]));
    assert_eq!(put(&alice, &upload, 1, parts[0]).await.expect(200)["parts"], json!([1, 3]));
    assert_eq!(put(&alice, &upload, 1, parts[0]).await.expect(200)["parts"], json!([1, 3]));
    let mut other = parts[0].to_vec();
    other[100] ^= 1;
    put(&alice, &upload, 1, other).await.problem(409, "conflict");
    let problem = complete(&alice, &upload).await.problem(409, "conflict");
    assert_eq!(problem["missing"], json!([2]));

    let resumed = begin(&alice, &key, &file).await.expect(200);
    assert_eq!((&resumed["id"], &resumed["parts"]), (&upload["id"], &json!([1, 3])));
    begin(&alice, &key, &file[1..]).await.problem(409, "conflict");
    put(&alice, &upload, 2, parts[1]).await.expect(200);
    let made = complete(&alice, &upload).await.expect(200);
    assert_eq!((made["kind"].as_str(), made["content_type"].as_str()), (Some("video"), Some("video/mp4")));
    assert_eq!((&made["duration_ms"], &made["width"], &made["height"]), (&json!(12_000), &json!(640), &json!(360)));
    assert_eq!(complete(&alice, &upload).await.expect(200), made, "repeated it is the same");
    assert_eq!(begin(&alice, &key, &file).await.expect(200)["status"], "ready");
    put(&alice, &upload, 2, parts[1]).await.expect(200);

    let (status, _, bytes) = fetch(&app.anonymous(), made["url"].as_str().unwrap(), &[]).await;
    assert_eq!((status, bytes.len()), (200, file.len()));
    let place = file.windows(SECRET_PLACE.len()).position(|window| window == SECRET_PLACE).unwrap();
    assert!(bytes[place..place + SECRET_PLACE.len()].iter().all(|byte| *byte == 0));
    assert_eq!(bytes[..2 * PART], file[..2 * PART], "what was filmed is as it was");
    let (status, _, some) = fetch(&alice, made["url"].as_str().unwrap(), &[("range", "bytes=1048570-1048590")]).await;
    assert_eq!((status, &some[..]), (206, &file[1_048_570..=1_048_590]));
    let folder = app.stores.folder.join("media");
    let organization = app.admin.get("/api/v1/organization").await.expect(200)["id"].as_str().unwrap().to_owned();
    let parts = folder.join(organization).join(made["id"].as_str().unwrap()).join("parts");
    assert!(!parts.exists(), "parts go once they are one");
});

both!(parts_of_the_wrong_size_or_number_are_refused, |app| {
    let alice = app.login("alice").await;
    let file = video(5, PART);
    let upload = begin(&alice, &nonce(), &file).await.expect(201);
    for number in [0, 3, 99] {
        let problem = put(&alice, &upload, number, &file[..10]).await.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["field"], "number");
    }
    put(&alice, &upload, 1, &file[..PART - 1]).await.problem(422, "invalid_field");
    put(&alice, &upload, 1, &file[..PART + 1]).await.problem(413, "body_too_large");
    put(&alice, &upload, 2, &file[PART..file.len() - 1]).await.problem(422, "invalid_field");
    put(&alice, &upload, 1, vec![b'x'; PART]).await.problem(415, "media_type_refused");
    assert_eq!(put(&alice, &upload, 1, &file[..PART]).await.expect(200)["parts"], json!([1]));
    let nothing = json!({ "id": nonce() });
    put(&alice, &nothing, 1, vec![0]).await.problem(404, "not_found");
    complete(&alice, &nothing).await.problem(404, "not_found");
    put(&app.login("bob").await, &upload, 2, &file[PART..]).await.problem(404, "not_found");
    complete(&app.login("bob").await, &upload).await.problem(404, "not_found");
    for (size, sha256, status) in [
        (json!(0), "0".repeat(64), 422),
        (json!(-5), "0".repeat(64), 422),
        (json!(100 * 1024 * 1024 + 1), "0".repeat(64), 413),
        (json!(10), "0".repeat(63), 422),
        (json!(10), "g".repeat(64), 422),
    ] {
        let body = json!({ "upload_key": nonce(), "size": size, "sha256": sha256 });
        assert_eq!(alice.post("/api/v1/media/videos", &body).await.status, status, "{body}");
    }
});

both!(files_that_are_no_video_or_not_what_was_announced_are_refused, |app| {
    let alice = app.login("alice").await;
    send(&alice, b"<html>not a video</html>").await.problem(415, "media_type_refused");
    send(&alice, &video(75, 1000)).await.problem(413, "body_too_large");
    let whole = video(5, 1000);
    send(&alice, &whole[..whole.len() - 10]).await.problem(422, "media_broken");
    send(&alice, &whole[..500]).await.problem(422, "media_broken");

    let file = video(5, 2000);
    let body = json!({ "upload_key": nonce(), "size": file.len(), "sha256": "ab".repeat(32) });
    let upload = alice.post("/api/v1/media/videos", &body).await.expect(201);
    put(&alice, &upload, 1, file.clone()).await.expect(200);
    complete(&alice, &upload).await.problem(422, "media_broken");
    let stands = alice.post("/api/v1/media/videos", &body).await.expect(200);
    assert_eq!((&stands["parts"], &stands["status"]), (&json!([]), &json!("receiving")), "it begins anew");

    let key = nonce();
    let upload = begin(&alice, &key, &file).await.expect(201);
    let mut other = file.clone();
    other[100] ^= 1;
    let organization = app.admin.get("/api/v1/organization").await.expect(200)["id"].as_str().unwrap().to_owned();
    let parts = app.stores.folder.join("media").join(organization).join(upload["id"].as_str().unwrap()).join("parts");
    let kept = || walk(&parts);
    for _ in 0..3 {
        put(&alice, &upload, 1, other.clone()).await.expect(200);
        assert_eq!(kept(), 1);
        let ends = futures_util::future::join_all((0..3).map(|_| complete(&alice, &upload))).await;
        let ends: Vec<_> = ends.iter().map(|end| end.status).collect();
        assert!(ends.iter().all(|end| [409, 422].contains(end)) && ends.contains(&422), "{ends:?}");
        assert_eq!(kept(), 0, "what was sent for nothing does not stay");
    }
    put(&alice, &upload, 1, file.clone()).await.expect(200);
    complete(&alice, &upload).await.expect(200);
});

/// How many files are in a folder and those below it.
fn walk(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

both!(the_same_part_or_end_at_once_has_one_effect, |app| {
    let alice = app.login("alice").await;
    let file = video(5, PART);
    let upload = begin(&alice, &nonce(), &file).await.expect(201);
    let mut other = file[..PART].to_vec();
    other[2000] ^= 1;
    let puts = (0..8).map(|index| put(&alice, &upload, 1, if index % 2 == 0 { &file[..PART] } else { &other[..] }));
    let answers = futures_util::future::join_all(puts).await;
    let kept = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(kept, 4, "one of two kinds: {:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let organization = app.admin.get("/api/v1/organization").await.expect(200)["id"].as_str().unwrap().to_owned();
    let folder = app.stores.folder.join("media").join(organization).join(upload["id"].as_str().unwrap());
    assert_eq!(walk(&folder), 1, "those that were refused do not stay");
    let ours = answers[0].status == 200;
    put(&alice, &upload, 2, &file[PART..]).await.expect(200);
    let ends = futures_util::future::join_all((0..4).map(|_| complete(&alice, &upload))).await;
    for end in ends {
        assert_eq!(end.status, if ours { 200 } else { 422 }, "{}", end.body);
        if !ours {
            break;
        }
    }
});
