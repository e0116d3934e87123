//! Reports of faults with a photo, from people who have logged in, beside `pgbench` with the same statements.

use crate::drive::{self, Figures};
use crate::orders::{self, Unit};
use crate::pgbench;
use paifang_tests::media::{camera_jpeg, upload};
use paifang_tests::process::{Server, prepare};
use paifang_tests::{Actor, Stores, nonce};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::sync::Arc;
use wechat_sim::WechatSim;

/// Reports at each number in flight.
const REPORTS: usize = 3000;
const IN_FLIGHT: [usize; 3] = [1, 8, 64];
const REPORTERS: usize = 16;
/// Units of `pgbench` at each number of clients: more than it gets through, because each may have one open order.
const BENCH_UNITS: usize = 24_000;

/// The statements of one report, as the server sends them.
const SCRIPT: &str = include_str!("report.pgbench.sql");

/// What the statements find: the server's own rows once more, under ids that a script can compute.
const ROWS: &str = "
INSERT INTO organizations SELECT 'o', 'bench', name, 'bench', created_at FROM organizations LIMIT 1;
INSERT INTO persons (id, organization_id, name, created_at) VALUES ('p', 'o', 'bench', 1);
INSERT INTO equipment SELECT 'u' || n, 'o', 'b' || n, 'S' || n, 'S' || n, 'S' || n, model, NULL, site, address,
    position_lat_e6, position_lng_e6, warranty_until, 1, 1, 1, NULL
    FROM generate_series(0, 71999) n, (SELECT * FROM equipment LIMIT 1) unit;
INSERT INTO media SELECT 'm' || n, 'o', owner_kind, 'p', repeat('k', 24) || n, kind, status, source_size,
    source_sha256, part_size, object, content_type, size, width, height, duration_ms, NULL, NULL, NULL, 1, 1
    FROM generate_series(0, 71999) n, (SELECT * FROM media LIMIT 1) photo;
ANALYZE;";

/// A copy of a photo that was uploaded, for each report one.
fn photos(original: &str, first: usize, number: usize) -> String {
    format!(
        "INSERT INTO media SELECT 'photo' || n, organization_id, owner_kind, owner_id, upload_key || n, kind, status,
            source_size, source_sha256, part_size, object, content_type, size, width, height, duration_ms, NULL, NULL,
            NULL, created_at, touched_at
        FROM media, generate_series({first}, {}) n WHERE id = '{original}'",
        first + number - 1
    )
}

/// Sends them, then runs `pgbench`, and prints both and their ratio.
pub async fn run(stores: &Stores, sim: &WechatSim) {
    let token = prepare(stores, &sim.base_url());
    let server = Server::start(stores, &sim.base_url()).await;
    let admin = server.actor(Some(&token));
    let organization = admin.get("/api/v1/organization").await.expect(200)["id"].as_str().expect("id").to_owned();
    let mut conn = PgConnection::connect(&stores.database).await.expect("PostgreSQL");
    let all = REPORTS * IN_FLIGHT.len();
    let units: Vec<_> = (0..all).map(Unit::new).collect();
    for units in units.chunks(1000) {
        conn.execute(AssertSqlSafe(orders::insert_units(&organization, units))).await.expect("units");
    }
    let mut reporters = Vec::new();
    for number in 0..REPORTERS {
        let reporter = server.login(sim, &admin, &format!("reporter{number}"), "member").await;
        let query = format!("kind=photo&upload_key={}", nonce());
        let photo = upload(&reporter, &query, camera_jpeg(640, 480), "a.jpg", "image/jpeg").await.expect(201);
        let share = all.div_ceil(REPORTERS);
        let copies = photos(photo["id"].as_str().expect("id"), number * share, share);
        conn.execute(AssertSqlSafe(copies)).await.expect("photos");
        reporters.push(reporter);
    }
    conn.execute("ANALYZE").await.expect("ANALYZE");
    let reporters: Arc<[Actor]> = reporters.into();
    let mut measured = Vec::new();
    for (round, in_flight) in IN_FLIGHT.into_iter().enumerate() {
        let reporters = Arc::clone(&reporters);
        let before = pgbench::statements(stores).await.expect("PostgreSQL");
        let send = move |number: usize| {
            let number = round * REPORTS + number;
            let reporter = reporters[number / all.div_ceil(REPORTERS)].clone();
            async move { report(&reporter, number).await }
        };
        let Figures { per_second, p50, p99, cpu, .. } = drive::each(&server, REPORTS, in_flight, send).await;
        let statements = pgbench::statements(stores).await.expect("PostgreSQL") - before;
        let statements = statements as f64 / REPORTS as f64;
        let what = "report with a photo, PostgreSQL + Redis";
        println!("| {what} | {in_flight} | {per_second:.0} | {p50:.2} | {p99:.2} | {cpu:.3} | {statements:.2} |");
        measured.push(per_second);
    }
    drop(server);
    conn.execute(ROWS).await.expect("rows");
    for (round, (clients, reported)) in IN_FLIGHT.into_iter().zip(measured).enumerate() {
        let variables = [("first", round * BENCH_UNITS), ("share", BENCH_UNITS / clients), ("i", 0)];
        let statements = SCRIPT.lines().filter(|line| line.ends_with(';')).count().to_string();
        let what = "pgbench, the same statements";
        let bench = pgbench::measure(what, SCRIPT, &stores.database, clients, &variables, &statements);
        println!("| reports of what pgbench does: {:.0} % | {clients} | | | | | |", reported / bench * 100.0);
    }
}

async fn report(reporter: &Actor, number: usize) {
    let body = json!({ "draft_id": nonce(), "equipment_code": Unit::new(number).code, "fault_type": "no_power",
        "text": "按下电源键后没有任何反应，指示灯也不亮，昨天还能正常使用。", "media_ids": [format!("photo{number}")],
        "contact": { "name": "王师傅", "phone": "13800138000" },
        "position": { "latitude": 31.2304, "longitude": 121.4737 }, "address": "上海市黄浦区人民大道200号" });
    let order = reporter.post("/api/v1/work-orders", &body).await.expect(201);
    assert_eq!(order["media"].as_array().map(Vec::len), Some(1), "{order}");
}
