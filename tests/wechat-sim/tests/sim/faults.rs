use std::time::{Duration, Instant};

use wechat_sim::{Fault, FaultKind, WechatSim};

use crate::support::*;

const PATH: &str = "/sns/jscode2session";

fn inject(sim: &WechatSim, kind: FaultKind) {
    sim.inject(Fault { path: PATH.to_owned(), kind, times: Some(1) });
}

/// The code was not seen, or was consumed.
async fn assert_next(sim: &WechatSim, code: &str, consumed: bool) {
    let body = login(sim, APPID, code).await;
    if consumed { assert_errcode(&body, 40163) } else { assert!(body.get("openid").is_some(), "{body}") }
}

#[tokio::test]
async fn a_late_answer_is_right() {
    let sim = start();
    inject(&sim, FaultKind::Latency(300));
    let begin = Instant::now();
    assert!(log_in(&sim, APPID, "alice").await.get("openid").is_some());
    assert!(begin.elapsed() >= Duration::from_millis(300));
}

/// Logs in, and gives up once the call has arrived.
async fn give_up(sim: &WechatSim, code: &str) {
    let arrived = async {
        while sim.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let query = login_query(APPID, code);
    tokio::select! {
        answer = send_login(sim, &query) => panic!("{answer:?}"),
        () = arrived => {}
    }
}

#[tokio::test]
async fn a_client_that_gives_up_on_a_late_answer_has_spent_its_code() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    inject(&sim, FaultKind::Latency(60_000));
    give_up(&sim, &code).await;
    assert_next(&sim, &code, true).await;
}

#[tokio::test]
async fn a_time_out_consumes_the_code() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    inject(&sim, FaultKind::Timeout);
    give_up(&sim, &code).await;
    let calls = sim.calls();
    assert_eq!((calls.len(), calls[0].errcode, calls[0].fault), (1, Some(0), Some(FaultKind::Timeout)));
    assert_next(&sim, &code, true).await;
}

#[tokio::test]
async fn a_dropped_connection_loses_the_call_or_the_answer() {
    let sim = start();
    for (kind, consumed) in [(FaultKind::Drop, false), (FaultKind::DropAfter, true)] {
        let code = sim.mint_code(APPID, "alice");
        inject(&sim, kind);
        let error = send_login(&sim, &login_query(APPID, &code)).await.unwrap_err();
        assert!(error.is_request() && !error.is_timeout(), "{error:?}");
        assert_next(&sim, &code, consumed).await;
    }
    assert_eq!(sim.calls()[0].errcode, None);
}

#[tokio::test]
async fn a_gateway_page_is_no_json() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    inject(&sim, FaultKind::Html);
    let response = send_login(&sim, &login_query(APPID, &code)).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"text/html".parse().unwrap()));
    assert!(response.text().await.unwrap().starts_with("<html>"));
    assert_next(&sim, &code, false).await;
}

#[tokio::test]
async fn truncated_json_ends_in_the_middle() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    inject(&sim, FaultKind::Truncated);
    let text = send_login(&sim, &login_query(APPID, &code)).await.unwrap().text().await.unwrap();
    assert!(text.starts_with('{') && serde_json::from_str::<serde_json::Value>(&text).is_err(), "{text}");
    assert_next(&sim, &code, true).await;
}

#[tokio::test]
async fn any_errcode_and_any_status_can_be_had() {
    let sim = start();
    let code = sim.mint_code(APPID, "alice");
    for errcode in [-1, 45011, 40243] {
        inject(&sim, FaultKind::Errcode(errcode));
        assert_errcode(&login(&sim, APPID, &code).await, errcode);
    }
    for (wanted, status) in [(503, 503), (7, 502), (101, 502)] {
        inject(&sim, FaultKind::Status(wanted));
        assert_eq!(send_login(&sim, &login_query(APPID, &code)).await.unwrap().status(), status);
    }
    assert_next(&sim, &code, false).await;
}

#[tokio::test]
async fn a_fault_strikes_its_paths_until_cleared() {
    let sim = start();
    sim.inject(Fault { path: "/sns/".to_owned(), kind: FaultKind::Errcode(-1), times: None });
    for _ in 0..3 {
        assert_errcode(&log_in(&sim, APPID, "alice").await, -1);
    }
    assert_eq!(stable_token(&sim).await.1, 7200);
    sim.clear_faults();
    assert!(log_in(&sim, APPID, "alice").await.get("openid").is_some());
}

#[tokio::test]
async fn stopping_ends_calls_that_are_never_answered() {
    let sim = start();
    inject(&sim, FaultKind::Timeout);
    let (url, address) = (format!("{}{PATH}", sim.base_url()), sim.base_url().replace("http://", ""));
    let waiting = tokio::spawn(async move { client().get(url).send().await });
    while sim.calls().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let begin = Instant::now();
    sim.stop();
    assert!(waiting.await.unwrap().is_err_and(|error| !error.is_timeout()));
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    assert!(std::net::TcpListener::bind(address).is_ok());
}
