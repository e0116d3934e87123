//! What somebody has: registering units, and the list of them.

use crate::app::App;
use crate::audit::Actor;
use crate::equipment::registrations::{self, Named, Place};
use crate::equipment::sql::registrations::{self as sql, RegistrationRow};
use crate::equipment::view::{EquipmentView, PositionStatus, Viewer, position_status};
use crate::equipment::{LONGEST_ADDRESS, LONGEST_LABEL, find};
use crate::http::fields::Fields;
use crate::http::limits::{self, Limit};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Body, Coordinates, Guest, Moment, Principal, ProblemDocument};
use crate::people;
use crate::problem::Problem;
use actix_web::{HttpResponse, get, post, web};
use futures_util::FutureExt;
use paifang_core::position::Datum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The least that a position may be known to: half a globe would be none, in meters.
const WORST_ACCURACY: f64 = 100_000.0;

/// A unit to register.
#[derive(Deserialize, ToSchema)]
pub struct NewRegistration {
    /// As on the unit; spaces and capitals do not matter.
    serial_number: String,
    /// What the label says, where it was scanned: it must be the same unit.
    code: Option<String>,
    /// Where it stands (GCJ-02).
    position: Option<Coordinates>,
    /// How far off that may be, in meters.
    accuracy: Option<f64>,
    /// Where it stands, in words: 1 to 200 characters.
    address: Option<String>,
}

/// A unit that somebody registered.
#[derive(Serialize, ToSchema)]
pub struct Registration {
    /// Its id.
    id: String,
    equipment: EquipmentView,
    /// `pending`, `verified` or `rejected`.
    status: String,
    /// What became of the position; null where none was given.
    position_status: Option<PositionStatus>,
    /// As it was given.
    position: Option<Coordinates>,
    /// As it was given.
    address: Option<String>,
    /// Why it was rejected.
    reason: Option<String>,
    created_at: Moment,
}

/// Registers a unit by its serial number; again with another position, that one is looked at anew.
#[utoipa::path(tag = "equipment", request_body = NewRegistration,
    responses((status = 201, body = Registration), (status = 200, body = Registration),
        (status = "default", body = ProblemDocument)))]
#[post("/me/equipment")]
pub async fn register_equipment(
    app: web::Data<App>,
    caller: Guest,
    body: Body<NewRegistration>,
) -> Result<HttpResponse, Problem> {
    let session = caller.session()?;
    let NewRegistration { serial_number, code, position, accuracy, address } = body.value;
    let mut fields = Fields::default();
    let serial_number = fields.label("serial_number", &serial_number, LONGEST_LABEL);
    let accuracy = accuracy.filter(|meters| {
        let good = (0.0..=WORST_ACCURACY).contains(meters);
        if !good {
            fields.wrong("accuracy", "range", format!("0 to {WORST_ACCURACY} meters"));
        }
        good
    });
    let place = Place {
        address: fields.optional_label("address", address.as_deref(), LONGEST_ADDRESS),
        position: position.and_then(|at| at.check(&mut fields, "position", Datum::Gcj02)),
        accuracy_meters: accuracy.map(|meters| meters.round() as i64),
    };
    fields.finish()?;
    limits::hit(&app, Limit::Guess, &session.person_id).await?;
    let (mut caller_, now) = (caller.into_inner(), app.clock.now());
    let registered = app.db.write(move |conn| {
        async move {
            if let Principal::Person(session) = &mut caller_.principal {
                session.person_id = people::service::hold(conn, &caller_.organization_id, &session.person_id).await?;
            }
            let named = Named { serial_number: &serial_number, code: code.as_deref() };
            let unit = registrations::identify(conn, &caller_.organization_id, &named).await?;
            let (row, is_new) = registrations::register(conn, &Actor::from(&caller_), &unit, place, now).await?;
            let viewer = Viewer::of(conn, Some(&caller_), &unit).await?;
            let equipment = EquipmentView::load(conn, unit, &viewer, now).await?;
            Ok::<_, Problem>((Registration::new(row, equipment), is_new))
        }
        .boxed()
    });
    let (registration, is_new) = registered.await?;
    Ok(if is_new { HttpResponse::Created() } else { HttpResponse::Ok() }.json(registration))
}

/// The units that I registered.
#[utoipa::path(tag = "equipment", params(PageQuery),
    responses((status = 200, body = Page<Registration>), (status = "default", body = ProblemDocument)))]
#[get("/me/equipment")]
pub async fn list_my_equipment(
    app: web::Data<App>,
    caller: Guest,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<Registration>>, Problem> {
    let session = caller.session()?;
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let mut conn = app.db.read().await?;
    let organization_id = caller.organization_id.as_str();
    let rows = sql::of_person(&mut conn, organization_id, &session.person_id, &after, limit + 1).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let unit = find(&mut conn, organization_id, &row.equipment_id).await?;
        let viewer = Viewer::of(&mut conn, Some(&caller), &unit).await?;
        let equipment = EquipmentView::load(&mut conn, unit, &viewer, app.clock.now()).await?;
        items.push(Registration::new(row, equipment));
    }
    Ok(web::Json(Page::new(items, limit, |registration: &Registration| &registration.id)))
}

impl Registration {
    fn new(row: RegistrationRow, equipment: EquipmentView) -> Self {
        Self {
            position_status: position_status(&row),
            position: row.position().map(Coordinates::from),
            id: row.id,
            equipment,
            status: row.status,
            address: row.address,
            reason: row.reason,
            created_at: Moment(row.created_at),
        }
    }
}
