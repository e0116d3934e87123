//! One span, one request id and one measurement per request.

use super::metrics::Metrics;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that is being answered; empty outside one.
pub fn current_request_id() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Gives the request an id (or keeps the one that the proxy gave it), a span and a place in the metrics. Paths are
/// logged as their pattern, because the real one may hold a code.
pub async fn observe<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let acceptable =
        |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let id = given.filter(acceptable).map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    let route = request.match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let method = request.method().to_string();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let started = Instant::now();

    let span = tracing::info_span!("request", request_id = %id, %method, %route);
    let answer = CURRENT.scope(id.clone(), next.call(request)).instrument(span.clone()).await;
    let mut response = match answer {
        Ok(response) => response,
        Err(error) => return Err(error),
    };

    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    if let Some(metrics) = metrics {
        metrics.observe_request(&method, &route, status, elapsed);
    }
    span.in_scope(|| tracing::debug!(status, elapsed_us = elapsed.as_micros() as u64, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    Ok(response)
}
