//! Processes stored pushes: claims some, asks WeChat once for what they leave out, and books all of them in one
//! transaction. Those that fail are tried alone, later, and in the end wait for a person.

use super::decode::Push;
use super::handle::{self, After, Gone, Handled, Scene};
use super::sql::{self, ClaimedPush};
use crate::accounts::{self, AccountRow, OFFICIAL_ACCOUNT, UsedAccountRow};
use crate::app::App;
use crate::notices::{self, NoticeKind, Subject};
use crate::people::merge;
use crate::people::sql::identities;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::wechat::{FollowerDetails, LARGEST_BATCH, WechatError};
use futures_util::FutureExt;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The most pushes of one transaction: as many as WeChat tells the details of in one call.
const GROUP: i64 = 100;
/// How long a worker holds what it claimed, in milliseconds; if it dies, another takes it after that.
const LEASE: i64 = 20_000;
/// How often an idle worker looks for pushes that another process stored.
const POLL: Duration = Duration::from_secs(1);
/// How long pushes wait for details: well below their lease.
const PATIENCE: Duration = Duration::from_secs(6);
/// After WeChat failed to tell details, pushes do not wait for it again before this.
const DETAILS_PAUSE: Duration = Duration::from_secs(10);
/// How often the pushes that wait are counted, for the metrics.
const COUNT_EVERY: Duration = Duration::from_secs(5);
/// After so many failures a push waits for a person.
const MOST_ATTEMPTS: i64 = 8;

/// Works until `stop` is canceled; the group at hand is finished.
pub async fn run(app: App, stop: CancellationToken) {
    let mut counted: Option<Instant> = None;
    while !stop.is_cancelled() {
        if counted.is_none_or(|counted| counted.elapsed() > COUNT_EVERY) {
            counted = Some(Instant::now());
            if let Err(problem) = count(&app).await {
                tracing::info!(%problem, "pushes that wait were not counted");
            }
        }
        let found = match drain_once(&app).await {
            Ok(found) => found,
            Err(problem) => {
                tracing::warn!(%problem, "pushes wait");
                0
            }
        };
        if found == 0 {
            tokio::select! {
                () = stop.cancelled() => {}
                () = app.pushes.arrival() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

async fn count(app: &App) -> Result<(), Problem> {
    app.metrics.set_pushes_waiting(sql::waiting(&mut app.db.read().await?).await?);
    Ok(())
}

struct Item {
    claimed: ClaimedPush,
    push: Option<Push>,
}

/// Everything that the pushes of one group need to know, taken along into the transaction.
struct Group {
    lease: String,
    items: Vec<Item>,
    scenes: HashMap<String, Scene>,
}

impl Group {
    /// The push's account as each organization uses it.
    fn uses(&self, claimed: &ClaimedPush) -> &[UsedAccountRow] {
        self.scenes.get(&claimed.appid).map(|scene| scene.uses.as_slice()).unwrap_or_default()
    }
}

/// Processes one group; answers how many pushes it held.
async fn drain_once(app: &App) -> Result<usize, Problem> {
    let now = app.clock.now();
    if sql::waiting_due(&mut app.db.read().await?, now).await?.is_none() {
        return Ok(0);
    }
    let lease = random::id(now);
    let claim = lease.clone();
    let claimed = app.db.write(move |conn| {
        async move { Ok::<_, Problem>(sql::claim(conn, &claim, now, now + LEASE, GROUP).await?) }.boxed()
    });
    let mut items: Vec<Item> = claimed
        .await?
        .into_iter()
        .map(|claimed| Item { push: Push::decode(claimed.body.as_bytes()).ok(), claimed })
        .collect();
    // In the order of arrival; what depends on the order of events looks at their times.
    items.sort_by(|one, other| one.claimed.id.cmp(&other.claimed.id));
    let count = items.len();
    let group = Arc::new(Group { lease, scenes: scenes(app, &items).await?, items });
    if book(app, &group, 0..count).await.is_err() {
        for index in 0..count {
            if let Err(problem) = book(app, &group, index..index + 1).await {
                fail(app, &group, index, &problem).await?;
            }
        }
    }
    Ok(count)
}

/// What is known of each account, and of the followers whom the pushes name.
async fn scenes(app: &App, items: &[Item]) -> Result<HashMap<String, Scene>, Problem> {
    let mut by_account: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for item in items {
        let wanted = item.push.as_ref().and_then(handle::wants_details);
        by_account.entry(&item.claimed.appid).or_default().extend(wanted);
    }
    let mut scenes = HashMap::new();
    for (appid, mut openids) in by_account {
        let (account, uses) = {
            let mut conn = app.db.read().await?;
            let Some(account) = accounts::sql::find(&mut conn, appid).await? else { continue };
            let uses = accounts::sql::uses(&mut conn, &account.id).await?;
            (account, uses)
        };
        openids.sort_unstable();
        openids.dedup();
        let details = details(app, &account, &openids).await;
        scenes.insert(appid.to_owned(), Scene { account, uses, details });
    }
    Ok(scenes)
}

/// What WeChat tells of them; nothing where it does not answer now: it is asked again later.
async fn details(app: &App, account: &AccountRow, openids: &[String]) -> HashMap<String, FollowerDetails> {
    let mut known = HashMap::new();
    let pauses = &app.callback_accounts;
    if account.kind != OFFICIAL_ACCOUNT || openids.is_empty() || pauses.are_details_paused(&account.appid) {
        return known;
    }
    let Ok(who) = accounts::credentials(app, account) else { return known };
    for openids in openids.chunks(LARGEST_BATCH) {
        let answer = timeout(PATIENCE, app.access.followers(&who, openids)).await.unwrap_or(Err(WechatError::Timeout));
        match accounts::outcome(app, account, answer).await {
            Ok(details) => known.extend(details.into_iter().map(|details| (details.openid.clone(), details))),
            Err(problem) => {
                tracing::info!(%problem, appid = account.appid, "details of followers come later");
                pauses.pause_details(&account.appid, DETAILS_PAUSE);
                break;
            }
        }
    }
    known
}

async fn book(app: &App, group: &Arc<Group>, range: std::ops::Range<usize>) -> Result<(), Problem> {
    let (group, now) = (Arc::clone(group), app.clock.now());
    let after = app.db.write(move |conn| async move { book_in(conn, &group, range, now).await }.boxed()).await?;
    merge::follow(app, &after.merges).await?;
    for Gone { person_id, appid, openid } in &after.gone {
        app.sessions.end_all(person_id, Some((appid, openid))).await?;
        app.sessions.forget_key(appid, openid).await?;
    }
    Ok(())
}

async fn book_in(conn: &mut Conn, group: &Group, range: std::ops::Range<usize>, now: i64) -> Result<After, Problem> {
    let mut after = After::default();
    // First of all and in one order, so that this and a login cannot wait for each other.
    for scene in group.scenes.values() {
        let unionids: Vec<&str> = scene.details.values().filter_map(|known| known.unionid.as_deref()).collect();
        for used in &scene.uses {
            identities::lock_unionids(conn, &used.organization_id, &unionids).await?;
        }
    }
    for Item { claimed, push } in group.items.get(range).unwrap_or_default() {
        let handled = match (group.scenes.get(&claimed.appid), push) {
            (Some(scene), Some(push)) => handle::handle(conn, scene, claimed, push, now, &mut after).await?,
            // The account was removed meanwhile: nobody is left whom it concerns.
            (None, _) => Handled::Ignored,
            (_, None) => return Err(Problem::internal("the push cannot be read")),
        };
        if !sql::settle(conn, &claimed.id, &group.lease, handled.as_str(), now).await? {
            return Err(Problem::internal("another worker has taken the push"));
        }
        // It may have failed before.
        for used in group.uses(claimed).iter().filter(|_| claimed.attempts > 1) {
            notices::clear(conn, &used.organization_id, NoticeKind::PushFailed, &claimed.id, now).await?;
        }
    }
    Ok(after)
}

async fn fail(app: &App, group: &Arc<Group>, index: usize, problem: &Problem) -> Result<(), Problem> {
    let (group, now, error) = (Arc::clone(group), app.clock.now(), problem.for_operator());
    tracing::warn!(%problem, "a push failed");
    app.db
        .write(move |conn| {
            async move {
                let Some(Item { claimed, .. }) = group.items.get(index) else { return Ok(()) };
                let dead = claimed.attempts >= MOST_ATTEMPTS;
                let due_at = now + (1000 << claimed.attempts.clamp(0, 12));
                let status = if dead { "failed" } else { "waiting" };
                sql::fail(conn, &claimed.id, &group.lease, status, due_at, &error).await?;
                for used in group.uses(claimed).iter().filter(|_| dead) {
                    let subject = Subject { kind: "push", id: &claimed.id };
                    let detail = json!({ "appid": claimed.appid, "error": error });
                    let kind = NoticeKind::PushFailed;
                    notices::raise(conn, &used.organization_id, kind, subject, &detail, now).await?;
                }
                Ok::<_, Problem>(())
            }
            .boxed()
        })
        .await
}
