//! What people write about a fault, looked at by WeChat where the organization wants it.

use super::ServiceSettings;
use crate::accounts;
use crate::app::App;
use crate::http::{Caller, Principal};
use crate::problem::Problem;
use crate::wechat::TextCheck;
use paifang_core::problem::ProblemCode;

/// Nothing was asked, or nothing was answered.
pub const UNCHECKED: &str = "unchecked";
const REVIEW: &str = "review";

/// A verdict that a dispatcher should know of.
pub fn doubts(verdict: &str) -> Option<&str> {
    (verdict == REVIEW).then_some(verdict)
}

/// Asks WeChat about a text of the caller; answers what is kept of the answer: `passed`, `review` or `unchecked`.
/// Refuses what WeChat refuses. Somebody who has not logged in is no WeChat user to ask about.
pub async fn check(
    app: &App,
    caller: Option<&Caller>,
    settings: &ServiceSettings,
    text: &str,
) -> Result<&'static str, Problem> {
    let Some(Principal::Person(session)) = caller.map(|caller| &caller.principal).filter(|_| settings.content_check)
    else {
        return Ok(UNCHECKED);
    };
    match accounts::check_text(app, &session.appid, &session.openid, text).await {
        TextCheck::Passed => Ok("passed"),
        TextCheck::Review => Ok(REVIEW),
        TextCheck::Unchecked => Ok(UNCHECKED),
        TextCheck::Refused => Err(ProblemCode::TextRefused.into()),
    }
}
