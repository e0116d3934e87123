//! What a file changes, and what in it cannot be.

use super::row::{Column, Row, Sheet};
use crate::bindings::sql::import::{self as sql, KnownRow, UserRow};
use crate::bindings::verify::Facts;
use crate::storage::{Conn, SqlResult};
use std::collections::HashMap;

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The user is new.
    Created,
    /// Something of the user changes.
    Updated,
    /// All of it is so already.
    Unchanged,
}

/// What is known of the users and openids in the file.
pub struct State {
    users: HashMap<String, UserRow>,
    /// By AppID and openid.
    known: HashMap<(String, String), KnownRow>,
    /// By person: what they have in the accounts of the file.
    held: HashMap<String, Vec<KnownRow>>,
    /// By phone number: who has it.
    phones: HashMap<String, String>,
}

impl State {
    pub async fn load(conn: &mut Conn, organization_id: &str, sheet: &Sheet) -> SqlResult<Self> {
        let userids: Vec<_> = sheet.rows.iter().map(|row| row.userid.as_str()).collect();
        let users = sql::users(conn, organization_id, &userids).await?;
        let ids: Vec<_> = users.iter().map(|user| user.id.as_str()).collect();
        let (mut known, mut held) = (HashMap::new(), HashMap::<String, Vec<KnownRow>>::new());
        for appid in &sheet.appids {
            let of_account = sheet.rows.iter().flat_map(|row| &row.openids).filter(|(of, _)| of == appid);
            let openids: Vec<_> = of_account.map(|(_, openid)| openid.as_str()).collect();
            for row in sql::by_openids(conn, organization_id, appid, &openids).await? {
                known.insert((row.appid.clone(), row.openid.clone()), row);
            }
            for row in sql::by_persons(conn, organization_id, appid, &ids).await? {
                held.entry(row.person_id.clone()).or_default().push(row);
            }
        }
        let phones: Vec<_> = sheet.rows.iter().filter_map(|row| row.phone.as_deref()).collect();
        let phones = sql::phones(conn, organization_id, &phones).await?.into_iter().collect();
        let users = users.into_iter().map(|user| (user.userid.clone(), user)).collect();
        Ok(Self { users, known, held, phones })
    }

    /// What is known of the openids of a row.
    pub fn known<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a KnownRow> {
        row.openids.iter().filter_map(|place| self.known.get(place))
    }

    /// Openids (with AppID) that a row takes away from its user: a filled cell says which one is the user's.
    pub fn taken_away<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a KnownRow> {
        let held = self.user(row).and_then(|user| self.held.get(&user.id)).into_iter().flatten();
        held.filter(|held| row.openids.iter().any(|(appid, openid)| *appid == held.appid && *openid != held.openid))
    }

    /// The user of a row, where known.
    pub fn user(&self, row: &Row) -> Option<&UserRow> {
        self.users.get(&row.userid)
    }

    /// Whether the row says nothing new of who the user is.
    pub fn same_person(&self, row: &Row) -> bool {
        self.user(row).is_some_and(|user| {
            row.name.as_ref().is_none_or(|name| user.name.as_ref() == Some(name))
                && row.phone.as_ref().is_none_or(|phone| user.phone.as_ref() == Some(phone))
        })
    }

    fn kind(&self, row: &Row) -> Kind {
        let Some(user) = self.user(row) else { return Kind::Created };
        let bound = |known: &KnownRow| known.person_id == user.id && known.bound_at.is_some();
        let same = self.known(row).filter(|known| bound(known)).count() == row.openids.len()
            && self.taken_away(row).next().is_none()
            && self.same_person(row);
        if same { Kind::Unchanged } else { Kind::Updated }
    }

    /// Whether somebody has the phone number who is not, and does not become, the user.
    fn is_phone_of_another(&self, row: &Row) -> bool {
        let Some(owner) = row.phone.as_ref().and_then(|phone| self.phones.get(phone)) else { return false };
        let is_user = self.user(row).is_some_and(|user| user.id == *owner);
        let becomes_user = self.known(row).any(|known| known.userid.is_none() && known.person_id == *owner);
        !is_user && !becomes_user
    }
}

/// What each row does; notes what cannot be.
pub fn plan(sheet: &mut Sheet, state: &State, facts: &Facts) -> Vec<Kind> {
    let (rows, cells) = (&sheet.rows, &mut sheet.cells);
    let by_userid: HashMap<&str, &Row> = rows.iter().map(|row| (row.userid.as_str(), row)).collect();
    // Rows that take an openid away from its user leave it for another row.
    let is_freed = |known: &KnownRow, userid: &str| {
        let holder = by_userid.get(userid);
        holder.is_some_and(|row| row.openids.iter().any(|(of, openid)| *of == known.appid && *openid != known.openid))
    };
    // WeChat users who are not yet business users: each becomes one.
    let mut claimed: HashMap<&str, &str> = HashMap::new();
    for row in rows {
        for (appid, _) in row.openids.iter().filter(|(appid, openid)| facts.is_foreign(appid, openid)) {
            let column = Column::Openid(appid.clone());
            cells.wrong(row.line, &column, "openid_refused", "WeChat knows no such user of this account");
        }
        for known in state.known(row) {
            let other = match &known.userid {
                Some(userid) => *userid != row.userid && !is_freed(known, userid),
                None => *claimed.entry(&known.person_id).or_insert(&row.userid) != row.userid,
            };
            if other {
                let column = Column::Openid(known.appid.clone());
                cells.wrong(row.line, &column, "binding_conflict", "is bound to another userid");
            }
        }
        if state.is_phone_of_another(row) {
            cells.wrong(row.line, &Column::Phone, "duplicate", "belongs to somebody else");
        }
    }
    cells.errors.sort_by_key(|error| error.line);
    rows.iter().map(|row| state.kind(row)).collect()
}
