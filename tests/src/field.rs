//! Engineers in the field: units on site, orders for them, visits and day points as phones send them.

use crate::actor::{Actor, Answer};
use crate::app::TestApp;
use paifang_core::time::format_rfc3339;
use serde_json::{Value, json};

/// Where the units of these tests stand: the People's Square in Shanghai.
pub const SITE: (f64, f64) = (31.2304, 121.4737);

/// The id of the person behind an actor.
pub async fn person_id(actor: &Actor) -> String {
    actor.get("/api/v1/me").await.expect(200)["id"].as_str().expect("an id").to_owned()
}

/// A fix there, measured at `at` (UTC epoch milliseconds).
pub fn fix((latitude, longitude): (f64, f64), at: i64) -> Value {
    json!({ "latitude": latitude, "longitude": longitude, "accuracy": 20.0, "source": "gps",
        "fixed_at": format_rfc3339(at) })
}

/// Makes a unit, with or without a position; answers its code.
pub async fn unit_at(admin: &Actor, position: Option<(f64, f64)>) -> String {
    let mut unit = json!({ "serial_number": crate::nonce(), "model": "冷水机组 LS-300" });
    if let Some((latitude, longitude)) = position {
        unit["position"] = json!({ "latitude": latitude, "longitude": longitude });
    }
    let unit = admin.post("/api/v1/equipment", &unit).await.expect(201);
    unit["code"].as_str().expect("a code").to_owned()
}

/// Reports a fault of the unit and assigns the order to an engineer.
pub async fn assigned(admin: &Actor, unit: &str, engineer: &Actor) -> Value {
    let report = json!({ "draft_id": crate::nonce(), "equipment_code": unit, "fault_type": "no_power", "text": "无法开机",
        "contact": { "phone": "13800138000" }, "separate": true });
    let order = admin.post("/api/v1/work-orders", &report).await.expect(201);
    assign(admin, &order, &person_id(engineer).await).await
}

/// Gives an order to an engineer.
pub async fn assign(admin: &Actor, order: &Value, engineer_id: &str) -> Value {
    let body = json!({ "move": "assign", "version": order["version"], "engineer_id": engineer_id });
    admin.post(&format!("/api/v1/work-orders/{}/moves", order["id"].as_str().expect("id")), &body).await.expect(200)
}

/// Puts fields over others.
pub fn with(mut body: Value, more: Value) -> Value {
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    body
}

/// Where the visits of an order are.
pub fn visits_path(order: &Value) -> String {
    format!("/api/v1/work-orders/{}/visits", order["id"].as_str().expect("id"))
}

impl TestApp {
    /// Now, by the server's clock.
    pub fn now(&self) -> i64 {
        self.running.app.clock.now()
    }

    /// An order for a unit at [`SITE`], assigned to the engineer.
    pub async fn order_for(&self, engineer: &Actor) -> Value {
        let unit = unit_at(&self.admin, Some(SITE)).await;
        assigned(&self.admin, &unit, engineer).await
    }

    /// A check-in at [`SITE`] now, with more fields.
    pub fn check_in_body(&self, more: Value) -> Value {
        let now = self.now();
        let at = format_rfc3339(now);
        let body = json!({ "visit_key": crate::nonce(), "at": at, "sent_at": at, "fix": fix(SITE, now) });
        with(body, more)
    }

    /// Checks in at [`SITE`] now, with more fields.
    pub async fn check_in(&self, engineer: &Actor, order: &Value, more: Value) -> Answer {
        engineer.post(&visits_path(order), &self.check_in_body(more)).await
    }

    /// A check-out of finished work at [`SITE`] now, with more fields.
    pub fn check_out_body(&self, more: Value) -> Value {
        let now = self.now();
        let at = format_rfc3339(now);
        let body = json!({ "at": at, "sent_at": at, "fix": fix(SITE, now), "result": "done", "text": "更换电源模块" });
        with(body, more)
    }

    /// Checks out of a visit, with more fields.
    pub async fn check_out(&self, engineer: &Actor, order: &Value, visit: &Value, more: Value) -> Answer {
        let path = format!("{}/{}", visits_path(order), visit.as_str().expect("an id or key"));
        engineer.patch(&path, &self.check_out_body(more)).await
    }

    /// A day's start or end at `at`, sent now, with more fields.
    pub async fn day_point(&self, engineer: &Actor, kind: &str, at: i64, more: Value) -> Answer {
        let body = json!({ "point_key": crate::nonce(), "kind": kind, "at": format_rfc3339(at),
            "sent_at": format_rfc3339(self.now()) });
        engineer.post("/api/v1/me/day-points", &with(body, more)).await
    }

    /// Changes some of the settings of `acme`'s service.
    pub async fn serve_with(&self, more: Value) {
        let settings = self.admin.get("/api/v1/service-settings").await.expect(200);
        self.admin.put("/api/v1/service-settings", &with(settings, more)).await.expect(200);
    }
}
