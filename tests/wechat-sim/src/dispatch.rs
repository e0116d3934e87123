//! The way of a call: from the request through faults and the right interface to the answer.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::answer::{Answer, Reply};
use crate::errcode::Errcode;
use crate::faults::{FaultKind, Strike};
use crate::request::Request;
use crate::simulator::Simulator;
use crate::state::State;
use crate::{callback, connection, content_check, login, phone, token, users, wxacode};

/// How long a call that is never answered keeps its connection.
const SILENCE: Duration = Duration::from_secs(120);

const GATEWAY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// Answers every path outside `/_sim`.
pub(crate) async fn dispatch(sim: web::Data<Simulator>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let call = Request::new(&request, body, sim.clock.now_ms());
    let (strike, answer) = process(&sim, call);
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
        Some(FaultKind::Truncated) => return answer.first_half().into_response(),
        Some(FaultKind::Errcode(_) | FaultKind::Latency(_)) | None => {}
    }
    answer.into_response()
}

/// Applies the call to the state, unless a fault forbids, and writes it down.
fn process(sim: &Simulator, call: Request) -> (Strike, Answer) {
    let mut state = sim.state();
    let strike = state.faults.strike(&call.path);
    let outcome = match strike.fault {
        Some(FaultKind::Drop | FaultKind::Html | FaultKind::Status(_)) => None,
        Some(FaultKind::Errcode(errcode)) => Some(Err(Errcode(errcode))),
        _ => Some(route(sim, &mut state, &call)),
    };
    let errcode = outcome.as_ref().map(|outcome| outcome.as_ref().map_or_else(|errcode| errcode.0, Reply::errcode));
    let answer = outcome.map(|outcome| Answer::new(outcome, &call)).unwrap_or_default();
    state.log.push(call, errcode, strike.fault);
    (strike, answer)
}

fn route(sim: &Simulator, state: &mut State, call: &Request) -> Result<Reply, Errcode> {
    let outcome = match call.path.as_str() {
        "/wxa/getwxacodeunlimit" => return wxacode::unlimited(state, call),
        "/sns/jscode2session" => login::code_to_session(state, call, sim.session_key_reuse),
        "/cgi-bin/stable_token" => token::stable_token(state, call),
        "/wxa/business/getuserphonenumber" => phone::number(state, call),
        "/wxa/msg_sec_check" => content_check::text(state, call),
        "/cgi-bin/user/get" => users::list(state, call, sim.follower_page()),
        "/cgi-bin/user/info" => users::info(state, call),
        "/cgi-bin/user/info/batchget" => users::batch(state, call),
        "/cgi-bin/getcallbackip" => callback::addresses(state, call),
        _ => Err(Errcode::INVALID_URL),
    };
    outcome.map(Reply::Json)
}
