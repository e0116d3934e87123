//! The simulator's own time, which tests move forward.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The system clock plus an offset that only grows.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        let system = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        milliseconds(system).saturating_add(self.offset_ms.load(Ordering::SeqCst))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = milliseconds(by);
        // The closure always gives a value, so the update cannot fail.
        let _ =
            self.offset_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |offset| Some(offset.saturating_add(by)));
    }
}

/// A duration in whole milliseconds.
pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// China's time is UTC+8, all the year.
const CHINA_OFFSET_MS: i64 = 8 * 60 * MINUTE_MS;

/// The minutes since 1970.
pub(crate) fn minute(now_ms: i64) -> i64 {
    now_ms.div_euclid(MINUTE_MS)
}

/// The days since 1970 in China, where daily quotas begin anew at midnight.
pub(crate) fn china_day(now_ms: i64) -> i64 {
    now_ms.saturating_add(CHINA_OFFSET_MS).div_euclid(DAY_MS)
}
