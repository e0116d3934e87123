//! The write transaction: all or nothing, durable before the answer, many at once.

use futures_util::FutureExt;
use futures_util::future::join_all;
use paifang_server::organizations;
use paifang_server::problem::Problem;
use paifang_server::storage::Db;
use paifang_tests::{Stack, TestApp};
use sqlx::{AnyConnection, Connection, Executor, Row};

async fn slugs_made(db: &Db, prefix: &'static str, numbers: std::ops::Range<usize>) -> Vec<bool> {
    let writes = numbers.map(|number| {
        let db = db.clone();
        tokio::spawn(async move {
            let result: Result<(), Problem> = db
                .write(move |conn| {
                    async move {
                        organizations::find_or_create(conn, &format!("{prefix}{number}"), 1).await?;
                        if number % 3 == 0 { Err(Problem::not_found()) } else { Ok(()) }
                    }
                    .boxed()
                })
                .await;
            result.is_ok()
        })
    });
    join_all(writes).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_write_leaves_nothing_and_its_neighbors_stay() {
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let app = TestApp::start(stack).await;
        let done = slugs_made(&app.running.app.db, "w", 0..60).await;
        assert_eq!(done.iter().filter(|ok| **ok).count(), 40);
        sqlx::any::install_default_drivers();
        let mut conn = AnyConnection::connect(&app.stores.database).await.unwrap();
        let left = conn.fetch_one("SELECT COUNT(*) FROM organizations WHERE slug LIKE 'w%'").await.unwrap();
        assert_eq!(left.get::<i64, _>(0), 40, "what failed is gone, its neighbors are there");
        let again = slugs_made(&app.running.app.db, "w", 0..60).await;
        assert_eq!(again, done);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_write_undoes_it_and_the_next_goes_on() {
    for stack in [Stack::Sqlite, Stack::Postgres] {
        let app = TestApp::start(stack).await;
        let db = app.running.app.db.clone();
        let panicking = tokio::spawn({
            let db = db.clone();
            async move {
                db.write::<(), Problem, _>(|conn| {
                    async move {
                        organizations::find_or_create(conn, "doomed", 1).await?;
                        panic!("on purpose")
                    }
                    .boxed()
                })
                .await
            }
        });
        assert!(!matches!(panicking.await, Ok(Ok(()))));
        let done = slugs_made(&db, "after", 1..3).await;
        assert_eq!(done, [true, true]);
        app.admin.get("/api/v1/me").await.expect(200);
    }
}

/// A client that goes away in the middle of a group must not leave the others without their commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_nobody_waits_for_holds_nobody_up() {
    let app = TestApp::start(Stack::Sqlite).await;
    let db = app.running.app.db.clone();
    for round in 0..50 {
        let abandoned = tokio::spawn({
            let db = db.clone();
            async move { slugs_made(&db, "gone", round * 10..round * 10 + 10).await }
        });
        let kept = slugs_made(&db, "kept", round * 3 + 1..round * 3 + 3);
        abandoned.abort();
        let kept = tokio::time::timeout(std::time::Duration::from_secs(10), kept).await;
        assert_eq!(kept.unwrap(), [true, true]);
    }
}
