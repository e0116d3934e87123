//! WeChat's numbers for a refused call; see "global return codes" in its documentation.

use std::borrow::Cow;
use std::net::IpAddr;

/// The errcode of a refused call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errcode(pub(crate) i64);

impl Errcode {
    pub(crate) const INVALID_CREDENTIAL: Self = Self(40001);
    pub(crate) const INVALID_GRANT_TYPE: Self = Self(40002);
    pub(crate) const INVALID_OPENID: Self = Self(40003);
    pub(crate) const INVALID_APPID: Self = Self(40013);
    pub(crate) const INVALID_ACCESS_TOKEN: Self = Self(40014);
    pub(crate) const INVALID_CODE: Self = Self(40029);
    pub(crate) const INVALID_PARAMETER: Self = Self(40035);
    pub(crate) const INVALID_URL: Self = Self(40066);
    pub(crate) const INVALID_ARGUMENTS: Self = Self(40097);
    pub(crate) const INVALID_SECRET: Self = Self(40125);
    pub(crate) const INVALID_SCENE: Self = Self(40129);
    pub(crate) const CODE_USED: Self = Self(40163);
    pub(crate) const ADDRESS_NOT_ALLOWED: Self = Self(40164);
    /// Of a mini program code: its scene is too long, or the data is no JSON.
    pub(crate) const NO_JSON: Self = Self(40169);
    pub(crate) const CODE_BLOCKED: Self = Self(40226);
    pub(crate) const SECRET_FROZEN: Self = Self(40243);
    pub(crate) const ACCESS_TOKEN_MISSING: Self = Self(41001);
    pub(crate) const APPID_MISSING: Self = Self(41002);
    pub(crate) const SECRET_MISSING: Self = Self(41004);
    pub(crate) const CODE_MISSING: Self = Self(41008);
    pub(crate) const OPENID_MISSING: Self = Self(41009);
    pub(crate) const INVALID_PAGE: Self = Self(41030);
    pub(crate) const ACCESS_TOKEN_EXPIRED: Self = Self(42001);
    pub(crate) const REQUIRE_GET: Self = Self(43001);
    pub(crate) const REQUIRE_POST: Self = Self(43002);
    /// The openid is of another app.
    pub(crate) const FOREIGN_OPENID: Self = Self(43104);
    pub(crate) const EMPTY_BODY: Self = Self(44002);
    /// Of the content check, which has one of its own.
    pub(crate) const CHECKS_PER_MINUTE: Self = Self(44991);
    pub(crate) const DAILY_LIMIT: Self = Self(45009);
    pub(crate) const MINUTE_LIMIT: Self = Self(45011);
    pub(crate) const DATA_FORMAT: Self = Self(47001);
    pub(crate) const UNAUTHORIZED: Self = Self(48001);
    pub(crate) const NOT_VISITED: Self = Self(61010);
    pub(crate) const RESERVED_SCENE: Self = Self(85096);

    /// The beginning of the `errmsg`, which may name who called.
    pub(crate) fn text(self, peer: IpAddr) -> Cow<'static, str> {
        let text = match self.0 {
            -1 => "system error",
            40001 => "invalid credential, access_token is invalid or not latest",
            40002 => "invalid grant_type",
            40003 => "invalid openid",
            40013 => "invalid appid",
            40014 => "invalid access_token",
            40029 => "invalid code",
            40035 => "invalid parameter",
            40066 => "invalid url",
            40097 => "invalid args",
            40125 => "invalid appsecret",
            40129 => "invalid scene",
            40163 => "code been used",
            40164 => {
                let ipv6 = match peer {
                    IpAddr::V4(address) => address.to_ipv6_mapped(),
                    IpAddr::V6(address) => address,
                };
                return Cow::Owned(format!("invalid ip {peer} ipv6 {ipv6}, not in whitelist"));
            }
            40169 => "invalid length for scene, or the data is not json string",
            40226 => "code blocked",
            40243 => "AppSecret has been frozen, please unfreeze it and try again",
            41001 => "access_token missing",
            41002 => "appid missing",
            41004 => "appsecret missing",
            41008 => "missing code",
            41009 => "missing openid",
            41030 => "invalid page",
            42001 => "access_token expired",
            43001 => "require GET method",
            43002 => "require POST method",
            43104 => "this appid does not have permission to this openid",
            44002 => "empty post data",
            44991 => "reach minute quota limit",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit, must slower, retry next minute",
            47001 => "data format error",
            48001 => "api unauthorized",
            61010 => "code is expired: the user has not visited within two hours",
            85096 => "scancode_time is reserved by the system",
            _ => "error",
        };
        Cow::Borrowed(text)
    }
}
