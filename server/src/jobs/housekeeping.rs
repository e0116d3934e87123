//! Forgets what is no longer needed: answers of repeated requests after two days, uploads that nobody attached after
//! seven, finished jobs after thirty. Also
//! replaces the key that signs access tokens before anybody has to wait for it.

use super::{Kind, NewJob, enqueue, sql};
use crate::app::App;
use crate::bindings;
use crate::callbacks;
use crate::campaigns;
use crate::http::idempotency;
use crate::media;
use crate::problem::Problem;
use crate::sessions;
use futures_util::FutureExt;
use paifang_core::time::DAY;
use serde_json::Value;

const EVERY: i64 = 60 * 60 * 1000;
const KEEP_DONE_JOBS: i64 = 30 * DAY;

/// Writes the job unless it waits already.
pub(super) async fn schedule(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    let job = NewJob {
        kind: Kind::Housekeeping,
        organization_id: None,
        unique_key: Some("housekeeping".to_owned()),
        payload: Value::Null,
        run_at: now,
    };
    app.db.write(move |conn| async move { enqueue(conn, &job, now).await }.boxed()).await
}

/// Answers when to run again.
pub(super) async fn perform(app: &App) -> Result<i64, Problem> {
    let now = app.clock.now();
    sessions::keep_fresh(app, now).await?;
    campaigns::watch(app, now).await?;
    media::purge(app, now).await?;
    app.db
        .write(move |conn| {
            async move {
                idempotency::purge(conn, now).await?;
                sql::purge(conn, now - KEEP_DONE_JOBS).await?;
                callbacks::purge(conn, now).await?;
                // A job that asks when it finds nobody to ask about ends; what came in that moment is found here.
                callbacks::details::request_all(conn, now).await?;
                sql::revive(conn, Kind::FollowerImport.as_str(), now).await?;
                bindings::purge(conn, now).await?;
                Ok::<_, Problem>(now + EVERY)
            }
            .boxed()
        })
        .await
}
