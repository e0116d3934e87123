//! WeChat's errcodes, sorted by what the caller has to do.

use paifang_core::time::DAY;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// WeChat's days begin at midnight in China (UTC+8).
const CHINA: i64 = 8 * HOUR;

/// What an errcode asks of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrcodeClass {
    /// Busy: the same call may succeed after a moment.
    Retry,
    /// The access_token is no longer the current one.
    Token,
    /// The login code cannot be used (again): `wx.login` gives a new one.
    Relogin,
    /// The user is blocked by WeChat.
    UserBlocked,
    /// The account must authorise us (again).
    Reauthorise,
    /// WeChat does not accept calls from this server's address.
    Address,
    /// AppID or secret are wrong, or the account lacks the capability: only the operator can mend it.
    Configuration,
    /// A quota is used up: later.
    Quota,
    /// The call is wrong, and will be wrong again.
    Permanent,
}

/// The class of an errcode other than 0.
pub const fn class_of(errcode: i64) -> ErrcodeClass {
    match errcode {
        -1 => ErrcodeClass::Retry,
        40001 | 40014 | 42001 => ErrcodeClass::Token,
        40029 | 40163 => ErrcodeClass::Relogin,
        40226 => ErrcodeClass::UserBlocked,
        61003 | 61007 | 61023 => ErrcodeClass::Reauthorise,
        40164 | 61004 | 89501 | 89503 | 89506 | 89507 => ErrcodeClass::Address,
        40013 | 40125 | 40243 | 41002 | 41004 | 48001 | 50002 | 50007 => ErrcodeClass::Configuration,
        45009 | 45011 | 44990 | 44991 | 44993 => ErrcodeClass::Quota,
        _ => ErrcodeClass::Permanent,
    }
}

/// How long not to repeat a call that was refused with `errcode` at `now`, in milliseconds; nothing where the refusal
/// says nothing about the next call.
pub const fn rest_after(errcode: i64, now: i64) -> Option<i64> {
    match errcode {
        45009 | 44993 => Some(DAY - (now + CHINA).rem_euclid(DAY)),
        45011 | 44991 => Some(MINUTE - now.rem_euclid(MINUTE)),
        44990 => Some(SECOND),
        89506 => Some(DAY),
        89507 => Some(HOUR),
        40013 | 40125 | 40164 | 40243 | 48001 | 89501 | 89503 => Some(30 * SECOND),
        _ => None,
    }
}

/// The address that WeChat refused (errcode 40164), out of the text. UNVERIFIED: the text is
/// `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist`.
pub fn refused_address(errmsg: &str) -> Option<String> {
    let words = errmsg.split([' ', ',', ';']).map(|word| word.trim_matches(['.', ':', '(', ')']));
    let address = words.filter_map(|word| word.parse::<std::net::IpAddr>().ok()).next()?;
    Some(address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_rest_until_the_minute_or_the_chinese_day_ends() {
        let noon_in_china = 4 * HOUR;
        assert_eq!(rest_after(45009, noon_in_china), Some(12 * HOUR));
        assert_eq!(rest_after(45011, noon_in_china + 1500), Some(MINUTE - 1500));
        assert_eq!(rest_after(40003, noon_in_china), None);
    }

    #[test]
    fn the_refused_address_is_read_out_of_the_text() {
        let text = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 65b-1-2";
        assert_eq!(refused_address(text).as_deref(), Some("203.0.113.7"));
        assert_eq!(refused_address("invalid ip 2001:db8::1, not in whitelist").as_deref(), Some("2001:db8::1"));
        assert_eq!(refused_address("not in whitelist rid: 1"), None);
    }
}
