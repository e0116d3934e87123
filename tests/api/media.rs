//! Photos and signatures.

use image::ImageFormat;
use paifang_server::media::{self, KEEP_UNATTACHED, Owner, Subject};
use paifang_server::problem::Problem;
use paifang_tests::media::{SECRET_PLACE, camera_jpeg, encoded, fetch, picture, upload};
use paifang_tests::{Actor, TestApp, both, both_at, nonce};
use reqwest::Method;
use serde_json::Value;

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

async fn photo(actor: &Actor, key: &str, file: impl Into<Vec<u8>>) -> paifang_tests::Answer {
    upload(actor, &format!("kind=photo&upload_key={key}"), file, "a.jpg", "image/jpeg").await
}

both!(a_photo_is_turned_upright_and_loses_its_place, |app| {
    let alice = app.login("alice").await;
    let original = camera_jpeg(400, 200);
    assert!(holds(&original, SECRET_PLACE));
    let key = nonce();
    let answer = photo(&alice, &key, original.clone()).await.expect(201);
    assert_eq!((answer["kind"].as_str(), answer["content_type"].as_str()), (Some("photo"), Some("image/jpeg")));
    assert_eq!((answer["width"].as_i64(), answer["height"].as_i64()), (Some(200), Some(400)));
    let (status, headers, bytes) = fetch(&app.anonymous(), answer["url"].as_str().unwrap(), &[]).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(bytes.len() as i64, answer["size"].as_i64().unwrap());
    assert!(!holds(&bytes, SECRET_PLACE) && !holds(&bytes, b"Exif"));
    let shown = image::load_from_memory(&bytes).unwrap().to_rgb8();
    let (top, bottom) = (shown.get_pixel(100, 50).0, shown.get_pixel(100, 350).0);
    assert!(top[0] > 150 && top[2] < 100 && bottom[2] > 150 && bottom[0] < 100, "{top:?} {bottom:?}");

    let again = photo(&alice, &key, original).await.expect(200);
    assert_eq!(again, answer, "repeated it is the same");
    photo(&alice, &key, camera_jpeg(80, 40)).await.problem(409, "conflict");
    let bob = app.login("bob").await;
    let other = photo(&bob, &key, camera_jpeg(80, 40)).await.expect(201);
    assert_ne!(other["id"], answer["id"], "keys belong to who sends them");
});

both!(every_kind_of_photo_becomes_a_jpeg_that_is_no_larger_than_needed, |app| {
    let alice = app.login("alice").await;
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
        // WeChat names a file by what it was, not by what it is.
        let answer = photo(&alice, &nonce(), encoded(&picture(300, 100), format)).await.expect(201);
        assert_eq!(answer["content_type"], "image/jpeg");
        assert_eq!((answer["width"].as_i64(), answer["height"].as_i64()), (Some(300), Some(100)));
    }
    let large = photo(&alice, &nonce(), encoded(&picture(6000, 3000), ImageFormat::Jpeg)).await.expect(201);
    assert_eq!((large["width"].as_i64(), large["height"].as_i64()), (Some(2560), Some(1280)));
    let mut see_through = picture(40, 40).to_rgba8();
    see_through.pixels_mut().for_each(|pixel| pixel.0[3] = 0);
    let see_through = encoded(&image::DynamicImage::ImageRgba8(see_through), ImageFormat::Png);
    let answer = photo(&alice, &nonce(), see_through.clone()).await.expect(201);
    let (_, _, bytes) = fetch(&alice, answer["url"].as_str().unwrap(), &[]).await;
    assert!(image::load_from_memory(&bytes).unwrap().to_rgb8().get_pixel(5, 5).0.iter().all(|color| *color > 250));

    let query = format!("kind=signature&upload_key={}", nonce());
    let signature = upload(&alice, &query, see_through, "s.png", "image/png").await.expect(201);
    assert_eq!(
        (signature["kind"].as_str(), signature["content_type"].as_str()),
        (Some("signature"), Some("image/png"))
    );
    let (_, _, bytes) = fetch(&alice, signature["url"].as_str().unwrap(), &[]).await;
    assert_eq!(image::load_from_memory(&bytes).unwrap().to_rgba8().get_pixel(5, 5).0[3], 0, "still see-through");
});

both!(files_that_lie_or_are_damaged_are_refused, |app| {
    let alice = app.login("alice").await;
    let jpeg = encoded(&picture(300, 200), ImageFormat::Jpeg);
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
    for lie in [b"<html><script>alert(1)</script>".to_vec(), b"MZ\x90\0".to_vec(), gif, b"<svg/>".to_vec(), vec![]] {
        photo(&alice, &nonce(), lie).await.problem(415, "media_type_refused");
    }
    let query = format!("kind=signature&upload_key={}", nonce());
    upload(&alice, &query, jpeg.clone(), "s.png", "image/png").await.problem(415, "media_type_refused");
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(&picture(300, 200), format);
        let key = nonce();
        for length in [whole.len() / 4, whole.len() / 2, whole.len() - 20] {
            photo(&alice, &key, &whole[..length]).await.problem(422, "media_broken");
        }
        photo(&alice, &key, whole).await.expect(201);
    }
    let mut bomb = encoded(&picture(8, 8), ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    let bomb = photo(&alice, &nonce(), bomb).await;
    assert!(matches!(bomb.status, 413 | 422), "{}", bomb.body);
    let too_many = encoded(&image::DynamicImage::new_luma8(9000, 6000), ImageFormat::Png);
    photo(&alice, &nonce(), too_many).await.problem(413, "body_too_large");
    photo(&alice, &nonce(), vec![0xff; 11 * 1024 * 1024]).await.problem(413, "body_too_large");
});

both!(forms_that_are_none_are_refused, |app| {
    let alice = app.login("alice").await;
    let path = |query: &str| format!("/api/v1/media?{query}");
    let good = format!("kind=photo&upload_key={}", nonce());
    let send = |query: String, kind: &'static str, body: &'static [u8]| {
        Actor::send(alice.request(Method::POST, &query).header("content-type", kind).body(body))
    };
    send(path(&good), "image/jpeg", b"x").await.problem(415, "unsupported_media_type");
    send(path(&good), "multipart/form-data", b"x").await.problem(415, "unsupported_media_type");
    send(path(&good), "multipart/form-data; boundary=b", b"--b\r\nbroken").await.problem(400, "malformed_body");
    let empty = b"--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n";
    send(path(&good), "multipart/form-data; boundary=b", empty).await.problem(422, "invalid_field");
    for query in ["kind=photo&upload_key=short", "kind=photo&upload_key=%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fx"] {
        let problem = upload(&alice, query, camera_jpeg(8, 8), "a", "image/jpeg").await.problem(422, "invalid_field");
        assert_eq!(problem["errors"][0]["field"], "upload_key");
    }
    upload(&alice, "kind=poem", camera_jpeg(8, 8), "a", "image/jpeg").await.problem(400, "malformed_parameter");
});

async fn attach(app: &TestApp, owner: Owner, ids: Vec<String>, subject: &'static str) -> Result<(), Problem> {
    let (parts, now) = (app.running.app.clone(), app.running.app.clock.now());
    let organization = organization(app).await;
    parts
        .db
        .write(move |conn| {
            Box::pin(async move {
                let subject = Subject { kind: "work_order", id: subject };
                media::attach(conn, &organization, &owner, &ids, "media_ids", subject, now).await
            })
        })
        .await
}

async fn organization(app: &TestApp) -> String {
    app.admin.get("/api/v1/organization").await.expect(200)["id"].as_str().unwrap().to_owned()
}

fn id(media: &Value) -> String {
    media["id"].as_str().unwrap().to_owned()
}

both!(media_are_attached_once_in_their_order_and_by_their_owner, |app| {
    let alice = app.login("alice").await;
    let me = alice.get("/api/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(id(&photo(&alice, &nonce(), camera_jpeg(16, 8)).await.expect(201)));
    }
    ids.reverse();
    let video = serde_json::json!({ "upload_key": nonce(), "size": 10, "sha256": "0".repeat(64) });
    let unfinished = id(&alice.post("/api/v1/media/videos", &video).await.expect(201));
    let owner = Owner::Person(me);
    let wrong = vec![ids[0].clone(), unfinished, "nothing".to_owned(), ids[0].clone()];
    let refused = attach(&app, owner.clone(), wrong, "order-1").await.unwrap_err().to_document();
    let fields: Vec<_> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["media_ids[1]", "media_ids[2]", "media_ids[3]"]);
    assert!(attach(&app, Owner::Draft("x".repeat(16)), ids.clone(), "order-1").await.is_err(), "somebody else's");
    attach(&app, owner.clone(), ids.clone(), "order-1").await.unwrap();
    attach(&app, owner.clone(), ids.clone(), "order-1").await.unwrap();
    assert!(attach(&app, owner, ids.clone(), "order-2").await.is_err(), "attached to something else");

    let organization = organization(&app).await;
    let mut conn = app.running.app.db.read().await.unwrap();
    let rows = media::of_subjects(&mut conn, &organization, &["order-1", "order-2"]).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!((found, rows[0].subject_id.as_deref()), (ids, Some("order-1")));
    assert!(media::of_subjects(&mut conn, "other", &["order-1"]).await.unwrap().is_empty());
    assert!(media::of_subjects(&mut conn, &organization, &[]).await.unwrap().is_empty());
});

both!(what_nobody_attaches_is_removed_after_a_week, |app| {
    let alice = app.login("alice").await;
    let me = alice.get("/api/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    let kept = photo(&alice, &nonce(), camera_jpeg(16, 8)).await.expect(201);
    let forgotten = photo(&alice, &nonce(), camera_jpeg(24, 8)).await.expect(201);
    attach(&app, Owner::Person(me), vec![id(&kept)], "order-1").await.unwrap();
    let now = app.running.app.clock.now();
    let organization = organization(&app).await;
    let folder = app.stores.folder.join("media").join(&organization);
    let there = |media: &Value| folder.join(media["id"].as_str().unwrap()).exists();
    media::purge(&app.running.app, now + KEEP_UNATTACHED - 60_000).await.unwrap();
    assert!(there(&kept) && there(&forgotten));
    media::purge(&app.running.app, now + KEEP_UNATTACHED + 60_000).await.unwrap();
    assert!(there(&kept) && !there(&forgotten), "objects go with their rows");
    assert_eq!(fetch(&alice, kept["url"].as_str().unwrap(), &[]).await.0, 200);
    assert_eq!(fetch(&alice, forgotten["url"].as_str().unwrap(), &[]).await.0, 404);
});

both!(what_cannot_be_removed_holds_up_nothing_else, |app| {
    let alice = app.login("alice").await;
    let stuck = photo(&alice, &nonce(), camera_jpeg(16, 8)).await.expect(201);
    let other = photo(&alice, &nonce(), camera_jpeg(24, 8)).await.expect(201);
    let folder = app.stores.folder.join("media").join(organization(&app).await);
    let (stuck, other) = (folder.join(id(&stuck)), folder.join(id(&other)));
    // A file where a folder is expected cannot be listed, nor removed as one.
    std::fs::remove_dir_all(&stuck).unwrap();
    std::fs::write(&stuck, "in the way").unwrap();
    let later = app.running.app.clock.now() + KEEP_UNATTACHED + 60_000;
    media::purge(&app.running.app, later).await.unwrap();
    assert!(stuck.exists() && !other.exists());
    std::fs::remove_file(&stuck).unwrap();
    std::fs::create_dir(&stuck).unwrap();
    media::purge(&app.running.app, later).await.unwrap();
    assert!(!stuck.exists(), "the next purge finds it");
});

both_at!("2026-11-20T04:00:00Z", a_photo_that_is_sent_again_waits_anew, |app| {
    let clock = &app.running.app.clock;
    let alice = app.login("alice").await;
    let (key, bytes) = (nonce(), camera_jpeg(16, 8));
    let kept = photo(&alice, &key, bytes.clone()).await.expect(201);
    clock.set(clock.now() + KEEP_UNATTACHED - 60_000);
    let alice = app.login("alice").await;
    assert_eq!(photo(&alice, &key, bytes.clone()).await.expect(200)["id"], kept["id"]);
    clock.set(clock.now() + 120_000);
    media::purge(&app.running.app, clock.now()).await.unwrap();
    assert_eq!(photo(&alice, &key, bytes).await.expect(200)["id"], kept["id"], "it was not given up");
});

both!(who_is_forgotten_takes_along_what_was_not_attached, |app| {
    let alice = app.login("alice").await;
    let made = photo(&alice, &nonce(), camera_jpeg(16, 8)).await.expect(201);
    assert!(alice.delete("/api/v1/me").await.status < 300);
    assert_eq!(fetch(&app.anonymous(), made["url"].as_str().unwrap(), &[]).await.0, 404);
    media::purge(&app.running.app, app.running.app.clock.now()).await.unwrap();
    let folder = app.stores.folder.join("media").join(organization(&app).await).join(id(&made));
    assert!(!folder.exists());
});
