//! Two persons who turn out to be one.

use crate::{APPID, Actor, TestApp};
use paifang_server::people::{Role, RoleSet};
use serde_json::json;
use wechat_sim::User;

impl TestApp {
    /// Two persons with one phone number.
    pub async fn twins(&self, role: Role) -> (Actor, Actor) {
        for user in ["one", "two"] {
            self.sim.add_user(User { phone: Some("13800138009".to_owned()), ..User::new(user) });
        }
        (self.login_as("one", role).await, self.login_as("two", role).await)
    }

    /// Makes the second a part of the first.
    pub async fn merge(&self, one: &Actor, two: &Actor) {
        let bind = async |actor: &Actor, user: &str| {
            let code = self.sim.mint_phone_code(APPID, user).unwrap();
            actor.post("/api/v1/me/phone", &json!({ "code": code })).await
        };
        bind(one, "one").await.expect(200);
        bind(two, "two").await.problem(409, "phone_taken");
        let conflict = self.admin.get("/api/v1/phone-conflicts").await.expect(200)["items"][0]["id"].clone();
        let resolve = format!("/api/v1/phone-conflicts/{}/resolve", conflict.as_str().unwrap());
        self.admin.post(&resolve, &json!({ "resolution": "merge" })).await.expect(204);
    }

    /// Merges them, and lets the sessions go on naming the person who is no more, as those do that run already when the
    /// merge commits. Answers the ids of who stays and who goes.
    pub async fn merge_behind(&self, one: &Actor, two: &Actor, role: Role) -> (String, String) {
        let id = async |actor: &Actor| actor.get("/api/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
        let (stays, goes) = (id(one).await, id(two).await);
        self.merge(one, two).await;
        let sessions = &self.running.app.sessions;
        sessions.move_person(&stays, &goes, None, RoleSet::from_iter([role])).await.unwrap();
        (stays, goes)
    }
}
