//! How often an app may call an interface: in a minute, and in a day of China.

use std::collections::HashMap;

use crate::clock::{china_day, minute};
use crate::errcode::Errcode;

/// What the documentation states; an interface without an entry is not limited until a test says so.
const DOCUMENTED: [(&str, Limits); 3] = [
    ("/cgi-bin/stable_token", Limits { per_minute: Some(10_000), per_day: Some(500_000) }),
    ("/wxa/getwxacodeunlimit", Limits { per_minute: Some(5000), per_day: None }),
    ("/wxa/msg_sec_check", Limits { per_minute: Some(4000), per_day: Some(2_000_000) }),
];

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) per_minute: Option<u32>,
    pub(crate) per_day: Option<u32>,
}

#[derive(Debug, Default)]
struct Used {
    minute: i64,
    in_minute: u32,
    day: i64,
    in_day: u32,
}

/// By appid and path.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    limits: HashMap<(String, String), Limits>,
    used: HashMap<(String, String), Used>,
}

impl Quotas {
    /// Takes the place of what is documented; what was used up in this minute and on this day stays so.
    pub(crate) fn set(&mut self, appid: &str, path: &str, limits: Limits) {
        self.limits.insert((appid.to_owned(), path.to_owned()), limits);
    }

    /// Takes one call from the quota. A refused one costs nothing.
    pub(crate) fn spend(&mut self, appid: &str, path: &str, now_ms: i64) -> Result<(), Errcode> {
        let key = (appid.to_owned(), path.to_owned());
        let documented = || DOCUMENTED.iter().find(|(known, _)| *known == path).map(|(_, limits)| *limits);
        let limits = self.limits.get(&key).copied().or_else(documented).unwrap_or_default();
        let used = self.used.entry(key).or_default();
        let (minute, day) = (minute(now_ms), china_day(now_ms));
        if used.minute != minute {
            (used.minute, used.in_minute) = (minute, 0);
        }
        if used.day != day {
            (used.day, used.in_day) = (day, 0);
        }
        // The day first: to wait for the next minute would not help.
        if limits.per_day.is_some_and(|limit| used.in_day >= limit) {
            return Err(Errcode::DAILY_LIMIT);
        }
        if limits.per_minute.is_some_and(|limit| used.in_minute >= limit) {
            return Err(Errcode::MINUTE_LIMIT);
        }
        used.in_minute = used.in_minute.saturating_add(1);
        used.in_day = used.in_day.saturating_add(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const DAY: i64 = 24 * 60 * MINUTE;
    /// Midnight in China.
    const MIDNIGHT: i64 = 16 * 60 * MINUTE;

    #[test]
    fn minutes_and_days_end() {
        let mut quotas = Quotas::default();
        quotas.set("wx1", "/a", Limits { per_minute: Some(2), per_day: Some(3) });
        let mut spend = |now_ms| quotas.spend("wx1", "/a", now_ms).map_err(|errcode| errcode.0);
        assert_eq!((spend(MIDNIGHT), spend(MIDNIGHT + MINUTE - 1)), (Ok(()), Ok(())));
        assert_eq!(spend(MIDNIGHT + MINUTE - 1), Err(45011));
        assert_eq!(spend(MIDNIGHT + MINUTE), Ok(()));
        assert_eq!(spend(MIDNIGHT + DAY - 1), Err(45009));
        assert_eq!(spend(MIDNIGHT + DAY), Ok(()));
    }

    #[test]
    fn each_app_and_interface_has_its_own() {
        let mut quotas = Quotas::default();
        quotas.set("wx1", "/a", Limits { per_minute: Some(0), per_day: None });
        for (appid, path, free) in [("wx1", "/a", false), ("wx2", "/a", true), ("wx1", "/b", true)] {
            assert_eq!(quotas.spend(appid, path, 0).is_ok(), free, "{appid} {path}");
        }
    }

    #[test]
    fn documented_limits_hold_until_others_are_set() {
        let (mut quotas, path) = (Quotas::default(), "/cgi-bin/stable_token");
        for _ in 0..10_000 {
            assert!(quotas.spend("wx1", path, 0).is_ok());
        }
        assert!(quotas.spend("wx1", path, 0).is_err());
        quotas.set("wx1", path, Limits::default());
        assert!(quotas.spend("wx1", path, 0).is_ok());
    }
}
