//! What WeChat answers: a JSON body or a picture, or an errcode with its text and a request id.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use crate::errcode::Errcode;
use crate::random;
use crate::request::Request;

/// How an interface ends: the body of a success, which names no errcode unless WeChat's does, or a refusal.
pub(crate) type Outcome = Result<Value, Errcode>;

/// What an interface answers when it succeeds.
#[derive(Debug)]
pub(crate) enum Reply {
    Json(Value),
    Png(Vec<u8>),
}

impl Reply {
    pub(crate) fn errcode(&self) -> i64 {
        match self {
            Self::Json(body) => body.get("errcode").and_then(Value::as_i64).unwrap_or(0),
            Self::Png(_) => 0,
        }
    }
}

/// What goes over the wire with HTTP 200.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    content_type: &'static str,
    body: Vec<u8>,
}

impl Answer {
    /// A refusal ends with a fresh `rid`, as WeChat's do.
    ///
    /// WeChat often calls its JSON `text/plain`, so a client must not go by the content type.
    pub(crate) fn new(outcome: Result<Reply, Errcode>, call: &Request) -> Self {
        let json = match outcome {
            Ok(Reply::Png(body)) => return Self { content_type: "image/png", body },
            Ok(Reply::Json(body)) => body,
            Err(errcode) => {
                let rid = random::rid(call.now_ms / 1000);
                json!({"errcode": errcode.0, "errmsg": format!("{} rid: {rid}", errcode.text(call.peer))})
            }
        };
        Self { content_type: "text/plain", body: json.to_string().into_bytes() }
    }

    /// What is left of it when the connection breaks in the middle.
    pub(crate) fn first_half(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }

    pub(crate) fn into_response(self) -> HttpResponse {
        HttpResponse::Ok().content_type(self.content_type).body(self.body)
    }
}
