//! Work orders of a test.

use crate::{Actor, Answer, TestApp, nonce};
use serde_json::{Value, json};

impl TestApp {
    /// Tries to report a fault of a unit, with more fields.
    pub async fn try_report(&self, who: &Actor, unit: &Value, more: Value) -> Answer {
        let mut body = json!({ "draft_id": nonce(), "equipment_code": unit["code"], "fault_type": "no_power",
            "text": "开不了机" });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        who.post("/api/v1/work-orders", &body).await
    }

    /// Reports a fault of a new unit.
    pub async fn report(&self, who: &Actor, more: Value) -> Value {
        let unit = self.unit(json!({})).await;
        self.try_report(who, &unit, more).await.expect(201)
    }

    /// Tries a move from the version that `order` has.
    pub async fn try_move(&self, who: &Actor, order: &Value, made: &str, more: Value) -> Answer {
        let mut body = json!({ "move": made, "version": order["version"] });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        who.post(&format!("{}/moves", order_path(order)), &body).await
    }

    /// Makes a move; answers the order after it.
    pub async fn make_move(&self, who: &Actor, order: &Value, made: &str, more: Value) -> Value {
        self.try_move(who, order, made, more).await.expect(200)
    }
}

/// Where the order is.
pub fn order_path(order: &Value) -> String {
    format!("/api/v1/work-orders/{}", order["id"].as_str().expect("id"))
}
