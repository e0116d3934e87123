//! The way of a push to the account's server, and the check of its URL.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use reqwest::Client;
use reqwest::redirect::Policy;
use serde::Serialize;
use serde_json::Value;

use super::{Fresh, sign};
use crate::random;
use crate::simulator::Simulator;

/// How often WeChat tries in all.
const ATTEMPTS: u32 = 3;

/// What the account's server answered in the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The HTTP status of the last answer.
    pub status: u16,
    /// Its body.
    pub body: String,
    /// How many times the push was sent, from 1 to 3.
    pub attempts: u32,
}

impl Delivery {
    /// Whether WeChat is content: HTTP 200 with `success` or nothing.
    pub fn accepted(&self) -> bool {
        self.status == 200 && ["", "success"].contains(&self.body.as_str())
    }
}

/// What calls the servers of accounts. It keeps no connection, because those of one runtime do not work in another.
pub(crate) fn client(time_out: Duration) -> reqwest::Result<Client> {
    Client::builder().timeout(time_out).pool_max_idle_per_host(0).redirect(Policy::none()).no_proxy().build()
}

impl Simulator {
    /// Each attempt is signed anew. Fails if the last one got no answer in time.
    pub(crate) async fn deliver(&self, appid: &str, event: &Value) -> anyhow::Result<Delivery> {
        // Once, so that every attempt tells the same event and the same time.
        let (callback, event) = (self.callback(appid)?, self.complete(appid, event)?);
        let mut attempts = 1;
        loop {
            let push = sign(&callback, appid, &event, &Fresh::new(self.now()))?;
            let request =
                self.client()?.post(&callback.url).query(&push.query).header("content-type", push.content_type);
            let answer = async {
                let response = request.body(push.body).send().await?;
                let status = response.status().as_u16();
                reqwest::Result::Ok(Delivery { status, body: response.text().await?, attempts })
            };
            let answer = answer.await;
            if attempts >= ATTEMPTS || answer.as_ref().is_ok_and(Delivery::accepted) {
                return answer.with_context(|| format!("{} did not answer", callback.url));
            }
            attempts += 1;
        }
    }

    /// What the console does when the settings are saved.
    pub(crate) async fn verify_url(&self, appid: &str) -> anyhow::Result<()> {
        let callback = self.callback(appid)?;
        let echo = random::digits(19);
        let mut query = Fresh::new(self.now()).query(&callback.token);
        query.push(("echostr".to_owned(), echo.clone()));
        let response = self.client()?.get(&callback.url).query(&query).send().await?;
        let (status, body) = (response.status(), response.text().await?);
        ensure!(status == 200, "{} answered {status}: {body}", callback.url);
        ensure!(body == echo, "{} answered {body:?}, not {echo:?}", callback.url);
        Ok(())
    }
}
