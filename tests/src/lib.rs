//! The harness of the tests: a whole server on a port of its own, with a database of its own, real Redis and
//! PostgreSQL where the stack says so, and WeChat simulated.

mod actor;
mod app;
mod equipment;
mod event;
pub mod field;
pub mod media;
mod official;
pub mod process;
mod stack;
mod twins;
pub mod vectors;
mod work_order;

pub use actor::{Actor, Answer, nonce};
pub use app::{APP_SECRET, APPID, TestApp, add_mini_program, find_account, scan_path};
pub use event::event_with_tickets;
pub use official::{OFFICIAL, connect_official};
pub use stack::{Stack, Stores};
pub use work_order::order_path;

/// Runs an async test on both stacks: `both!(name, |app| async move { … });`.
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, |$app:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn run($app: $crate::TestApp) {
                $body
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                run($crate::TestApp::start($crate::Stack::Sqlite).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres_and_redis() {
                run($crate::TestApp::start($crate::Stack::Postgres).await).await;
            }
        }
    };
}

/// [`both!`], by a clock that stands: `both_at!("2026-11-20T04:00:00Z", name, |app| async move { … });`.
#[macro_export]
macro_rules! both_at {
    ($at:expr, $name:ident, |$app:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn run(stack: $crate::Stack) {
                let at = paifang_core::time::parse_rfc3339($at).expect("a date-time");
                let clock = paifang_server::clock::Clock::manual(at);
                let $app = $crate::TestApp::start_with(stack, clock, &[]).await;
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                run($crate::Stack::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres_and_redis() {
                run($crate::Stack::Postgres).await;
            }
        }
    };
}
