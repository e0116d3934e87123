//! Upload of scans that a phone decided without network: each gets its own answer, in order.

use super::{NewCheckIn, scanner};
use crate::app::App;
use crate::check_in::answer::CheckInAnswer;
use crate::check_in::service;
use crate::http::body::{self, BATCH_LIMIT};
use crate::http::{Body, ProblemDocument, Staff};
use crate::problem::Problem;
use actix_web::{HttpRequest, post, web};
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The most scans of one upload.
const MOST: usize = 500;

/// Scans to upload, at most 500.
#[derive(Deserialize, ToSchema)]
pub struct Batch {
    /// Each as for a single scan, with what the phone decided in `offline`.
    #[schema(value_type = Vec<NewCheckIn>)]
    check_ins: Vec<Value>,
}

/// One answer per scan, in the same order.
#[derive(Serialize, ToSchema)]
pub struct BatchAnswer {
    results: Vec<BatchResult>,
}

/// A verdict, or what was wrong with the scan.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum BatchResult {
    /// The verdict.
    Verdict(Box<CheckInAnswer>),
    /// The problem; this scan has to be mended or dropped, the others are not touched by it.
    Problem {
        /// The problem document.
        #[schema(value_type = ProblemDocument)]
        problem: Map<String, Value>,
    },
}

/// Uploads scans. What is away (503) ends the upload as a whole: repeat it, nothing counts twice.
#[utoipa::path(tag = "check-in", request_body = Batch,
    responses((status = 200, body = BatchAnswer), (status = "default", body = ProblemDocument)))]
#[post("/check-in-lists/{id}/check-ins/batch")]
pub async fn create_check_in_batch(
    app: web::Data<App>,
    caller: Staff,
    request: HttpRequest,
    id: web::Path<String>,
    body: Body<Batch, BATCH_LIMIT>,
) -> Result<web::Json<BatchAnswer>, Problem> {
    let scanner = scanner(&app, &caller, &request);
    if body.value.check_ins.len() > MOST {
        return Err(Problem::field("check_ins", "length", format!("at most {MOST}")));
    }
    crate::events::lists::find(&mut app.db.read().await?, &caller.organization_id, &id).await?;
    let mut results = Vec::with_capacity(body.value.check_ins.len());
    for item in body.value.check_ins {
        let scan = body::parse::<NewCheckIn>(item.to_string().as_bytes())
            .and_then(|scan| scan.read(&caller, &id, scanner.now));
        let answer = match scan {
            Ok(scan) => service::scan(&app, &scanner, scan).await,
            Err(problem) => Err(problem),
        };
        results.push(match answer {
            Ok(verdict) => BatchResult::Verdict(Box::new(verdict)),
            Err(problem) if problem.code().status() >= 500 => return Err(problem),
            Err(problem) if problem.code() == ProblemCode::RateLimited => return Err(problem),
            Err(problem) => BatchResult::Problem { problem: problem.to_document() },
        });
    }
    Ok(web::Json(BatchAnswer { results }))
}
