//! JSON bodies: 400 where it is no JSON, 413 where it is too large, 415 where it is something else, 422 with the
//! path of the field where a field is wrong.

use crate::problem::Problem;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use aws_lc_rs::digest::{SHA256, digest};
use bytes::BytesMut;
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use paifang_core::problem::ProblemCode;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// The largest ordinary body, in bytes.
pub const LIMIT: usize = 64 * 1024;
/// The largest body of a batch of check-ins.
pub const BATCH_LIMIT: usize = 2 * 1024 * 1024;
/// A body that arrives more slowly than this is given up.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body of at most `MAX` bytes.
pub struct Body<T, const MAX: usize = LIMIT> {
    /// The value that was read.
    pub value: T,
    /// SHA-256 of the raw bytes, in hexadecimal digits.
    pub digest: String,
}

impl<T: DeserializeOwned + 'static, const MAX: usize> FromRequest for Body<T, MAX> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = received(request, payload, MAX, false);
        async move {
            let bytes = bytes.await?;
            Ok(Self { value: parse(&bytes)?, digest: hash(&bytes) })
        }
        .boxed_local()
    }
}

/// A JSON body that may be absent or `null`, as if none of its fields were given.
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = received(request, payload, LIMIT, true);
        async move {
            let bytes = bytes.await?;
            if bytes.is_empty() {
                return Ok(Self(T::default()));
            }
            Ok(Self(parse::<Option<Object<T>>>(&bytes)?.map(|object| object.0).unwrap_or_default()))
        }
        .boxed_local()
    }
}

/// A body that must be declared to be JSON, unless it may be absent and is.
fn received(
    request: &HttpRequest,
    payload: &mut Payload,
    max: usize,
    may_be_absent: bool,
) -> impl Future<Output = Result<BytesMut, Problem>> + use<> {
    let (declared, payload) = (declares_json(request), payload.take());
    async move {
        if !may_be_absent {
            declared?;
            return read(payload, max).await;
        }
        let bytes = read(payload, max).await?;
        if !bytes.is_empty() {
            declared?;
        }
        Ok(bytes)
    }
}

fn declares_json(request: &HttpRequest) -> Result<(), Problem> {
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = essence == "application/json" || essence.ends_with("+json");
    let problem = || Problem::new(ProblemCode::UnsupportedMediaType).detail("send application/json");
    if is_json { Ok(()) } else { Err(problem()) }
}

/// A value that is written as a JSON object and nothing else. A structure alone would also be read from an array, and
/// one whose fields all have defaults even from an empty one.
pub struct Object<T>(pub T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: DeserializeOwned> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// SHA-256 in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(digest(&SHA256, bytes).as_ref())
}

/// Reads a whole body of at most `max` bytes.
pub async fn read(mut payload: Payload, max: usize) -> Result<BytesMut, Problem> {
    let collect = async {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| broke_off())?;
            if bytes.len() + chunk.len() > max {
                return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("at most {max} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(READ_TIMEOUT, collect).await.map_err(|_| too_slow())?
}

/// The connection ended before the body did.
pub fn broke_off() -> Problem {
    Problem::new(ProblemCode::MalformedBody).detail("the body broke off")
}

/// The body did not arrive in time; on a better network it will.
pub fn too_slow() -> Problem {
    ProblemCode::BodyTimeout.into()
}

/// Reads JSON; a field of the wrong type is named by its path.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        // Some types report a value of the wrong kind as if it were bad syntax, others bad syntax as the wrong kind.
        if serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_err() {
            return Problem::new(ProblemCode::MalformedBody).detail(format!("line {} of the JSON", inner.line()));
        }
        let message = inner.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
        match missing {
            Some(name) if path == "." => Problem::field(name, "required", "is missing"),
            Some(name) => Problem::field(&format!("{path}.{name}"), "required", "is missing"),
            None => Problem::field(&path, "type", message),
        }
    })?;
    let trailing = |_| Problem::new(ProblemCode::MalformedBody).detail("more than one JSON document");
    deserializer.end().map_err(trailing)?;
    Ok(value)
}
