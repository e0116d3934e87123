//! What a test runs on. `scripts/test` starts private instances of PostgreSQL and Redis and names them in the
//! environment; a test that needs them fails without.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

/// A combination of stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    /// A SQLite file and the in-process store.
    Sqlite,
    /// PostgreSQL and Redis.
    Postgres,
}

/// Addresses of one test's own stores.
#[derive(Clone, Debug)]
pub struct Stores {
    /// `DATABASE_URL`.
    pub database: String,
    /// `REDIS_URL`.
    pub redis: Option<String>,
    /// `PAIFANG_DATA_DIR`.
    pub folder: PathBuf,
}

impl Stack {
    /// Makes empty stores that no other test uses.
    pub async fn make(self) -> Stores {
        let name = format!("t{}", Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join("paifang-tests").join(&name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        match self {
            Self::Sqlite => Stores { database: format!("sqlite:{}/p.db", folder.display()), redis: None, folder },
            Self::Postgres => {
                let server = postgres();
                let mut conn = PgConnection::connect(&format!("{server}/postgres")).await.expect("PostgreSQL");
                let create = format!("CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C'");
                conn.execute(AssertSqlSafe(create)).await.expect("a database");
                Stores { database: format!("{server}/{name}"), redis: Some(own_redis().await), folder }
            }
        }
    }
}

/// The private PostgreSQL, as `postgres://user@host:port`.
pub fn postgres() -> String {
    std::env::var("PAIFANG_TEST_POSTGRES").expect("PAIFANG_TEST_POSTGRES is set by scripts/test")
}

/// The private Redis, as `redis://host:port`.
pub fn redis() -> String {
    std::env::var("PAIFANG_TEST_REDIS").expect("PAIFANG_TEST_REDIS is set by scripts/test")
}

/// An emptied database of the private Redis; test programs run one after another, so a counter suffices.
async fn own_redis() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let url = format!("{}/{}", redis(), NEXT.fetch_add(1, Ordering::SeqCst));
    let client = redis::Client::open(url.as_str()).expect("a Redis address");
    let mut conn = client.get_multiplexed_async_connection().await.expect("Redis");
    let () = redis::cmd("FLUSHDB").query_async(&mut conn).await.expect("FLUSHDB");
    url
}
