//! `GET /cgi-bin/getcallbackip`: where WeChat's pushes come from. It needs nothing but a valid token.

use serde_json::json;

use crate::answer::Outcome;
use crate::dispatch::Request;
use crate::state::State;
use crate::token;

pub(crate) fn addresses(state: &State, call: &Request) -> Outcome {
    call.require_get()?;
    token::authorize(state, call)?;
    Ok(json!({"ip_list": ["127.0.0.1"]}))
}
