//! The store of media: the same contract on a folder and on S3, whose server really runs.

use bytes::Bytes;
use futures_util::TryStreamExt;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use paifang_server::clock::Clock;
use paifang_server::config::Config;
use paifang_server::http::body::hash;
use paifang_server::media::{self, KEEP_UNATTACHED, MediaStore};
use paifang_server::problem::Problem;
use paifang_tests::media::{camera_jpeg, fetch, upload, video};
use paifang_tests::{Actor, Stack, TestApp, nonce};
use reqwest::Method;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use serde_json::json;
use sqlx::{AnyConnection, Connection, Executor, Row};
use std::path::PathBuf;
use tokio::net::TcpListener;

const PREFIX: &str = "of/paifang";

/// An S3 server with the bucket `pictures`; answers its address and the folder of the bucket.
async fn s3_server() -> (String, PathBuf) {
    let root = std::env::temp_dir().join("paifang-tests").join(format!("s3-{}", nonce()));
    let bucket = root.join("pictures");
    std::fs::create_dir_all(&bucket).unwrap();
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&root).unwrap());
    builder.set_auth(SimpleAuth::from_single("access", "secret"));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    (format!("http://{address}"), bucket)
}

fn settings<'a>(endpoint: &'a str, secret: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("PAIFANG_MEDIA_URL", "s3://pictures/of/paifang"),
        ("PAIFANG_S3_ENDPOINT", endpoint),
        ("PAIFANG_S3_ACCESS_KEY", "access"),
        ("PAIFANG_S3_SECRET_KEY", secret),
    ]
}

fn open(settings: &[(&str, &str)]) -> MediaStore {
    let found = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    MediaStore::open(&Config::from_lookup(found).unwrap().media).unwrap()
}

async fn whole(store: &MediaStore, name: &str) -> Result<Vec<u8>, Problem> {
    let pieces: Vec<Bytes> = store.pieces(name, None).await?.try_collect().await.unwrap();
    Ok(pieces.concat())
}

async fn keeps_its_contract(store: &MediaStore) {
    store.put("a/1/photo.jpg", vec![1; 10]).await.unwrap();
    store.put("a/1/photo.jpg", vec![2; 20]).await.unwrap();
    store.put("a/10/photo.jpg", vec![3; 5]).await.unwrap();
    assert_eq!(whole(store, "a/1/photo.jpg").await.unwrap(), [2; 20]);
    assert_eq!(store.range("a/1/photo.jpg", 5..8).await.unwrap().len(), 3);
    assert_eq!(whole(store, "a/2/photo.jpg").await.unwrap_err().code().status(), 404);

    let piece = |number: u8| Bytes::from(vec![number; 3 * 1024 * 1024]);
    let mut long = store.begin("a/1/video.mp4").await.unwrap();
    for number in 0..5 {
        long.add(piece(number)).await.unwrap();
    }
    assert!(whole(store, "a/1/video.mp4").await.is_err(), "nobody sees it before its end");
    long.finish().await.unwrap();
    let expected: Vec<u8> = (0..5).flat_map(piece).collect();
    assert!(whole(store, "a/1/video.mp4").await.unwrap() == expected);
    let mut given_up = store.begin("a/1/given-up").await.unwrap();
    given_up.add(piece(9)).await.unwrap();
    given_up.abort().await;
    assert!(whole(store, "a/1/given-up").await.is_err());

    store.remove_all("a/1").await.unwrap();
    store.remove_all("a/1").await.unwrap();
    assert!(whole(store, "a/1/photo.jpg").await.is_err() && whole(store, "a/1/video.mp4").await.is_err());
    assert_eq!(whole(store, "a/10/photo.jpg").await.unwrap(), [3; 5], "another id that begins alike stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_and_a_bucket_keep_the_same_contract() {
    let folder = std::env::temp_dir().join("paifang-tests").join(nonce());
    let url = format!("file:{}", folder.display());
    keeps_its_contract(&open(&[("PAIFANG_MEDIA_URL", &url)])).await;
    assert!(!folder.join("a/1").exists(), "no empty folders stay");
    let (endpoint, bucket) = s3_server().await;
    keeps_its_contract(&open(&settings(&endpoint, "secret"))).await;
    assert!(bucket.join(PREFIX).join("a/10/photo.jpg").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_write_leaves_that_was_cut_off_goes_with_its_upload_or_after_a_day() {
    let folder = std::env::temp_dir().join("paifang-tests").join(nonce());
    let url = format!("file:{}", folder.display());
    let store = open(&[("PAIFANG_MEDIA_URL", &url)]);
    store.put("a/1/photo.jpg", vec![1; 10]).await.unwrap();
    store.put("a/2/photo.jpg", vec![2; 10]).await.unwrap();
    let left = |name: &str, hours: u64| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let at = std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3600);
        std::fs::File::create(&path).unwrap().set_modified(at).unwrap();
        path
    };
    let of_removed = [left("a/1/photo.jpg#1", 0), left("a/1/parts/0/00001-ab#12", 0)];
    store.remove_all("a/1").await.unwrap();
    assert!(of_removed.iter().all(|path| !path.exists()) && !folder.join("a/1").exists());

    let old = [left("a/2/photo.jpg#1", 25), left("a/2/parts/0/00001-ab#12", 25)];
    let stays = [left("a/2/video.mp4#1", 23), left("a/2/x#y", 25), left("a/2/x#", 25), left("a/2/00001-ab", 25)];
    store.tidy().await;
    assert!(old.iter().all(|path| !path.exists()) && stays.iter().all(|path| path.exists()));
    assert_eq!(whole(&store, "a/2/photo.jpg").await.unwrap(), [2; 10]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_nobody_attached_is_removed_in_one_go() {
    sqlx::any::install_default_drivers();
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let app = TestApp::start(stack).await;
        let query = format!("kind=photo&upload_key={}", nonce());
        upload(&app.admin, &query, camera_jpeg(8, 8), "a.jpg", "image/jpeg").await.expect(201);
        let many = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2100)
            INSERT INTO media (id, organization_id, owner_kind, owner_id, upload_key, kind, status, source_size,
                source_sha256, created_at, touched_at)
            SELECT id || '-' || x, organization_id, owner_kind, owner_id, upload_key || x, kind, 'receiving', 1, '0', 1, 1
            FROM media, n";
        let mut conn = AnyConnection::connect(&app.stores.database).await.unwrap();
        assert_eq!(conn.execute(many).await.unwrap().rows_affected(), 2100);
        media::purge(&app.running.app, app.running.app.clock.now()).await.unwrap();
        let left: i64 = conn.fetch_one("SELECT COUNT(*) FROM media").await.unwrap().get(0);
        assert_eq!(left, 1, "the photo of today");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_refuses_or_is_away_is_a_passing_trouble() {
    let (endpoint, _) = s3_server().await;
    let refused = open(&settings(&endpoint, "wrong")).put("a/1/x", vec![1]).await.unwrap_err();
    assert_eq!(refused.code().as_str(), "storage_unavailable");
    assert!(refused.retry_after_seconds().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_way_of_photos_and_videos_works_on_a_bucket() {
    let (endpoint, bucket) = s3_server().await;
    let app = TestApp::start_with(Stack::Postgres, Clock::system(), &settings(&endpoint, "secret")).await;
    let query = format!("kind=photo&upload_key={}", nonce());
    let photo = upload(&app.admin, &query, camera_jpeg(64, 32), "a.jpg", "image/jpeg").await.expect(201);
    let (status, _, bytes) = fetch(&app.anonymous(), photo["url"].as_str().unwrap(), &[]).await;
    assert_eq!((status, bytes.len() as i64), (200, photo["size"].as_i64().unwrap()));

    let file = video(30, 11 * 1024 * 1024);
    let body = json!({ "upload_key": nonce(), "size": file.len(), "sha256": hash(&file) });
    let begun = app.admin.post("/api/v1/media/videos", &body).await.expect(201);
    let path = format!("/api/v1/media/{}", begun["id"].as_str().unwrap());
    for (index, part) in file.chunks(1024 * 1024).enumerate().rev() {
        let request = app.admin.request(Method::PUT, &format!("{path}/parts/{}", index + 1)).body(part.to_vec());
        Actor::send(request).await.expect(200);
    }
    let made = app.admin.post(&format!("{path}/complete"), &json!({})).await.expect(200);
    let (status, headers, some) =
        fetch(&app.admin, made["url"].as_str().unwrap(), &[("range", "bytes=5242870-5242890")]).await;
    assert_eq!((status, &some[..]), (206, &file[5_242_870..=5_242_890]));
    assert!(headers["content-range"].to_str().unwrap().ends_with(&format!("/{}", file.len())));
    let organization = app.admin.get("/api/v1/organization").await.expect(200)["id"].as_str().unwrap().to_owned();
    let of_video = bucket.join(PREFIX).join(&organization).join(made["id"].as_str().unwrap());
    // A bucket knows no folders; those of this server stay, and are empty.
    let parts = std::fs::read_dir(of_video.join("parts/0")).map_or(0, Iterator::count);
    assert!(of_video.join("video.mp4").exists() && parts == 0, "{parts} parts are left");
    let now = app.running.app.clock.now();
    media::purge(&app.running.app, now + KEEP_UNATTACHED + 1000).await.unwrap();
    assert!(!of_video.join("video.mp4").exists());
}
