//! The calls that arrived, for tests to read back.

use std::collections::{BTreeMap, VecDeque};

use actix_web::web::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::faults::FaultKind;
use crate::request::Request;

/// Older entries are forgotten, so that a load test does not fill the memory.
const CAPACITY: usize = 10_000;

const REDACTED: &str = "***";

/// One call to a WeChat interface, as it arrived. Calls to `/_sim` are not logged.
///
/// The values of `secret` and `access_token` are replaced by `***`; a login code is kept, because tests must see
/// whether one was sent twice.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// When it arrived, in milliseconds since 1970 on the simulator's clock.
    pub at_ms: i64,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query; of a repeated parameter the first value.
    pub query: BTreeMap<String, String>,
    /// The body, if it was JSON.
    pub body: Option<Value>,
    /// The errcode of the answer, 0 on success, also if the answer was then lost or cut. `None` if a fault kept the
    /// call from being processed and gave no errcode either.
    pub errcode: Option<i64>,
    /// The fault that changed the answer. Mere latency is not named.
    pub fault: Option<FaultKind>,
}

/// A call whose body is read only when somebody asks: there may be thousands, and long ones.
#[derive(Debug)]
struct Entry {
    call: Call,
    body: Bytes,
}

impl Entry {
    fn read(&self) -> Call {
        let mut call = self.call.clone();
        call.body = serde_json::from_slice(&self.body).ok();
        for name in ["secret", "access_token"] {
            if let Some(value) = call.query.get_mut(name) {
                *value = REDACTED.to_owned();
            }
            if let Some(value) = call.body.as_mut().and_then(|body| body.get_mut(name)) {
                *value = Value::from(REDACTED);
            }
        }
        call
    }
}

#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<Entry>,
}

impl Log {
    pub(crate) fn push(&mut self, request: Request, errcode: Option<i64>, fault: Option<FaultKind>) {
        let Request { method, path, query, body, now_ms, .. } = request;
        let call = Call { at_ms: now_ms, method: method.to_string(), path, query, body: None, errcode, fault };
        if self.entries.len() >= CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry { call, body });
    }

    pub(crate) fn entries(&self) -> Vec<Call> {
        self.entries.iter().map(Entry::read).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
