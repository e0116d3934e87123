//! `kill -9` between the parts of a video: what was acknowledged is there, and the upload goes on.

use super::cluster::Cluster;
use paifang_server::http::body::hash;
use paifang_tests::media::{camera_jpeg, fetch, upload, video};
use paifang_tests::{Actor, Stack, nonce};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const PART: usize = 1024 * 1024;

async fn kill_between_parts(stack: Stack) {
    let mut cluster = Cluster::start(stack, 1).await;
    let server = &mut cluster.servers[0];
    let admin = server.actor(Some(&cluster.token));
    let file = video(20, 12 * PART);
    let parts: Vec<_> = file.chunks(PART).collect();
    let body = json!({ "upload_key": nonce(), "size": file.len(), "sha256": hash(&file) });
    let begun = admin.post("/api/v1/media/videos", &body).await.expect(201);
    let path = format!("/api/v1/media/{}", begun["id"].as_str().unwrap());
    let mut photos = Vec::new();
    let mut kills = 0;
    let mut acknowledged = vec![false; parts.len()];
    while acknowledged.iter().any(|kept| !kept) {
        let query = format!("kind=photo&upload_key={}", nonce());
        photos.push(upload(&admin, &query, camera_jpeg(64, 32), "a.jpg", "image/jpeg").await.expect(201)["id"].clone());
        let missing: Vec<_> = (0..parts.len()).filter(|index| !acknowledged[*index]).take(4).collect();
        let sending = missing.into_iter().map(|index| {
            let request =
                admin.request(Method::PUT, &format!("{path}/parts/{}", index + 1)).body(parts[index].to_vec());
            async move { (index, Actor::try_send(request).await) }
        });
        let sending = tokio::spawn(futures_util::future::join_all(sending.collect::<Vec<_>>()));
        let killed = kills < 3;
        if killed {
            tokio::time::sleep(Duration::from_millis(30 + kills * 25)).await;
            server.kill();
            kills += 1;
        }
        for (index, answer) in sending.await.unwrap() {
            if let Ok(answer) = answer {
                assert_eq!(answer.status, 200, "{}", answer.body);
                acknowledged[index] = true;
            }
        }
        if killed {
            server.restart().await;
        }
        let stands = admin.post("/api/v1/media/videos", &body).await.expect(200);
        let there: Vec<_> = stands["parts"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
        for (index, _) in acknowledged.iter().enumerate().filter(|(_, kept)| **kept) {
            assert!(there.contains(&(index + 1)), "part {} was acknowledged", index + 1);
        }
    }
    assert_eq!(kills, 3);
    let made = admin.post(&format!("{path}/complete"), &json!({})).await.expect(200);
    server.kill();
    server.restart().await;
    let (status, _, bytes) = fetch(&admin, made["url"].as_str().unwrap(), &[]).await;
    assert_eq!((status, bytes.len()), (200, file.len()));
    assert_eq!(hash(&bytes[..12 * PART]), hash(&file[..12 * PART]));
    let organization = admin.get("/api/v1/organization").await.expect(200)["id"].as_str().unwrap().to_owned();
    for photo in photos {
        let object =
            cluster.stores.folder.join("media").join(&organization).join(photo.as_str().unwrap()).join("photo.jpg");
        image::load_from_memory(&std::fs::read(object).unwrap()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_part_is_lost_on_sqlite() {
    kill_between_parts(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_part_is_lost_on_postgres() {
    kill_between_parts(Stack::Postgres).await;
}
