//! WeChat's errcodes, sorted by what the caller has to do.

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
    /// AppID, secret or address list are wrong: only the operator can mend it.
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
        40013 | 40125 | 40164 | 40243 | 41002 | 41004 | 48001 | 50002 | 50007 | 61004 | 89501 | 89503 | 89506
        | 89507 => ErrcodeClass::Configuration,
        45009 | 45011 | 44990 | 44991 | 44993 => ErrcodeClass::Quota,
        _ => ErrcodeClass::Permanent,
    }
}
