//! What a push changes. Handlers run inside the transaction that settles the push, and may run again for the same push
//! when it is replayed: each has one effect.

use super::decode::Push;
use super::sql::ClaimedPush;
use crate::accounts::{AccountRow, OFFICIAL_ACCOUNT, UsedAccountRow};
use crate::activities::{self, NewActivity};
use crate::audit::{self, Actor, Change};
use crate::callbacks;
use crate::people::merge::Merge;
use crate::people::service::{self as people, Identity};
use crate::people::sql::identities::{self, IdentityRow};
use crate::people::{forget, sql as persons};
use crate::problem::Problem;
use crate::storage::Conn;
use crate::wechat::FollowerDetails;
use serde_json::json;
use std::collections::HashMap;

/// What is known beside the push.
pub struct Scene {
    pub account: AccountRow,
    /// The account as each organization uses it.
    pub uses: Vec<UsedAccountRow>,
    /// What WeChat tells of followers, by openid.
    pub details: HashMap<String, FollowerDetails>,
}

/// What must follow in the sessions once the pushes are committed.
#[derive(Default)]
pub struct After {
    pub merges: Vec<Merge>,
    pub gone: Vec<Gone>,
}

/// An identity that is no more.
pub struct Gone {
    pub person_id: String,
    pub appid: String,
    pub openid: String,
}

/// The phone number in `RevokeInfo`.
const REVOKED_PHONE: &str = "8";

/// What became of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled {
    /// It was booked.
    Done,
    /// Nothing here deals with its kind (yet): replaying it later may.
    Ignored,
}

impl Handled {
    /// The push's status.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Ignored => "ignored",
        }
    }
}

/// The kinds of push that change something.
enum Kind {
    Subscribe,
    Unsubscribe,
    Scan,
    /// The user withdraws what they had allowed the mini program; `RevokeInfo` says what.
    Revoke,
    /// The user closes their account there: what is known must go.
    Cancel,
    Other,
}

fn kind(push: &Push) -> Kind {
    match push.event().as_deref() {
        Some("subscribe") => Kind::Subscribe,
        Some("unsubscribe") => Kind::Unsubscribe,
        Some("scan") => Kind::Scan,
        Some("user_authorization_revoke") => Kind::Revoke,
        Some("user_authorization_cancellation") => Kind::Cancel,
        _ => Kind::Other,
    }
}

/// The follower of whom WeChat must be asked: pushes do not carry the unionid.
pub fn wants_details(push: &Push) -> Option<String> {
    match kind(push) {
        Kind::Subscribe | Kind::Scan => push.text(&["FromUserName"]),
        _ => None,
    }
}

/// Books a push in every organization that uses the account.
pub async fn handle(
    conn: &mut Conn,
    scene: &Scene,
    claimed: &ClaimedPush,
    push: &Push,
    now: i64,
    after: &mut After,
) -> Result<Handled, Problem> {
    let mut handled = Handled::Ignored;
    for used in &scene.uses {
        let booking = Booking { scene, used, claimed, push, now };
        if booking.book(conn, after).await? == Handled::Done {
            handled = Handled::Done;
        }
    }
    Ok(handled)
}

/// One push in one organization.
struct Booking<'a> {
    scene: &'a Scene,
    used: &'a UsedAccountRow,
    claimed: &'a ClaimedPush,
    push: &'a Push,
    now: i64,
}

impl Booking<'_> {
    async fn book(&self, conn: &mut Conn, after: &mut After) -> Result<Handled, Problem> {
        let is_official = self.scene.account.kind == OFFICIAL_ACCOUNT;
        match kind(self.push) {
            Kind::Subscribe if is_official => self.subscribed(conn, "subscribe", Some(true), after).await,
            Kind::Unsubscribe if is_official => self.subscribed(conn, "unsubscribe", Some(false), after).await,
            Kind::Scan if is_official => self.subscribed(conn, "scan", None, after).await,
            Kind::Revoke => self.revoked(conn).await,
            Kind::Cancel => self.canceled(conn, after).await,
            _ => self.active(conn).await,
        }
    }

    /// When it happened, by WeChat's clock; not ahead of ours.
    fn at(&self) -> i64 {
        let at = self.push.number(&["CreateTime"]).and_then(|seconds| seconds.checked_mul(1000));
        at.unwrap_or(self.now).min(self.now)
    }

    fn openid(&self) -> Result<String, Problem> {
        self.push.text(&["FromUserName"]).ok_or_else(|| Problem::internal("the push names nobody"))
    }

    async fn subscribed(
        &self,
        conn: &mut Conn,
        what: &str,
        subscribed: Option<bool>,
        after: &mut After,
    ) -> Result<Handled, Problem> {
        let (organization_id, openid, at) = (self.used.organization_id.as_str(), self.openid()?, self.at());
        let appid = self.scene.account.appid.as_str();
        // Nothing is begun with somebody who is unknown and leaves: they may have asked to be forgotten.
        if subscribed == Some(false) && identities::find(conn, organization_id, appid, &openid).await?.is_none() {
            return Ok(Handled::Done);
        }
        let details = self.scene.details.get(&openid);
        let identity = Identity {
            appid: appid.to_owned(),
            openid: openid.clone(),
            unionid: details.and_then(|details| details.unionid.clone()),
        };
        let person = people::meet(conn, organization_id, &identity, self.now).await?;
        after.merges.extend(person.merge);
        if let Some(subscribed) = subscribed {
            identities::set_subscribed(conn, organization_id, appid, &openid, subscribed, at).await?;
        }
        identities::set_active(conn, organization_id, appid, &openid, at).await?;
        if subscribed != Some(false) && details.is_none() {
            super::details::request(conn, organization_id, appid, &openid, self.now).await?;
        }
        let scene = self.push.text(&["EventKey"]);
        let scene = scene.as_deref().map(|scene| scene.strip_prefix("qrscene_").unwrap_or(scene));
        let activity = NewActivity {
            organization_id,
            person_id: &person.person_id,
            appid,
            kind: what,
            scene,
            default_campaign_id: self.used.default_campaign_id.as_deref(),
            at,
            push_id: Some(&self.claimed.id),
        };
        activities::book(conn, &activity, self.now).await?;
        Ok(Handled::Done)
    }

    /// Anything else that a known person did is activity.
    async fn active(&self, conn: &mut Conn) -> Result<Handled, Problem> {
        let Some(openid) = self.push.text(&["FromUserName"]) else { return Ok(Handled::Ignored) };
        let appid = &self.scene.account.appid;
        identities::set_active(conn, &self.used.organization_id, appid, &openid, self.at()).await?;
        Ok(Handled::Ignored)
    }

    /// The user withdraws permissions. Of what they cover, only the phone number is kept here; the permission to use a
    /// camera or a place is the phone's own matter.
    async fn revoked(&self, conn: &mut Conn) -> Result<Handled, Problem> {
        let withdrawn = self.push.text(&["RevokeInfo"]).unwrap_or_default();
        let phone = withdrawn.split(|c: char| !c.is_ascii_digit()).any(|number| number == REVOKED_PHONE);
        let Some(identity) = self.identity_of_then(conn).await?.filter(|_| phone) else { return Ok(Handled::Ignored) };
        let organization_id = self.used.organization_id.as_str();
        persons::set_phone(conn, organization_id, &identity.person_id, None).await?;
        let change = Change { action: "person.revoke_phone", subject_id: &identity.person_id, at: self.now };
        audit::record::<(), ()>(conn, &self.actor(), change, None, None).await?;
        Ok(Handled::Done)
    }

    /// The user closes the account: the identity goes, and with the last one the person, unless the business knows
    /// them.
    async fn canceled(&self, conn: &mut Conn, after: &mut After) -> Result<Handled, Problem> {
        let organization_id = self.used.organization_id.as_str();
        let Some(mut identity) = self.identity_of_then(conn).await? else { return Ok(Handled::Ignored) };
        // Somebody who is becoming a part of the business's person at this moment is not to be judged as they were.
        identity.person_id = people::hold(conn, organization_id, &identity.person_id).await?;
        let others = identities::of_person(conn, organization_id, &identity.person_id).await?.len();
        let person = persons::find_person(conn, organization_id, &identity.person_id).await?;
        let business_knows = person.is_some_and(|person| person.userid.is_some());
        if others > 1 || business_knows {
            callbacks::forget(conn, &identity.appid, &identity.openid, &self.claimed.id).await?;
            identities::forget_one(conn, organization_id, &identity.id).await?;
            let change = Change { action: "person.forget_identity", subject_id: &identity.person_id, at: self.now };
            let before = json!({ "identity_id": identity.id, "appid": identity.appid });
            audit::record::<_, ()>(conn, &self.actor(), change, Some(&before), None).await?;
        } else {
            forget::forget(conn, &self.actor(), &identity.person_id, &self.claimed.id, self.now).await?;
        }
        after.gone.push(Gone { person_id: identity.person_id, appid: identity.appid, openid: identity.openid });
        Ok(Handled::Done)
    }

    fn actor(&self) -> Actor {
        let organization_id = self.used.organization_id.clone();
        Actor { organization_id, kind: "system", id: "wechat".to_owned() }
    }

    /// The identity that the push names, as it was then: who has come back since is not meant.
    async fn identity_of_then(&self, conn: &mut Conn) -> Result<Option<IdentityRow>, Problem> {
        let Some(openid) = self.push.text(&["OpenID"]) else { return Ok(None) };
        let appid = &self.scene.account.appid;
        let found = identities::find(conn, &self.used.organization_id, appid, &openid).await?;
        // WeChat tells the time in whole seconds.
        let until = self.at() + 1000;
        Ok(found.filter(|identity| identity.created_at <= until && identity.last_login_at <= until))
    }
}
