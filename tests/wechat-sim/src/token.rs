//! `POST /cgi-bin/stable_token`, and the check of tokens that other interfaces take in their query.

use crate::answer::Outcome;
use crate::state::{State, Token, random_text};
use serde_json::{Value, json};
use std::collections::HashMap;

const LIFETIME: i64 = 7200 * 1000;
/// The platform renews a token so long before it expires.
const RENEWAL: i64 = 5 * 60 * 1000;
const FORCED_PER_DAY: usize = 20;
const FORCED_APART: i64 = 30 * 1000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Gives the current token, or a new one.
pub(crate) fn stable_token(state: &mut State, method: &str, body: &[u8]) -> Outcome {
    if method != "POST" {
        return Outcome::failure(43002, "require POST method");
    }
    if body.is_empty() {
        return Outcome::failure(44002, "empty post data");
    }
    let unreadable = || Outcome::failure(47001, "data format error");
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return unreadable() };
    let mut texts = HashMap::new();
    for name in ["grant_type", "appid", "secret"] {
        match body.get(name) {
            Some(Value::String(text)) if !text.is_empty() => {
                texts.insert(name, text.as_str());
            }
            None | Some(Value::String(_)) => {}
            Some(_) => return unreadable(),
        }
    }
    let force = match body.get("force_refresh") {
        None => false,
        Some(Value::Bool(force)) => *force,
        Some(_) => return unreadable(),
    };
    if texts.get("grant_type") != Some(&"client_credential") {
        return Outcome::failure(40002, "invalid grant_type");
    }
    let Some(appid) = texts.get("appid") else { return Outcome::failure(41002, "appid missing") };
    let Some(secret) = texts.get("secret") else { return Outcome::failure(41004, "appsecret missing") };
    match state.apps.get(*appid) {
        None => return Outcome::failure(40013, "invalid appid"),
        Some(app) if app.secret != *secret => return Outcome::failure(40125, "invalid appsecret"),
        Some(_) => {}
    }
    let now = state.now();
    let fresh = || format!("80_{}", random_text::<96>());
    let token = state.tokens.entry((*appid).to_owned()).or_insert_with(|| Token {
        value: fresh(),
        expires_at: now + LIFETIME,
        forced: Vec::new(),
    });
    if force {
        token.forced.retain(|at| now - at < DAY);
        if token.forced.len() >= FORCED_PER_DAY {
            return Outcome::failure(45009, "reach max api daily quota limit");
        }
        if token.forced.last().is_some_and(|last| now - last < FORCED_APART) {
            return Outcome::failure(45011, "api minute-quota reach limit");
        }
        token.forced.push(now);
    }
    if force || token.expires_at - now <= RENEWAL {
        token.value = fresh();
        token.expires_at = now + LIFETIME;
    }
    Outcome::success(json!({ "access_token": token.value, "expires_in": (token.expires_at - now) / 1000 }))
}
