//! Driving a server: many requests in flight, latencies, and what the process used.

use futures_util::future::join_all;
use paifang_tests::process::Server;
use paifang_tests::{Actor, nonce};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Clock ticks per second of `/proc/PID/stat` on Linux.
const TICKS: f64 = 100.0;

/// What was measured.
pub struct Figures {
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    /// Milliseconds.
    pub p95: f64,
    /// Milliseconds.
    pub p99: f64,
    /// Milliseconds of the server's CPU, each.
    pub cpu: f64,
}

/// Does `one` for each number below `number`, so many at a time.
pub async fn each<F, D>(server: &Server, number: usize, in_flight: usize, one: F) -> Figures
where
    F: Fn(usize) -> D + Clone + Send + Sync + 'static,
    D: Future<Output = ()> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let (cpu_before, started) = (cpu_seconds(server.id()), Instant::now());
    let phones = (0..in_flight).map(|_| {
        let (next, one) = (Arc::clone(&next), one.clone());
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let this = next.fetch_add(1, Ordering::Relaxed);
                if this >= number {
                    return latencies;
                }
                let sent = Instant::now();
                one(this).await;
                latencies.push(sent.elapsed());
            }
        })
    });
    let mut latencies: Vec<Duration> = join_all(phones).await.into_iter().flat_map(Result::unwrap).collect();
    let elapsed = started.elapsed().as_secs_f64();
    let cpu = cpu_seconds(server.id()) - cpu_before;
    latencies.sort_unstable();
    let at = |share: f64| latencies[((number as f64 * share) as usize).min(number - 1)].as_secs_f64() * 1000.0;
    Figures {
        per_second: number as f64 / elapsed,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        cpu: cpu * 1000.0 / number as f64,
    }
}

/// Scans every code once; each must be let in.
pub async fn scan_all(server: &Server, staff: &Actor, list: &str, codes: &[Value], in_flight: usize) -> Figures {
    let (codes, staff) = (Arc::new(codes.to_vec()), staff.clone());
    let path: Arc<str> = format!("/api/v1/check-in-lists/{list}/check-ins").into();
    each(server, codes.len(), in_flight, move |number| {
        let (codes, path, staff) = (Arc::clone(&codes), Arc::clone(&path), staff.clone());
        async move {
            let body = json!({ "code": codes[number], "nonce": nonce(), "type": "entry", "device_id": "bench" });
            let answer = Actor::send(staff.request(Method::POST, &path).json(&body)).await.expect(200);
            assert_eq!(answer["status"], "ok");
        }
    })
    .await
}

/// Resident memory in MiB.
pub fn memory(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a running process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("kilobytes") / 1024.0
}

fn cpu_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a running process");
    let fields: Vec<_> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    let ticks: f64 = fields[11..13].iter().map(|field| field.parse::<f64>().expect("ticks")).sum();
    ticks / TICKS
}
