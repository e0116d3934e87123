//! Asking WeChat later for what a push left out, when it did not answer at once.

use crate::accounts;
use crate::app::App;
use crate::jobs::{Kind, NewJob, enqueue};
use crate::people::sql::identities;
use crate::people::{merge, service};
use crate::problem::Problem;
use crate::storage::Conn;
use crate::wechat::{Credentials, FollowerDetails};
use futures_util::FutureExt;
use serde_json::{Value, json};

/// How soon to ask, in milliseconds.
const SOON: i64 = 5_000;
const GROUP: i64 = 100;
/// "invalid openid".
const UNKNOWN_OPENID: i64 = 40003;

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
    let who = accounts::credentials(app, &account)?;
    let answer = app.access.followers(&who, &openids).await;
    let details = match answer {
        // One that is no user of this account refuses all: each is asked for alone.
        Err(error) if error.refusal().is_some_and(|(errcode, _)| errcode == UNKNOWN_OPENID) => {
            one_by_one(app, &who, &openids).await?
        }
        answer => accounts::outcome(app, &account, answer).await?,
    };
    let now = app.clock.now();
    let merges = app.db.write(move |conn| {
        async move {
            let mut merges = Vec::new();
            for organization in accounts::sql::organizations(conn, &account.id).await? {
                for details in &details {
                    let unionid = details.unionid.as_deref();
                    if let Some(unionid) = unionid {
                        identities::lock_unionid(conn, &organization.id, unionid).await?;
                    }
                    identities::set_unionid(conn, &organization.id, &appid, &details.openid, unionid).await?;
                    let known = identities::find(conn, &organization.id, &appid, &details.openid).await?;
                    let Some(known) = known else { continue };
                    merges.extend(service::link(conn, &organization.id, &known.person_id, unionid, now).await?);
                }
            }
            Ok::<_, Problem>(merges)
        }
        .boxed()
    });
    merge::follow(app, &merges.await?).await?;
    Ok(Some(now))
}

/// Of whom WeChat knows nothing, nothing more is asked.
async fn one_by_one(app: &App, who: &Credentials, openids: &[String]) -> Result<Vec<FollowerDetails>, Problem> {
    let mut details = Vec::new();
    for openid in openids {
        match app.access.follower(who, openid).await {
            Ok(known) => details.push(known),
            Err(error) if error.refusal().is_some_and(|(errcode, _)| errcode == UNKNOWN_OPENID) => {
                details.push(FollowerDetails::of_openid(openid));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(details)
}
