//! The clock: the system's, or one that a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time, in UTC epoch milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    manual: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The clock of the system.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until it is set.
    pub fn manual(at: i64) -> Self {
        Self { manual: Some(Arc::new(AtomicI64::new(at))) }
    }

    /// Sets a manual clock; the system's is left alone.
    pub fn set(&self, at: i64) {
        if let Some(manual) = &self.manual {
            manual.store(at, Ordering::SeqCst);
        }
    }

    /// Now, in UTC epoch milliseconds.
    pub fn now(&self) -> i64 {
        match &self.manual {
            Some(manual) => manual.load(Ordering::SeqCst),
            None => {
                let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
            }
        }
    }
}
