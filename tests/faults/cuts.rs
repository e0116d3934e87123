//! Connections that are cut before, amid and after the answer: what is sent again has one effect.

use super::cluster::Cluster;
use paifang_core::time::format_rfc3339;
use paifang_server::http::body::hash;
use paifang_tests::field::{SITE, assigned, fix, unit_at, visits_path};
use paifang_tests::media::{fetch, video};
use paifang_tests::{Actor, Answer, Stack, nonce};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PART: usize = 1024 * 1024;
/// What an answer begins with, before the number of the status.
const STATUS_LINE: usize = b"HTTP/1.1 201".len();

/// Where a connection is cut.
#[derive(Clone, Copy)]
enum Cut {
    /// When so much of the body was sent, in hundredths.
    Sent(usize),
    /// So long after the request.
    After(Duration),
    /// When so many bytes of the answer have arrived: within the status, the headers or the body.
    Answered(usize),
}

/// Cuts of each kind, at many moments.
fn cuts() -> Vec<Cut> {
    let sent = [0, 50, 99].map(Cut::Sent);
    let after = (0..20).map(|wait| Cut::After(Duration::from_millis(wait)));
    let answered = (0..10).map(|more| Cut::Answered(STATUS_LINE + more * 20));
    sent.into_iter().chain(after).chain(answered).collect()
}

/// A request that is sent on connections of its own.
struct Request<'a> {
    actor: &'a Actor,
    method: Method,
    path: String,
    content_type: &'a str,
    body: Vec<u8>,
}

impl<'a> Request<'a> {
    fn json(actor: &'a Actor, method: Method, path: String, body: &Value) -> Self {
        Self { actor, method, path, content_type: "application/json", body: body.to_string().into_bytes() }
    }

    /// Sends it, cuts the connection, and sends it again; that one's answer.
    async fn twice(&self, cut: Cut) -> Answer {
        let begun = self.cut(cut).await;
        let request = self.actor.request(self.method.clone(), &self.path).header("content-type", self.content_type);
        let again = Actor::send(request.body(self.body.clone())).await;
        assert!(matches!(again.status, 200 | 201), "{}: {}", again.status, again.body);
        if let Some(status) = begun {
            assert!(status.starts_with("HTTP/1.1 20"), "{status}");
            assert_eq!(again.status, 200, "an answer had begun: {}", again.body);
        }
        again
    }

    /// The beginning of the answer, where one was read.
    async fn cut(&self, cut: Cut) -> Option<String> {
        let Self { actor, method, path, content_type, body } = self;
        let host = actor.base().trim_start_matches("http://");
        let token = actor.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{token}Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let sent = if let Cut::Sent(hundredths) = cut { body.len() * hundredths / 100 } else { body.len() };
        stream.write_all(&body[..sent]).await.unwrap();
        let mut read = Vec::new();
        match cut {
            Cut::Sent(_) => {}
            Cut::After(wait) => tokio::time::sleep(wait).await,
            Cut::Answered(bytes) => {
                read.resize(bytes, 0);
                stream.read_exact(&mut read).await.unwrap();
            }
        }
        // Not closed in order: the rest of the answer meets a reset.
        stream.set_zero_linger().unwrap();
        (!read.is_empty()).then(|| String::from_utf8_lossy(&read).into_owned())
    }
}

async fn reports(stack: Stack) {
    let cluster = Cluster::start(stack, 1).await;
    let server = &cluster.servers[0];
    let (admin, stranger) = (server.actor(Some(&cluster.token)), server.actor(None));
    for cut in cuts() {
        let unit = json!({ "serial_number": nonce(), "model": "LS-300" });
        let unit = admin.post("/api/v1/equipment", &unit).await.expect(201);
        let report = json!({ "draft_id": nonce(), "equipment_code": unit["code"], "fault_type": "no_power",
            "text": "开不了机", "contact": { "phone": "13800138000" } });
        let request = Request::json(&stranger, Method::POST, "/api/v1/work-orders".to_owned(), &report);
        let order = request.twice(cut).await.body;
        assert_eq!(stranger.post("/api/v1/work-orders", &report).await.expect(200)["id"], order["id"]);
    }
    let all = admin.get("/api/v1/work-orders?limit=200").await.expect(200)["items"].clone();
    assert_eq!(all.as_array().unwrap().len(), cuts().len(), "none twice");
}

async fn visits(stack: Stack) {
    let cluster = Cluster::start(stack, 1).await;
    let server = &cluster.servers[0];
    let admin = server.actor(Some(&cluster.token));
    let engineer = server.login(&cluster.sim, &admin, "engineer", "engineer").await;
    let order = assigned(&admin, &unit_at(&admin, Some(SITE)).await, &engineer).await;
    let here = visits_path(&order);
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    for (number, cut) in cuts().into_iter().enumerate() {
        let at = now - 60_000 + i64::try_from(number).unwrap() * 1000;
        let mark = json!({ "at": format_rfc3339(at), "sent_at": format_rfc3339(now), "fix": fix(SITE, at),
            "offline": true });
        let (mut check_in, mut check_out) = (mark.clone(), mark);
        check_in["visit_key"] = json!(nonce());
        let visit = format!("{here}/{}", check_in["visit_key"].as_str().unwrap());
        check_out["result"] = json!("unfinished");
        check_out["text"] = json!("检查");
        Request::json(&engineer, Method::POST, here.clone(), &check_in).twice(cut).await;
        let ended = Request::json(&engineer, Method::PATCH, visit.clone(), &check_out).twice(cut).await.body;
        assert_eq!(engineer.patch(&visit, &check_out).await.expect(200)["visit"], ended["visit"]);
    }
    let all = engineer.get(&here).await.expect(200)["items"].clone();
    let ended = all.as_array().unwrap().iter().filter(|visit| visit["result"] == "unfinished").count();
    assert_eq!((all.as_array().unwrap().len(), ended), (cuts().len(), cuts().len()), "none twice");
}

async fn parts(stack: Stack) {
    let cluster = Cluster::start(stack, 1).await;
    let admin = cluster.servers[0].actor(Some(&cluster.token));
    let file = video(20, (cuts().len() - 1) * PART);
    let body = json!({ "upload_key": nonce(), "size": file.len(), "sha256": hash(&file) });
    let begun = admin.post("/api/v1/media/videos", &body).await.expect(201);
    let path = format!("/api/v1/media/{}", begun["id"].as_str().unwrap());
    let pieces: Vec<_> = file.chunks(PART).collect();
    for (number, piece) in pieces.iter().enumerate() {
        let path = format!("{path}/parts/{}", number + 1);
        let content_type = "application/octet-stream";
        let request = Request { actor: &admin, method: Method::PUT, path, content_type, body: piece.to_vec() };
        let stands = request.twice(cuts()[number % cuts().len()]).await.body;
        assert!(stands["parts"].as_array().unwrap().contains(&json!(number + 1)), "{stands}");
    }
    let stands = admin.post("/api/v1/media/videos", &body).await.expect(200);
    assert_eq!(stands["parts"].as_array().unwrap().len(), pieces.len());
    let made = admin.post(&format!("{path}/complete"), &json!({})).await.expect(200);
    let (status, _, bytes) = fetch(&admin, made["url"].as_str().unwrap(), &[]).await;
    assert_eq!((status, bytes.len()), (200, file.len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_made_once_on_sqlite() {
    reports(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_made_once_on_postgres() {
    reports(Stack::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_made_once_on_sqlite() {
    visits(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_made_once_on_postgres() {
    visits(Stack::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_kept_once_on_sqlite() {
    parts(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_kept_once_on_postgres() {
    parts(Stack::Postgres).await;
}
