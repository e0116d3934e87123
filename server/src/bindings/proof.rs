//! A user proves to be a business user, with a code or a link.

use super::service::{Attached, Binder, Effects};
use super::sql::proofs;
use super::verify::Facts;
use super::{By, codes, links, userid};
use crate::app::App;
use crate::audit::Actor;
use crate::http::fields::Fields;
use crate::people::sql::{find_person, identities};
use crate::problem::Problem;
use crate::storage::Conn;
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// What the user gives.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GivenProof {
    /// With a code: what the business calls the user.
    userid: Option<String>,
    /// The code.
    code: Option<String>,
    /// The token of a link, instead.
    token: Option<String>,
}

/// What the user gives, checked for its form.
#[derive(Clone, Debug)]
pub enum Given {
    /// A code for a business user.
    Code {
        /// The business user.
        userid: String,
        /// What was typed.
        code: String,
    },
    /// The token of a link.
    Token(String),
}

impl GivenProof {
    /// Checks the form; `prefix` stands before the names of fields.
    pub fn check(self, prefix: &str) -> Result<Given, Problem> {
        let mut fields = Fields::default();
        let name = |field: &str| format!("{prefix}{field}");
        let given = match self {
            Self { userid: None, code: None, token: Some(token) } => {
                if !(1..=2048).contains(&token.len()) || !token.bytes().all(|b| b.is_ascii_graphic()) {
                    fields.wrong(&name("token"), "format", "is no token of a link");
                }
                Given::Token(token)
            }
            Self { userid: Some(raw), code: Some(code), token: None } => {
                let known = userid(&raw);
                if known.is_none() {
                    fields.wrong(&name("userid"), "length", "needs 1 to 64 visible characters");
                }
                if code.chars().count() > 64 {
                    fields.wrong(&name("code"), "length", "is no code");
                }
                Given::Code { userid: known.unwrap_or_default(), code }
            }
            Self { token: Some(_), .. } => {
                return Err(Problem::field(&name("token"), "unknown", "stands alone, without userid and code"));
            }
            Self { userid: None, .. } => return Err(Problem::field(&name("userid"), "required", "is missing")),
            Self { .. } => return Err(Problem::field(&name("code"), "required", "is missing")),
        };
        fields.finish()?;
        Ok(given)
    }
}

/// A proof that was good; using it up is part of the transaction that binds.
#[derive(Clone, Debug)]
pub struct Proof {
    by: By,
    /// The code's or the link's id.
    id: String,
    userid: String,
}

/// A WeChat user: an account's AppID and an openid.
pub type WechatUser<'a> = (&'a str, &'a str);

/// Checks what the user gives. Nothing is left to prove where they are that business user already. A code loses a try,
/// whatever becomes of the rest.
pub async fn prove(
    app: &App,
    organization_id: &str,
    (appid, openid): WechatUser<'_>,
    given: Given,
) -> Result<Option<Proof>, Problem> {
    let now = app.clock.now();
    let invalid = || Problem::new(ProblemCode::BindingInvalid);
    let (userid, code, link) = match given {
        Given::Code { userid, code } => (userid, code, None),
        Given::Token(token) => {
            let link = links::open(app, &token, now).await?;
            (link.userid, String::new(), Some((link.jti, link.org)))
        }
    };
    if link.as_ref().is_some_and(|(_, organization)| organization != organization_id) {
        return Err(invalid());
    }
    let known = bound_userid(&mut app.db.read().await?, organization_id, appid, openid).await?;
    match known {
        Some((known, true)) if known == userid => return Ok(None),
        Some((known, _)) if known != userid => return Err(ProblemCode::BindingConflict.into()),
        _ => {}
    }
    if let Some((id, _)) = link {
        return Ok(Some(Proof { by: By::Link, id, userid }));
    }
    let code = codes::parse(&code).ok_or_else(invalid)?;
    let (organization_id, of_user) = (organization_id.to_owned(), userid.clone());
    let attempted = app
        .db
        .write(move |conn| async move { codes::attempt(conn, &organization_id, &of_user, &code, now).await }.boxed());
    let id = attempted.await?.ok_or_else(invalid)?;
    Ok(Some(Proof { by: By::Code, id, userid }))
}

/// The userid of a WeChat user's person, and whether the WeChat user is bound itself.
async fn bound_userid(
    conn: &mut Conn,
    organization_id: &str,
    appid: &str,
    openid: &str,
) -> Result<Option<(String, bool)>, Problem> {
    let Some(identity) = identities::find(conn, organization_id, appid, openid).await? else { return Ok(None) };
    let person = find_person(conn, organization_id, &identity.person_id).await?;
    Ok(person.and_then(|person| person.userid).map(|userid| (userid, identity.bound_at.is_some())))
}

/// Uses a proof up and binds the WeChat user of `person_id`; answers who they are now. The caller has locked the
/// organization.
pub async fn redeem(
    conn: &mut Conn,
    organization_id: &str,
    person_id: &str,
    (appid, openid): WechatUser<'_>,
    proof: &Proof,
    now: i64,
) -> Result<(String, Effects), Problem> {
    let (userid, mut effects) = (proof.userid.as_str(), Effects::default());
    match bound_userid(conn, organization_id, appid, openid).await? {
        Some((known, true)) if known == userid => return Ok((person_id.to_owned(), effects)),
        Some((known, _)) if known != userid => return Err(ProblemCode::BindingConflict.into()),
        _ => {}
    }
    let usable = match proof.by {
        By::Link => use_link(conn, organization_id, &proof.id, person_id, now).await?,
        _ => proofs::use_code(conn, organization_id, &proof.id, now).await?,
    };
    if !usable {
        return Err(ProblemCode::BindingInvalid.into());
    }
    let actor = Actor { organization_id: organization_id.to_owned(), kind: "person", id: person_id.to_owned() };
    let binder = Binder { actor: &actor, by: proof.by, facts: &Facts::default(), now };
    let holder = binder.holder(conn, userid, &[(appid, openid)]).await?;
    match binder.attach(conn, &holder, appid, openid, &mut effects).await? {
        Attached::Conflict => Err(ProblemCode::BindingConflict.into()),
        Attached::New | Attached::Same => Ok((holder, effects)),
    }
}

/// Whether the person may use the link: nobody has, or the same person.
async fn use_link(
    conn: &mut Conn,
    organization_id: &str,
    id: &str,
    person_id: &str,
    now: i64,
) -> Result<bool, Problem> {
    if proofs::use_link(conn, organization_id, id, person_id, now).await? {
        return Ok(true);
    }
    Ok(proofs::link_user(conn, organization_id, id).await?.as_deref() == Some(person_id))
}
