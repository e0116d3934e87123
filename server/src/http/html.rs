//! Pages for browsers. They bring one stylesheet, run nothing and load nothing from elsewhere; the policy that they are
//! sent with holds the browser to it.

use crate::problem::Problem;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64;

/// Answers a page. `style` is the text of the page's only `style` element, letter by letter: the policy names its hash.
pub fn page(status: StatusCode, template: &impl Template, style: &str) -> Result<HttpResponse, Problem> {
    let text = template.render().map_err(|error| Problem::internal(error.to_string()))?;
    let style = BASE64.encode(digest(&SHA256, style.as_bytes()).as_ref());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src 'self'; media-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.body(text))
}

/// The style of pages that people read on their phones.
pub const STYLE: &str = include_str!("../../templates/page.css");

/// What a page says in one language.
pub struct Words {
    /// What there is, or is not.
    pub heading: &'static str,
    /// Why, and what to do.
    pub hint: &'static str,
}

#[derive(Template)]
#[template(path = "nothing.html")]
struct Nothing<'a> {
    style: &'a str,
    chinese: Words,
    english: Words,
}

/// The page of an address that leads to nothing.
pub fn nothing(chinese: Words, english: Words) -> Result<HttpResponse, Problem> {
    page(StatusCode::NOT_FOUND, &Nothing { style: STYLE, chinese, english }, STYLE)
}
