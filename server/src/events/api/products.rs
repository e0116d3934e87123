//! Products over HTTP.

use crate::app::App;
use crate::audit::Actor;
use crate::events::sql::{self, ProductRow};
use crate::events::{products, service};
use crate::http::fields::Fields;
use crate::http::idempotency::{self, IdempotencyKey};
use crate::http::page::Page;
use crate::http::{Admin, Body, Moment, ProblemDocument, Staff};
use crate::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A product to make.
#[derive(Deserialize, ToSchema)]
pub struct NewProduct {
    /// Its name, 1 to 100 characters, unique within the event.
    name: String,
    /// Its tickets, once claimed, show a code that the holder's phone signs anew every 15 seconds, so that a
    /// screenshot is refused.
    #[serde(default)]
    rotating: bool,
}

/// A product (ticket type).
#[derive(Serialize, ToSchema)]
pub struct Product {
    id: String,
    name: String,
    rotating: bool,
    created_at: Moment,
}

/// Makes a product.
#[utoipa::path(tag = "events", request_body = NewProduct,
    responses((status = 201, body = Product), (status = "default", body = ProblemDocument)))]
#[post("/events/{id}/products")]
pub async fn create_product(
    app: web::Data<App>,
    caller: Admin,
    key: IdempotencyKey,
    id: web::Path<String>,
    body: Body<NewProduct>,
) -> Result<HttpResponse, Problem> {
    let mut fields = Fields::default();
    let name = fields.label("name", &body.value.name, 100);
    fields.finish()?;
    let (actor, now, rotating) = (Actor::from(&*caller), app.clock.now(), body.value.rotating);
    idempotency::create(&app, &caller, key, &body.digest, StatusCode::CREATED, move |conn| {
        async move {
            let event = service::find(conn, &actor.organization_id, &id).await?;
            Ok(Product::from(products::create(conn, &actor, &event, &name, rotating, now).await?))
        }
        .boxed()
    })
    .await
}

/// The products of an event.
#[utoipa::path(tag = "events",
    responses((status = 200, body = Page<Product>), (status = "default", body = ProblemDocument)))]
#[get("/events/{id}/products")]
pub async fn list_products(
    app: web::Data<App>,
    caller: Staff,
    id: web::Path<String>,
) -> Result<web::Json<Page<Product>>, Problem> {
    let mut conn = app.db.read().await?;
    let event = service::find(&mut conn, &caller.organization_id, &id).await?;
    let rows = sql::products(&mut conn, &caller.organization_id, &event.id).await?;
    Ok(web::Json(Page::whole(rows.into_iter().map(Product::from))))
}

impl From<ProductRow> for Product {
    fn from(row: ProductRow) -> Self {
        Self { id: row.id, name: row.name, rotating: row.rotating, created_at: Moment(row.created_at) }
    }
}
