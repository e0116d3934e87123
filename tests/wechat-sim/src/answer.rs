//! What WeChat answers: a JSON body, or an errcode with its text and a request id.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::errcode::Errcode;
use crate::random;
use crate::request::Request;

/// How an interface ends: the body of a success, which names no errcode unless WeChat's does, or a refusal.
pub(crate) type Outcome = Result<Value, Errcode>;

/// What goes over the wire with HTTP 200.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    body: Vec<u8>,
}

impl Answer {
    /// A refusal ends with a fresh `rid`, as WeChat's do.
    pub(crate) fn new(outcome: Outcome, call: &Request) -> Self {
        let json = outcome.unwrap_or_else(|errcode| {
            let rid = random::rid(call.now_ms / 1000);
            json!({"errcode": errcode.0, "errmsg": format!("{} rid: {rid}", errcode.text(call.peer))})
        });
        Self { body: json.to_string().into_bytes() }
    }

    /// What is left of it when the connection breaks in the middle.
    pub(crate) fn first_half(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }

    /// WeChat often calls its JSON `text/plain`, so a client must not go by the content type.
    pub(crate) fn into_response(self) -> HttpResponse {
        HttpResponse::Ok().content_type("text/plain").body(self.body)
    }
}
