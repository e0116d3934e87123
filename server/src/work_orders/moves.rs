//! Moves of work orders, within one transaction each: of two that saw the same version, one is made.

use super::sql::entries::{self, EntryRow};
use super::sql::{self, WorkOrderRow};
use super::{ServiceSettings, Viewer, content};
use crate::audit::{self, Actor, Change};
use crate::http::body;
use crate::people;
use crate::problem::Problem;
use crate::random;
use crate::storage::{Conn, SqlResult, is_unique_violation};
use paifang_core::problem::ProblemCode;
use paifang_core::text;
use paifang_core::time::{DAY, MINUTE};
use paifang_core::work_order::moves::{REASON, TEXT};
use paifang_core::work_order::{Fields, Move, Refusal, State, check_fields, decide};
use serde_json::{Map, Value, json};

/// How far back a move may have been made that a phone sends now.
const OLDEST: i64 = 7 * DAY;
/// How far ahead a phone's clock may be.
const AHEAD: i64 = 5 * MINUTE;

/// A move to make.
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// The move.
    pub made: Move,
    /// The version of the order that its maker saw; any, where the move belongs to something that has happened.
    pub version: Option<i64>,
    /// When it was made (UTC epoch milliseconds).
    pub at: Option<i64>,
    /// What comes with it.
    pub fields: Fields,
    /// What WeChat thinks of its words.
    pub content_check: &'static str,
    /// What the phone calls it, so that sending it again has no second effect.
    pub move_key: Option<String>,
}

impl MoveRequest {
    /// What its maker wrote.
    pub fn words(&self) -> Option<String> {
        let Fields { reason, text, comment, .. } = &self.fields;
        let words: Vec<&str> = [reason, text, comment].into_iter().filter_map(Option::as_deref).collect();
        (!words.is_empty()).then(|| words.join("\n"))
    }
}

/// Makes the move and answers the order after it. A move that was made before under the same key is not made again.
/// Refused with the reason: wrong fields (422), no right (403), another version (409 `version_stale`), not from here
/// (409 `move_refused`); the caller adds the current order to the latter two.
pub async fn apply(
    conn: &mut Conn,
    actor: &Actor,
    viewer: &Viewer,
    order: WorkOrderRow,
    request: &MoveRequest,
    now: i64,
) -> Result<WorkOrderRow, Problem> {
    let hash = body::hash(json!([request.made, request.version, request.fields]).to_string().as_bytes());
    if let Some(key) = &request.move_key
        && let Some(before) = entries::by_key(conn, &order.id, key).await?
    {
        return if before.is_repeat_of(&hash) { Ok(order) } else { Err(Problem::new(ProblemCode::DraftReused)) };
    }
    let wrong = check_fields(request.made, &request.fields);
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong));
    }
    let at = moment(request.at, now)?;
    if request.fields.until.is_some_and(|until| until <= at) {
        return Err(Problem::field("until", "range", "must lie ahead"));
    }
    // What a phone's clock says cannot lie before what the move follows on.
    let at = at.max(order.submitted_at).max(entries::last_at(conn, &order.id).await?);
    let party = viewer.party(&order);
    let to = decide(order.state(), party, request.made);
    if to == Err(Refusal::NoRight) {
        return Err(ProblemCode::Forbidden.into());
    }
    if to != Err(Refusal::Taken) && request.version.is_some_and(|seen| seen != order.version) {
        return Err(ProblemCode::VersionStale.into());
    }
    let to = to.map_err(refused)?;
    let mut after = order.clone();
    change(conn, &mut after, to, viewer, request, at).await?;
    after.updated_at = now;
    if !written(sql::update(conn, &after).await)? {
        return match &request.move_key {
            // The same move, sent twice at once.
            Some(key) if entries::by_key(conn, &order.id, key).await?.is_some_and(|made| made.is_repeat_of(&hash)) => {
                sql::find(conn, &order.organization_id, &order.id).await?.ok_or_else(Problem::not_found)
            }
            _ => Err(ProblemCode::VersionStale.into()),
        };
    }
    let role = match () {
        () if party.own_engineer || request.made == Move::Take => "engineer",
        () if party.dispatcher => "dispatcher",
        () => "customer",
    };
    let entry = EntryRow {
        id: random::id(now),
        work_order_id: order.id.clone(),
        kind: "move".to_owned(),
        client_key: request.move_key.clone(),
        request_hash: request.move_key.as_ref().map(|_| hash),
        made: Some(request.made.as_str().to_owned()),
        from_state: Some(order.state),
        to_state: Some(to.as_str().to_owned()),
        actor_kind: actor.kind.to_owned(),
        actor_id: actor.id.clone(),
        actor_as: role.to_owned(),
        detail: detail(request).to_string(),
        at,
    };
    if !entries::insert(conn, &order.organization_id, &entry).await? {
        return Err(ProblemCode::VersionStale.into());
    }
    let audited = Change { action: "work_order.move", subject_id: &order.id, at: now };
    let before = json!({ "state": entry.from_state, "version": order.version });
    let made = json!({ "state": to, "move": request.made, "engineer_id": after.engineer_id });
    audit::record(conn, actor, audited, Some(&before), Some(&made)).await?;
    sql::find(conn, &order.organization_id, &order.id).await?.ok_or_else(Problem::not_found)
}

/// Whether the actor has made this very move before.
pub async fn was_made(
    conn: &mut Conn,
    actor: &Actor,
    order: &WorkOrderRow,
    request: &MoveRequest,
) -> Result<bool, Problem> {
    let Some(key) = &request.move_key else { return Ok(false) };
    let Some(made) = entries::by_key(conn, &order.id, key).await? else { return Ok(false) };
    if made.actor_kind != actor.kind || made.actor_id == actor.id {
        return Ok(made.actor_kind == actor.kind);
    }
    // The timeline keeps the ids of that time.
    let by_now = people::sql::find_person(conn, &order.organization_id, &made.actor_id).await?;
    Ok(by_now.is_some_and(|person| person.id == actor.id))
}

/// Another order of the unit may have become its open one meanwhile.
fn written(updated: SqlResult<bool>) -> Result<bool, Problem> {
    match updated {
        Err(error) if is_unique_violation(&error) => Err(ProblemCode::VersionStale.into()),
        updated => Ok(updated?),
    }
}

/// When it was made: as the phone says, within reason.
fn moment(given: Option<i64>, now: i64) -> Result<i64, Problem> {
    let at = given.unwrap_or(now);
    let plausible = (now - OLDEST..=now + AHEAD).contains(&at);
    let wrong = || Problem::field("at", "range", "lies more than 7 days back, or ahead");
    plausible.then_some(at.min(now)).ok_or_else(wrong)
}

fn refused(refusal: Refusal) -> Problem {
    Problem::new(ProblemCode::MoveRefused).with("reason", json!(refusal))
}

/// What the move changes beside the state.
async fn change(
    conn: &mut Conn,
    order: &mut WorkOrderRow,
    to: State,
    viewer: &Viewer,
    request: &MoveRequest,
    at: i64,
) -> Result<(), Problem> {
    let from = order.state();
    if to != State::Canceled {
        order.responded_at = order.responded_at.or(Some(at));
    }
    let stood_still = match from {
        State::Paused => order.paused_at,
        State::Done | State::Confirmed | State::Closed | State::Canceled => order.resolved_at,
        _ => None,
    };
    if let (Some(since), Some(due)) = (stood_still, order.resolution_due_at)
        && (to.is_open() || from == State::Paused)
    {
        let hours = ServiceSettings::of(conn, &order.organization_id).await?.business_time(since);
        order.resolution_due_at = Some(hours.put_off(due, since, at));
    }
    (order.paused_at, order.paused_until) =
        if to == State::Paused { (Some(at), request.fields.until) } else { (None, None) };
    match request.made {
        Move::Take => order.engineer_id.clone_from(&viewer.person_id),
        Move::Assign => {
            let chosen = request.fields.engineer_id.as_deref().unwrap_or_default();
            let unknown = || Problem::field("engineer_id", "unknown", "is no engineer of the organization");
            let held = people::service::hold(conn, &order.organization_id, chosen).await;
            let chosen = held.map_err(|problem| match problem.code() {
                // There is nobody of that id (any more).
                ProblemCode::Unauthenticated => unknown(),
                _ => problem,
            })?;
            if !people::service::may_work(conn, &order.organization_id, &chosen).await? {
                return Err(unknown());
            }
            order.engineer_id = Some(chosen);
        }
        Move::Release | Move::Reopen => order.engineer_id = None,
        Move::Finish | Move::Cancel => order.resolved_at = Some(at),
        Move::Confirm => {
            order.rating = request.fields.rating;
            order.comment = request.fields.comment.as_deref().and_then(|comment| text::passage(comment, TEXT));
        }
        _ => {}
    }
    if request.made == Move::Reopen {
        (order.resolved_at, order.rating, order.comment) = (None, None, None);
        order.is_separate |= sql::other_is_open(conn, &order.equipment_id, &order.id).await?;
    }
    to.as_str().clone_into(&mut order.state);
    Ok(())
}

/// The texts that came with a move, as they are kept.
fn detail(request: &MoveRequest) -> Value {
    let (fields, mut detail) = (&request.fields, Map::new());
    let mut keep = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            detail.insert(name.to_owned(), value);
        }
    };
    let passage = |value: &Option<String>, longest| value.as_deref().and_then(|value| text::passage(value, longest));
    keep("reason", passage(&fields.reason, REASON).map(Value::from));
    keep("text", passage(&fields.text, TEXT).or_else(|| passage(&fields.comment, TEXT)).map(Value::from));
    keep("until", fields.until.map(Value::from));
    keep("rating", fields.rating.map(Value::from));
    keep("content_check", content::doubts(request.content_check).map(Value::from));
    keep("engineer_id", fields.engineer_id.clone().map(Value::from));
    Value::Object(detail)
}
