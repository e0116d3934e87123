//! `kill -9` amid reports with photos, additions and moves: what was acknowledged is there, and everything sent again has
//! one effect.

use super::cluster::Cluster;
use futures_util::future::join_all;
use paifang_tests::media::{camera_jpeg, upload_request};
use paifang_tests::order_path;
use paifang_tests::process::Server;
use paifang_tests::{Actor, Stack, nonce};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use wechat_sim::WechatSim;

const REPORTS: usize = 120;
const IN_FLIGHT: usize = 8;

/// What a phone keeps until all of it is acknowledged, and what it was told so far.
struct Kept {
    unit: String,
    /// Half of the reports come from people who have not logged in.
    is_open: bool,
    photo_keys: [String; 2],
    draft: String,
    addition: String,
    move_key: String,
    told: Told,
}

/// What was acknowledged: it must never change.
#[derive(Default)]
struct Told {
    photos: [Option<Value>; 2],
    order: Option<Value>,
    added: Option<Value>,
    moved: Option<Value>,
}

/// Those who talk to one server.
struct Callers {
    reporter: Actor,
    stranger: Actor,
    admin: Actor,
}

impl Callers {
    async fn of(server: &Server, token: &str, sim: &WechatSim) -> Self {
        let admin = server.actor(Some(token));
        let reporter = server.login(sim, &admin, "reporter", "member").await;
        Self { reporter, stranger: server.actor(None), admin }
    }
}

fn keep(told: &mut Option<Value>, now: Value) {
    assert!(!now.is_null());
    if let Some(before) = told {
        assert_eq!(*before, now, "as it was acknowledged");
    }
    *told = Some(now);
}

/// Sends everything, from the beginning; ends early when there is no answer.
async fn send_all(callers: &Callers, kept: &mut Kept) -> reqwest::Result<()> {
    let Kept { unit, draft, addition, told, .. } = kept;
    let sender = if kept.is_open { &callers.stranger } else { &callers.reporter };
    for (number, key) in kept.photo_keys.iter().enumerate() {
        let mut query = format!("kind=photo&upload_key={key}");
        if kept.is_open {
            let draft = [&draft, &addition][number];
            query += &format!("&draft_id={draft}&equipment_code={unit}");
        }
        let upload = upload_request(sender, &query, camera_jpeg(64, 32), "a.jpg", "image/jpeg");
        keep(&mut told.photos[number], acknowledged(Actor::try_send(upload).await?)["id"].clone());
    }
    let report = json!({ "draft_id": draft, "equipment_code": unit, "fault_type": "no_power", "text": "开不了机",
        "media_ids": [told.photos[0]], "contact": { "phone": "13800138000" } });
    let report = sender.request(Method::POST, "/api/v1/work-orders").json(&report);
    let order = acknowledged(Actor::try_send(report).await?);
    keep(&mut told.order, json!([order["id"], order["number"], order["submitted_at"], order["follow"]["code"]]));
    let more =
        json!({ "draft_id": addition, "number": order["number"], "text": "还有异响", "media_ids": [told.photos[1]] });
    let more = sender.request(Method::POST, &format!("/api/v1/equipment/{unit}/additions")).json(&more);
    keep(&mut told.added, acknowledged(Actor::try_send(more).await?)["added_at"].clone());
    let accept = json!({ "move": "accept", "version": 1, "move_key": kept.move_key });
    let accept = callers.admin.request(Method::POST, &format!("{}/moves", order_path(&order))).json(&accept);
    let moved = acknowledged(Actor::try_send(accept).await?);
    keep(&mut told.moved, json!([moved["state"], moved["version"], moved["updated_at"]]));
    Ok(())
}

fn acknowledged(answer: paifang_tests::Answer) -> Value {
    assert!(answer.status == 200 || answer.status == 201, "{}: {}", answer.status, answer.body);
    answer.body
}

async fn kill_amid_reports(stack: Stack, processes: usize) {
    let mut cluster = Cluster::start(stack, processes).await;
    let (sim, token, servers) = (&cluster.sim, &cluster.token, &mut cluster.servers);
    let admin = servers[0].actor(Some(token));
    let mut callers = Vec::new();
    for server in servers.iter() {
        callers.push(Callers::of(server, token, sim).await);
    }
    let callers = Arc::new(callers);
    let mut shares: Vec<Vec<Kept>> = (0..IN_FLIGHT).map(|_| Vec::new()).collect();
    for number in 0..REPORTS {
        let unit = json!({ "serial_number": nonce(), "model": "LS-300" });
        let unit = admin.post("/api/v1/equipment", &unit).await.expect(201)["code"].as_str().unwrap().to_owned();
        let photo_keys = [nonce(), nonce()];
        let (draft, addition, move_key, told) = (nonce(), nonce(), nonce(), Told::default());
        let is_open = number % 2 == 0;
        shares[number % IN_FLIGHT].push(Kept { unit, is_open, photo_keys, draft, addition, move_key, told });
    }
    let complete = Arc::new(AtomicUsize::new(0));
    let phones: Vec<_> = shares
        .into_iter()
        .enumerate()
        .map(|(phone, mut share)| {
            let (callers, complete) = (Arc::clone(&callers), Arc::clone(&complete));
            tokio::spawn(async move {
                for kept in &mut share {
                    // With another process there, the phone goes on with that one at once.
                    for attempt in 0..processes {
                        if send_all(&callers[(phone + attempt) % processes], kept).await.is_ok() {
                            complete.fetch_add(1, Ordering::SeqCst);
                            break;
                        }
                    }
                }
                share
            })
        })
        .collect();
    while complete.load(Ordering::SeqCst) < REPORTS / 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let before = complete.load(Ordering::SeqCst);
    servers[0].kill();
    let mut kept: Vec<Kept> = join_all(phones).await.into_iter().flat_map(Result::unwrap).collect();
    assert!(before < REPORTS, "the kill came too late to prove anything");
    if processes > 1 {
        assert_eq!(complete.load(Ordering::SeqCst), REPORTS, "the other process serves them all");
    }

    servers[0].restart().await;
    let callers = Callers::of(&servers[0], token, sim).await;
    for kept in kept.iter().filter(|kept| kept.told.order.is_some()) {
        let id = kept.told.order.as_ref().unwrap()[0].as_str().unwrap();
        let order = admin.get(&format!("/api/v1/work-orders/{id}")).await.expect(200);
        assert_eq!(json!(order["media"][0]["id"]), *kept.told.photos[0].as_ref().unwrap(), "an acknowledged report");
        let has = |kind: &str| order["entries"].as_array().unwrap().iter().any(|entry| entry["kind"] == kind);
        assert!(kept.told.added.is_none() || has("addition"), "an acknowledged addition");
        assert!(kept.told.moved.is_none() || (has("move") && order["state"] == "accepted"), "an acknowledged move");
    }
    for kept in kept.iter_mut().rev() {
        send_all(&callers, kept).await.unwrap();
    }
    let all = admin.get("/api/v1/work-orders?limit=200").await.expect(200)["items"].clone();
    assert_eq!(all.as_array().unwrap().len(), REPORTS, "none twice");
    for kept in &kept {
        let id = kept.told.order.as_ref().unwrap()[0].as_str().unwrap();
        has_each_once(&admin.get(&format!("/api/v1/work-orders/{id}")).await.expect(200), &kept.told);
    }
}

fn has_each_once(order: &Value, told: &Told) {
    assert_eq!((&order["state"], &order["version"]), (&json!("accepted"), &json!(2)), "{order}");
    let entries = order["entries"].as_array().unwrap();
    let mut kinds: Vec<_> = entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["addition", "move", "report"]);
    let ids = |media: &Value| media.as_array().unwrap().iter().map(|photo| photo["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&order["media"]), [told.photos[0].clone().unwrap()]);
    let addition = entries.iter().find(|entry| entry["kind"] == "addition").unwrap();
    assert_eq!(ids(&addition["media"]), [told.photos[1].clone().unwrap()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_report_is_lost_on_sqlite() {
    kill_amid_reports(Stack::Sqlite, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_report_is_lost_over_two_processes_on_postgres() {
    kill_amid_reports(Stack::Postgres, 2).await;
}
