//! Visits as the API shows them.

use super::sql::VisitRow;
use super::work::{Labor, Part};
use crate::app::App;
use crate::fixes::FixBody;
use crate::http::Moment;
use crate::media::{self, Media};
use crate::problem::Problem;
use crate::storage::Conn;
use crate::work_orders::views::Named;
use paifang_core::work_order::visit::CLOCK_TOLERANCE;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// The media of how many visits one query reads.
const AT_ONCE: usize = 1_000;

/// A check-in or check-out.
#[derive(Serialize, ToSchema)]
pub struct VisitMark {
    /// When, as the phone said.
    pub at: Moment,
    /// When the server heard of it.
    pub received_at: Moment,
    /// Not for customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixBody>,
    /// `inside`, `outside`, `no_fix`, `offline` or `skipped`.
    pub outcome: String,
    /// To the site; not for customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_meters: Option<i64>,
    /// Why there is no fix, or none inside; not for customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How far the phone's clock was ahead.
    pub clock_skew_ms: i64,
    /// Whether that is too much.
    pub clock_suspect: bool,
    /// Whether it was made without network.
    pub offline: bool,
    /// Taken at check-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<Media>,
    /// Taken at check-out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Media>,
    /// Why the order did not move along: `not_from_this_state` or `not_yours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_order_conflict: Option<String>,
}

/// An engineer's visit on site.
#[derive(Serialize, ToSchema)]
pub struct Visit {
    /// Its id.
    pub id: String,
    /// What the phone called it.
    pub visit_key: String,
    /// The work order.
    pub work_order_id: String,
    /// Whose visit it is.
    pub engineer: Named,
    /// How it began.
    pub check_in: VisitMark,
    /// How it ended; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_out: Option<VisitMark>,
    /// `done`, `paused` or `unfinished`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why it is paused or unfinished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Parts that were used.
    pub parts: Vec<Part>,
    /// Labor.
    pub labor: Vec<Labor>,
    /// The customer's signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Media>,
    /// Who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_name: Option<String>,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// Visits with their media. `where_from` says of which visits it shows where the engineer was.
pub async fn show(
    app: &App,
    conn: &mut Conn,
    rows: Vec<VisitRow>,
    where_from: impl Fn(&VisitRow) -> bool,
) -> Result<Vec<Visit>, Problem> {
    let Some(organization_id) = rows.first().map(|row| row.organization_id.clone()) else { return Ok(Vec::new()) };
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let now = app.clock.now();
    let mut attached: HashMap<String, Vec<Media>> = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        for media in media::of_subjects(conn, &organization_id, some).await? {
            let shown = media::view(app, &media, now);
            attached.entry(media.subject_id.unwrap_or_default()).or_default().push(shown);
        }
    }
    rows.into_iter()
        .map(|row| {
            let media = attached.remove(&row.id).unwrap_or_default();
            let open = where_from(&row);
            visit(row, media, open)
        })
        .collect()
}

fn visit(row: VisitRow, media: Vec<Media>, open: bool) -> Result<Visit, Problem> {
    let json = |error: serde_json::Error| Problem::internal(error.to_string());
    let is = |media: &Media, id: &Option<String>| Some(&media.id) == id.as_ref();
    let (mut photo, mut signature, mut photos) = (None, None, Vec::new());
    for one in media {
        match () {
            () if is(&one, &row.in_photo_id) => photo = Some(one),
            () if is(&one, &row.signature_id) => signature = Some(one),
            () => photos.push(one),
        }
    }
    let check_out = check_out(&row, photos, open);
    Ok(Visit {
        check_in: VisitMark {
            at: Moment(row.in_at),
            received_at: Moment(row.in_received_at),
            fix: row.in_fix().fix().filter(|_| open).map(FixBody::from),
            outcome: row.in_outcome,
            distance_meters: row.in_distance.filter(|_| open),
            reason: row.in_reason.filter(|_| open),
            clock_skew_ms: row.in_clock_skew,
            clock_suspect: row.in_clock_skew.abs() > CLOCK_TOLERANCE,
            offline: row.in_offline,
            photo,
            photos: Vec::new(),
            work_order_conflict: row.in_conflict,
        },
        check_out,
        id: row.id,
        visit_key: row.visit_key,
        work_order_id: row.work_order_id,
        engineer: Named { id: row.engineer_id, name: row.engineer_name },
        result: row.result,
        text: row.result_text,
        reason: row.result_reason,
        parts: serde_json::from_str(&row.parts).map_err(json)?,
        labor: serde_json::from_str(&row.labor).map_err(json)?,
        signature,
        signer_name: row.signer_name,
        version: row.version,
    })
}

fn check_out(row: &VisitRow, photos: Vec<Media>, open: bool) -> Option<VisitMark> {
    let skew = row.out_clock_skew.unwrap_or_default();
    Some(VisitMark {
        at: Moment(row.out_at?),
        received_at: Moment(row.out_received_at?),
        fix: row.out_fix().fix().filter(|_| open).map(FixBody::from),
        outcome: row.out_outcome.clone().unwrap_or_default(),
        distance_meters: row.out_distance.filter(|_| open),
        reason: row.out_reason.clone().filter(|_| open),
        clock_skew_ms: skew,
        clock_suspect: skew.abs() > CLOCK_TOLERANCE,
        offline: row.out_offline.unwrap_or_default(),
        photo: None,
        photos,
        work_order_conflict: row.out_conflict.clone(),
    })
}
