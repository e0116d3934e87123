//! What people add to an order that is open already.

use super::content;
use super::sql::WorkOrderRow;
use super::sql::entries::{self, EntryRow};
use crate::audit::{self, Actor, Change};
use crate::http::body;
use crate::media::{self, Owner, Subject};
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use paifang_core::problem::{FieldError, ProblemCode};
use paifang_core::text;
use paifang_core::work_order::moves::TEXT;
use paifang_core::work_order::report::{PHOTOS, VIDEOS, is_client_key};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// With so many entries, an order takes no more additions.
const MOST_ENTRIES: i64 = 500;

/// Something to add.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Addition {
    /// Made on the phone: 16 to 64 of `[A-Za-z0-9_-]`.
    pub draft_id: String,
    /// 1 to 2,000 characters.
    pub text: String,
    /// Uploaded photos and videos.
    #[serde(default)]
    pub media_ids: Vec<String>,
}

impl Addition {
    /// Without its media: those are uploaded anew, under other ids, when somebody logs in between two tries.
    fn hash(&self) -> String {
        body::hash(json!(Self { media_ids: Vec::new(), ..self.clone() }).to_string().as_bytes())
    }

    /// Names whatever is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        let mut wrong = Vec::new();
        if !is_client_key(&self.draft_id) {
            let detail = "needs 16 to 64 letters, digits, hyphens or underscores";
            wrong.push(FieldError::new("draft_id", "format", detail));
        }
        if text::passage(&self.text, TEXT).is_none() {
            wrong.push(FieldError::new("text", "length", "needs 1 to 2000 characters"));
        }
        if self.media_ids.len() > PHOTOS + VIDEOS {
            wrong.push(FieldError::new("media_ids", "length", "takes at most nine photos and one video"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Problem::fields(wrong)) }
    }
}

/// Who adds.
pub struct AddedBy<'a> {
    /// For the audit log.
    pub actor: &'a Actor,
    /// Whose uploads may be attached.
    pub owner: &'a Owner,
    /// `customer`, `engineer` or `dispatcher`.
    pub acting: &'a str,
    /// What WeChat thinks of the words.
    pub content_check: &'static str,
}

/// Adds to an open order; the same addition again has no second effect. Answers when it was added.
pub async fn add(
    conn: &mut Conn,
    by: AddedBy<'_>,
    order: &WorkOrderRow,
    addition: &Addition,
    now: i64,
) -> Result<i64, Problem> {
    let hash = addition.hash();
    let words = text::passage(&addition.text, TEXT);
    let detail = match content::doubts(by.content_check) {
        Some(doubts) => json!({ "text": words, "content_check": doubts }),
        None => json!({ "text": words }),
    };
    let entry = EntryRow {
        id: random::id(now),
        work_order_id: order.id.clone(),
        kind: "addition".to_owned(),
        client_key: Some(addition.draft_id.clone()),
        request_hash: Some(hash.clone()),
        made: None,
        from_state: None,
        to_state: None,
        actor_kind: by.actor.kind.to_owned(),
        actor_id: by.actor.id.clone(),
        actor_as: by.acting.to_owned(),
        detail: detail.to_string(),
        at: now,
    };
    if let Some(at) = before(conn, order, addition).await? {
        return Ok(at);
    }
    if entries::count(conn, &order.id).await? >= MOST_ENTRIES {
        return Err(Problem::new(ProblemCode::Conflict).detail("the work order takes no more additions"));
    }
    if !order.state().is_open() {
        return Err(Problem::new(ProblemCode::Conflict).detail("the work order is not open"));
    }
    if !entries::insert(conn, &order.organization_id, &entry).await? {
        return before(conn, order, addition).await?.ok_or_else(Problem::not_found);
    }
    let subject = Subject { kind: "work_order", id: &entry.id };
    media::attach(conn, &order.organization_id, by.owner, &addition.media_ids, "media_ids", subject, now).await?;
    let change = Change { action: "work_order.add", subject_id: &order.id, at: now };
    audit::created(conn, by.actor, change, &json!({ "entry_id": entry.id })).await?;
    Ok(now)
}

/// When the same addition was made before, if it was.
pub async fn before(conn: &mut Conn, order: &WorkOrderRow, addition: &Addition) -> Result<Option<i64>, Problem> {
    match entries::by_key(conn, &order.id, &addition.draft_id).await? {
        Some(before) if before.is_repeat_of(&addition.hash()) => Ok(Some(before.at)),
        Some(_) => Err(ProblemCode::DraftReused.into()),
        None => Ok(None),
    }
}
