//! A request, reduced to what WeChat's interfaces look at.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::Method;
use actix_web::{HttpRequest, web};
use serde_json::{Map, Value};

use crate::errcode::Errcode;

pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: web::Bytes,
    pub(crate) peer: IpAddr,
    pub(crate) now_ms: i64,
}

impl Request {
    pub(crate) fn new(request: &HttpRequest, body: web::Bytes, now_ms: i64) -> Self {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let mut query = BTreeMap::new();
        for (name, value) in pairs.map(web::Query::into_inner).unwrap_or_default() {
            query.entry(name).or_insert(value);
        }
        let peer = request.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip().to_canonical());
        Self { method: request.method().clone(), path: request.path().to_owned(), query, body, peer, now_ms }
    }

    /// A parameter of the query; an empty one counts as missing.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn require_get(&self) -> Result<(), Errcode> {
        if self.method == Method::GET { Ok(()) } else { Err(Errcode::REQUIRE_GET) }
    }

    pub(crate) fn require_post(&self) -> Result<(), Errcode> {
        if self.method == Method::POST { Ok(()) } else { Err(Errcode::REQUIRE_POST) }
    }

    /// The body as JSON, whatever the content type says.
    pub(crate) fn json(&self) -> Result<Value, Errcode> {
        if self.body.is_empty() {
            return Err(Errcode::EMPTY_BODY);
        }
        serde_json::from_slice(&self.body).map_err(|_| Errcode::DATA_FORMAT)
    }

    /// The same, which must be an object.
    pub(crate) fn json_object(&self) -> Result<Map<String, Value>, Errcode> {
        match self.json()? {
            Value::Object(object) => Ok(object),
            _ => Err(Errcode::DATA_FORMAT),
        }
    }
}

/// A field that must be a string if it is there; an empty one counts as missing.
pub(crate) fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Errcode> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(Errcode::DATA_FORMAT),
    }
}

/// A field that must be true or false if it is there.
pub(crate) fn flag(body: &Map<String, Value>, name: &str) -> Result<Option<bool>, Errcode> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Errcode::DATA_FORMAT),
    }
}
