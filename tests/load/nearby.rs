//! The nearest waiting orders: the first page over HTTP, out of very many, with and without filters.

use crate::drive::{self, Figures};
use crate::orders::{self, Order, Unit};
use paifang_core::position::Position;
use paifang_core::time::format_rfc3339;
use paifang_core::work_order::near::cell_of;
use paifang_tests::Stores;
use paifang_tests::process::{Server, prepare};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use wechat_sim::WechatSim;

/// Waiting orders.
pub const ORDERS: usize = 1_000_000;
/// Requests of each kind.
const REQUESTS: usize = 200;
/// Rows of one statement.
const ROWS: usize = 1000;
const HOUR: i64 = 3_600_000;

/// Where most orders are: centers of large cities.
const CITIES: [(f64, f64); 20] = [
    (31.23, 121.47),
    (39.90, 116.40),
    (23.13, 113.26),
    (22.54, 114.06),
    (30.57, 104.07),
    (29.56, 106.55),
    (30.59, 114.31),
    (34.34, 108.94),
    (30.27, 120.16),
    (32.06, 118.80),
    (39.09, 117.20),
    (36.07, 120.38),
    (38.91, 121.61),
    (41.81, 123.43),
    (45.80, 126.53),
    (28.23, 112.94),
    (34.75, 113.63),
    (25.04, 102.71),
    (24.48, 118.09),
    (43.83, 87.62),
];
/// Far from all of them: on an island in the Pacific, in Europe, at the pole, and at the date line.
const FAR: [(f64, f64); 4] = [(21.31, -157.86), (51.51, -0.13), (-89.9, 0.0), (0.0, 179.999)];

/// Numbers that look random and are the same in every run.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// At least 0, less than 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.share() * end as f64) as usize
    }

    /// Around a center, normally distributed (Box and Muller); the spread in degrees, about 10 km.
    fn around(&mut self, (latitude, longitude): (f64, f64)) -> (f64, f64) {
        let (radius, angle) = (0.1 * (-2.0 * (1.0 - self.share()).ln()).sqrt(), TAU * self.share());
        (latitude + radius * angle.cos(), longitude + radius * angle.sin())
    }

    /// Somewhere in the country.
    fn anywhere(&mut self) -> (f64, f64) {
        (20.0 + 30.0 * self.share(), 80.0 + 50.0 * self.share())
    }

    /// Six in ten in cities, one in a hundred on one of fifty spots as a plant or a mall, the others anywhere.
    fn place(&mut self) -> (f64, f64) {
        match self.below(100) {
            0 => {
                let mut spot = Draw(self.next() % 50);
                let city = CITIES[spot.below(CITIES.len())];
                spot.around(city)
            }
            1..=60 => {
                let city = CITIES[self.below(CITIES.len())];
                self.around(city)
            }
            _ => self.anywhere(),
        }
    }

    fn order(&mut self, number: usize, now: i64) -> Order {
        let at = self.place();
        let position = Position::from_degrees(at.0, at.1).expect("on the globe");
        Order {
            number,
            cell: (self.below(1000) > 0).then_some(cell_of(position)),
            state: match self.below(100_000) {
                0..=19 => "reopened",
                20..=29_999 => "accepted",
                _ => "submitted",
            },
            skill: match self.below(100_000) {
                0..=4 => Some("x-ray"),
                5..=999 => Some("crane"),
                1_000..=49_999 => Some("electrical"),
                _ => None,
            },
            // Half of the time one to six days ahead; a few are late.
            due_at: match self.below(2000) {
                0 => Some(now - HOUR),
                1..=1000 => Some(now + HOUR * (24 + self.below(120) as i64)),
                1001..=1020 => Some(now + HOUR * self.below(24) as i64),
                _ => Some(now + HOUR * (144 + self.below(1000) as i64)),
            },
        }
    }

    /// Where an engineer asks from.
    fn origin(&mut self) -> (f64, f64) {
        match self.below(4) {
            0 | 1 => {
                let city = CITIES[self.below(CITIES.len())];
                self.around(city)
            }
            2 => self.anywhere(),
            _ => FAR[self.below(FAR.len())],
        }
    }
}

/// Fills the database; returns when it is as a server would find it.
async fn fill(stores: &Stores, organization: &str, now: i64) {
    sqlx::any::install_default_drivers();
    let mut conn = AnyConnection::connect(&stores.database).await.expect("the database");
    let mut draw = Draw(1);
    for first in (0..ORDERS).step_by(ROWS) {
        let numbers = first..first + ROWS;
        let units: Vec<_> = numbers.clone().map(Unit::new).collect();
        let rows: Vec<_> = numbers.map(|number| draw.order(number, now)).collect();
        let mut group = conn.begin().await.expect("a transaction");
        group.execute(AssertSqlSafe(orders::insert_units(organization, &units))).await.expect("units");
        group.execute(AssertSqlSafe(orders::insert_orders(organization, &rows))).await.expect("orders");
        group.commit().await.expect("a commit");
    }
    if stores.database.starts_with("postgres") {
        // As autovacuum does within a minute.
        conn.execute("VACUUM ANALYZE").await.expect("VACUUM");
        conn.execute("CHECKPOINT").await.expect("CHECKPOINT");
    }
}

/// Fills a database and asks for first pages; prints a row for each kind of question.
pub async fn run(what: &str, stores: &Stores, sim: &WechatSim) {
    let token = prepare(stores, &sim.base_url());
    let server = Server::start(stores, &sim.base_url()).await;
    let admin = server.actor(Some(&token));
    let organization = admin.get("/api/v1/organization").await.expect(200)["id"].as_str().expect("id").to_owned();
    let engineer = server.login(sim, &admin, "engineer", "engineer").await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64;
    fill(stores, &organization, now).await;
    let until = |at: i64| format!("&due_before={}", format_rfc3339(at));
    let (late, today, week) = (until(now), until(now + 24 * HOUR), until(now + 144 * HOUR));
    let kinds = [
        ("any", String::new()),
        ("state of 7 in 10", "&state=submitted".to_owned()),
        ("state of 2 in 10,000", "&state=reopened".to_owned()),
        ("skill of 5 in 10", "&skill=electrical".to_owned()),
        ("skill of 1 in 100", "&skill=crane".to_owned()),
        ("skill of 5 in 100,000", "&skill=x-ray".to_owned()),
        ("skill of none", "&skill=plumbing".to_owned()),
        ("due: 5 in 10", week.clone()),
        ("due: 1 in 100", today.clone()),
        ("due: 5 in 10,000", late.clone()),
        ("skill of 1 in 100, state of 3 in 10", "&skill=crane&state=accepted".to_owned()),
        ("skill of 5 in 10, state of 2 in 10,000", "&skill=electrical&state=reopened".to_owned()),
        ("skill of 1 in 100, due: 1 in 100", format!("&skill=crane{today}")),
        ("skill of 5 in 10, state of 7 in 10, due: 5 in 10", format!("&skill=electrical&state=submitted{week}")),
    ];
    for (kind, filter) in kinds {
        let mut draw = Draw(2);
        let ask = |(latitude, longitude)| format!("/api/v1/work-orders?near={latitude:.6},{longitude:.6}{filter}");
        let questions: Arc<[String]> = (0..REQUESTS).map(|_| ask(draw.origin())).collect();
        let found = engineer.get(&questions[0]).await.expect(200)["items"].as_array().map_or(0, Vec::len);
        let engineer = engineer.clone();
        let question = move |number: usize| {
            let (engineer, questions) = (engineer.clone(), Arc::clone(&questions));
            async move {
                engineer.get(&questions[number]).await.expect(200);
            }
        };
        let Figures { p50, p95, .. } = drive::each(&server, REQUESTS, 1, question).await;
        println!("| {what}: {kind} | {found} | {p50:.1} | {p95:.1} |");
    }
}
