//! Durable jobs in storage.

use paifang_server::app::App;
use paifang_server::clock::Clock;
use paifang_server::config::Config;
use paifang_server::jobs::{Kind, NewJob, enqueue};
use paifang_server::problem::Problem;
use paifang_tests::Stack;
use serde_json::json;
use sqlx::{AnyConnection, Connection, Executor, Row};

/// Writes the job for the details of an account's followers.
async fn ask(app: &App) {
    let written: Result<(), Problem> = app
        .db
        .write(|conn| {
            Box::pin(async move {
                let unique_key = Some("follower-details:wx1".to_owned());
                let payload = json!({ "appid": "wx1" });
                let job = NewJob { kind: Kind::FollowerDetails, organization_id: None, unique_key, payload, run_at: 1 };
                enqueue(conn, &job, 1).await
            })
        })
        .await;
    written.unwrap();
}

/// Otherwise its unique key would keep every later one out, for ever.
#[tokio::test]
async fn a_dead_job_begins_anew_when_it_is_needed_again() {
    sqlx::any::install_default_drivers();
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let stores = stack.make().await;
        let config = Config::from_lookup(|name| match name {
            "DATABASE_URL" => Some(stores.database.clone()),
            "PAIFANG_DATA_DIR" => Some(stores.folder.display().to_string()),
            _ => None,
        });
        let app = App::build(config.unwrap(), Clock::system()).await.unwrap();
        ask(&app).await;
        let mut conn = AnyConnection::connect(&stores.database).await.unwrap();
        conn.execute("UPDATE jobs SET status = 'waiting', attempts = 3").await.unwrap();
        ask(&app).await;
        let attempts = "SELECT COUNT(*) FROM jobs WHERE status = 'waiting' AND attempts = ";
        let waiting = conn.fetch_one(sqlx::AssertSqlSafe(format!("{attempts} 3"))).await.unwrap();
        assert_eq!(waiting.get::<i64, _>(0), 1, "one that waits goes on as it is");
        conn.execute("UPDATE jobs SET status = 'dead', attempts = 10").await.unwrap();
        ask(&app).await;
        let revived = conn.fetch_one(sqlx::AssertSqlSafe(format!("{attempts} 0"))).await.unwrap();
        assert_eq!(revived.get::<i64, _>(0), 1);
    }
}
