//! The client: one connection pool, time-outs, and WeChat's habit of answering errors with HTTP 200.

use super::errcode::{ErrcodeClass, class_of};
use crate::http::metrics::Metrics;
use crate::problem::Problem;
use paifang_core::problem::ProblemCode;
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use thiserror::Error;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(8);
/// Answers of the interfaces used here are small; more than this is something else.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// A call to WeChat that gave no usable answer. Its text holds no secret.
#[derive(Debug, Error)]
pub enum WechatError {
    /// No answer in time: whether WeChat did it is unknown.
    #[error("WeChat did not answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("no connection to WeChat")]
    Connection,
    /// An answer that is none of WeChat's JSON.
    #[error("WeChat answered HTTP {status} with something unreadable")]
    Unreadable {
        /// The HTTP status.
        status: u16,
    },
    /// WeChat refused.
    #[error("errcode {errcode}: {errmsg}")]
    Errcode {
        /// WeChat's code.
        errcode: i64,
        /// WeChat's text, with the `rid` of the call.
        errmsg: String,
    },
}

impl WechatError {
    /// What the errcode asks of the caller, where there is one.
    pub fn class(&self) -> Option<ErrcodeClass> {
        match self {
            Self::Errcode { errcode, .. } => Some(class_of(*errcode)),
            _ => None,
        }
    }
}

impl From<WechatError> for Problem {
    fn from(error: WechatError) -> Self {
        let code = match (&error, error.class()) {
            (WechatError::Timeout, _) => ProblemCode::WechatTimeout,
            (_, Some(ErrcodeClass::Configuration | ErrcodeClass::Reauthorise)) => ProblemCode::WechatMisconfigured,
            (_, Some(ErrcodeClass::Relogin)) => ProblemCode::LoginCodeInvalid,
            (_, Some(ErrcodeClass::UserBlocked)) => ProblemCode::LoginBlocked,
            (_, Some(ErrcodeClass::Quota)) => {
                return Problem::new(ProblemCode::RateLimited).retry_after(60).because(error.to_string());
            }
            _ => ProblemCode::WechatFailed,
        };
        Problem::new(code).because(error.to_string())
    }
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

/// WeChat's interfaces.
#[derive(Clone)]
pub struct WechatClient {
    http: reqwest::Client,
    base: String,
    metrics: Metrics,
}

impl WechatClient {
    /// A client for the service at `base` (without a slash at the end).
    pub fn new(base: String, metrics: Metrics) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            // A repeated request could use up a login code a second time.
            .retry(reqwest::retry::never())
            .build()?;
        Ok(Self { http, base, metrics })
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.base))
    }

    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.base))
    }

    /// Sends a request once and reads the answer. The content type is not looked at: WeChat's is not reliable.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        path: &str,
        request: RequestBuilder,
    ) -> Result<T, WechatError> {
        let result = send(request).await;
        let outcome = match &result {
            Ok(_) => "ok".to_owned(),
            Err(WechatError::Errcode { errcode, .. }) => errcode.to_string(),
            Err(WechatError::Timeout) => "timeout".to_owned(),
            Err(WechatError::Connection) => "connection".to_owned(),
            Err(WechatError::Unreadable { .. }) => "unreadable".to_owned(),
        };
        self.metrics.count_wechat_call(path, &outcome);
        result
    }
}

async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, WechatError> {
    let failed = |error: reqwest::Error| {
        if error.is_timeout() { WechatError::Timeout } else { WechatError::Connection }
    };
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(WechatError::Unreadable { status });
        }
    }
    let failure: Failure = serde_json::from_slice(&body).map_err(|_| WechatError::Unreadable { status })?;
    if failure.errcode != 0 {
        return Err(WechatError::Errcode { errcode: failure.errcode, errmsg: failure.errmsg });
    }
    serde_json::from_slice(&body).map_err(|_| WechatError::Unreadable { status })
}
