//! Faults on demand: what networks, gateways and WeChat itself do on a bad day.

use serde::{Deserialize, Serialize};

/// What goes wrong with a call. In JSON a name, or an object such as `{"errcode": 45011}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The call is processed at once and answered so many milliseconds of real time later. It adds to any other fault
    /// on the same path.
    Latency(u64),
    /// The call is processed, so a login code is consumed, but no answer comes; after 120 s the connection closes.
    Timeout,
    /// The connection closes before the call is processed.
    Drop,
    /// The call is processed, then the connection closes without an answer.
    DropAfter,
    /// A gateway's error page, `text/html` with HTTP 200. The call is not processed.
    Html,
    /// The call is processed, and only the first half of the JSON arrives, as a complete HTTP answer.
    Truncated,
    /// The call is not processed and this errcode is answered, such as -1 (busy) or 45011 (too many calls).
    Errcode(i64),
    /// The call is not processed and this HTTP status is answered, without JSON. A number that is no status, or an
    /// informational one, becomes 502.
    Status(u16),
}

/// Where and how often something goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The beginning of the paths it strikes, such as `/sns/jscode2session`, or `/` for all of them.
    pub path: String,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many calls it strikes; `None` is all until the faults are cleared.
    #[serde(default)]
    pub times: Option<u32>,
}

/// What strikes one call.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Strike {
    pub(crate) latency_ms: u64,
    pub(crate) fault: Option<FaultKind>,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<Fault>,
}

impl Faults {
    pub(crate) fn inject(&mut self, rule: Fault) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Uses up one turn of every latency on this path, and of the oldest other fault.
    pub(crate) fn strike(&mut self, path: &str) -> Strike {
        let mut strike = Strike::default();
        for rule in self.rules.iter_mut().filter(|rule| path.starts_with(&rule.path) && rule.times != Some(0)) {
            match rule.kind {
                FaultKind::Latency(ms) => strike.latency_ms = strike.latency_ms.saturating_add(ms),
                _ if strike.fault.is_some() => continue,
                kind => strike.fault = Some(kind),
            }
            rule.times = rule.times.map(|times| times.saturating_sub(1));
        }
        self.rules.retain(|rule| rule.times != Some(0));
        strike
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_used_up_and_latency_adds_to_another_fault() {
        let mut faults = Faults::default();
        let rule = |times, kind| Fault { path: "/sns/".to_owned(), times, kind };
        faults.inject(rule(None, FaultKind::Latency(5)));
        faults.inject(rule(Some(1), FaultKind::Html));
        faults.inject(rule(Some(1), FaultKind::Timeout));
        assert_eq!(faults.strike("/cgi-bin/stable_token").latency_ms, 0);
        assert_eq!(faults.strike("/sns/jscode2session").fault, Some(FaultKind::Html));
        assert_eq!(faults.strike("/sns/jscode2session").fault, Some(FaultKind::Timeout));
        let last = faults.strike("/sns/jscode2session");
        assert_eq!((last.fault, last.latency_ms), (None, 5));
    }
}
