//! Check-in lists: which products are let in, when, through which gates, and how often.

use super::rules::Rule;
use serde::{Deserialize, Serialize};

/// A check-in list as the verdict needs it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CheckInList {
    /// Ids of the products let in; all products when absent.
    #[serde(default)]
    pub product_ids: Option<Vec<String>>,
    /// Opens (UTC epoch milliseconds); entries before are `list_closed`.
    #[serde(default)]
    pub starts_at: Option<i64>,
    /// Closes (UTC epoch milliseconds, exclusive); entries from then on are `list_closed`.
    #[serde(default)]
    pub ends_at: Option<i64>,
    /// Every valid scan is an entry, however often.
    #[serde(default)]
    pub allow_multiple_entries: bool,
    /// Who has left may come in again.
    #[serde(default)]
    pub allow_entry_after_exit: bool,
    /// Pending (unpaid) tickets belong to the list, and may be let in with `ignore_unpaid`.
    #[serde(default)]
    pub include_pending: bool,
    /// One scan admits all tickets of the same order.
    #[serde(default)]
    pub admit_order: bool,
    /// Names of the gates; when there are any, a scan must name one of them.
    #[serde(default)]
    pub gates: Vec<String>,
    /// Custom rules for entries.
    #[serde(default)]
    pub rules: Option<Rule>,
}

impl CheckInList {
    /// Whether the product is let in on this list.
    pub fn lets_in(&self, product_id: &str) -> bool {
        self.product_ids.as_ref().is_none_or(|ids| ids.iter().any(|id| id == product_id))
    }

    /// Whether entries are possible at `at`.
    pub fn is_open(&self, at: i64) -> bool {
        self.starts_at.is_none_or(|start| start <= at) && self.ends_at.is_none_or(|end| at < end)
    }

    /// Whether a scan at `gate` belongs here.
    pub fn has_gate(&self, gate: Option<&str>) -> bool {
        self.gates.is_empty() || gate.is_some_and(|gate| self.gates.iter().any(|known| known == gate))
    }
}
