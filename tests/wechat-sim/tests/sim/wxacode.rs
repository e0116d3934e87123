//! Mini program codes.

use reqwest::Response;
use serde_json::{Value, json};
use wechat_sim::{App, Fault, FaultKind, WechatSim};

use crate::support::*;

const PATH: &str = "/wxa/getwxacodeunlimit";

async fn send(sim: &WechatSim, request: Value) -> Response {
    let token = token_of(sim, APPID).await;
    let url = format!("{}{PATH}", sim.base_url());
    client().post(url).query(&[("access_token", token)]).body(request.to_string()).send().await.unwrap()
}

async fn picture(sim: &WechatSim, request: Value) -> Vec<u8> {
    let response = send(sim, request).await;
    assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
    response.bytes().await.unwrap().to_vec()
}

fn holds(png: &[u8], text: &str) -> bool {
    png.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn every_scene_has_a_picture_of_its_own() {
    let sim = start();
    let scene = "aZ0!#$&'()*+,/:;=?@-._~567890123";
    let png = picture(&sim, json!({"scene": scene})).await;
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && holds(&png, &format!("tEXtscene\0{scene}")));
    assert_eq!(png, picture(&sim, json!({"scene": scene, "env_version": "release", "page": ""})).await);
    assert_ne!(png, picture(&sim, json!({"scene": "t=1"})).await);
    assert_ne!(png, picture(&sim, json!({"scene": scene, "env_version": "trial"})).await);
    assert_eq!(sim.calls().last().unwrap().errcode, Some(0));
    let full = json!({"scene": "t=1", "page": "pages/any/index", "check_path": true, "env_version": "develop",
        "width": 1280, "auto_color": false, "line_color": {"r": 0, "g": 128, "b": 255}, "is_hyaline": true});
    picture(&sim, full).await;
}

#[tokio::test]
async fn a_page_must_be_released_unless_that_is_not_checked() {
    let sim = start();
    sim.add_app(App { pages: vec!["pages/home/index".to_owned()], ..App::mini_program(APPID, SECRET) });
    picture(&sim, json!({"scene": "1", "page": "pages/home/index"})).await;
    picture(&sim, json!({"scene": "1"})).await;
    let unknown = json!({"scene": "1", "page": "pages/new/index"});
    assert_errcode(&body(send(&sim, unknown).await).await, 41030);
    picture(&sim, json!({"scene": "1", "page": "pages/new/index", "check_path": false})).await;
    for page in ["/pages/home/index", "pages/home/index?a=1"] {
        let request = json!({"scene": "1", "page": page, "check_path": false});
        assert_errcode(&body(send(&sim, request).await).await, 41030);
    }
}

#[tokio::test]
async fn wrong_requests_get_their_errcodes() {
    let sim = start();
    for (request, errcode) in [
        (json!({}), 40129),
        (json!({"scene": ""}), 40129),
        (json!({"scene": "a b"}), 40129),
        (json!({"scene": "%41"}), 40129),
        (json!({"scene": "门"}), 40129),
        (json!({"scene": "1".repeat(33)}), 40169),
        (json!({"scene": "scancode_time=1"}), 85096),
        (json!({"scene": 1}), 47001),
        (json!({"scene": "1", "page": 1}), 47001),
        (json!({"scene": "1", "check_path": "true"}), 47001),
        (json!({"scene": "1", "env_version": "beta"}), 40097),
        (json!({"scene": "1", "width": 279}), 40097),
        (json!({"scene": "1", "width": 1281}), 40097),
        (json!({"scene": "1", "width": "430"}), 47001),
        (json!({"scene": "1", "auto_color": 1}), 47001),
        (json!({"scene": "1", "is_hyaline": 1}), 47001),
        (json!({"scene": "1", "line_color": [0, 0, 0]}), 47001),
        (json!({"scene": "1", "line_color": {"r": 256}}), 40097),
        (json!(["1"]), 47001),
    ] {
        assert_errcode(&body(send(&sim, request).await).await, errcode);
    }
    for (text, errcode) in [("", 44002), ("scene=1", 40169)] {
        assert_errcode(&post_as(&sim, APPID, PATH, text).await, errcode);
    }
    assert_errcode(&post_as(&sim, OFFICIAL, PATH, json!({"scene": "1"}).to_string()).await, 48001);
    assert_errcode(&get_as(&sim, APPID, PATH, &[]).await, 43002);
    let url = format!("{}{PATH}", sim.base_url());
    assert_errcode(&body(client().post(url).body("{}").send().await.unwrap()).await, 41001);
}

#[tokio::test]
async fn a_picture_can_be_cut_off_too() {
    let sim = start();
    let whole = picture(&sim, json!({"scene": "1"})).await;
    sim.inject(Fault { path: PATH.to_owned(), kind: FaultKind::Truncated, times: Some(1) });
    assert_eq!(picture(&sim, json!({"scene": "1"})).await, whole[..whole.len() / 2]);
    sim.set_quota(APPID, PATH, Some(0), None).unwrap();
    assert_errcode(&body(send(&sim, json!({"scene": "1"})).await).await, 45009);
}
