//! The calls that arrived, for tests to read back.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::Value;

use crate::faults::FaultKind;

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

#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<Call>,
}

impl Log {
    pub(crate) fn push(&mut self, mut entry: Call) {
        for name in ["secret", "access_token"] {
            if let Some(value) = entry.query.get_mut(name) {
                *value = REDACTED.to_owned();
            }
            if let Some(value) = entry.body.as_mut().and_then(|body| body.get_mut(name)) {
                *value = Value::from(REDACTED);
            }
        }
        if self.entries.len() >= CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn entries(&self) -> Vec<Call> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
