//! Registrations, for those who verify them.

use crate::app::App;
use crate::audit::Actor;
use crate::equipment::registrations::{self, Decision};
use crate::equipment::sql::registrations::{self as sql, RegistrationRow};
use crate::equipment::view::Equipment;
use crate::equipment::{LONGEST_ADDRESS, find};
use crate::http::fields::Fields;
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Body, Coordinates, Dispatcher, Moment, ProblemDocument};
use crate::people;
use crate::problem::Problem;
use crate::storage::Conn;
use actix_web::{get, post, web};
use futures_util::FutureExt;
use paifang_core::phone::Phone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What became of a registration.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationStatus {
    /// Nobody has looked at it yet.
    Pending,
    /// It is right.
    Verified,
    /// It is not.
    Rejected,
}

/// Which registrations.
#[derive(Deserialize, IntoParams)]
pub struct RegistrationQuery {
    /// Only those in this state.
    status: Option<RegistrationStatus>,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Who registered a unit.
#[derive(Serialize, ToSchema)]
pub struct Registrant {
    id: String,
    name: Option<String>,
    /// All but the last digits hidden.
    phone: Option<String>,
}

/// That somebody has a unit, as they say.
#[derive(Serialize, ToSchema)]
pub struct RegistrationToDecide {
    id: String,
    equipment: Equipment,
    person: Registrant,
    status: RegistrationStatus,
    position: Option<Coordinates>,
    /// How far off the position may be, in meters.
    accuracy: Option<i64>,
    /// How far the position lies from the one that is known of the unit, in meters.
    distance_meters: Option<i64>,
    address: Option<String>,
    reason: Option<String>,
    /// May be named in a decision.
    version: i64,
    created_at: Moment,
    updated_at: Moment,
}

/// What is made of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is right: position and address become those of the unit.
    Verify,
    /// It is not.
    Reject,
}

/// A decision on a registration.
#[derive(Deserialize, ToSchema)]
pub struct RegistrationDecision {
    decision: Verdict,
    /// Told to who registered: 1 to 200 characters.
    reason: Option<String>,
    /// The version that was looked at: then a registration that was changed since is not decided on unseen.
    version: Option<i64>,
}

/// Who registered which units.
#[utoipa::path(tag = "equipment", params(RegistrationQuery),
    responses((status = 200, body = Page<RegistrationToDecide>), (status = "default", body = ProblemDocument)))]
#[get("/equipment-registrations")]
pub async fn list_equipment_registrations(
    app: web::Data<App>,
    caller: Dispatcher,
    query: Query<RegistrationQuery>,
) -> Result<web::Json<Page<RegistrationToDecide>>, Problem> {
    let RegistrationQuery { status, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let status = status.map(RegistrationStatus::as_str).unwrap_or_default();
    let mut conn = app.db.read().await?;
    let rows = sql::page(&mut conn, &caller.organization_id, status, &after, limit + 1).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(RegistrationToDecide::load(&mut conn, row, app.clock.now()).await?);
    }
    Ok(web::Json(Page::new(items, limit, |registration: &RegistrationToDecide| &registration.id)))
}

/// Verifies or rejects a registration.
#[utoipa::path(tag = "equipment", request_body = RegistrationDecision,
    responses((status = 200, body = RegistrationToDecide), (status = "default", body = ProblemDocument)))]
#[post("/equipment-registrations/{id}/decision")]
pub async fn decide_equipment_registration(
    app: web::Data<App>,
    caller: Dispatcher,
    id: web::Path<String>,
    body: Body<RegistrationDecision>,
) -> Result<web::Json<RegistrationToDecide>, Problem> {
    let RegistrationDecision { decision, reason, version } = body.value;
    let mut fields = Fields::default();
    let reason = fields.optional_label("reason", reason.as_deref(), LONGEST_ADDRESS);
    fields.finish()?;
    let decision = Decision { verify: decision == Verdict::Verify, reason, version };
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let decided = app.db.write(move |conn| {
        async move {
            let row = registrations::decide(conn, &actor, &id, decision, now).await?;
            RegistrationToDecide::load(conn, row, now).await
        }
        .boxed()
    });
    Ok(web::Json(decided.await?))
}

impl RegistrationStatus {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Verified => "verified",
            Self::Rejected => "rejected",
        }
    }
}

impl RegistrationToDecide {
    async fn load(conn: &mut Conn, row: RegistrationRow, now: i64) -> Result<Self, Problem> {
        let unit = find(conn, &row.organization_id, &row.equipment_id).await?;
        let person = people::sql::find_person(conn, &row.organization_id, &row.person_id).await?;
        let person = person.ok_or_else(|| Problem::internal("a registration without a person"))?;
        let phone = person.phone.as_deref().and_then(Phone::parse);
        let distance = unit.position().zip(row.position()).map(|(known, given)| known.distance_to(given));
        Ok(Self {
            status: match row.status.as_str() {
                "verified" => RegistrationStatus::Verified,
                "rejected" => RegistrationStatus::Rejected,
                _ => RegistrationStatus::Pending,
            },
            position: row.position().map(Coordinates::from),
            id: row.id,
            equipment: Equipment::load(conn, unit, now).await?,
            person: Registrant { id: person.id, name: person.name, phone: phone.map(|phone| phone.masked()) },
            accuracy: row.accuracy_meters,
            distance_meters: distance,
            address: row.address,
            reason: row.reason,
            version: row.version,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
        })
    }
}
