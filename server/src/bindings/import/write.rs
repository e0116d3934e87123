//! Writes what a file changes. What is merely added, which is most of a first import, is written many rows at a time.

use super::plan::{Kind, State};
use super::row::{Row, Sheet};
use crate::audit::{self, Actor, Change};
use crate::bindings::By;
use crate::bindings::service::{Attached, Binder, Effects, detach};
use crate::bindings::sql::import::{self as sql, NewIdentity, NewUser};
use crate::people::sql::phones;
use crate::people::sql::{self as persons, identities};
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, is_unique_violation};
use paifang_core::phone::Phone;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// Users that are written with one statement.
const GROUP: usize = 500;
/// Identities that are: a user has one in each channel of the file.
const MOST_IDENTITIES: usize = 2000;

/// Writes the rows that change something.
pub async fn write(
    conn: &mut Conn,
    binder: &Binder<'_>,
    sheet: &Sheet,
    state: &State,
    kinds: &[Kind],
) -> Result<Effects, Problem> {
    let (actor, facts, now) = (binder.actor, binder.facts, binder.now);
    let changed = sheet.rows.iter().zip(kinds).filter(|(_, kind)| **kind != Kind::Unchanged);
    let merely_adds = |row: &Row, kind: Kind| {
        let asked = row.openids.iter().any(|(appid, openid)| facts.get(appid, openid).is_some());
        let concerns_others = asked || state.known(row).next().is_some() || state.taken_away(row).next().is_some();
        !concerns_others && (kind == Kind::Created || state.same_person(row))
    };
    let (additions, others): (Vec<_>, Vec<_>) = changed.partition(|(row, kind)| merely_adds(row, **kind));
    let mut effects = Effects::default();
    // First everything leaves whom it no longer belongs to, so that the order of rows does not matter.
    for (row, _) in &others {
        for leaving in state.taken_away(row) {
            let identity = identities::find(conn, &actor.organization_id, &leaving.appid, &leaving.openid).await?;
            if let Some(identity) = identity.filter(|identity| identity.person_id == leaving.person_id) {
                effects.unbound.extend(detach(conn, actor, &identity, false, now).await?);
            }
        }
    }
    for (row, _) in others {
        take(conn, binder, row, &mut effects).await?;
    }
    for group in additions.chunks(GROUP) {
        let rows: Vec<_> = group.iter().map(|(row, _)| *row).collect();
        add(conn, actor, &rows, state, now).await?;
    }
    Ok(effects)
}

/// Writes users and openids of whom nothing is known.
async fn add(conn: &mut Conn, actor: &Actor, rows: &[&Row], state: &State, now: i64) -> Result<(), Problem> {
    let organization_id = actor.organization_id.as_str();
    let (mut users, mut identities) = (Vec::new(), Vec::new());
    let (mut made, mut bound) = (Vec::new(), Vec::new());
    for row in rows {
        let known = state.user(row);
        let person_id = known.map_or_else(|| random::id(now), |user| user.id.clone());
        let ids: Vec<_> = row.openids.iter().map(|_| random::id(now)).collect();
        let after = json!({ "userid": row.userid, "identities": ids, "by": By::Import.as_str() });
        for (id, (appid, openid)) in ids.into_iter().zip(&row.openids) {
            identities.push(NewIdentity { id, person_id: person_id.clone(), appid, openid });
        }
        match known {
            Some(user) => bound.push((user.id.as_str(), after)),
            None => {
                made.push(after);
                let (name, phone) = (row.name.as_deref(), row.phone.as_deref());
                users.push(NewUser { id: person_id, userid: &row.userid, name, phone });
            }
        }
    }
    // Somebody may have logged in for the first time, or confirmed a number, since the file was compared.
    let raced = |error: sqlx::Error| match is_unique_violation(&error) {
        true => Problem::new(ProblemCode::StorageUnavailable).retry_after(1).because(error.to_string()),
        false => error.into(),
    };
    sql::insert_users(conn, organization_id, &users, now).await.map_err(raced)?;
    let by = By::Import.as_str();
    for part in identities.chunks(MOST_IDENTITIES) {
        sql::insert_identities(conn, organization_id, part, by, now).await.map_err(raced)?;
    }
    let made: Vec<_> = users.iter().map(|user| user.id.as_str()).zip(made).collect();
    audit::created_many(conn, actor, "person.create", &made, now).await?;
    audit::created_many(conn, actor, "person.bind", &bound, now).await
}

/// Writes a user of whom something is known.
async fn take(conn: &mut Conn, binder: &Binder<'_>, row: &Row, effects: &mut Effects) -> Result<(), Problem> {
    let (organization_id, now) = (binder.actor.organization_id.as_str(), binder.now);
    let wanted: Vec<_> = row.openids.iter().map(|(appid, openid)| (appid.as_str(), openid.as_str())).collect();
    let person_id = binder.holder(conn, &row.userid, &wanted).await?;
    for (appid, openid) in wanted {
        if binder.attach(conn, &person_id, appid, openid, effects).await? == Attached::Conflict {
            let detail = format!("line {}: the openid is bound to another userid", row.line);
            return Err(Problem::new(ProblemCode::BindingConflict).detail(detail));
        }
    }
    let person = persons::find_person(conn, organization_id, &person_id).await?.ok_or_else(Problem::not_found)?;
    let name = row.name.as_deref().filter(|name| person.name.as_deref() != Some(name));
    let phone = row.phone.as_deref().filter(|phone| person.phone.as_deref() != Some(phone));
    if let Some(name) = name {
        persons::set_name(conn, organization_id, &person_id, name).await?;
    }
    if let Some(phone) = phone {
        phones::clear(conn, organization_id, phone, &person_id).await?;
        persons::set_phone(conn, organization_id, &person_id, Some(phone)).await?;
    }
    if name.is_some() || phone.is_some() {
        let phone = phone.and_then(Phone::parse).map(|phone| phone.masked());
        let change = Change { action: "person.update", subject_id: &person_id, at: now };
        let after = json!({ "name_changed": name.is_some(), "phone": phone, "by": By::Import.as_str() });
        audit::created(conn, binder.actor, change, &after).await?;
    }
    Ok(())
}
