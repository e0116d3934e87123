//! `GET /sns/jscode2session`: a login code becomes an openid and a session key.

use std::time::Duration;

use serde_json::json;

use crate::answer::Outcome;
use crate::clock::milliseconds;
use crate::errcode::Errcode;
use crate::identity::openid;
use crate::random;
use crate::request::Request;
use crate::state::{CODE_LIFE_MS, Kind, Session, State};

/// `key_reuse` is how long after a login another one keeps its session key.
pub(crate) fn code_to_session(state: &mut State, call: &Request, key_reuse: Duration) -> Outcome {
    call.require_get()?;
    let appid = call.query("appid").ok_or(Errcode::APPID_MISSING)?;
    let secret = call.query("secret").ok_or(Errcode::SECRET_MISSING)?;
    let code = call.query("js_code").ok_or(Errcode::CODE_MISSING)?;
    if call.query("grant_type") != Some("authorization_code") {
        return Err(Errcode::INVALID_GRANT_TYPE);
    }
    if state.authenticate(appid, secret)?.kind != Kind::MiniProgram {
        return Err(Errcode::INVALID_APPID);
    }
    state.quotas.spend(appid, &call.path, call.now_ms)?;
    let user = redeem(state, appid, code, call.now_ms)?;
    state.visits.insert((appid.to_owned(), openid(appid, &user)), call.now_ms);
    let session_key = renew_session(state, appid, &user, call.now_ms, key_reuse);
    let mut body = json!({"session_key": session_key, "openid": openid(appid, &user)});
    if let (Some(unionid), Some(body)) = (state.unionid(appid, &user), body.as_object_mut()) {
        body.insert("unionid".to_owned(), unionid.into());
    }
    Ok(body)
}

/// Consumes the code and says whose it was.
fn redeem(state: &mut State, appid: &str, code: &str, now_ms: i64) -> Result<String, Errcode> {
    let minted = state.codes.get_mut(code).filter(|minted| minted.appid == appid).ok_or(Errcode::INVALID_CODE)?;
    if now_ms.saturating_sub(minted.minted_ms) > CODE_LIFE_MS {
        return Err(Errcode::INVALID_CODE);
    }
    if std::mem::replace(&mut minted.used, true) {
        return Err(Errcode::CODE_USED);
    }
    let user = minted.user.clone();
    if state.users.get(&user).is_some_and(|user| user.blocked) { Err(Errcode::CODE_BLOCKED) } else { Ok(user) }
}

fn renew_session(state: &mut State, appid: &str, user: &str, now_ms: i64, key_reuse: Duration) -> String {
    let pair = (appid.to_owned(), user.to_owned());
    let reuse_ms = milliseconds(key_reuse);
    if let Some(session) = state.sessions.get(&pair).filter(|old| now_ms.saturating_sub(old.since_ms) < reuse_ms) {
        return session.key.clone();
    }
    let key = random::session_key();
    state.sessions.insert(pair, Session { key: key.clone(), since_ms: now_ms });
    key
}
