//! Customers over HTTP.

use super::sql::{self, CustomerRow};
use super::{LONGEST_NAME, find};
use crate::app::App;
use crate::audit::Actor;
use crate::http::fields::Fields;
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Admin, Body, Dispatcher, Moment, ProblemDocument};
use crate::people::api::persons::Person;
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, put, web};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A customer to make, or its new name.
#[derive(Deserialize, ToSchema)]
pub struct NewCustomer {
    /// Its name, 1 to 100 characters, unique within the organization.
    name: String,
}

/// A customer.
#[derive(Serialize, ToSchema)]
pub struct Customer {
    id: String,
    name: String,
    created_at: Moment,
}

/// A customer, by its name.
#[derive(Clone, Serialize, ToSchema)]
pub struct CustomerName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl NewCustomer {
    fn check(&self) -> Result<String, Problem> {
        let mut fields = Fields::default();
        let name = fields.label("name", &self.name, LONGEST_NAME);
        fields.finish()?;
        Ok(name)
    }
}

/// Makes a customer.
#[utoipa::path(tag = "customers", request_body = NewCustomer,
    responses((status = 201, body = Customer), (status = "default", body = ProblemDocument)))]
#[post("/customers")]
pub async fn create_customer(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    body: Body<NewCustomer>,
) -> Result<HttpResponse, Problem> {
    let name = body.value.check()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move { Ok(Customer::from(super::create(conn, &actor, &name, now).await?)) }.boxed()
    })
    .await
}

/// The customers of the organization.
#[utoipa::path(tag = "customers", params(PageQuery),
    responses((status = 200, body = Page<Customer>), (status = "default", body = ProblemDocument)))]
#[get("/customers")]
pub async fn list_customers(
    app: web::Data<App>,
    caller: Dispatcher,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<Customer>>, Problem> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let rows = sql::page(&mut app.db.read().await?, &caller.organization_id, &after, limit + 1).await?;
    let items = rows.into_iter().map(Customer::from).collect();
    Ok(web::Json(Page::new(items, limit, |customer: &Customer| &customer.id)))
}

/// Renames a customer.
#[utoipa::path(tag = "customers", request_body = NewCustomer,
    responses((status = 200, body = Customer), (status = "default", body = ProblemDocument)))]
#[put("/customers/{id}")]
pub async fn replace_customer(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    body: Body<NewCustomer>,
) -> Result<web::Json<Customer>, Problem> {
    let name = body.value.check()?;
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    let renamed =
        app.db.write(move |conn| async move { super::rename(conn, &actor, &id, &name, now).await }.boxed()).await?;
    Ok(web::Json(renamed.into()))
}

/// The persons who joined a customer.
#[utoipa::path(tag = "customers", params(PageQuery),
    responses((status = 200, body = Page<Person>), (status = "default", body = ProblemDocument)))]
#[get("/customers/{id}/members")]
pub async fn list_customer_members(
    app: web::Data<App>,
    caller: Admin,
    id: web::Path<String>,
    page: Query<PageQuery>,
) -> Result<web::Json<Page<Person>>, Problem> {
    let (limit, after) = (page.0.limit()?, page.0.after()?);
    let mut conn = app.db.read().await?;
    let customer = find(&mut conn, &caller.organization_id, &id).await?;
    let rows = sql::members(&mut conn, &caller.organization_id, &customer.id, &after, limit + 1).await?;
    let items = rows.into_iter().map(Person::from).collect();
    Ok(web::Json(Page::new(items, limit, Person::id)))
}

/// Takes a person out of a customer: what is the company's is hidden from them at once.
#[utoipa::path(tag = "customers", responses((status = 204), (status = "default", body = ProblemDocument)))]
#[delete("/customers/{id}/members/{person_id}")]
pub async fn dismiss_customer_member(
    app: web::Data<App>,
    caller: Admin,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, person_id) = path.into_inner();
    let (actor, now) = (Actor::from(&*caller), app.clock.now());
    app.db.write(move |conn| async move { super::dismiss(conn, &actor, &id, &person_id, now).await }.boxed()).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<CustomerRow> for Customer {
    fn from(row: CustomerRow) -> Self {
        Self { id: row.id, name: row.name, created_at: Moment(row.created_at) }
    }
}

impl From<CustomerRow> for CustomerName {
    fn from(row: CustomerRow) -> Self {
        Self { id: row.id, name: row.name }
    }
}
