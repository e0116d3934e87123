//! WeChat's content check of what people write.

use paifang_server::accounts::check_text;
use paifang_server::wechat::TextCheck;
use paifang_tests::{APPID, TestApp, both};
use wechat_sim::{Fault, FaultKind, Suggestion};

const PATH: &str = "/wxa/msg_sec_check";

async fn check(app: &TestApp, text: &str) -> TextCheck {
    check_text(&app.running.app, APPID, &app.sim.openid(APPID, "alice"), text).await
}

fn fail(app: &TestApp, kind: FaultKind) {
    app.sim.clear_faults();
    app.sim.inject(Fault { path: PATH.to_owned(), kind, times: None });
}

both!(a_text_is_passed_to_be_looked_at_or_refused, |app| {
    app.login("alice").await;
    app.sim.set_word("骂人", Suggestion::Risky);
    app.sim.set_word("可疑", Suggestion::Review);
    assert_eq!(check(&app, "机器坏了").await, TextCheck::Passed);
    assert_eq!(check(&app, "有点可疑").await, TextCheck::Review);
    assert_eq!(check(&app, "可疑的骂人话").await, TextCheck::Refused);
    let border = format!("{}骂人{}", "字".repeat(2499), "字".repeat(2500));
    assert_eq!(check(&app, &border).await, TextCheck::Refused, "a word on the border of two pieces");
    let calls: Vec<_> = app.sim.calls().into_iter().filter(|call| call.path == PATH).collect();
    assert!(calls.len() >= 4 && calls.iter().all(|call| call.errcode == Some(0)), "{calls:?}");
});

both!(whatever_fails_the_text_counts_as_unchecked, |app| {
    assert_eq!(check(&app, "x").await, TextCheck::Unchecked, "nobody who has visited");
    app.login("alice").await;
    for kind in [FaultKind::Errcode(40003), FaultKind::Html, FaultKind::Truncated, FaultKind::Status(502)] {
        fail(&app, kind);
        assert_eq!(check(&app, "x").await, TextCheck::Unchecked);
    }
    fail(&app, FaultKind::Timeout);
    let asked = std::time::Instant::now();
    assert_eq!(check(&app, "x").await, TextCheck::Unchecked);
    assert!(asked.elapsed().as_secs() < 8, "nobody waits longer");
    app.sim.clear_faults();
    assert_eq!(check(&app, "x").await, TextCheck::Passed);
    let unknown = check_text(&app.running.app, "wx00000000000000ff", "openid", "x").await;
    assert_eq!(unknown, TextCheck::Unchecked);
    assert!(app.admin.get("/api/v1/notices").await.expect(200)["items"].as_array().unwrap().is_empty());
    fail(&app, FaultKind::Errcode(48001));
    assert_eq!(check(&app, "x").await, TextCheck::Unchecked);
    let notices = app.admin.get("/api/v1/notices").await.expect(200);
    assert_eq!(notices["items"][0]["kind"], "wechat_refused", "the operator hears of a missing permission");
});
