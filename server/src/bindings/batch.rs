//! A whole call of a business system: up to a thousand users, each taken or refused by itself.

use super::By;
use super::channels::Channels;
use super::items::{self, Action, Change, Item, Mistake};
use super::service::{Attached, Binder, Effects, detach};
use super::verify::{self, Facts};
use crate::app::App;
use crate::audit::Actor;
use crate::people::sql::identities::{self, IdentityRow};
use crate::problem::Problem;
use crate::storage::{Conn, savepoint};
use futures_util::FutureExt;
use serde_json::Value;
use std::ops::Range;
use std::sync::Arc;

/// Users that are written in one transaction: others may write in between.
const GROUP: usize = 50;

/// What became of a user of the call.
pub struct Outcome {
    /// As it was sent.
    pub userid: Option<String>,
    /// Why it was refused.
    pub mistake: Option<Mistake>,
}

/// A failure of one user: theirs, or of the whole call.
enum Failed {
    Mistake(Mistake),
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

/// Takes the users in order. When the call as a whole fails, some may have been taken; repeating it is harmless.
pub async fn run(app: &App, actor: &Actor, sent: &[Value]) -> Result<Vec<Outcome>, Problem> {
    let channels = Channels::load(&mut app.db.read().await?, &actor.organization_id).await?;
    let read: Vec<_> = sent.iter().map(|value| items::read(value, &channels)).collect();
    let wanted = read.iter().flatten().flat_map(Item::wanted).map(|(change, openid)| (change.appid.as_str(), openid));
    let facts = verify::verify(app, &actor.organization_id, &channels, wanted).await?;
    let read = read.into_iter().map(|item| item.and_then(|item| refuse_foreign(item, &facts))).collect();
    let call = Arc::new(Call { actor: actor.clone(), items: read, facts, now: app.clock.now() });
    let mut mistakes = Vec::with_capacity(sent.len());
    for start in (0..sent.len()).step_by(GROUP) {
        let (call, range) = (Arc::clone(&call), start..(start + GROUP).min(sent.len()));
        let written = app.db.write(move |conn| async move { call.write(conn, range).await }.boxed());
        let (effects, group) = written.await?;
        effects.follow(app).await?;
        mistakes.extend(group);
    }
    let outcome = |(value, mistake): (&Value, Option<Mistake>)| Outcome { userid: items::sent_userid(value), mistake };
    Ok(sent.iter().zip(mistakes).map(outcome).collect())
}

fn refuse_foreign(item: Item, facts: &Facts) -> Result<Item, Mistake> {
    let foreign = item.wanted().find(|(change, openid)| facts.is_foreign(&change.appid, openid));
    match foreign {
        Some((change, openid)) => {
            Err(mistake("openid_refused", "WeChat knows no such user of this account", change, openid))
        }
        None => Ok(item),
    }
}

fn mistake(code: &'static str, detail: &'static str, change: &Change, openid: &str) -> Mistake {
    Mistake { code, detail, channel: Some(change.channel.clone()), openid: Some(openid.to_owned()) }
}

struct Call {
    actor: Actor,
    items: Vec<Result<Item, Mistake>>,
    facts: Facts,
    now: i64,
}

impl Call {
    async fn write(&self, conn: &mut Conn, range: Range<usize>) -> Result<(Effects, Vec<Option<Mistake>>), Problem> {
        let items = self.items.get(range).unwrap_or_default();
        let wanted = items.iter().flatten().flat_map(Item::wanted);
        self.binder().lock(conn, wanted.map(|(change, openid)| (change.appid.as_str(), openid))).await?;
        let (mut effects, mut mistakes) = (Effects::default(), Vec::with_capacity(items.len()));
        for item in items {
            let item = match item {
                Ok(item) => item,
                Err(mistake) => {
                    mistakes.push(Some(mistake.clone()));
                    continue;
                }
            };
            savepoint::begin(conn).await?;
            let outcome = self.write_item(conn, item).await;
            savepoint::end(conn, outcome.is_ok()).await?;
            match outcome {
                Ok(made) => {
                    effects.extend(made);
                    mistakes.push(None);
                }
                Err(Failed::Mistake(mistake)) => mistakes.push(Some(mistake)),
                Err(Failed::Problem(problem)) => return Err(problem),
            }
        }
        Ok((effects, mistakes))
    }

    fn binder(&self) -> Binder<'_> {
        Binder { actor: &self.actor, by: By::Api, facts: &self.facts, now: self.now }
    }

    async fn write_item(&self, conn: &mut Conn, item: &Item) -> Result<Effects, Failed> {
        let binder = self.binder();
        let wanted: Vec<_> = item.wanted().map(|(change, openid)| (change.appid.as_str(), openid)).collect();
        let only_deletes = wanted.is_empty() && !item.changes.is_empty();
        let person_id = match only_deletes {
            true => match crate::people::sql::by_userid(conn, &self.actor.organization_id, &item.userid).await? {
                Some(person) => person.id,
                None => return Ok(Effects::default()),
            },
            false => binder.holder(conn, &item.userid, &wanted).await?,
        };
        let mut effects = Effects::default();
        for change in &item.changes {
            self.detach(conn, &person_id, change, &mut effects).await?;
            let (Action::Set(openids) | Action::Add(openids)) = &change.action else { continue };
            for openid in openids {
                let attached = binder.attach(conn, &person_id, &change.appid, openid, &mut effects).await?;
                if attached == Attached::Conflict {
                    let detail = "is bound to another userid, which must be deleted first";
                    return Err(Failed::Mistake(mistake("binding_conflict", detail, change, openid)));
                }
            }
        }
        Ok(effects)
    }

    /// Unbinds what the change takes away.
    async fn detach(
        &self,
        conn: &mut Conn,
        person_id: &str,
        change: &Change,
        effects: &mut Effects,
    ) -> Result<(), Problem> {
        let goes = |identity: &IdentityRow| match &change.action {
            Action::DeleteAll => true,
            Action::Delete(openids) => openids.contains(&identity.openid),
            Action::Set(openids) => !openids.contains(&identity.openid),
            Action::Add(_) => false,
        };
        if matches!(change.action, Action::Add(_)) {
            return Ok(());
        }
        let held = identities::of_person(conn, &self.actor.organization_id, person_id).await?;
        for identity in held.iter().filter(|identity| identity.appid == change.appid && goes(identity)) {
            effects.unbound.extend(detach(conn, &self.actor, identity, false, self.now).await?);
        }
        Ok(())
    }
}
