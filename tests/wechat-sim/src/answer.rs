//! What WeChat answers: a JSON body, or an errcode with its text and a request id.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::random;

/// The errcode of a refused call. The numbers are WeChat's; see "global return codes" in its documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errcode(pub(crate) i64);

impl Errcode {
    pub(crate) const INVALID_CREDENTIAL: Self = Self(40001);
    pub(crate) const INVALID_GRANT_TYPE: Self = Self(40002);
    pub(crate) const INVALID_APPID: Self = Self(40013);
    pub(crate) const INVALID_ACCESS_TOKEN: Self = Self(40014);
    pub(crate) const INVALID_CODE: Self = Self(40029);
    pub(crate) const INVALID_URL: Self = Self(40066);
    pub(crate) const INVALID_SECRET: Self = Self(40125);
    pub(crate) const CODE_USED: Self = Self(40163);
    pub(crate) const CODE_BLOCKED: Self = Self(40226);
    pub(crate) const ACCESS_TOKEN_MISSING: Self = Self(41001);
    pub(crate) const APPID_MISSING: Self = Self(41002);
    pub(crate) const SECRET_MISSING: Self = Self(41004);
    pub(crate) const CODE_MISSING: Self = Self(41008);
    pub(crate) const ACCESS_TOKEN_EXPIRED: Self = Self(42001);
    pub(crate) const REQUIRE_GET: Self = Self(43001);
    pub(crate) const REQUIRE_POST: Self = Self(43002);
    pub(crate) const EMPTY_BODY: Self = Self(44002);
    pub(crate) const DAILY_LIMIT: Self = Self(45009);
    pub(crate) const MINUTE_LIMIT: Self = Self(45011);
    pub(crate) const DATA_FORMAT: Self = Self(47001);

    fn text(self) -> &'static str {
        match self.0 {
            -1 => "system error",
            40001 => "invalid credential, access_token is invalid or not latest",
            40002 => "invalid grant_type",
            40013 => "invalid appid",
            40014 => "invalid access_token",
            40029 => "invalid code",
            40066 => "invalid url",
            40125 => "invalid appsecret",
            40163 => "code been used",
            40226 => "code blocked",
            41001 => "access_token missing",
            41002 => "appid missing",
            41004 => "appsecret missing",
            41008 => "missing code",
            42001 => "access_token expired",
            43001 => "require GET method",
            43002 => "require POST method",
            44002 => "empty post data",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit, must slower, retry next minute",
            47001 => "data format error",
            _ => "error",
        }
    }
}

/// How an interface ends: the body of a success, which names no errcode unless WeChat's does, or a refusal.
pub(crate) type Outcome = Result<Value, Errcode>;

/// The body's text. A refusal ends with a fresh `rid`, as WeChat's do.
pub(crate) fn body(outcome: Outcome, now_seconds: i64) -> String {
    match outcome {
        Ok(value) => value.to_string(),
        Err(errcode) => {
            let errmsg = format!("{} rid: {}", errcode.text(), random::rid(now_seconds));
            json!({"errcode": errcode.0, "errmsg": errmsg}).to_string()
        }
    }
}

/// The HTTP answer. WeChat often calls its JSON `text/plain`, so a client must not go by the content type.
pub(crate) fn plain(body: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body(body)
}
