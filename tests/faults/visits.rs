//! `kill -9` amid uploads of visits: what was acknowledged is there, and everything sent again has one effect.

use super::cluster::Cluster;
use futures_util::future::join_all;
use paifang_core::time::format_rfc3339;
use paifang_tests::field::{SITE, assigned, fix, unit_at, visits_path, with};
use paifang_tests::{Actor, Stack, nonce};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const VISITS: usize = 120;
const IN_FLIGHT: usize = 6;

/// What the phone has kept of a visit that it made offline.
struct Kept {
    path: String,
    check_in: Value,
    check_out: Value,
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Visits of one order, each a second after the one before.
fn visits(order: &Value) -> Vec<Kept> {
    let now = now();
    let first = now - i64::try_from(VISITS).unwrap() * 1000;
    let one = |number: usize| {
        let at = first + i64::try_from(number).unwrap() * 1000;
        let place = fix((SITE.0 + 0.001 * (number % 2) as f64, SITE.1), at);
        let mark = json!({ "at": format_rfc3339(at), "sent_at": format_rfc3339(now), "fix": place, "offline": true });
        let key = nonce();
        let work = json!({ "result": "unfinished", "text": "检查", "parts": [{ "name": "滤网", "quantity": "1" }] });
        Kept {
            path: format!("{}/{key}", visits_path(order)),
            check_in: with(mark.clone(), json!({ "visit_key": key })),
            check_out: with(mark, work),
        }
    };
    (0..VISITS).map(one).collect()
}

async fn kill_amid_visits(stack: Stack) {
    let mut cluster = Cluster::start(stack, 1).await;
    let (sim, server) = (&cluster.sim, &mut cluster.servers[0]);
    let admin = server.actor(Some(&cluster.token));
    let engineer_before = server.login(sim, &admin, "engineer", "engineer").await;
    let unit = unit_at(&admin, Some(SITE)).await;
    let order = assigned(&admin, &unit, &engineer_before).await;
    let here = visits_path(&order);
    let kept = Arc::new(visits(&order));
    let (next, acknowledged) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let uploads: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (phone, here, kept) = (engineer_before.clone(), here.clone(), Arc::clone(&kept));
            let (next, acknowledged) = (Arc::clone(&next), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(visit) = kept.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let into = phone.request(Method::POST, &here).json(&visit.check_in);
                    let Ok(checked_in) = Actor::try_send(into).await else { continue };
                    let checked_in = checked_in.expect(201);
                    let out = phone.request(Method::PATCH, &visit.path).json(&visit.check_out);
                    let checked_out = Actor::try_send(out).await.map(|answer| answer.expect(200)["visit"].clone());
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                    mine.push(checked_out.unwrap_or_else(|_| checked_in["visit"].clone()));
                }
                mine
            })
        })
        .collect();
    while acknowledged.load(Ordering::SeqCst) < VISITS / 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.kill();
    let acknowledged: Vec<Value> = join_all(uploads).await.into_iter().flat_map(Result::unwrap).collect();
    assert!(acknowledged.len() < VISITS, "the kill came too late to prove anything");

    server.restart().await;
    let phone = server.login(sim, &admin, "engineer", "engineer").await;
    let there = phone.get(&here).await.expect(200)["items"].clone();
    let there = there.as_array().unwrap();
    for visit in &acknowledged {
        let found = there.iter().find(|found| found["id"] == visit["id"]).expect("an acknowledged visit");
        if visit.get("check_out").is_some() {
            assert_eq!(found, visit, "as it was acknowledged");
        }
    }
    // The phone sends everything again, the last first. Its clock is right, however long that has taken.
    for visit in kept.iter().rev() {
        let sent = json!({ "sent_at": format_rfc3339(now()) });
        let again = phone.post(&here, &with(visit.check_in.clone(), sent.clone())).await;
        assert!(again.status == 200 || again.status == 201, "{}", again.body);
        phone.patch(&visit.path, &with(visit.check_out.clone(), sent)).await.expect(200);
    }
    let all = phone.get(&here).await.expect(200)["items"].clone();
    assert_eq!(all.as_array().unwrap().len(), VISITS, "none twice");
    assert!(all.as_array().unwrap().iter().all(|visit| visit["result"] == "unfinished"));
    let (mut legs, mut total) = (0, 0);
    for day in days(&all) {
        let day = phone.get(&format!("/api/v1/mileage-days/me/{day}")).await.expect(200);
        legs += day["legs"].as_array().unwrap().len();
        total += day["total_meters"].as_i64().unwrap();
    }
    // At midnight a day ends, and with it a leg.
    assert!(legs == VISITS - 1 || legs == VISITS - 2, "{legs} legs");
    assert_eq!(total, i64::try_from(legs).unwrap() * 144, "111 m each, with the detour");
}

/// The days of the visits in Shanghai, each once.
fn days(visits: &Value) -> Vec<String> {
    let day = |visit: &Value| {
        let at: jiff::Timestamp = visit["check_in"]["at"].as_str().unwrap().parse().unwrap();
        at.in_tz("Asia/Shanghai").unwrap().date().to_string()
    };
    let mut days: Vec<_> = visits.as_array().unwrap().iter().map(day).collect();
    days.sort();
    days.dedup();
    days
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_visit_is_lost_on_sqlite() {
    kill_amid_visits(Stack::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_visit_is_lost_on_postgres() {
    kill_amid_visits(Stack::Postgres).await;
}
