//! Bindings over HTTP, for the business; its users' side beside it.

mod body;
pub mod export;
pub mod import;
pub mod me;
pub mod proofs;

use super::sql::{self, BindingRow};
use super::{batch, is_openid, userid};
use crate::accounts::sql as accounts;
use crate::app::App;
use crate::audit::Actor;
use crate::http::fields::Fields;
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Moment, ProblemDocument};
use crate::problem::Problem;
use actix_web::{get, post, web};
use body::{BindingItem, BindingResults};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// The largest body, in bytes.
const LIMIT: usize = 1024 * 1024;
/// The most users of one call.
const MOST_ITEMS: usize = 1000;

/// Binds users of the business to WeChat users: 1 to 1,000 of them, in the body 1 MiB at most. Of each user first `del`
/// is done, then `set`, then `add`; channels are named by their codes. A user who is refused does not hinder the
/// others; a user is taken as a whole or not at all. The same call again changes nothing more.
///
/// Openids of official accounts that are not known yet are shown to WeChat first; those that it does not know are
/// refused, and while it does not answer they are taken as they are and shown to it later. For openids of mini programs
/// WeChat has no such interface.
///
/// A WeChat user who was bound and is no more keeps nothing: they are a new person, and log in again.
#[utoipa::path(tag = "bindings", request_body = Vec<BindingItem>,
    responses((status = 200, body = BindingResults), (status = "default", body = ProblemDocument)))]
#[post("/bindings")]
pub async fn change_bindings(
    app: web::Data<App>,
    caller: Admin,
    body: Body<Vec<Value>, LIMIT>,
) -> Result<web::Json<BindingResults>, Problem> {
    if !(1..=MOST_ITEMS).contains(&body.value.len()) {
        return Err(Problem::field(".", "length", format!("needs 1 to {MOST_ITEMS} users")));
    }
    let outcomes = batch::run(&app, &Actor::from(&*caller), &body.value).await?;
    Ok(web::Json(outcomes.into()))
}

/// Which bindings: those of a user, that of an openid, those of a channel, or all.
#[derive(Deserialize, IntoParams)]
pub struct BindingQuery {
    /// What the business calls the user.
    userid: Option<String>,
    /// The channel's code.
    channel: Option<String>,
    /// The WeChat user in that channel.
    openid: Option<String>,
    /// Rows per page.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A binding.
#[derive(Serialize, ToSchema)]
pub struct Binding {
    id: String,
    /// What the business calls the user.
    userid: String,
    person_id: String,
    /// The channel's code; absent where the account has none.
    channel: Option<String>,
    appid: String,
    openid: String,
    /// The person's name.
    name: Option<String>,
    bound_at: Moment,
    /// How: `api`, `import`, `code` or `link`.
    bound_by: Option<String>,
}

/// The bindings, looked up both ways or all of them.
#[utoipa::path(tag = "bindings", params(BindingQuery),
    responses((status = 200, body = Page<Binding>), (status = "default", body = ProblemDocument)))]
#[get("/bindings")]
pub async fn list_bindings(
    app: web::Data<App>,
    caller: Admin,
    query: Query<BindingQuery>,
) -> Result<web::Json<Page<Binding>>, Problem> {
    let BindingQuery { userid: user, channel, openid, limit, cursor } = query.0;
    let page = PageQuery { limit, cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let mut conn = app.db.read().await?;
    let organization_id = caller.organization_id.as_str();
    let mut fields = Fields::default();
    let account = match channel.as_deref().filter(|code| !code.is_empty()) {
        Some(code) => accounts::by_channel(&mut conn, organization_id, code).await?,
        None => None,
    };
    if channel.is_some() && account.is_none() {
        fields.wrong("channel", "unknown", "no account has this code");
    } else if account.is_none() && openid.is_some() {
        fields.wrong("channel", "required", "an openid means something in a channel only");
    }
    if openid.as_deref().is_some_and(|openid| !is_openid(openid)) {
        fields.wrong("openid", "format", "is no openid");
    }
    let user = user.map(|raw| userid(&raw));
    if user.as_ref().is_some_and(Option::is_none) {
        fields.wrong("userid", "length", "needs 1 to 64 visible characters");
    }
    fields.finish()?;
    let (appid, user) = (account.map(|used| used.account.appid).unwrap_or_default(), user.flatten());
    let mut rows = match (&openid, &user) {
        (Some(openid), _) => sql::of_openid(&mut conn, organization_id, &appid, openid).await?,
        (None, Some(user)) => sql::of_user(&mut conn, organization_id, &after, user, &appid, limit + 1).await?,
        (None, None) => sql::page(&mut conn, organization_id, &after, &appid, limit + 1).await?,
    };
    rows.retain(|row| user.as_ref().is_none_or(|user| row.userid == *user));
    let items = rows.into_iter().map(Binding::from).collect();
    Ok(web::Json(Page::new(items, limit, |binding: &Binding| &binding.id)))
}

impl From<BindingRow> for Binding {
    fn from(row: BindingRow) -> Self {
        Self {
            id: row.id,
            userid: row.userid,
            person_id: row.person_id,
            channel: row.channel_code,
            appid: row.appid,
            openid: row.openid,
            name: row.name,
            bound_at: Moment(row.bound_at),
            bound_by: row.bound_by,
        }
    }
}
