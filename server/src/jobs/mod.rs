//! Durable jobs: rows that workers of any process claim, with a lease, retries and a dead-letter state. A job is
//! written in the transaction that makes it necessary, which no job library can do through its own pool.

mod housekeeping;
mod sql;

use crate::app::App;
use crate::callbacks;
use crate::followers;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::Value;
use sql::JobRow;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often an idle worker looks for work.
const POLL: Duration = Duration::from_secs(1);
/// How long a worker holds a job, in milliseconds; if it dies, another takes the job after that. While it works, it
/// keeps renewing the lease.
const LEASE: i64 = 15_000;
const RENEW_EVERY: Duration = Duration::from_secs(4);
/// Jobs that one process works on at the same time: a long one must not hold up the others.
const WORKERS: usize = 3;
/// After so many failures a job is dead and waits for a person.
const MOST_ATTEMPTS: i64 = 10;

/// A kind of job. Handlers may run more than once, and must have one effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Forgets what is no longer needed; schedules itself again.
    Housekeeping,
    /// Asks WeChat for the unionids of followers.
    FollowerDetails,
    /// Imports the existing followers of an official account.
    FollowerImport,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Housekeeping, Self::FollowerDetails, Self::FollowerImport];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Housekeeping => "housekeeping",
            Self::FollowerDetails => "follower_details",
            Self::FollowerImport => "follower_import",
        }
    }
}

/// A job to run.
pub struct NewJob {
    /// What to do.
    pub kind: Kind,
    /// For whom; absent for jobs of the system.
    pub organization_id: Option<String>,
    /// At most one unfinished job has this key.
    pub unique_key: Option<String>,
    /// What the handler needs to know.
    pub payload: Value,
    /// Not before (UTC epoch milliseconds).
    pub run_at: i64,
}

/// Writes a job within the caller's transaction; it runs once that has committed. A job with a unique key that is
/// waiting already is not written again; a dead one begins anew.
pub async fn enqueue(conn: &mut Conn, job: &NewJob, now: i64) -> Result<(), Problem> {
    let payload = job.payload.to_string();
    sql::insert(conn, &random::id(now), job, job.kind.as_str(), &payload, now).await?;
    Ok(())
}

/// Works until `stop` is canceled; the job at hand is finished.
pub async fn run(app: App, stop: CancellationToken) {
    let schedule = housekeeping::schedule(&app).await;
    if let Err(problem) = schedule {
        tracing::warn!(%problem, "housekeeping could not be scheduled");
    }
    join_all((0..WORKERS).map(|_| work(&app, &stop))).await;
}

async fn work(app: &App, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let worked = match work_once(app).await {
            Ok(worked) => worked,
            Err(problem) => {
                tracing::warn!(%problem, "the job runner pauses");
                false
            }
        };
        if !worked {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

/// Claims and runs one job that is due; false when there is none.
pub async fn work_once(app: &App) -> Result<bool, Problem> {
    let now = app.clock.now();
    let due = sql::any_due(&mut app.db.read().await?, now).await?;
    if !due {
        return Ok(false);
    }
    let lease = random::id(now);
    let claimed = app.db.write({
        let lease = lease.clone();
        move |conn| async move { Ok::<_, Problem>(sql::claim(conn, &lease, now, now + LEASE).await?) }.boxed()
    });
    let Some(job) = claimed.await? else { return Ok(false) };
    let Some(outcome) = perform_leased(app, &job, &lease).await? else { return Ok(true) };
    app.metrics.count_job(&job.kind, if outcome.is_ok() { "ok" } else { "failed" });
    let now = app.clock.now();
    app.db
        .write(move |conn| async move { Ok::<_, Problem>(settle(conn, &job, &lease, outcome, now).await?) }.boxed())
        .await?;
    Ok(true)
}

/// Performs a job and keeps its lease meanwhile; nothing when the lease was lost to another worker.
async fn perform_leased(app: &App, job: &JobRow, lease: &str) -> Result<Option<Result<Option<i64>, Problem>>, Problem> {
    let mut work = std::pin::pin!(perform(app, job));
    loop {
        tokio::select! {
            outcome = &mut work => return Ok(Some(outcome)),
            () = tokio::time::sleep(RENEW_EVERY) => {}
        }
        let (id, lease, until) = (job.id.clone(), lease.to_owned(), app.clock.now() + LEASE);
        let renewed = app
            .db
            .write(move |conn| async move { Ok::<_, Problem>(sql::renew(conn, &id, &lease, until).await?) }.boxed());
        // While the database is away nobody else can take the job either.
        if renewed.await.is_ok_and(|renewed| !renewed) {
            tracing::warn!(kind = job.kind, "the lease of a job was lost");
            return Ok(None);
        }
    }
}

async fn perform(app: &App, job: &JobRow) -> Result<Option<i64>, Problem> {
    let payload: Value = serde_json::from_str(&job.payload).unwrap_or_default();
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == job.kind);
    match kind.ok_or_else(|| Problem::internal(format!("unknown kind of job {:?}", job.kind)))? {
        Kind::Housekeeping => housekeeping::perform(app).await.map(Some),
        Kind::FollowerDetails => callbacks::details::perform(app, &payload).await,
        Kind::FollowerImport => followers::perform(app, &payload).await,
    }
}

/// Done, to be repeated at the moment that the handler named, to be retried, or dead.
async fn settle(
    conn: &mut Conn,
    job: &JobRow,
    lease: &str,
    outcome: Result<Option<i64>, Problem>,
    now: i64,
) -> Result<(), sqlx::Error> {
    let attempts = job.attempts + 1;
    let update = match outcome {
        Ok(None) => sql::Settled { status: "done", attempts, run_at: job.run_at, error: None },
        Ok(Some(again_at)) => sql::Settled { status: "waiting", attempts: 0, run_at: again_at, error: None },
        Err(problem) => {
            tracing::warn!(kind = job.kind, %problem, attempts, "a job failed");
            let status = if attempts >= MOST_ATTEMPTS { "dead" } else { "waiting" };
            let delay = 1000 << attempts.clamp(0, 12);
            sql::Settled { status, attempts, run_at: now + delay, error: Some(problem.to_string()) }
        }
    };
    sql::settle(conn, &job.id, lease, &update, now).await?;
    Ok(())
}
