//! Asking WeChat later for what a push left out, when it did not answer at once.

use crate::accounts;
use crate::app::App;
use crate::bindings;
use crate::followers;
use crate::jobs::{Kind, NewJob, enqueue};
use crate::people::sql::identities;
use crate::people::{merge, service};
use crate::problem::Problem;
use crate::storage::Conn;
use futures_util::FutureExt;
use serde_json::{Value, json};

/// How soon to ask, in milliseconds.
const SOON: i64 = 5_000;
const GROUP: i64 = 100;

/// Notes that WeChat must be asked for a follower's details, and sees to it.
pub async fn request(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
    now: i64,
) -> Result<(), Problem> {
    if identities::set_details_due(conn, organization_id, appid, openid).await? == 0 {
        return Ok(());
    }
    enqueue_for(conn, appid, now).await
}

/// Sees to all for whom WeChat must still be asked.
pub async fn request_all(conn: &mut Conn, now: i64) -> Result<(), Problem> {
    for appid in identities::accounts_with_details_due(conn).await? {
        enqueue_for(conn, &appid, now).await?;
    }
    Ok(())
}

async fn enqueue_for(conn: &mut Conn, appid: &str, now: i64) -> Result<(), Problem> {
    let job = NewJob {
        kind: Kind::FollowerDetails,
        organization_id: None,
        unique_key: Some(format!("follower-details:{appid}")),
        payload: json!({ "appid": appid }),
        run_at: now + SOON,
    };
    enqueue(conn, &job, now).await
}

/// Asks for some of them; answers when to go on.
pub async fn perform(app: &App, payload: &Value) -> Result<Option<i64>, Problem> {
    let appid = payload.get("appid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (account, openids) = {
        let mut conn = app.db.read().await?;
        let account = accounts::sql::find(&mut conn, &appid).await?;
        (account, identities::details_due(&mut conn, &appid, GROUP).await?)
    };
    let Some(account) = account.filter(|_| !openids.is_empty()) else { return Ok(None) };
    let asked = followers::ask(app, &account, &openids).await?;
    let now = app.clock.now();
    let merges = app.db.write(move |conn| {
        async move {
            let mut merges = Vec::new();
            let unionids: Vec<&str> = asked.details.iter().filter_map(|details| details.unionid.as_deref()).collect();
            for organization in accounts::sql::organizations(conn, &account.id).await? {
                identities::lock_unionids(conn, &organization.id, &unionids).await?;
                for details in &asked.details {
                    let unionid = details.unionid.as_deref();
                    identities::set_unionid(conn, &organization.id, &appid, &details.openid, unionid).await?;
                    let known = identities::find(conn, &organization.id, &appid, &details.openid).await?;
                    let Some(known) = known else { continue };
                    merges.extend(service::link(conn, &organization.id, &known.person_id, unionid, now).await?);
                }
                for openid in &asked.foreign {
                    bindings::refuse(conn, &organization.id, &appid, openid, now).await?;
                }
            }
            // Also where an organization that no longer uses the account had asked, or WeChat left somebody out.
            if asked.failure.is_none() {
                for openid in &openids {
                    identities::clear_details_due(conn, &appid, openid).await?;
                }
            }
            Ok::<_, Problem>((merges, asked.failure))
        }
        .boxed()
    });
    let (merges, failure) = merges.await?;
    merge::follow(app, &merges).await?;
    match failure {
        None => Ok(Some(now)),
        // A quota says when it is worth asking again.
        Some(problem) => match problem.retry_after_seconds().and_then(|seconds| i64::try_from(seconds).ok()) {
            Some(seconds) => Ok(Some(now + seconds * 1000)),
            None => Err(problem),
        },
    }
}
