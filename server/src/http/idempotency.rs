//! `Idempotency-Key`: a repeated creation has one effect and one answer. The answer is stored in the transaction
//! that creates, so neither exists without the other.

use super::auth::Caller;
use crate::app::App;
use crate::http::body;
use crate::problem::Problem;
use crate::storage::{Conn, SqlResult, execute, fetch_optional};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use paifang_core::problem::ProblemCode;
use serde::Serialize;
use sqlx::FromRow;
use std::future::{Ready, ready};

/// How long a stored answer is kept, in milliseconds.
pub const LIFETIME: i64 = 48 * 60 * 60 * 1000;
/// How long a request may hold its key before another try may run, in milliseconds.
const RUNNING: i64 = 60_000;

const FIND: &str = "SELECT request_hash, status, body FROM idempotency_keys
    WHERE organization_id = $1 AND principal_id = $2 AND idempotency_key = $3";
const INSERT: &str = "INSERT INTO idempotency_keys
    (organization_id, principal_id, idempotency_key, request_hash, status, body, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PURGE: &str = "DELETE FROM idempotency_keys WHERE created_at < $1";

/// The key of a request, where it has one, and what the request was.
pub struct IdempotencyKey {
    key: Option<String>,
    target: String,
}

#[derive(FromRow)]
struct Stored {
    request_hash: String,
    status: i64,
    body: String,
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let target = format!("{} {}", request.method(), request.uri());
        let key = match request.headers().get("idempotency-key").map(|value| value.to_str()) {
            None => None,
            Some(Ok(key)) if (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) => {
                Some(key.to_owned())
            }
            Some(_) => return ready(Err(ProblemCode::MalformedIdempotencyKey.into())),
        };
        ready(Ok(Self { key, target }))
    }
}

/// Runs `work` in one writing transaction and answers `status` with what it made. With a key, the answer is stored
/// and given again; the same key with another request (`digest` is the hash of the body) is refused.
pub async fn create<T, F>(
    app: &App,
    caller: &Caller,
    key: IdempotencyKey,
    digest: &str,
    status: StatusCode,
    work: F,
) -> Result<HttpResponse, Problem>
where
    T: Serialize + Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, Problem>> + Send + 'static,
{
    let Some(name) = key.key else {
        let made = app.db.write(work).await?;
        return Ok(HttpResponse::build(status).json(made));
    };
    let request_hash = body::hash(format!("{} {digest}", key.target).as_bytes());
    let (organization_id, principal_id) = (caller.organization_id.clone(), caller.id().to_owned());
    let lock = format!("idempotency:{organization_id}:{principal_id}:{name}");
    let holder = crate::random::secret()?;
    if !app.kv.set_if_absent(&lock, &holder, RUNNING).await? {
        return Err(Problem::new(ProblemCode::IdempotencyKeyInUse).retry_after(1));
    }
    let now = app.clock.now();
    let expected = request_hash.clone();
    let outcome = app
        .db
        .write(move |conn| {
            async move {
                if let Some(stored) = find(conn, &organization_id, &principal_id, &name).await? {
                    return Ok((stored, true));
                }
                let body = serde_json::to_string(&work(conn).await?).map_err(|e| Problem::internal(e.to_string()))?;
                let status = i64::from(status.as_u16());
                execute!(conn, INSERT, &organization_id, &principal_id, &name, &request_hash, status, &body, now)?;
                Ok::<_, Problem>((Stored { request_hash, status, body }, false))
            }
            .boxed()
        })
        .await;
    app.kv.remove_if(&lock, &holder).await?;
    let (stored, replayed) = outcome?;
    if stored.request_hash != expected {
        return Err(ProblemCode::IdempotencyKeyReused.into());
    }
    let status = u16::try_from(stored.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
    if replayed {
        response.insert_header(("idempotency-replayed", "true"));
    }
    Ok(response.content_type("application/json").body(stored.body))
}

async fn find(conn: &mut Conn, organization_id: &str, principal_id: &str, key: &str) -> SqlResult<Option<Stored>> {
    fetch_optional!(conn, Stored, FIND, organization_id, principal_id, key)
}

/// Forgets answers that are older than [`LIFETIME`].
pub async fn purge(conn: &mut Conn, now: i64) -> SqlResult<u64> {
    execute!(conn, PURGE, now - LIFETIME)
}
