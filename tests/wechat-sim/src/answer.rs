//! Answers as WeChat gives them.

use crate::state::random_bytes;
use actix_web::HttpResponse;
use serde_json::{Value, json};

/// What an interface answers: a document, and the errcode that it stands for.
pub(crate) struct Outcome {
    pub errcode: i64,
    pub body: Value,
}

impl Outcome {
    /// Success; most interfaces then leave the errcode away.
    pub fn success(body: Value) -> Self {
        Self { errcode: 0, body }
    }

    /// A failure: HTTP 200 all the same, with a `rid` at the end of the text.
    pub fn failure(errcode: i64, errmsg: &str) -> Self {
        let hex: String = random_bytes::<12>().iter().map(|byte| format!("{byte:02x}")).collect();
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
        let rid = format!("{}-{}-{}", part(0, 8), part(8, 16), part(16, 24));
        Self { errcode, body: json!({ "errcode": errcode, "errmsg": format!("{errmsg} rid: {rid}") }) }
    }

    /// As an HTTP answer; WeChat often declares JSON as plain text.
    pub fn respond(&self) -> HttpResponse {
        HttpResponse::Ok().content_type("text/plain; charset=UTF-8").body(self.body.to_string())
    }
}
