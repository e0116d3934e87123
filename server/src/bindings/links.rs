//! Signed links that the business sends to a user: opened in the mini program, one binds who opened it.

use crate::app::App;
use crate::problem::Problem;
use crate::sessions::{LONGEST_LIFE, Token};
use paifang_core::problem::ProblemCode;
use serde::{Deserialize, Serialize};

const AUDIENCE: &str = "binding";
/// The longest life of a link, in milliseconds.
pub const LONGEST: i64 = LONGEST_LIFE;

/// What a link says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Link {
    aud: String,
    /// The link itself: it works once.
    pub jti: String,
    /// The organization.
    pub org: String,
    /// The user.
    pub userid: String,
    iat: i64,
    exp: i64,
}

impl Token for Link {
    const AUDIENCE: Option<&'static str> = Some(AUDIENCE);

    fn expires_at(&self) -> i64 {
        self.exp
    }
}

impl Link {
    /// A link with the id `jti`.
    pub fn new(jti: String, organization_id: String, userid: String, now: i64, expires_at: i64) -> Self {
        let (aud, iat, exp) = (AUDIENCE.to_owned(), now / 1000, expires_at / 1000);
        Self { aud, jti, org: organization_id, userid, iat, exp }
    }
}

/// Reads the token of a link.
pub async fn open(app: &App, token: &str, now: i64) -> Result<Link, Problem> {
    let opened = app.tokens.verify::<Link>(app, token, now).await;
    opened.map_err(|problem| match problem.code() {
        ProblemCode::Unauthenticated => ProblemCode::BindingInvalid.into(),
        _ => problem,
    })
}

/// The organization that a link leads to.
pub async fn organization_of(app: &App, token: &str, now: i64) -> Result<String, Problem> {
    Ok(open(app, token, now).await?.org)
}

/// Where the link leads in the mini program.
pub fn path(token: &str) -> String {
    format!("pages/account/bind/index?token={token}")
}
