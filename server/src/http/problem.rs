//! Problems as HTTP answers: `application/problem+json` (RFC 9457).

use super::observe;
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use paifang_core::problem::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

/// The shape of an error answer; some codes add members of their own.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "only its schema is used: the document itself is built by Problem")]
pub struct ProblemDocument {
    /// An address that names the kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// A sentence about this kind of problem.
    title: String,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: String,
    /// A sentence about this occurrence.
    detail: Option<String>,
    /// The request, as the log names it.
    trace_id: String,
    /// The wrong fields.
    #[schema(value_type = Option<Vec<Object>>)]
    errors: Option<Vec<FieldError>>,
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        if let Some(cause) = self.internal_cause() {
            if self.status_code() == StatusCode::INTERNAL_SERVER_ERROR {
                tracing::error!(code = self.code().as_str(), cause, "request failed");
            } else {
                tracing::warn!(code = self.code().as_str(), cause, "request refused");
            }
        }
        let mut document = self.to_document();
        document.insert("trace_id".to_owned(), observe::current_request_id().into());
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds() {
            response.insert_header((RETRY_AFTER, seconds));
        }
        response.body(serde_json::Value::from(document).to_string())
    }
}
