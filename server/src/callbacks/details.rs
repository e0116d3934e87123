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
            for organization in accounts::sql::organizations(conn, &account.id).await? {
                for details in &asked.details {
                    let unionid = details.unionid.as_deref();
                    if let Some(unionid) = unionid {
                        identities::lock_unionid(conn, &organization.id, unionid).await?;
                    }
                    identities::set_unionid(conn, &organization.id, &appid, &details.openid, unionid).await?;
                    let known = identities::find(conn, &organization.id, &appid, &details.openid).await?;
                    let Some(known) = known else { continue };
                    merges.extend(service::link(conn, &organization.id, &known.person_id, unionid, now).await?);
                }
                for openid in &asked.foreign {
                    bindings::refuse(conn, &organization.id, &appid, openid, now).await?;
                }
            }
            Ok::<_, Problem>((merges, asked.failure))
        }
        .boxed()
    });
    let (merges, failure) = merges.await?;
    merge::follow(app, &merges).await?;
    failure.map_or(Ok(Some(now)), Err)
}
