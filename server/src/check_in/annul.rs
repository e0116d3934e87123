//! Annulling a check-in: the turnstile did not turn, or the wrong button was pressed.

use super::sql;
use crate::audit::{self, Actor, Change};
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::problem::ProblemCode;
use serde_json::json;

/// How long the same device may annul, in milliseconds.
const WINDOW: i64 = 15 * 60 * 1000;

/// What is asked.
pub struct Annul {
    pub nonce: String,
    pub reason: String,
    pub device_id: Option<String>,
    /// Supervisors may annul from anywhere, at any time.
    pub supervisor: bool,
}

/// Annuls the check-in with this nonce, and those that came with it. Answers when it was annulled.
pub async fn annul(conn: &mut Conn, actor: &Actor, annul: Annul, now: i64) -> Result<i64, Problem> {
    let organization_id = actor.organization_id.as_str();
    let found = sql::stored(conn, organization_id, &annul.nonce).await?.ok_or_else(Problem::not_found)?;
    let same_device = match &found.device_id {
        Some(device_id) => annul.device_id.as_ref() == Some(device_id),
        None => found.actor_id == actor.id,
    };
    if !annul.supervisor && !same_device {
        return Err(ProblemCode::OtherDevice.into());
    }
    if let Some(annulled_at) = found.annulled_at {
        return Ok(annulled_at);
    }
    if found.status != "ok" {
        return Err(Problem::new(ProblemCode::Conflict).detail("a refused scan let nobody in"));
    }
    if !annul.supervisor && now - found.received_at > WINDOW {
        return Err(ProblemCode::AnnulTooLate.into());
    }
    sql::annul(conn, organization_id, &found.id, now, &actor.id, &annul.reason).await?;
    let change = Change { action: "check_in.annul", subject_id: &found.id, at: now };
    audit::created(conn, actor, change, &json!({ "reason": annul.reason, "device_id": annul.device_id })).await?;
    Ok(now)
}
