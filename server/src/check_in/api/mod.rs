//! Check-in over HTTP.

pub mod batch;
pub mod devices;
pub mod history;
pub mod stats;

use super::annul::{self, Annul};
use super::answer::CheckInAnswer;
use super::service::{self, CheckInRequest, OfflineVerdict, Scanner};
use crate::app::App;
use crate::audit::Actor;
use crate::http::fields::Fields;
use crate::http::{Body, Caller, Moment, ProblemDocument, Staff};
use crate::people::Role;
use crate::problem::Problem;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpRequest, post, web};
use futures_util::FutureExt;
use paifang_core::ids::is_nonce;
use paifang_core::ticket::verdict::VerdictStatus;
use paifang_core::ticket::{Direction, Language, Reason};
use paifang_core::time::DAY;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far back a scan may lie.
const OLDEST_SCAN: i64 = 7 * DAY;
/// How far ahead a phone's clock may be.
const CLOCK_SKEW: i64 = 5 * 60 * 1000;
/// Longer than any code of ours, so that whatever a scanner sees gets an answer.
const LONGEST_CODE: usize = 4096;

/// One scan.
#[derive(Deserialize, ToSchema)]
pub struct NewCheckIn {
    /// What the scanner saw, or what was typed.
    code: String,
    /// 16 to 64 of `[A-Za-z0-9_-]`, unique within the organization; the same one always gets the same answer.
    nonce: String,
    /// `entry` or `exit`.
    #[serde(rename = "type", default)]
    direction: ScanType,
    /// The phone.
    device_id: Option<String>,
    /// Where it stands.
    gate: Option<String>,
    /// When it happened; now when absent. Seven days back to five minutes ahead.
    scanned_at: Option<Moment>,
    /// Pass every reason but `invalid` (supervisors).
    #[serde(default)]
    force: bool,
    /// Why, 1 to 200 characters; kept when the force was needed.
    force_reason: Option<String>,
    /// Let in an unpaid ticket, on a list that includes pending ones.
    #[serde(default)]
    ignore_unpaid: bool,
    /// What the phone decided without network (in batches).
    offline: Option<OfflineBody>,
}

/// Entry or exit.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScanType {
    /// Into the venue.
    #[default]
    Entry,
    /// Out of it.
    Exit,
}

/// What a phone decided without network.
#[derive(Deserialize, ToSchema)]
pub struct OfflineBody {
    /// `ok` or `error`.
    status: OfflineStatus,
    /// Why it was refused.
    reason: Option<String>,
}

/// Let through, or refused.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfflineStatus {
    /// Let through.
    Ok,
    /// Refused.
    Error,
}

impl NewCheckIn {
    fn read(self, caller: &Caller, list_id: &str, now: i64) -> Result<CheckInRequest, Problem> {
        let mut fields = Fields::default();
        if !is_nonce(&self.nonce) {
            fields.wrong("nonce", "format", "16 to 64 of A-Z a-z 0-9 _ -");
        }
        if self.code.len() > LONGEST_CODE {
            fields.wrong("code", "length", format!("at most {LONGEST_CODE} bytes"));
        }
        if self.scanned_at.is_some_and(|at| at.0 < now - OLDEST_SCAN || at.0 > now + CLOCK_SKEW) {
            fields.wrong("scanned_at", "range", "seven days back to five minutes ahead");
        }
        let reason = self.offline.as_ref().and_then(|offline| offline.reason.as_deref());
        if reason.is_some_and(|reason| Reason::parse(reason).is_none()) {
            fields.wrong("offline.reason", "unknown", "is no reason");
        }
        let device_id = fields.optional_label("device_id", self.device_id.as_deref(), 64);
        let gate = fields.optional_label("gate", self.gate.as_deref(), 60);
        let force_reason = fields.optional_label("force_reason", self.force_reason.as_deref(), 200);
        fields.finish()?;
        if self.force {
            caller.require(Role::Supervisor)?;
        }
        let offline = self.offline.as_ref().map(|offline| OfflineVerdict {
            status: match offline.status {
                OfflineStatus::Ok => VerdictStatus::Ok,
                OfflineStatus::Error => VerdictStatus::Error,
            },
            reason: reason.and_then(Reason::parse),
        });
        Ok(CheckInRequest {
            list_id: list_id.to_owned(),
            nonce: self.nonce,
            code: self.code,
            direction: match self.direction {
                ScanType::Entry => Direction::Entry,
                ScanType::Exit => Direction::Exit,
            },
            device_id,
            gate,
            scanned_at: self.scanned_at.map(|at| at.0),
            force: self.force,
            force_reason,
            ignore_unpaid: self.ignore_unpaid,
            offline,
        })
    }
}

fn scanner(app: &App, caller: &Caller, request: &HttpRequest) -> Scanner {
    let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let english = accepted.trim_start().to_ascii_lowercase().starts_with("en");
    Scanner {
        organization_id: caller.organization_id.clone(),
        actor_id: caller.id().to_owned(),
        language: if english { Language::En } else { Language::Zh },
        now: app.clock.now(),
    }
}

/// Decides on one scan. A refusal is an answer: 200 with `status: error`.
#[utoipa::path(tag = "check-in", request_body = NewCheckIn,
    responses((status = 200, body = CheckInAnswer), (status = "default", body = ProblemDocument)))]
#[post("/check-in-lists/{id}/check-ins")]
pub async fn create_check_in(
    app: web::Data<App>,
    caller: Staff,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<NewCheckIn>,
) -> Result<web::Json<CheckInAnswer>, Problem> {
    let scanner = scanner(&app, &caller, &request);
    if body.value.offline.is_some() {
        return Err(Problem::field("offline", "unknown", "what a phone decided offline comes in a batch"));
    }
    let scan = body.value.read(&caller, &id, scanner.now)?;
    Ok(web::Json(service::scan(&app, &scanner, scan).await?))
}

/// Why a check-in is annulled.
#[derive(Deserialize, ToSchema)]
pub struct AnnulBody {
    /// 1 to 200 characters.
    reason: String,
    /// The phone that made it.
    device_id: Option<String>,
}

/// When it was annulled.
#[derive(Serialize, ToSchema)]
pub struct Annulled {
    nonce: String,
    annulled_at: Moment,
}

/// Annuls a check-in: the same device within 15 minutes, a supervisor always.
#[utoipa::path(tag = "check-in", request_body = AnnulBody,
    responses((status = 200, body = Annulled), (status = "default", body = ProblemDocument)))]
#[post("/check-ins/{nonce}/annul")]
pub async fn annul_check_in(
    app: web::Data<App>,
    caller: Staff,
    nonce: web::Path<String>,
    body: Body<AnnulBody>,
) -> Result<web::Json<Annulled>, Problem> {
    let mut fields = Fields::default();
    let reason = fields.label("reason", &body.value.reason, 200);
    fields.finish()?;
    let (actor, now, nonce) = (Actor::from(&*caller), app.clock.now(), nonce.into_inner());
    let annul = Annul {
        nonce: nonce.clone(),
        reason,
        device_id: body.value.device_id,
        supervisor: caller.may(Role::Supervisor),
    };
    let annulled_at = app.db.write(move |conn| async move { annul::annul(conn, &actor, annul, now).await }.boxed());
    Ok(web::Json(Annulled { nonce, annulled_at: Moment(annulled_at.await?) }))
}
