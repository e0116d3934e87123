//! The way of a call: from the request through faults and the right interface to the answer.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use crate::answer::{self, Errcode, Outcome};
use crate::faults::{FaultKind, Strike};
use crate::log::Call;
use crate::simulator::Simulator;
use crate::state::State;
use crate::{callback, connection, login, token};

/// How long a call that is never answered keeps its connection.
const SILENCE: Duration = Duration::from_secs(120);

const GATEWAY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// A request, reduced to what WeChat's interfaces look at.
pub(crate) struct Request {
    method: Method,
    path: String,
    query: BTreeMap<String, String>,
    body: web::Bytes,
    pub(crate) now_ms: i64,
}

impl Request {
    fn new(request: &HttpRequest, body: web::Bytes, now_ms: i64) -> Self {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let mut query = BTreeMap::new();
        for (name, value) in pairs.map(web::Query::into_inner).unwrap_or_default() {
            query.entry(name).or_insert(value);
        }
        Self { method: request.method().clone(), path: request.path().to_owned(), query, body, now_ms }
    }

    /// A parameter of the query; an empty one counts as missing.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn require_get(&self) -> Result<(), Errcode> {
        if self.method == Method::GET { Ok(()) } else { Err(Errcode::REQUIRE_GET) }
    }

    pub(crate) fn require_post(&self) -> Result<(), Errcode> {
        if self.method == Method::POST { Ok(()) } else { Err(Errcode::REQUIRE_POST) }
    }

    /// The body as a JSON object, whatever the content type says.
    pub(crate) fn json_object(&self) -> Result<Map<String, Value>, Errcode> {
        if self.body.is_empty() {
            return Err(Errcode::EMPTY_BODY);
        }
        serde_json::from_slice(&self.body).map_err(|_| Errcode::DATA_FORMAT)
    }
}

/// Answers every path outside `/_sim`.
pub(crate) async fn dispatch(sim: web::Data<Simulator>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let call = Request::new(&request, body, sim.clock.now_ms());
    let (strike, body) = process(&sim, call);
    // Processed first and delayed afterwards: a client that gives up early has consumed its code all the same.
    tokio::time::sleep(Duration::from_millis(strike.latency_ms)).await;
    match strike.fault {
        Some(FaultKind::Timeout) => {
            tokio::time::sleep(SILENCE).await;
            connection::hang_up(&request);
        }
        Some(FaultKind::Drop | FaultKind::DropAfter) => connection::hang_up(&request),
        Some(FaultKind::Html) => return HttpResponse::Ok().content_type("text/html").body(GATEWAY_PAGE),
        Some(FaultKind::Status(status)) => {
            let status = StatusCode::from_u16(status).ok().filter(|status| !status.is_informational());
            return HttpResponse::build(status.unwrap_or(StatusCode::BAD_GATEWAY)).content_type("text/html").finish();
        }
        Some(FaultKind::Truncated) => return answer::plain(body.chars().take(body.chars().count() / 2).collect()),
        Some(FaultKind::Errcode(_) | FaultKind::Latency(_)) | None => {}
    }
    answer::plain(body)
}

/// Applies the call to the state, unless a fault forbids, and writes it down.
fn process(sim: &Simulator, call: Request) -> (Strike, String) {
    let mut state = sim.state();
    let strike = state.faults.strike(&call.path);
    let outcome = match strike.fault {
        Some(FaultKind::Drop | FaultKind::Html | FaultKind::Status(_)) => None,
        Some(FaultKind::Errcode(errcode)) => Some(Err(Errcode(errcode))),
        _ => Some(route(sim, &mut state, &call)),
    };
    let errcode = outcome.as_ref().map(|outcome| match outcome {
        Ok(value) => value.get("errcode").and_then(Value::as_i64).unwrap_or(0),
        Err(errcode) => errcode.0,
    });
    let body = outcome.map(|outcome| answer::body(outcome, call.now_ms / 1000)).unwrap_or_default();
    state.log.push(Call {
        at_ms: call.now_ms,
        method: call.method.to_string(),
        body: serde_json::from_slice(&call.body).ok(),
        path: call.path,
        query: call.query,
        errcode,
        fault: strike.fault,
    });
    (strike, body)
}

fn route(sim: &Simulator, state: &mut State, call: &Request) -> Outcome {
    match call.path.as_str() {
        "/sns/jscode2session" => login::code_to_session(state, call, sim.session_key_reuse),
        "/cgi-bin/stable_token" => token::stable_token(state, call),
        "/cgi-bin/getcallbackip" => callback::addresses(state, call),
        _ => Err(Errcode::INVALID_URL),
    }
}
