//! Rate limits, counted in the short-lived store and so shared by all processes.

use crate::app::App;
use crate::problem::Problem;
use actix_web::HttpRequest;
use paifang_core::problem::ProblemCode;

const MINUTE: i64 = 60_000;

/// How often something may be done within a minute.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// Any request of one person: a gate scans two tickets a second at most, and uploads its backlog beside.
    Person,
    /// Any request with one API token.
    ApiToken,
    /// Logins from one address; a whole venue may share one.
    LoginByAddress,
    /// Reports and additions without login, from one address.
    OpenReport,
    /// Photos, videos and their parts from one address without login; a whole site may share one.
    UploadByAddress,
    /// Guesses at an order, an invitation, a phone or a serial number by one person.
    Guess,
    /// Requests from one address of people who have not logged in; a whole site may share one.
    OpenByAddress,
}

impl Limit {
    const fn per_minute(self) -> i64 {
        match self {
            Self::Person => 600,
            Self::ApiToken => 6000,
            Self::LoginByAddress => 1200,
            Self::OpenReport => 20,
            Self::UploadByAddress => 300,
            Self::Guess => 10,
            Self::OpenByAddress => 300,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::ApiToken => "api-token",
            Self::LoginByAddress => "login",
            Self::OpenReport => "open-report",
            Self::UploadByAddress => "upload",
            Self::Guess => "guess",
            Self::OpenByAddress => "open",
        }
    }
}

/// Counts one more for `who`; 429 with `Retry-After` when it is too much.
pub async fn hit(app: &App, limit: Limit, who: &str) -> Result<(), Problem> {
    if !app.config.rate_limits {
        return Ok(());
    }
    let (count, left) = app.kv.count(&format!("rate:{}:{who}", limit.name()), MINUTE).await?;
    if count <= limit.per_minute() {
        return Ok(());
    }
    let seconds = u64::try_from(left.max(1000)).unwrap_or(1000).div_ceil(1000);
    Err(Problem::new(ProblemCode::RateLimited).retry_after(seconds))
}

/// The client's address; the last one that the trusted proxy saw, where there is a proxy.
pub fn client_address(app: &App, request: &HttpRequest) -> String {
    // Some proxies add to the header, others add another one behind those that the client has made up.
    let forwarded = request.headers().get_all("x-forwarded-for").next_back().and_then(|value| value.to_str().ok());
    let forwarded = forwarded.filter(|_| app.config.trust_proxy).and_then(|list| list.rsplit(',').next());
    let peer = || request.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default();
    forwarded.map_or_else(peer, |address| address.trim().to_owned())
}
