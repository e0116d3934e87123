//! What is printed, and where its codes lead.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use paifang_server::people::Role;
use paifang_tests::{APPID, Actor, Answer, Stack, TestApp, both, both_at};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn of(unit: &Value, what: &str) -> String {
    format!("/api/v1/equipment/{}/{what}", unit["id"].as_str().unwrap())
}

fn text(answer: &Answer) -> &str {
    answer.body.as_str().unwrap()
}

/// A page runs nothing, loads nothing from elsewhere and has the stylesheet that its policy names.
#[track_caller]
fn assert_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    let page = text(answer);
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = BASE64_STANDARD.encode(Sha256::digest(style));
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; ") && policy.contains(&format!("style-src 'sha256-{hash}'")),
        "{policy}"
    );
    assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains("href="), "{page}");
}

both!(a_landing_page_says_what_it_is_and_no_more, |app| {
    let unit = app.unit(json!({ "serial_number": "PF-2026-000123", "model": "<LS & 300>", "site": "机房" })).await;
    let path = format!("/q/{}", unit["code"].as_str().unwrap());
    let page = app.anonymous().get(&path).await;
    assert_page(&page, 200);
    let html = text(&page);
    assert!(html.contains("&#60;LS &#38; 300&#62;") && html.contains("***0123") && html.contains("acme"), "{html}");
    assert!(html.contains("微信") && html.contains("Scan with WeChat") && html.contains("<svg"));
    assert!(!html.contains("PF-2026") && !html.contains("机房"));
    let nothing = app.anonymous().get("/q/AAAAAAAAAA").await;
    assert_page(&nothing, 404);
    assert!(text(&nothing).contains("没有找到"));
    assert_page(&app.anonymous().get("/q/%3Cscript%3E").await, 404);
    app.admin.delete(&format!("/api/v1/equipment/{}", unit["id"].as_str().unwrap())).await;
    assert_page(&app.anonymous().get(&path).await, 404);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_lead_to_the_public_address() {
    let settings = [("PAIFANG_PUBLIC_URL", "https://service.example.com/")];
    let app = TestApp::start_with(Stack::Sqlite, paifang_server::clock::Clock::system(), &settings).await;
    let unit = app.unit(json!({})).await;
    let svg = app.admin.get(&of(&unit, "qr-code.svg")).await;
    assert_eq!((svg.status, &svg.headers["content-type"]), (200, &"image/svg+xml".parse().unwrap()));
    let address = format!("https://service.example.com/q/{}", unit["code"].as_str().unwrap());
    let expected = qrcode::QrCode::with_error_correction_level(&address, qrcode::EcLevel::Q).unwrap();
    let dark = expected.to_colors().iter().filter(|color| **color == qrcode::Color::Dark).count();
    assert_eq!(modules(text(&svg)), dark, "the code says {address}");
    let ids = unit["id"].as_str().unwrap();
    let sheet = app.admin.get(&format!("/api/v1/equipment/labels?ids={ids}")).await;
    assert!(text(&sheet).contains(&address));
    assert!(text(&sheet).contains(text(&svg)), "the label shows the same code");
}

/// The dark modules of a code, from the runs of its path.
fn modules(svg: &str) -> usize {
    let path = svg.rsplit("d=\"").next().unwrap().split('"').next().unwrap();
    let width = |run: &str| run.split(['v', 'V']).next().and_then(|width| width.parse::<usize>().ok());
    path.split('h').skip(1).filter_map(width).sum::<usize>() / 8
}

both!(labels_are_printed_in_the_order_asked_for, |app| {
    let customer = app.customer("东方物业").await;
    let mut ids = Vec::new();
    for number in 0..3 {
        let more = json!({ "serial_number": format!("T-{number}"), "customer_id": customer["id"] });
        ids.push(app.unit(more).await["id"].as_str().unwrap().to_owned());
    }
    ids.reverse();
    let dispatcher = app.login_as("dora", Role::Dispatcher).await;
    let sheet = dispatcher.get(&format!("/api/v1/equipment/labels?ids={}&columns=2", ids.join(","))).await;
    assert_page(&sheet, 200);
    let serials: Vec<_> = text(&sheet).split("class=\"serial\">").skip(1).map(|rest| &rest[..3]).collect();
    assert_eq!(serials, ["T-2", "T-1", "T-0"]);
    assert!(text(&sheet).contains("columns-2") && text(&sheet).contains("@page"));
    let of_customer = format!("/api/v1/equipment/labels?customer_id={}", customer["id"].as_str().unwrap());
    assert_eq!(text(&dispatcher.get(&of_customer).await).matches("<svg").count(), 3);
    app.foreign_admin.get(&of_customer).await.problem(404, "not_found");
    app.foreign_admin.get(&format!("/api/v1/equipment/labels?ids={}", ids[0])).await.problem(404, "not_found");
    let many = vec![ids[0].as_str(); 201].join(",");
    for query in ["", "ids=", "ids=x&columns=5", "ids=x&customer_id=y", &format!("ids={many}")] {
        app.admin.get(&format!("/api/v1/equipment/labels?{query}")).await.problem(422, "invalid_field");
    }
    app.admin.get("/api/v1/equipment/labels?ids=x").await.problem(404, "not_found");
    app.admin.get("/api/v1/equipment/labels?ids=x&columns=many").await.problem(400, "malformed_parameter");
});

both!(a_mini_program_code_opens_the_unit, |app| {
    let unit = app.unit(json!({})).await;
    let answer = app.admin.request(Method::GET, &of(&unit, "mini-program-code")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
    assert!(answer.bytes().await.unwrap().starts_with(b"\x89PNG"));
    let other = format!("{}?account_id=00000000-0000-7000-8000-000000000000", of(&unit, "mini-program-code"));
    app.admin.get(&other).await.problem(409, "conflict");
    for what in ["mini-program-code", "qr-code.svg"] {
        app.foreign_admin.get(&of(&unit, what)).await.problem(404, "not_found");
        app.login_as("eve", Role::Engineer).await.get(&of(&unit, what)).await.problem(403, "forbidden");
    }
});

both_at!("2026-11-20T04:00:00Z", codes_are_to_be_had_again_in_the_next_minute, |app| {
    let unit = app.unit(json!({})).await;
    let path = of(&unit, "mini-program-code");
    app.sim.set_quota(APPID, "/wxa/getwxacodeunlimit", Some(0), None).unwrap();
    for _ in 0..2 {
        let refused = app.admin.get(&path).await;
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        refused.problem(429, "rate_limited");
    }
    app.sim.set_quota(APPID, "/wxa/getwxacodeunlimit", None, None).unwrap();
    let clock = &app.running.app.clock;
    clock.set(clock.now() + 60_000);
    assert_eq!(app.admin.request(Method::GET, &path).send().await.unwrap().status().as_u16(), 200);
});

async fn put(actor: &Actor, name: &str, content: &str) -> Answer {
    let request = actor.request(Method::PUT, &format!("/api/v1/verification-files/{name}"));
    Actor::send(request.header("content-type", "text/plain").body(content.to_owned())).await
}

both!(verification_files_are_served_as_they_were_given, |app| {
    let name = "ab12CD34ef.txt";
    app.anonymous().get(&format!("/q/{name}")).await.problem(404, "not_found");
    put(&app.admin, name, "4f6a2d\n").await.expect(204);
    let served = app.anonymous().get(&format!("/q/{name}")).await;
    assert_eq!((served.status, &served.body), (200, &json!("4f6a2d\n")));
    assert_eq!(served.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(served.headers["x-content-type-options"], "nosniff");
    put(&app.admin, name, "changed").await.expect(204);
    put(&app.foreign_admin, name, "stolen").await.problem(409, "already_exists");
    let path = format!("/api/v1/verification-files/{name}");
    assert_eq!(app.admin.get(&path).await.expect(200), "changed");
    app.foreign_admin.get(&path).await.problem(404, "not_found");
    app.foreign_admin.delete(&path).await.problem(404, "not_found");
    for wrong in ["x.html", "x", ".txt", "a%20b.txt", &format!("{}.txt", "x".repeat(65))] {
        put(&app.admin, wrong, "x").await.problem(400, "malformed_parameter");
    }
    for content in ["", "<p>\u{7}</p>", "中文"] {
        put(&app.admin, "x.txt", content).await.problem(400, "malformed_body");
    }
    put(&app.admin, "x.txt", &"x".repeat(1025)).await.problem(413, "body_too_large");
    let json = app.admin.put("/api/v1/verification-files/x.txt", &json!({})).await;
    json.problem(415, "unsupported_media_type");
    app.admin.delete(&path).await.expect(204);
    app.anonymous().get(&format!("/q/{name}")).await.problem(404, "not_found");
    app.admin.delete(&path).await.problem(404, "not_found");
});
