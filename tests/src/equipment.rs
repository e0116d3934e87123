//! Units, and the customers that have them.

use crate::actor::Actor;
use crate::app::TestApp;
use serde_json::{Value, json};

impl TestApp {
    /// Makes a unit with a serial number of its own, with more fields.
    pub async fn unit(&self, more: Value) -> Value {
        let mut body = json!({ "serial_number": crate::nonce(), "model": "冷水机组 LS-300" });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        self.admin.post("/api/v1/equipment", &body).await.expect(201)
    }

    /// Makes a customer.
    pub async fn customer(&self, name: &str) -> Value {
        self.admin.post("/api/v1/customers", &json!({ "name": name })).await.expect(201)
    }

    /// Logs a WeChat user in who joins a customer by its invitation.
    pub async fn login_for(&self, user: &str, customer: &Value) -> Actor {
        let invitation = json!({ "role": "member", "customer_id": customer["id"] });
        let invitation = self.admin.post("/api/v1/invitations", &invitation).await.expect(201);
        let answer = self.try_login(user, json!({ "invitation_code": invitation["code"] })).await;
        self.actor(&answer)
    }
}
