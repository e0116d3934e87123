//! The benchmark behind `scripts/bench`: check-ins over HTTP against the released server, beside `pgbench` with the
//! same statements. Prints one table; every figure is of this run, on this machine.

mod drive;
mod followers;
mod nearby;
mod orders;
mod pgbench;
mod pushes;
mod reports;
mod wasm;

use drive::{Figures, scan_all};
use paifang_tests::process::{Server, prepare};
use paifang_tests::{APP_SECRET, APPID, Stack, Stores, event_with_tickets};
use std::time::Instant;
use wechat_sim::{App, Config, WechatSim};

/// Scans at each number in flight.
const SCANS: usize = 4000;
const IN_FLIGHT: [usize; 3] = [1, 8, 64];

#[tokio::main]
async fn main() {
    let sim = WechatSim::start(Config::default()).expect("the simulator");
    sim.add_app(App::mini_program(APPID, APP_SECRET));
    println!("| what | in flight | per second | p50 ms | p99 ms | server CPU ms each | SQL statements each |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    // All of them, or those that are named.
    let named: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    if wanted("check-ins") {
        let postgres = Stack::Postgres.make().await;
        check_ins("check-in, PostgreSQL + Redis", &postgres, &sim).await;
        pgbench::run(&postgres.database).await;
        let sqlite = Stack::Sqlite.make().await;
        check_ins("check-in, SQLite, synchronous=FULL", &sqlite, &sim).await;
    }
    if wanted("reports") {
        reports::run(&Stack::Postgres.make().await, &sim).await;
    }
    if wanted("pushes") {
        pushes::run(&Stack::Postgres.make().await, &sim).await;
    }
    if wanted("followers") {
        followers::run(&Stack::Postgres.make().await, &sim).await;
    }
    if wanted("nearby") {
        println!("\n| nearest of {} waiting orders, first page | results | p50 ms | p95 ms |", nearby::ORDERS);
        println!("| --- | ---: | ---: | ---: |");
        nearby::run("PostgreSQL", &Stack::Postgres.make().await, &sim).await;
        nearby::run("SQLite", &Stack::Sqlite.make().await, &sim).await;
    }
    println!();
    if wanted("wasm") {
        wasm::run();
    }
}

async fn check_ins(what: &str, stores: &Stores, sim: &WechatSim) {
    let token = prepare(stores, &sim.base_url());
    let started = Instant::now();
    let server = Server::start(stores, &sim.base_url()).await;
    let start_up = started.elapsed();
    let idle = drive::memory(server.id());
    let admin = server.actor(Some(&token));
    let (list, codes) = event_with_tickets(&admin, SCANS * IN_FLIGHT.len()).await;
    let staff = server.login(sim, &admin, "sam", "staff").await;
    for (codes, in_flight) in codes.chunks(SCANS).zip(IN_FLIGHT) {
        let before = pgbench::statements(stores).await;
        let Figures { per_second, p50, p99, cpu, .. } = scan_all(&server, &staff, &list, codes, in_flight).await;
        let statements = pgbench::statements(stores).await.zip(before).map(|(after, before)| after - before);
        let statements = statements.map_or("–".to_owned(), |n| format!("{:.2}", n as f64 / codes.len() as f64));
        println!("| {what} | {in_flight} | {per_second:.0} | {p50:.2} | {p99:.2} | {cpu:.3} | {statements} |");
    }
    let loaded = drive::memory(server.id());
    println!(
        "| memory: idle {idle:.0} MiB, loaded {loaded:.0} MiB; ready after {} ms | | | | | | |",
        start_up.as_millis()
    );
}
