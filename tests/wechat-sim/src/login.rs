//! `GET /sns/jscode2session`.

use crate::answer::Outcome;
use crate::state::{Kind, State, fresh_session_key, openid, unionid};
use serde_json::json;
use std::collections::HashMap;

/// A code lives five minutes.
const CODE_LIFETIME: i64 = 5 * 60 * 1000;

/// Redeems a login code.
pub(crate) fn jscode2session(state: &mut State, method: &str, query: &HashMap<String, String>) -> Outcome {
    if method != "GET" {
        return Outcome::failure(43001, "require GET method");
    }
    let given = |name: &str| query.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let Some(appid) = given("appid") else { return Outcome::failure(41002, "appid missing") };
    let Some(secret) = given("secret") else { return Outcome::failure(41004, "appsecret missing") };
    let Some(js_code) = given("js_code") else { return Outcome::failure(41008, "missing code") };
    if given("grant_type") != Some("authorization_code") {
        return Outcome::failure(40002, "invalid grant_type");
    }
    let Some(app) = state.apps.get(appid).filter(|app| app.kind == Kind::MiniProgram).cloned() else {
        return Outcome::failure(40013, "invalid appid");
    };
    if app.secret != secret {
        return Outcome::failure(40125, "invalid appsecret");
    }
    let now = state.now();
    let Some(code) = state.codes.get_mut(js_code).filter(|code| code.appid == appid) else {
        return Outcome::failure(40029, "invalid code");
    };
    if code.used {
        return Outcome::failure(40163, "code been used");
    }
    if now - code.minted_at > CODE_LIFETIME {
        return Outcome::failure(40029, "invalid code");
    }
    code.used = true;
    let user = code.user.clone();
    if state.blocked_users.contains(&user) {
        return Outcome::failure(40226, "code blocked");
    }
    let session_key = fresh_session_key();
    state.session_keys.insert((appid.to_owned(), user.clone()), session_key.clone());
    let mut body = json!({ "session_key": session_key, "openid": openid(appid, &user) });
    if let (Some(open_platform), Some(body)) = (&app.open_platform, body.as_object_mut()) {
        body.insert("unionid".to_owned(), unionid(open_platform, &user).into());
    }
    Outcome::success(body)
}
