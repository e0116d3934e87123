//! Faults that tests inject.

use crate::answer::Outcome;
use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use serde::{Deserialize, Serialize};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// A call that is kept without an answer is let go after this.
const SILENCE: Duration = Duration::from_secs(120);

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The answer comes so many milliseconds later.
    Latency(u64),
    /// The call is carried out (a code is used up), but never answered.
    Timeout,
    /// The connection breaks before the call is carried out.
    Drop,
    /// The call is carried out, then the connection breaks.
    DropAfter,
    /// A gateway's HTML page instead of JSON; not carried out.
    Html,
    /// Half of the JSON; carried out.
    Truncated,
    /// An errcode; not carried out.
    Errcode(i64),
    /// An HTTP status with an empty body; not carried out.
    Status(u16),
}

/// A fault of the next calls of some paths.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Paths that begin so.
    pub path: String,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many calls; all from now on when absent.
    #[serde(default)]
    pub times: Option<u32>,
}

/// Takes the fault that the next call of `path` meets.
pub(crate) fn take(faults: &mut Vec<Fault>, path: &str) -> Option<FaultKind> {
    let index = faults.iter().position(|fault| path.starts_with(&fault.path))?;
    let fault = faults.get_mut(index)?;
    let kind = fault.kind.clone();
    if let Some(times) = &mut fault.times {
        *times = times.saturating_sub(1);
        if *times == 0 {
            faults.remove(index);
        }
    }
    Some(kind)
}

/// Whether the call is carried out before the fault shows.
pub(crate) fn is_carried_out(kind: Option<&FaultKind>) -> bool {
    !matches!(kind, Some(FaultKind::Drop | FaultKind::Html | FaultKind::Errcode(_) | FaultKind::Status(_)))
}

/// The answer that the fault makes of the right one.
pub(crate) async fn respond(kind: Option<FaultKind>, outcome: Option<&Outcome>) -> HttpResponse {
    let right = || outcome.map_or_else(|| HttpResponse::Ok().finish(), Outcome::respond);
    match kind {
        None => right(),
        Some(FaultKind::Latency(millis)) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            right()
        }
        Some(FaultKind::Timeout) => {
            tokio::time::sleep(SILENCE).await;
            HttpResponse::Ok().finish()
        }
        Some(FaultKind::Drop | FaultKind::DropAfter) => HttpResponse::Ok().body(Broken),
        Some(FaultKind::Html) => HttpResponse::Ok()
            .content_type("text/html")
            .body("<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"),
        Some(FaultKind::Truncated) => {
            let text = outcome.map(|outcome| outcome.body.to_string()).unwrap_or_default();
            let half: String = text.chars().take(text.chars().count() / 2).collect();
            HttpResponse::Ok().content_type("text/plain").body(half)
        }
        Some(FaultKind::Errcode(errcode)) => Outcome::failure(errcode, "injected").respond(),
        Some(FaultKind::Status(status)) => {
            let status = actix_web::http::StatusCode::from_u16(status);
            HttpResponse::build(status.unwrap_or(actix_web::http::StatusCode::BAD_GATEWAY)).finish()
        }
    }
}

/// A body that promises bytes and breaks off, so that the connection is closed.
struct Broken;

impl MessageBody for Broken {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
    }
}
