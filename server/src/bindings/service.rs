//! Binding and unbinding, one identity at a time. Who calls this has locked the organization, so that two of its
//! bindings never race.

use super::By;
use super::verify::{Fact, Facts};
use crate::app::App;
use crate::audit::{self, Actor, Change};
use crate::callbacks::details;
use crate::organizations;
use crate::people::merge::{self, Merge, merge};
use crate::people::service::{self as people, Identity};
use crate::people::sql::identities::{self, IdentityRow};
use crate::people::sql::{self as persons};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::wechat::FollowerDetails;
use serde_json::json;

/// The last login of somebody who has not logged in.
const NEVER: i64 = 0;

/// An identity that left a person.
#[derive(Clone, Debug)]
pub struct Unbound {
    /// Whom it left.
    pub from: String,
    /// The new person whose it is.
    pub into: String,
    pub appid: String,
    pub openid: String,
}

/// What must follow in the sessions once the changes are committed.
#[derive(Debug, Default)]
pub struct Effects {
    /// Persons who became one.
    pub merges: Vec<Merge>,
    /// Identities that left.
    pub unbound: Vec<Unbound>,
}

impl Effects {
    /// Lets the sessions of merged persons follow, and ends those of identities that left: the phone logs in again, as
    /// somebody else.
    pub async fn follow(&self, app: &App) -> Result<(), Problem> {
        merge::follow(app, &self.merges).await?;
        for unbound in &self.unbound {
            app.sessions.end_all(&unbound.from, Some((&unbound.appid, &unbound.openid))).await?;
        }
        Ok(())
    }

    /// Adds what came later.
    pub fn extend(&mut self, later: Self) {
        self.merges.extend(later.merges);
        self.unbound.extend(later.unbound);
    }
}

/// What became of a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// It is new.
    New,
    /// It was there.
    Same,
    /// The WeChat user is another business user.
    Conflict,
}

/// Who binds, and how.
pub struct Binder<'a> {
    pub actor: &'a Actor,
    pub by: By,
    /// What WeChat says of the openids.
    pub facts: &'a Facts,
    pub now: i64,
}

/// The most unionids that are locked with one statement.
const MOST_LOCKED: usize = 10_000;

impl Binder<'_> {
    /// Locks the organization, and lets logins and pushes of those users wait of whom WeChat told the unionid: the
    /// second must see the person of the first.
    pub async fn lock<'a>(
        &self,
        conn: &mut Conn,
        openids: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), Problem> {
        let organization_id = self.actor.organization_id.as_str();
        organizations::sql::lock(conn, organization_id).await?;
        let mut unionids: Vec<_> = openids.filter_map(|(appid, openid)| self.facts.unionid(appid, openid)).collect();
        unionids.sort_unstable();
        for part in unionids.chunks(MOST_LOCKED) {
            identities::lock_unionids(conn, organization_id, part).await?;
        }
        Ok(())
    }

    /// The business user. A new one is the person of the first of `openids` (AppID and openid) who is known and not
    /// another business user, so that a person keeps their id when the business gets to know them.
    pub async fn holder(&self, conn: &mut Conn, userid: &str, openids: &[(&str, &str)]) -> Result<String, Problem> {
        let organization_id = self.actor.organization_id.as_str();
        if let Some(person) = persons::by_userid(conn, organization_id, userid).await? {
            return Ok(person.id);
        }
        let mut found = None;
        for (appid, openid) in openids {
            let identity = identities::find(conn, organization_id, appid, openid).await?;
            let Some(identity) = identity else { continue };
            let person = persons::find_person(conn, organization_id, &identity.person_id).await?;
            if let Some(person) = person.filter(|person| person.userid.is_none()) {
                found = Some(person.id);
                break;
            }
        }
        let person_id = match found {
            Some(person_id) => person_id,
            None => people::create(conn, organization_id, &json!({ "by": self.by.as_str() }), self.now).await?,
        };
        persons::set_userid(conn, organization_id, &person_id, Some(userid)).await?;
        let change = Change { action: "person.take_userid", subject_id: &person_id, at: self.now };
        audit::created(conn, self.actor, change, &json!({ "userid": userid, "by": self.by.as_str() })).await?;
        Ok(person_id)
    }

    /// Binds an openid to the business user `person_id`.
    pub async fn attach(
        &self,
        conn: &mut Conn,
        person_id: &str,
        appid: &str,
        openid: &str,
        effects: &mut Effects,
    ) -> Result<Attached, Problem> {
        let organization_id = self.actor.organization_id.as_str();
        let known = match identities::find(conn, organization_id, appid, openid).await? {
            Some(known) => known,
            None => self.insert(conn, person_id, appid, openid, effects).await?,
        };
        if known.person_id == person_id && known.bound_at.is_some() {
            return Ok(Attached::Same);
        }
        if known.person_id != person_id {
            let made = merge(conn, self.actor, person_id, &known.person_id, "binding", self.now).await?;
            let Some(made) = made.filter(|made| made.into == person_id) else { return Ok(Attached::Conflict) };
            effects.merges.push(made);
        }
        identities::bind(conn, organization_id, &known.id, self.now, self.by.as_str()).await?;
        let change = Change { action: "person.bind", subject_id: person_id, at: self.now };
        let after = json!({ "identity_id": known.id, "appid": appid, "by": self.by.as_str() });
        audit::created(conn, self.actor, change, &after).await?;
        Ok(Attached::New)
    }

    /// Adds an identity that is new, with what WeChat told of it.
    async fn insert(
        &self,
        conn: &mut Conn,
        person_id: &str,
        appid: &str,
        openid: &str,
        effects: &mut Effects,
    ) -> Result<IdentityRow, Problem> {
        let organization_id = self.actor.organization_id.as_str();
        let fact = self.facts.get(appid, openid);
        let unionid = self.facts.unionid(appid, openid).map(str::to_owned);
        let identity = Identity { appid: appid.to_owned(), openid: openid.to_owned(), unionid };
        let id = random::id(self.now);
        identities::upsert(conn, &id, organization_id, person_id, &identity, NEVER, self.now).await?;
        match fact {
            Some(Fact::Known(details)) => note_details(conn, organization_id, appid, details).await?,
            Some(Fact::Unanswered) => details::request(conn, organization_id, appid, openid, self.now).await?,
            Some(Fact::Foreign) | None => {}
        }
        let unionid = identity.unionid.as_deref();
        effects.merges.extend(people::link(conn, organization_id, person_id, unionid, self.now).await?);
        let added = identities::find(conn, organization_id, appid, openid).await?;
        added.ok_or_else(|| Problem::internal("an identity is gone as soon as it was added"))
    }
}

/// Takes an identity from its person, and with it what else is known of the same WeChat user: left behind, it would
/// bring the identity back with the next login. What is bound itself stays, unless `all` of the user leaves.
pub async fn detach(
    conn: &mut Conn,
    actor: &Actor,
    identity: &IdentityRow,
    all: bool,
    now: i64,
) -> Result<Vec<Unbound>, Problem> {
    let organization_id = actor.organization_id.as_str();
    let from = identity.person_id.as_str();
    let goes_along = |other: &IdentityRow| {
        let same_user = other.unionid.is_some() && other.unionid == identity.unionid;
        other.id == identity.id || same_user && (all || other.bound_at.is_none())
    };
    let leaving = identities::of_person(conn, organization_id, from).await?;
    let leaving: Vec<_> = leaving.into_iter().filter(goes_along).collect();
    let into = people::create(conn, organization_id, &json!({ "unbound_from": from }), now).await?;
    let change = Change { action: "person.unbind", subject_id: from, at: now };
    let ids: Vec<_> = leaving.iter().map(|left| &left.id).collect();
    let before = json!({ "identities": ids, "appid": identity.appid });
    audit::record(conn, actor, change, Some(&before), Some(&json!({ "person_id": into }))).await?;
    let mut unbound = Vec::with_capacity(leaving.len());
    for left in leaving {
        identities::move_to(conn, organization_id, &left.id, &into).await?;
        let (from, into) = (from.to_owned(), into.clone());
        unbound.push(Unbound { from, into, appid: left.appid, openid: left.openid });
    }
    Ok(unbound)
}

async fn note_details(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    details: &FollowerDetails,
) -> Result<(), Problem> {
    if let (1, Some(since)) = (details.subscribe, details.subscribe_time) {
        let since = since.saturating_mul(1000);
        identities::set_subscribed(conn, organization_id, appid, &details.openid, true, since).await?;
    }
    Ok(())
}

/// WeChat says later that an openid, bound while it did not answer, is none of the account's: there is no such
/// identity.
pub async fn refuse(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
    now: i64,
) -> Result<(), Problem> {
    let Some(identity) = identities::find(conn, organization_id, appid, openid).await? else { return Ok(()) };
    if identity.bound_at.is_none() {
        identities::set_unionid(conn, organization_id, appid, openid, None).await?;
        return Ok(());
    }
    identities::forget_one(conn, organization_id, &identity.id).await?;
    let actor = Actor { organization_id: organization_id.to_owned(), kind: "system", id: "wechat".to_owned() };
    let change = Change { action: "person.unbind", subject_id: &identity.person_id, at: now };
    let before = json!({ "identities": [identity.id], "appid": appid });
    audit::record(conn, &actor, change, Some(&before), Some(&json!({ "why": "openid_refused" }))).await
}
