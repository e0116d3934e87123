//! The schema: a populated database of the previous version is brought up to date, and both kinds end alike.

use paifang_server::clock::Clock;
use paifang_server::config::{Config, DatabaseUrl};
use paifang_server::storage::{Db, MIGRATOR};
use paifang_tests::{Stack, Stores};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use std::borrow::Cow;

/// A filled database as the previous version left it.
const POPULATED: &str = include_str!("populated_0006.sql");
const PREVIOUS: i64 = 6;

fn previous() -> Migrator {
    let migrations = MIGRATOR.iter().filter(|migration| migration.version <= PREVIOUS).cloned().collect();
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}

async fn open(stores: &Stores) -> Db {
    let url = match stores.database.strip_prefix("sqlite:") {
        Some(path) => DatabaseUrl::Sqlite(path.into()),
        None => DatabaseUrl::Postgres(stores.database.clone().into()),
    };
    Db::open(&url).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_populated_database_of_the_previous_version_is_brought_up_to_date() {
    sqlx::any::install_default_drivers();
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let stores = stack.make().await;
        match stack {
            Stack::Sqlite => {
                let url = format!("{}?mode=rwc", stores.database);
                let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
                previous().run(&mut conn).await.unwrap();
                conn.execute(POPULATED).await.unwrap();
            }
            Stack::Postgres => {
                let mut conn = sqlx::PgConnection::connect(&stores.database).await.unwrap();
                previous().run(&mut conn).await.unwrap();
                conn.execute(POPULATED).await.unwrap();
            }
        }
        let config = Config::from_lookup(|name| match name {
            "DATABASE_URL" => Some(stores.database.clone()),
            "PAIFANG_DATA_DIR" => Some(stores.folder.display().to_string()),
            _ => None,
        });
        let app = paifang_server::app::App::build(config.unwrap(), Clock::system()).await.unwrap();
        app.db.migrate().await.unwrap();
        let mut conn = AnyConnection::connect(&stores.database).await.unwrap();
        let tickets = conn
            .fetch_one("SELECT COUNT(*) FROM tickets WHERE attendee_name = '王小明' AND device_key IS NULL")
            .await
            .unwrap();
        assert_eq!(tickets.get::<i64, _>(0), 1, "what was there is there");
        let new = "SELECT COUNT(*) FROM organizations o JOIN account_organizations s ON s.organization_id = o.id
            JOIN accounts a ON a.id = s.account_id JOIN persons p ON p.organization_id = o.id
            JOIN identities i ON i.person_id = p.id
            WHERE o.guests_allowed AND s.channel_code IS NULL AND a.provider_url IS NULL AND p.merged_into IS NULL
            AND i.subscribed IS NULL AND NOT i.details_due";
        let new = conn.fetch_one(new).await.unwrap();
        assert_eq!(new.get::<i64, _>(0), 1, "what is new has its default");
        let scans = conn.fetch_one("SELECT COUNT(*) FROM check_ins WHERE nonce = 'n1'").await.unwrap();
        assert_eq!(scans.get::<i64, _>(0), 1);
    }
}

/// Column names of all tables, on both kinds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_kinds_have_the_same_tables_and_columns() {
    sqlx::any::install_default_drivers();
    let mut schemas = Vec::new();
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let stores = stack.make().await;
        open(&stores).await.migrate().await.unwrap();
        let mut conn = AnyConnection::connect(&stores.database).await.unwrap();
        let tables = match stack {
            Stack::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
            }
            Stack::Postgres => {
                "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%'"
            }
        };
        let mut schema = Vec::new();
        for table in conn.fetch_all(tables).await.unwrap() {
            let table: String = table.get(0);
            let columns = match stack {
                Stack::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
                Stack::Postgres => format!(
                    "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = '{table}'"
                ),
            };
            for column in conn.fetch_all(AssertSqlSafe(columns)).await.unwrap() {
                schema.push(format!("{table}.{}", column.get::<String, _>(0)));
            }
        }
        schema.sort();
        schemas.push(schema);
    }
    assert!(schemas[0].len() > 100);
    assert_eq!(schemas[0], schemas[1]);
}
