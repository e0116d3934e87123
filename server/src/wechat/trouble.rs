//! Which accounts had trouble, as far as this process knows: so that a success clears the notice, and only the first
//! success of a process has to look.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Accounts by id, and whether trouble was noted.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    noted: Arc<RwLock<HashMap<String, bool>>>,
}

impl Trouble {
    /// Whether trouble may have been noted: also where this process does not know.
    pub fn was_noted(&self, account_id: &str) -> bool {
        let noted = self.noted.read().unwrap_or_else(PoisonError::into_inner);
        noted.get(account_id).copied().unwrap_or(true)
    }

    /// Remembers whether trouble is noted.
    pub fn set(&self, account_id: &str, troubled: bool) {
        self.noted.write().unwrap_or_else(PoisonError::into_inner).insert(account_id.to_owned(), troubled);
    }
}
