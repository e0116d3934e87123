//! Moves of work orders over HTTP.

use super::super::sql::{self, WorkOrderRow};
use super::super::views::{self, WorkOrder};
use super::super::{MoveRequest, ServiceSettings, Viewer, content, moves};
use crate::app::App;
use crate::audit::Actor;
use crate::http::{Body, Caller, Guest, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{post, web};
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use paifang_core::work_order::{Fields, Move};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A move to make. Which fields it takes is said with the moves that are offered.
#[derive(Deserialize, ToSchema)]
pub struct NewMove {
    /// Its name, as it was offered.
    #[serde(rename = "move")]
    #[schema(value_type = String)]
    made: Move,
    /// The version of the order that was seen.
    version: i64,
    /// When it was made, where that was before it is sent: at most 7 days back.
    at: Option<Moment>,
    /// Made on the phone: 16 to 64 of `[A-Za-z0-9_-]`. The move is made once however often it is sent.
    move_key: Option<String>,
    engineer_id: Option<String>,
    /// Up to 500 characters.
    reason: Option<String>,
    until: Option<Moment>,
    /// Up to 2,000 characters.
    text: Option<String>,
    /// 1 to 5.
    rating: Option<i64>,
    /// Up to 2,000 characters.
    comment: Option<String>,
}

impl NewMove {
    /// The move, where what names it is well-formed.
    pub fn request(self) -> Result<MoveRequest, Problem> {
        if self.move_key.as_deref().is_some_and(|key| !paifang_core::work_order::report::is_client_key(key)) {
            return Err(Problem::field("move_key", "format", "needs 16 to 64 letters, digits, hyphens or underscores"));
        }
        let fields = Fields {
            engineer_id: self.engineer_id,
            reason: self.reason,
            until: self.until.map(|until| until.0),
            text: self.text,
            rating: self.rating,
            comment: self.comment,
        };
        let at = self.at.map(|at| at.0);
        Ok(MoveRequest {
            made: self.made,
            version: Some(self.version),
            at,
            fields,
            content_check: content::UNCHECKED,
            move_key: self.move_key,
        })
    }
}

/// Makes a move. Where the order has moved on meanwhile, the answer (409) has the order as it is now. Whoever sends a
/// move again that they made before, and no longer sees the order, hears only its state and version.
#[utoipa::path(tag = "work orders", request_body = NewMove,
    responses((status = 200, body = WorkOrder), (status = "default", body = ProblemDocument)))]
#[post("/work-orders/{id}/moves")]
pub async fn move_work_order(
    app: web::Data<App>,
    caller: Guest,
    id: web::Path<String>,
    body: Body<NewMove>,
) -> Result<web::Json<Value>, Problem> {
    let mut request = body.value.request()?;
    let (actor, id) = (Actor::from(&*caller), id.into_inner());
    let viewer = Viewer::of(&mut app.db.read().await?, &caller).await?;
    request.content_check = checked(&app, &caller, &viewer, &id, &request).await?;
    match make_move(&app, actor, &viewer, &id, request).await {
        Ok(order) => Ok(web::Json(seen(&app, &viewer, &order).await?)),
        Err(problem) => Err(with_current(&app, &viewer, &id, problem).await),
    }
}

/// What WeChat thinks of a customer's words. It is not asked about what is refused in any case, or was made before.
async fn checked(
    app: &App,
    caller: &Caller,
    viewer: &Viewer,
    id: &str,
    request: &MoveRequest,
) -> Result<&'static str, Problem> {
    let Some(words) = request.words().filter(|_| !viewer.is_engineer()) else { return Ok(content::UNCHECKED) };
    let mut conn = app.db.read().await?;
    let order = sql::find(&mut conn, &viewer.organization_id, id).await?;
    let Some(order) = order.filter(|order| viewer.sight(order).is_some()) else { return Ok(content::UNCHECKED) };
    if moves::was_made(&mut conn, &Actor::from(caller), &order, request).await? {
        return Ok(content::UNCHECKED);
    }
    let settings = ServiceSettings::of(&mut conn, &viewer.organization_id).await?;
    drop(conn);
    content::check(app, Some(caller), &settings, &words).await
}

/// Makes a move for a viewer; answers the order after it.
pub(super) async fn make_move(
    app: &App,
    actor: Actor,
    viewer: &Viewer,
    id: &str,
    request: MoveRequest,
) -> Result<WorkOrderRow, Problem> {
    let now = app.clock.now();
    let (mut mover, mut actor, order_id) = (viewer.clone(), actor, id.to_owned());
    let moved = app.db.write(move |conn| {
        async move {
            mover.hold(conn, &mut actor).await?;
            let order = sql::find(conn, &mover.organization_id, &order_id).await?.ok_or_else(Problem::not_found)?;
            let may_know = mover.sight(&order).is_some() || (mover.is_engineer() && request.made == Move::Take);
            // Whoever gave an order away may ask again whether they did.
            if !may_know && !moves::was_made(conn, &actor, &order, &request).await? {
                return Err(Problem::not_found());
            }
            moves::apply(conn, &actor, &mover, order, &request, now).await
        }
        .boxed()
    });
    moved.await
}

/// Whether a refusal needs the order as it is now.
pub(super) fn needs_current(problem: &Problem) -> bool {
    matches!(problem.code(), ProblemCode::VersionStale | ProblemCode::MoveRefused)
}

/// Adds the order as it is now to a refusal that needs it.
async fn with_current(app: &App, viewer: &Viewer, id: &str, problem: Problem) -> Problem {
    if !needs_current(&problem) {
        return problem;
    }
    match current(app, viewer, id).await {
        Ok(order) => problem.with("work_order", order),
        Err(_) => problem,
    }
}

async fn current(app: &App, viewer: &Viewer, id: &str) -> Result<Value, Problem> {
    let order = sql::find(&mut app.db.read().await?, &viewer.organization_id, id).await?;
    seen(app, viewer, &order.ok_or_else(Problem::not_found)?).await
}

/// The order as the viewer may see it; no more than its state and version where it is not theirs any more.
async fn seen(app: &App, viewer: &Viewer, order: &WorkOrderRow) -> Result<Value, Problem> {
    let mut conn = app.db.read().await?;
    let mut viewer = viewer.clone();
    if viewer.sight(order).is_none() {
        viewer.follow_merges(&mut conn).await?;
    }
    let Some(sight) = viewer.sight(order) else {
        return Ok(json!({ "id": order.id, "number": order.number, "state": order.state, "version": order.version }));
    };
    let whole = views::whole(app, &mut conn, &viewer, order, sight).await?;
    serde_json::to_value(whole).map_err(|error| Problem::internal(error.to_string()))
}
