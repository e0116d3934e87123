//! The demonstration data.

use paifang_server::seed;
use paifang_tests::{APP_SECRET, Actor, TestApp, both};
use serde_json::{Value, json};
use std::path::Path;

const DEMO: &str = "wx00000000000000d0";

async fn log_in(app: &TestApp, user: &str, invitation: &str) -> Actor {
    let body = json!({ "appid": DEMO, "code": app.sim.mint_code(DEMO, user), "invitation_code": invitation });
    app.actor(&app.anonymous().post("/api/v1/sessions", &body).await)
}

both!(planting_twice_changes_nothing, |app| {
    app.sim.add_app(wechat_sim::App::mini_program(DEMO, APP_SECRET));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/demo");
    let mut planted: Vec<Value> = Vec::new();
    for _ in 0..2 {
        seed::seed(&app.running.app, &folder).await.unwrap();
        let dispatcher = log_in(&app, "dispatcher", "DemoDispa1").await;
        let units = dispatcher.get("/api/v1/equipment").await.expect(200)["items"].clone();
        assert_eq!(units.as_array().unwrap().len(), 5);
        assert!(units.as_array().unwrap().iter().all(|unit| unit["position"]["latitude"].is_number()));
        planted.push(units);
    }
    assert_eq!(planted[0], planted[1]);
    let customer = log_in(&app, "customer", "DemoCusto1").await;
    assert_eq!(customer.get("/api/v1/me").await.expect(200)["customers"][0]["name"], "浦江物业");
    let unit = customer.get("/api/v1/equipment/DemoUnit01").await.expect(200);
    assert_eq!((&unit["serial_number"], &unit["in_warranty"]), (&json!("PF-300-000001"), &json!(true)));
    let engineer = log_in(&app, "engineer", "DemoEngin1").await;
    assert_eq!(engineer.get("/api/v1/me").await.expect(200)["roles"], json!(["engineer"]));
});
