//! `GET /cgi-bin/getcallbackip`: where WeChat's pushes come from. It needs nothing but a valid token.

use serde_json::json;

use crate::access;
use crate::answer::Outcome;
use crate::request::Request;
use crate::state::State;

pub(crate) fn addresses(state: &mut State, call: &Request) -> Outcome {
    call.require_get()?;
    access::admit(state, call, None)?;
    Ok(json!({"ip_list": ["127.0.0.1"]}))
}
