//! Writes a group of followers with a handful of statements, however many they are.

use super::sql::{self, FollowerImportRow, Listed};
use crate::people::merge::Merge;
use crate::people::service::link;
use crate::people::sql::identities;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::wechat::FollowerDetails;
use std::collections::HashMap;

/// What a group did.
pub struct Written {
    /// Persons who were not known.
    pub created: i64,
    pub merges: Vec<Merge>,
}

/// Writes them: known ones are followers from now on, new ones join the person with their unionid, or are new persons.
pub async fn write(
    conn: &mut Conn,
    import: &FollowerImportRow,
    followers: &[FollowerDetails],
    now: i64,
) -> Result<Written, Problem> {
    let mut written = Written { created: 0, merges: Vec::new() };
    if followers.is_empty() {
        return Ok(written);
    }
    let openids: Vec<&str> = followers.iter().map(|follower| follower.openid.as_str()).collect();
    let unionids: Vec<&str> = followers.iter().filter_map(|follower| follower.unionid.as_deref()).collect();
    if !unionids.is_empty() {
        identities::lock_unionids(conn, &import.organization_id, &unionids).await?;
    }
    let known: HashMap<String, String> = sql::known_openids(conn, import, &openids).await?.into_iter().collect();
    let by_unionid: HashMap<String, String> = match unionids.is_empty() {
        true => HashMap::new(),
        false => sql::known_unionids(conn, &import.organization_id, &unionids).await?.into_iter().collect(),
    };
    let (mut persons, mut listed) = (Vec::new(), Vec::new());
    for follower in followers {
        let of_unionid = follower.unionid.as_ref().and_then(|unionid| by_unionid.get(unionid));
        let person_id = match (known.get(&follower.openid), of_unionid) {
            (Some(person_id), _) | (None, Some(person_id)) => person_id.clone(),
            (None, None) => {
                let id = random::id(now);
                persons.push(id.clone());
                id
            }
        };
        listed.push(Listed {
            id: random::id(now),
            person_id,
            openid: follower.openid.clone(),
            unionid: follower.unionid.clone(),
            subscribed_at: follower.subscribe_time.map_or(import.started_at, |seconds| seconds.saturating_mul(1000)),
        });
    }
    written.created = i64::try_from(persons.len()).unwrap_or_default();
    if !persons.is_empty() {
        sql::insert_persons(conn, &import.organization_id, &persons, now).await?;
    }
    sql::upsert_identities(conn, import, &listed, now).await?;
    for follower in &listed {
        let of_unionid = follower.unionid.as_ref().and_then(|unionid| by_unionid.get(unionid));
        if of_unionid.is_some_and(|other| *other != follower.person_id) {
            let unionid = follower.unionid.as_deref();
            written.merges.extend(link(conn, &import.organization_id, &follower.person_id, unionid, now).await?);
        }
    }
    Ok(written)
}
