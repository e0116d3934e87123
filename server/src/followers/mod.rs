//! Import of the followers that an official account has already. It works page by page as a durable job: each group
//! of followers is written together with the progress, so that after a crash it goes on where it was.

pub mod api;
mod ask;
mod sql;
mod write;

use crate::accounts::{self, AccountRow, UsedAccountRow};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::jobs::{Kind, NewJob, enqueue};
use crate::notices::{self, NoticeKind, Subject};
use crate::people::merge;
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, is_unique_violation};
use crate::wechat::{FollowerDetails, LARGEST_BATCH};
use futures_util::FutureExt;
use futures_util::future::try_join_all;
use paifang_core::problem::ProblemCode;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) use ask::ask;
pub use sql::FollowerImportRow;

/// Followers that are written together: some calls for details, one transaction.
const GROUP: usize = 5 * LARGEST_BATCH;
/// A job that works longer than this hands itself back, so that a server can stop.
const SLICE: Duration = Duration::from_secs(10);
/// WeChat must fail for about a day before an import is given up; then a person may start it again.
const RETRY_EVERY: i64 = 60_000;
const MOST_FAILURES: i64 = 1440;

/// Starts an import; while one is running there is no second.
pub async fn start(
    conn: &mut Conn,
    actor: &Actor,
    used: &UsedAccountRow,
    now: i64,
) -> Result<FollowerImportRow, Problem> {
    let row = FollowerImportRow {
        id: random::id(now),
        organization_id: actor.organization_id.clone(),
        appid: used.account.appid.clone(),
        status: "running".to_owned(),
        total: None,
        processed: 0,
        created: 0,
        next_openid: String::new(),
        failures: 0,
        last_error: None,
        started_at: now,
        finished_at: None,
    };
    let inserted = sql::insert(conn, &row).await;
    if inserted.as_ref().is_err_and(is_unique_violation) {
        return Err(Problem::new(ProblemCode::Conflict).detail("an import of this account's followers is running"));
    }
    inserted?;
    let job = NewJob {
        kind: Kind::FollowerImport,
        organization_id: Some(actor.organization_id.clone()),
        unique_key: Some(format!("follower-import:{}", row.id)),
        payload: json!({ "id": row.id }),
        run_at: now,
    };
    enqueue(conn, &job, now).await?;
    let change = Change { action: "account.import_followers", subject_id: &used.account.id, at: now };
    audit::created(conn, actor, change, &json!({ "import_id": row.id })).await?;
    Ok(row)
}

/// Works for a while; answers when to go on.
pub async fn perform(app: &App, payload: &Value) -> Result<Option<i64>, Problem> {
    let id = payload.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (import, account) = {
        let mut conn = app.db.read().await?;
        let Some(import) = sql::find_by_id(&mut conn, &id).await?.filter(|import| import.finished_at.is_none()) else {
            return Ok(None);
        };
        let account = accounts::sql::find(&mut conn, &import.appid).await?;
        // Another organization may have connected it meanwhile.
        let account = match account {
            Some(account) => {
                let users = accounts::sql::organizations(&mut conn, &account.id).await?;
                users.iter().any(|organization| organization.id == import.organization_id).then_some(account)
            }
            None => None,
        };
        (import, account)
    };
    let Some(account) = account else {
        finish(app, &import, "failed", Some("the account was removed")).await?;
        return Ok(None);
    };
    match work(app, &import, &account).await {
        Ok(true) => {
            finish(app, &import, "done", None).await?;
            Ok(None)
        }
        Ok(false) => Ok(Some(app.clock.now())),
        Err(problem) => {
            tracing::warn!(%problem, appid = account.appid, "the import of followers pauses");
            if import.failures + 1 >= MOST_FAILURES {
                finish(app, &import, "failed", Some(&problem.for_operator())).await?;
                return Ok(None);
            }
            let (now, error) = (app.clock.now(), problem.for_operator());
            let pause = problem.retry_after_seconds().and_then(|seconds| i64::try_from(seconds * 1000).ok());
            app.db
                .write(move |conn| async move { Ok::<_, Problem>(sql::note_failure(conn, &id, &error).await?) }.boxed())
                .await?;
            Ok(Some(now + pause.unwrap_or(RETRY_EVERY).max(RETRY_EVERY)))
        }
    }
}

/// Imports until all are in (true) or the time is over (false).
async fn work(app: &App, import: &FollowerImportRow, account: &AccountRow) -> Result<bool, Problem> {
    let who = accounts::credentials(app, account)?;
    let started = Instant::now();
    let mut next_openid = import.next_openid.clone();
    loop {
        let page = app.access.follower_page(&who, &next_openid).await;
        let page = accounts::outcome(app, account, page).await?;
        let total = page.total;
        let openids = page.into_openids();
        if openids.is_empty() {
            return Ok(true);
        }
        for group in openids.chunks(GROUP) {
            let details = details(app, account, group).await?;
            let last = group.last().cloned().unwrap_or_default();
            next_openid.clone_from(&last);
            let (import, now, listed) = (import.clone(), app.clock.now(), i64::try_from(group.len()).unwrap_or(0));
            let merges = app.db.write(move |conn| {
                async move {
                    let written = write::write(conn, &import, &details, now).await?;
                    let progress = sql::Progress { total, listed, created: written.created, next_openid: last };
                    sql::advance(conn, &import.id, &progress).await?;
                    Ok::<_, Problem>(written.merges)
                }
                .boxed()
            });
            merge::follow(app, &merges.await?).await?;
            if started.elapsed() > SLICE {
                return Ok(false);
            }
        }
    }
}

/// What WeChat tells of the followers; only the openids where the account was not granted to ask for more.
async fn details(app: &App, account: &AccountRow, openids: &[String]) -> Result<Vec<FollowerDetails>, Problem> {
    let asked = try_join_all(openids.chunks(LARGEST_BATCH).map(|openids| ask(app, account, openids))).await?;
    if asked.iter().any(|asked| asked.unauthorized) {
        return Ok(openids.iter().map(|openid| FollowerDetails::of_openid(openid)).collect());
    }
    let mut details = Vec::with_capacity(openids.len());
    for asked in asked {
        if let Some(problem) = asked.failure {
            return Err(problem);
        }
        details.extend(asked.details.into_iter().filter(|details| details.subscribe == 1));
    }
    Ok(details)
}

async fn finish(
    app: &App,
    import: &FollowerImportRow,
    status: &'static str,
    error: Option<&str>,
) -> Result<(), Problem> {
    let (import, now, error) = (import.clone(), app.clock.now(), error.map(str::to_owned));
    app.db
        .write(move |conn| {
            async move {
                if status == "done" {
                    sql::mark_gone(conn, &import).await?;
                }
                sql::finish(conn, &import.id, status, error.as_deref(), now).await?;
                let kind = NoticeKind::FollowerImportFailed;
                let subject = Subject { kind: "account", id: &import.appid };
                match error {
                    Some(error) => {
                        let detail = json!({ "import_id": import.id, "error": error });
                        notices::raise(conn, &import.organization_id, kind, subject, &detail, now).await
                    }
                    None => notices::clear(conn, &import.organization_id, kind, subject.id, now).await,
                }
            }
            .boxed()
        })
        .await
}
