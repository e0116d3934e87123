//! What people did: followed, left, scanned a code. Each is booked on a campaign: on the one that the scene names,
//! else on the account's default campaign.

pub mod api;
mod sql;

use crate::campaigns;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;

/// Something that somebody did.
pub struct NewActivity<'a> {
    /// The organization in which it counts.
    pub organization_id: &'a str,
    /// Who did it.
    pub person_id: &'a str,
    /// Through which account.
    pub appid: &'a str,
    /// `subscribe`, `unsubscribe`, `scan` and others.
    pub kind: &'a str,
    /// The scene of the code that was scanned.
    pub scene: Option<&'a str>,
    /// Where it is booked when the scene names no campaign.
    pub default_campaign_id: Option<&'a str>,
    /// When (UTC epoch milliseconds).
    pub at: i64,
    /// The push that told of it: booked once for each organization.
    pub push_id: Option<&'a str>,
}

/// Books an activity.
pub async fn book(conn: &mut Conn, activity: &NewActivity<'_>, now: i64) -> Result<(), Problem> {
    let in_scene = match activity.scene {
        Some(scene) => campaigns::in_scene(conn, activity.organization_id, scene).await?,
        None => None,
    };
    let campaign_id = in_scene.as_deref().or(activity.default_campaign_id);
    sql::insert(conn, &random::id(now), activity, campaign_id).await?;
    Ok(())
}

/// Deletes what a person did; answers how much that was.
pub async fn forget(conn: &mut Conn, organization_id: &str, person_id: &str) -> Result<u64, Problem> {
    Ok(sql::forget(conn, organization_id, person_id).await?)
}
