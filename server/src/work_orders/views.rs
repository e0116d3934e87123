//! Work orders as the API shows them.

use super::settings::ServiceSettings;
use super::sql::WorkOrderRow;
use super::sql::entries::{self, EntryRow};
use super::viewer::{Sight, Viewer};
use crate::app::App;
use crate::equipment::view::masked;
use crate::events::api::UtcOffset;
use crate::http::{Coordinates, Moment};
use crate::media::{self, Media};
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::work_order::{self, FieldKind};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use utoipa::ToSchema;

/// The unit that an order is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderUnit {
    /// The code on its label.
    pub(crate) code: String,
    pub(crate) model: String,
    /// To reporters who neither belong to its customer nor are its verified owners only its last characters.
    pub(crate) serial_number: String,
    /// Not for those reporters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<String>,
    /// As `site`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
}

/// Somebody or something, by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Named {
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

/// Whom to ask.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderContact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<String>,
}

/// A period.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Period {
    pub(crate) from: Moment,
    pub(crate) until: Moment,
}

/// What was promised, and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Targets {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_due_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) responded_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resolution_due_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resolved_at: Option<Moment>,
    /// The clock of the resolution stands still.
    pub(crate) paused: bool,
    /// When it may go on, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paused_until: Option<Moment>,
    pub(crate) response_late: bool,
    pub(crate) resolution_late: bool,
}

/// A work order in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListedWorkOrder {
    pub(crate) id: String,
    /// For people: `261121-7KQ2M`.
    pub(crate) number: String,
    /// Counts its moves, from 1.
    pub(crate) version: i64,
    /// `submitted`, `accepted`, `assigned`, `on_the_way`, `on_site`, `paused`, `done`, `confirmed`, `closed`,
    /// `canceled` or `reopened`.
    pub(crate) state: String,
    pub(crate) submitted_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) equipment: OrderUnit,
    /// As the unit's `site`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer: Option<Named>,
    pub(crate) fault_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) skill: Option<String>,
    pub(crate) text: String,
    /// Absent for engineers who have not taken the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<OrderContact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) preferred: Option<Period>,
    /// As the report says; else where the unit stands, for those who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<Coordinates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) engineer: Option<Named>,
    pub(crate) targets: Targets,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rating: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<String>,
    /// From the position that was asked with `near`, in meters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) distance_meters: Option<i64>,
}

/// A work order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkOrder {
    #[serde(flatten)]
    pub(crate) order: ListedWorkOrder,
    pub(crate) media: Vec<Media>,
    /// What WeChat thinks of the text, for dispatchers: `passed`, `review` or `unchecked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_check: Option<String>,
    /// The offsets of the business's time zone, by which times are shown.
    pub(crate) utc_offsets: Vec<UtcOffset>,
    /// What has happened, oldest first.
    pub(crate) entries: Vec<Entry>,
    /// What the caller may do now.
    pub(crate) moves: Vec<Offered>,
}

/// Who did something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DoneBy {
    /// `person`, `api_token`, `follower` or `system`.
    pub(crate) kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// `customer`, `engineer` or `dispatcher`.
    #[serde(rename = "as")]
    pub(crate) acting: String,
}

/// A line of the timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Entry {
    pub(crate) id: String,
    pub(crate) at: Moment,
    /// `report`, `move`, `addition` or `visit`.
    pub(crate) kind: String,
    #[serde(rename = "move", skip_serializing_if = "Option::is_none")]
    pub(crate) made: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    pub(crate) by: DoneBy,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// `review` where WeChat has doubts about the words; for dispatchers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_check: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) media: Vec<Media>,
}

/// A move that the caller may make now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Offered {
    #[serde(rename = "move")]
    pub(crate) made: &'static str,
    /// The state after it.
    pub(crate) to: &'static str,
    pub(crate) fields: Vec<OfferedField>,
}

/// A field that a move takes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferedField {
    pub(crate) name: &'static str,
    /// `text`, `reason`, `rating`, `engineer` or `moment`.
    pub(crate) kind: &'static str,
    pub(crate) required: bool,
}

/// An order in a list.
pub fn listed(row: &WorkOrderRow, sight: Sight, now: i64) -> ListedWorkOrder {
    let named =
        |id: &Option<String>, name: &Option<String>| id.as_ref().map(|id| Named { id: id.clone(), name: name.clone() });
    let contact = OrderContact { name: row.contact_name.clone(), phone: row.contact_phone.clone() };
    let is_open = row.state().is_open();
    let knows_unit = sight != Sight::Reported;
    let serial = &row.unit_serial;
    let late = |due: Option<i64>, met: Option<i64>, until: i64| due.is_some_and(|due| met.unwrap_or(until) > due);
    ListedWorkOrder {
        id: row.id.clone(),
        number: row.number.clone(),
        version: row.version,
        state: row.state.clone(),
        submitted_at: Moment(row.submitted_at),
        updated_at: Moment(row.updated_at),
        equipment: OrderUnit {
            code: row.unit_code.clone(),
            model: row.unit_model.clone(),
            serial_number: if knows_unit { serial.clone() } else { masked(serial) },
            site: row.unit_site.clone().filter(|_| knows_unit),
            address: row.unit_address.clone().filter(|_| knows_unit),
        },
        customer: named(&row.customer_id, &row.customer_name).filter(|_| knows_unit),
        fault_type: row.fault_type.clone(),
        skill: row.skill.clone(),
        text: row.text.clone(),
        contact: (sight != Sight::Waiting).then_some(contact),
        preferred: row
            .preferred_from
            .zip(row.preferred_until)
            .map(|(from, until)| Period { from: Moment(from), until: Moment(until) }),
        position: if knows_unit { row.position() } else { row.reported_position() }.map(Coordinates::from),
        address: row.address.clone(),
        engineer: named(&row.engineer_id, &row.engineer_name),
        targets: Targets {
            response_due_at: row.response_due_at.map(Moment),
            responded_at: row.responded_at.map(Moment),
            resolution_due_at: row.resolution_due_at.map(Moment),
            resolved_at: row.resolved_at.map(Moment),
            paused: row.paused_at.is_some(),
            paused_until: row.paused_until.map(Moment),
            response_late: late(row.response_due_at, row.responded_at, if is_open { now } else { 0 }),
            resolution_late: late(row.resolution_due_at, row.resolved_at.or(row.paused_at), now),
        },
        rating: row.rating,
        comment: row.comment.clone(),
        distance_meters: None,
    }
}

/// An order with its media, its timeline and what the viewer may do.
pub async fn whole(
    app: &App,
    conn: &mut Conn,
    viewer: &Viewer,
    row: &WorkOrderRow,
    sight: Sight,
) -> Result<WorkOrder, Problem> {
    let settings = ServiceSettings::of(conn, &row.organization_id).await?;
    whole_by(app, conn, &settings, viewer, row, sight).await
}

/// The same where the settings are known.
pub async fn whole_by(
    app: &App,
    conn: &mut Conn,
    settings: &ServiceSettings,
    viewer: &Viewer,
    row: &WorkOrderRow,
    sight: Sight,
) -> Result<WorkOrder, Problem> {
    let now = app.clock.now();
    let rows = entries::of_order(conn, &row.organization_id, &row.id).await?;
    let mut subjects: Vec<&str> = rows.iter().map(|entry| entry.id.as_str()).collect();
    subjects.push(&row.id);
    let mut attached: HashMap<String, Vec<Media>> = HashMap::new();
    for media in media::of_subjects(conn, &row.organization_id, &subjects).await? {
        let shown = media::view(app, &media, now);
        attached.entry(media.subject_id.unwrap_or_default()).or_default().push(shown);
    }
    let people: Vec<&str> =
        rows.iter().filter(|entry| entry.actor_kind == "person").map(|entry| entry.actor_id.as_str()).collect();
    let names: HashMap<_, _> = entries::names(conn, &row.organization_id, &people).await?.into_iter().collect();
    let party = viewer.party(row);
    let offers = work_order::offers(row.state(), party);
    Ok(WorkOrder {
        order: listed(row, sight, now),
        media: attached.remove(&row.id).unwrap_or_default(),
        content_check: party.dispatcher.then(|| row.content_check.clone()),
        utc_offsets: settings.utc_offsets(now),
        entries: rows
            .into_iter()
            .map(|entry| {
                let media = attached.remove(&entry.id).unwrap_or_default();
                let name = names.get(&entry.actor_id).cloned().flatten();
                let may_be_named = sight == Sight::Full
                    || entry.actor_as != "customer"
                    || viewer.person_id.as_ref() == Some(&entry.actor_id);
                let shown = shown(entry, name, media, may_be_named);
                Entry { content_check: shown.content_check.filter(|_| party.dispatcher), ..shown }
            })
            .collect(),
        moves: offers.into_iter().map(offered).collect(),
    })
}

fn shown(entry: EntryRow, name: Option<String>, media: Vec<Media>, may_be_named: bool) -> Entry {
    let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
    let text = |name: &str| detail.get(name).and_then(Value::as_str).map(str::to_owned);
    let is_named = entry.actor_kind == "person" && may_be_named;
    Entry {
        at: Moment(entry.at),
        made: entry.made,
        from: entry.from_state,
        to: entry.to_state,
        by: DoneBy {
            id: is_named.then_some(entry.actor_id),
            name: name.filter(|_| is_named),
            kind: entry.actor_kind,
            acting: entry.actor_as,
        },
        text: text("text"),
        reason: text("reason"),
        content_check: text("content_check"),
        media,
        id: entry.id,
        kind: entry.kind,
    }
}

/// A move as it is offered.
pub fn offered(offer: work_order::Offer) -> Offered {
    let kind = |kind| match kind {
        FieldKind::Text => "text",
        FieldKind::Reason => "reason",
        FieldKind::Rating => "rating",
        FieldKind::Engineer => "engineer",
        FieldKind::Moment => "moment",
    };
    let fields = offer.fields.iter().map(|field| OfferedField {
        name: field.name,
        kind: kind(field.kind),
        required: field.required,
    });
    Offered { made: offer.made.as_str(), to: offer.to.as_str(), fields: fields.collect() }
}
