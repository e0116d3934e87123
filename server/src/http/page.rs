//! Cursor paging: `limit`, `cursor`, `next_cursor`.

use crate::problem::Problem;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use data_encoding::BASE64URL_NOPAD;
use paifang_core::problem::ProblemCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::future::{Ready, ready};
use utoipa::{IntoParams, ToSchema};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// Query parameters of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
pub struct PageQuery {
    /// Rows per page, 1 to 200; 50 when absent.
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// Rows per page.
    pub fn limit(&self) -> Result<i64, Problem> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        let wrong = || Problem::field("limit", "range", format!("1 to {MAX_LIMIT}"));
        (1..=MAX_LIMIT).contains(&limit).then_some(limit).ok_or_else(wrong)
    }

    /// The id after which the page starts; empty for the first.
    pub fn after(&self) -> Result<String, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(String::new()) };
        let id = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().and_then(|id| String::from_utf8(id).ok());
        let id = id.filter(|id| uuid::Uuid::parse_str(id).is_ok());
        id.ok_or_else(|| Problem::new(ProblemCode::MalformedParameter).detail("cursor"))
    }
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is never long: one page.
    pub fn whole(items: impl Iterator<Item = T>) -> Self {
        Self { items: items.collect(), next_cursor: None }
    }

    /// Makes a page of rows that were fetched with one more than `limit`.
    pub fn new(mut items: Vec<T>, limit: i64, id: impl Fn(&T) -> &str) -> Self {
        let limit = usize::try_from(limit).unwrap_or_default();
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let next_cursor = last.map(|item| BASE64URL_NOPAD.encode(id(item).as_bytes()));
        Self { items, next_cursor }
    }
}

/// Query parameters; a mistake in them is a 400.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = web::Query::<T>::from_query(request.query_string());
        let wrong = |error: actix_web::error::QueryPayloadError| {
            Problem::new(ProblemCode::MalformedParameter).detail(error.to_string())
        };
        ready(query.map(|query| Self(query.into_inner())).map_err(wrong))
    }
}
