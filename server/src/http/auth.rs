//! Who calls, and with which right. A handler names the right that it needs in its signature.

use super::limits::{self, Limit};
use crate::app::App;
use crate::organizations;
use crate::people::{Role, RoleSet};
use crate::problem::Problem;
use crate::session::Session;
use crate::sessions::Claims;
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, try_join};
use paifang_core::problem::ProblemCode;
use std::ops::Deref;

/// Who makes a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The organization on whose things the caller works.
    pub organization_id: String,
    /// Who it is.
    pub principal: Principal,
    /// What it may do.
    pub roles: RoleSet,
}

/// A person who has logged in, or a business system.
#[derive(Clone, Debug)]
pub enum Principal {
    /// A person, by the session.
    Person(Box<Session>),
    /// An API token, by its id.
    ApiToken(String),
}

impl Caller {
    /// Whether the caller may do what `role` may do.
    pub fn may(&self, role: Role) -> bool {
        self.roles.allows(role)
    }

    /// Refuses who may not do what `role` may do.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        if self.may(role) { Ok(()) } else { Err(ProblemCode::Forbidden.into()) }
    }

    /// The id of the person or the API token, for the audit log.
    pub fn id(&self) -> &str {
        match &self.principal {
            Principal::Person(session) => &session.person_id,
            Principal::ApiToken(id) => id,
        }
    }

    /// What kind of principal it is, for the audit log.
    pub fn kind(&self) -> &'static str {
        match &self.principal {
            Principal::Person(_) => "person",
            Principal::ApiToken(_) => "api_token",
        }
    }

    /// The session; an API token has none and is refused.
    pub fn session(&self) -> Result<&Session, Problem> {
        match &self.principal {
            Principal::Person(session) => Ok(session),
            Principal::ApiToken(_) => {
                Err(Problem::new(ProblemCode::Forbidden).detail("this needs a person who has logged in"))
            }
        }
    }
}

/// A caller with at least the role whose number is `ROLE`.
pub struct Auth<const ROLE: u8>(Caller);

/// Anybody who has logged in.
pub type Guest = Auth<{ Role::Guest as u8 }>;
/// Members and customers.
pub type Member = Auth<{ Role::Member as u8 }>;
/// Engineers and above.
pub type Engineer = Auth<{ Role::Engineer as u8 }>;
/// Dispatchers and above.
pub type Dispatcher = Auth<{ Role::Dispatcher as u8 }>;
/// Staff and above.
pub type Staff = Auth<{ Role::Staff as u8 }>;
/// Supervisors and above.
pub type Supervisor = Auth<{ Role::Supervisor as u8 }>;
/// Admins.
pub type Admin = Auth<{ Role::Admin as u8 }>;

impl<const ROLE: u8> Auth<ROLE> {
    /// The caller.
    pub fn into_inner(self) -> Caller {
        self.0
    }
}

impl<const ROLE: u8> Deref for Auth<ROLE> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl<const ROLE: u8> FromRequest for Auth<ROLE> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = request.app_data::<web::Data<App>>().cloned();
        let token = bearer(request);
        async move {
            let app = app.ok_or_else(|| Problem::internal("no application state"))?;
            let caller = authenticate(&app, &token.ok_or(ProblemCode::Unauthenticated)?).await?;
            let needed = Role::ALL.into_iter().find(|role| *role as u8 == ROLE);
            caller.require(needed.unwrap_or(Role::Admin))?;
            Ok(Self(caller))
        }
        .boxed_local()
    }
}

/// Who calls, where somebody does: nobody without an `Authorization` header. A credential that is there must be alive, so
/// that a client with a dead one logs in again instead of being taken for a stranger.
pub struct MaybeCaller(Option<Caller>);

impl MaybeCaller {
    /// The caller.
    pub fn into_inner(self) -> Option<Caller> {
        self.0
    }

    /// The caller, where it is one of that organization: elsewhere everybody is a stranger.
    pub fn within(&self, organization_id: &str) -> Option<&Caller> {
        self.0.as_ref().filter(|caller| caller.organization_id == organization_id)
    }
}

impl Deref for MaybeCaller {
    type Target = Option<Caller>;

    fn deref(&self) -> &Option<Caller> {
        &self.0
    }
}

impl FromRequest for MaybeCaller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.headers().contains_key(AUTHORIZATION) {
            return std::future::ready(Ok(Self(None))).boxed_local();
        }
        let caller = Guest::from_request(request, payload);
        async move { Ok(Self(Some(caller.await?.into_inner()))) }.boxed_local()
    }
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

async fn authenticate(app: &App, token: &str) -> Result<Caller, Problem> {
    if token.starts_with(organizations::API_TOKEN_PREFIX) {
        let token = organizations::find_api_token(app, token).await?.ok_or(ProblemCode::Unauthenticated)?;
        limits::hit(app, Limit::ApiToken, &token.id).await?;
        let roles = Role::parse(&token.role).into_iter().collect();
        let principal = Principal::ApiToken(token.id);
        return Ok(Caller { organization_id: token.organization_id, principal, roles });
    }
    let now = app.clock.now();
    let claims: Claims = app.tokens.verify(app, token, now).await?;
    let (session, ()) = try_join!(app.sessions.get(&claims.sid, now), limits::hit(app, Limit::Person, &claims.sub))?;
    let session = session.ok_or(ProblemCode::Unauthenticated)?;
    let (organization_id, roles) = (session.organization_id.clone(), session.roles);
    Ok(Caller { organization_id, principal: Principal::Person(Box::new(session)), roles })
}
