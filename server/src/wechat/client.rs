//! The client: one connection pool, time-outs, and WeChat's habit of answering errors with HTTP 200.

use super::errcode::{ErrcodeClass, class_of, refused_address};
use crate::http::metrics::Metrics;
use crate::problem::Problem;
use crate::session::KvError;
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
#[derive(Clone, Debug, Error)]
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
    /// Not even sent: WeChat refused the same call a short time ago, and would refuse it again.
    #[error("WeChat refused before, errcode {errcode}: {errmsg}")]
    Resting {
        /// WeChat's code then.
        errcode: i64,
        /// WeChat's text then.
        errmsg: String,
        /// Milliseconds until it is worth trying again.
        left: i64,
    },
    /// The company's own token server gave no token.
    #[error("the token provider {0}")]
    Provider(String),
    /// The store that keeps tokens is away.
    #[error(transparent)]
    Store(#[from] KvError),
}

impl WechatError {
    /// What the errcode asks of the caller, where there is one.
    pub fn class(&self) -> Option<ErrcodeClass> {
        match self {
            Self::Errcode { errcode, .. } | Self::Resting { errcode, .. } => Some(class_of(*errcode)),
            _ => None,
        }
    }

    /// WeChat's errcode and text, where it gave them, now or before.
    pub fn refusal(&self) -> Option<(i64, &str)> {
        match self {
            Self::Errcode { errcode, errmsg } | Self::Resting { errcode, errmsg, .. } => Some((*errcode, errmsg)),
            _ => None,
        }
    }
}

impl From<WechatError> for Problem {
    fn from(error: WechatError) -> Self {
        let why = error.to_string();
        let code = match (&error, error.class()) {
            (WechatError::Store(_), _) => {
                return Problem::new(ProblemCode::SessionStoreUnavailable).retry_after(1).because(why);
            }
            (WechatError::Timeout, _) => ProblemCode::WechatTimeout,
            (_, Some(ErrcodeClass::Address)) => {
                let problem = Problem::new(ProblemCode::WechatAddressRefused).because(why);
                let address = error.refusal().and_then(|(_, errmsg)| refused_address(errmsg));
                return address.map_or(problem.clone(), |address| problem.with("address", address.into()));
            }
            (_, Some(ErrcodeClass::Configuration | ErrcodeClass::Reauthorise)) => ProblemCode::WechatMisconfigured,
            (_, Some(ErrcodeClass::Relogin)) => ProblemCode::LoginCodeInvalid,
            (_, Some(ErrcodeClass::UserBlocked)) => ProblemCode::LoginBlocked,
            (_, Some(ErrcodeClass::Quota)) => {
                let left = if let WechatError::Resting { left, .. } = &error { *left } else { 60_000 };
                let seconds = u64::try_from(left / 1000 + 1).unwrap_or(60);
                return Problem::new(ProblemCode::RateLimited).retry_after(seconds).because(why);
            }
            _ => ProblemCode::WechatFailed,
        };
        Problem::new(code).because(why)
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

    /// A request to another address than WeChat's: a company's own token server.
    pub(super) fn get_elsewhere(&self, url: &str) -> RequestBuilder {
        self.http.get(url)
    }

    /// Sends a request once and reads the JSON answer. The content type is not looked at: WeChat's is not reliable.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        path: &str,
        request: RequestBuilder,
    ) -> Result<T, WechatError> {
        read_json(&self.send_raw(path, request).await?)
    }

    /// Sends a request once; the answer may be an image. A refusal is JSON in any case.
    pub(super) async fn send_raw(&self, path: &str, request: RequestBuilder) -> Result<Vec<u8>, WechatError> {
        let result = send(request).await;
        let outcome = match &result {
            Ok(_) => "ok".to_owned(),
            Err(WechatError::Errcode { errcode, .. }) => errcode.to_string(),
            Err(WechatError::Timeout) => "timeout".to_owned(),
            Err(WechatError::Connection) => "connection".to_owned(),
            Err(_) => "unreadable".to_owned(),
        };
        self.metrics.count_wechat_call(path, &outcome);
        result
    }
}

/// Reads an answer that [`WechatClient::send_raw`] gave.
pub(super) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, WechatError> {
    serde_json::from_slice(body).map_err(|_| WechatError::Unreadable { status: 200 })
}

async fn send(request: RequestBuilder) -> Result<Vec<u8>, WechatError> {
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
    if !body.trim_ascii_start().starts_with(b"{") {
        let is_image = body.starts_with(b"\x89PNG") || body.starts_with(b"\xff\xd8\xff");
        return if is_image { Ok(body) } else { Err(WechatError::Unreadable { status }) };
    }
    let failure: Failure = serde_json::from_slice(&body).map_err(|_| WechatError::Unreadable { status })?;
    if failure.errcode != 0 {
        return Err(WechatError::Errcode { errcode: failure.errcode, errmsg: failure.errmsg });
    }
    if !(200..300).contains(&status) {
        return Err(WechatError::Unreadable { status });
    }
    Ok(body)
}
