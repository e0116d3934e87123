//! Two persons who turn out to be one.

use crate::{APPID, Actor, TestApp};
use paifang_server::people::{Role, RoleSet};
use serde_json::json;
use wechat_sim::User;

impl TestApp {
    /// Two persons with one phone number: the users `one` and `two`.
    pub async fn twins(&self, [one, two]: [Role; 2]) -> (Actor, Actor) {
        for user in ["one", "two"] {
            self.sim.add_user(User { phone: Some("13800138009".to_owned()), ..User::new(user) });
        }
        (self.login_as("one", one).await, self.login_as("two", two).await)
    }

    /// Makes the second a part of the first, who have the same phone number; with the names of the users.
    pub async fn become_one(&self, (one, first): (&Actor, &str), (two, second): (&Actor, &str)) {
        let bind = async |actor: &Actor, user: &str| {
            let code = self.sim.mint_phone_code(APPID, user).unwrap();
            actor.post("/api/v1/me/phone", &json!({ "code": code })).await
        };
        bind(one, first).await.expect(200);
        bind(two, second).await.problem(409, "phone_taken");
        let conflict = self.admin.get("/api/v1/phone-conflicts").await.expect(200)["items"][0]["id"].clone();
        let resolve = format!("/api/v1/phone-conflicts/{}/resolve", conflict.as_str().unwrap());
        self.admin.post(&resolve, &json!({ "resolution": "merge" })).await.expect(204);
    }

    /// The same with [`Self::twins`]; but their sessions go on naming the second, as those do of requests that run already
    /// when the merge commits. Answers the ids of who stays and who goes.
    pub async fn become_one_behind(&self, one: &Actor, two: &Actor, role: Role) -> (String, String) {
        let id = async |actor: &Actor| actor.get("/api/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
        let (stays, goes) = (id(one).await, id(two).await);
        self.become_one((one, "one"), (two, "two")).await;
        self.name_in_sessions(&stays, &goes, role).await;
        (stays, goes)
    }

    /// Lets sessions that name the first name the second.
    pub async fn name_in_sessions(&self, first: &str, second: &str, role: Role) {
        let roles = RoleSet::from_iter([role]);
        self.running.app.sessions.move_person(first, second, None, roles).await.unwrap();
    }
}
