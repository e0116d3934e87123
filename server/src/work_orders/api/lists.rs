//! Lists of work orders over HTTP.

use super::super::near::{self, Cursor};
use super::super::sql::lists::{self as rows, Filter, Lead};
use super::super::sql::near::Filter as NearFilter;
use super::super::views::{self, ListedWorkOrder};
use super::super::{Sight, Viewer};
use super::listed;
use crate::app::App;
use crate::http::page::{Page, PageQuery, Query};
use crate::http::{Coordinates, Engineer, Guest, ProblemDocument};
use crate::problem::Problem;
use actix_web::{get, web};
use paifang_core::problem::ProblemCode;
use paifang_core::time::parse_rfc3339;
use paifang_core::work_order::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
pub struct OrdersQuery {
    /// Waiting orders by their distance from here: degrees in GCJ-02, as `31.2304,121.4737`.
    near: Option<String>,
    /// The caller's own open orders. Of this, `near`, `engineer_id`, `equipment_id` and `customer_id` one at most.
    mine: Option<bool>,
    /// Only in that state.
    state: Option<String>,
    /// Only of that skill, with `near`.
    skill: Option<String>,
    /// Only those to be done until then (RFC 3339).
    due_before: Option<String>,
    /// Only open ones, or only others.
    open: Option<bool>,
    /// Only of that engineer.
    engineer_id: Option<String>,
    /// Only of that unit, by id.
    equipment_id: Option<String>,
    /// Only of that customer.
    customer_id: Option<String>,
    /// Rows per page, 1 to 200; 50 when absent.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of work orders.
#[derive(Serialize, ToSchema)]
pub struct WorkOrderPage {
    items: Vec<ListedWorkOrder>,
    /// Where the next page starts; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// From where the distances are measured: also on later pages where the first one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Coordinates>,
}

/// Which of one's own orders.
#[derive(Debug, Deserialize, IntoParams)]
pub struct MyOrdersQuery {
    /// Only open ones, or only others.
    open: Option<bool>,
    /// Rows per page, 1 to 200; 50 when absent.
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl OrdersQuery {
    fn state(&self) -> Result<Option<String>, Problem> {
        let known = self.state.as_deref().map(|name| {
            State::parse(name).ok_or_else(|| Problem::new(ProblemCode::MalformedParameter).detail("state"))
        });
        Ok(known.transpose()?.map(|state| state.as_str().to_owned()))
    }

    fn due_before(&self) -> Result<Option<i64>, Problem> {
        let read = |text: &String| {
            parse_rfc3339(text).ok_or_else(|| Problem::new(ProblemCode::MalformedParameter).detail("due_before"))
        };
        self.due_before.as_ref().map(read).transpose()
    }

    /// Each of them leads the search, and none checks what another finds.
    fn one_lead(&self) -> Result<(), Problem> {
        let leads = [&self.near, &self.engineer_id, &self.equipment_id, &self.customer_id].into_iter().flatten();
        if leads.count() + usize::from(self.mine == Some(true)) > 1 {
            let detail = "near, mine, engineer_id, equipment_id and customer_id exclude each other";
            return Err(Problem::new(ProblemCode::MalformedParameter).detail(detail));
        }
        Ok(())
    }
}

/// Work orders: with `near`, those that an engineer may take, nearest first; with `mine`, the engineer's own; for
/// dispatchers, all of the organization, newest first.
#[utoipa::path(tag = "work orders", params(OrdersQuery),
    responses((status = 200, body = WorkOrderPage), (status = "default", body = ProblemDocument)))]
#[get("/work-orders")]
pub async fn list_work_orders(
    app: web::Data<App>,
    caller: Engineer,
    query: Query<OrdersQuery>,
) -> Result<web::Json<WorkOrderPage>, Problem> {
    let query = query.0;
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let (state, due_before, limit) = (query.state()?, query.due_before()?, page.limit()?);
    query.one_lead()?;
    let mut conn = app.db.read().await?;
    let viewer = Viewer::of(&mut conn, &caller).await?;
    let now = app.clock.now();
    if let Some(near) = &query.near {
        let cursor = match &query.cursor {
            None => Cursor { origin: near::parse_origin(near)?, after: None },
            Some(cursor) => {
                Cursor::parse(cursor).ok_or_else(|| Problem::new(ProblemCode::MalformedParameter).detail("cursor"))?
            }
        };
        let origin = Coordinates::from(cursor.origin);
        let skill = query.skill.filter(|skill| !skill.is_empty());
        let filter = NearFilter { skill, state, due_before };
        let found = near::page(&mut conn, &viewer.organization_id, cursor, &filter, limit).await?;
        let shown = |row, distance| ListedWorkOrder {
            distance_meters: distance,
            ..views::listed(row, viewer.sight(row).unwrap_or(Sight::Waiting), now)
        };
        return Ok(web::Json(WorkOrderPage {
            items: found.orders.iter().map(|(row, distance)| shown(row, *distance)).collect(),
            next_cursor: found.next,
            origin: Some(origin),
        }));
    }
    let lead = if query.mine == Some(true) {
        Lead::Engineer(caller.session()?.person_id.clone())
    } else if !viewer.dispatches() {
        return Err(Problem::new(ProblemCode::Forbidden).detail("engineers ask with near, or mine=true"));
    } else {
        let unit = query.equipment_id.map(Lead::Unit);
        let customer = query.customer_id.map(Lead::Customer);
        query.engineer_id.map(Lead::Engineer).or(unit).or(customer).unwrap_or_default()
    };
    let open = query.open.or((query.mine == Some(true) && state.is_none()).then_some(true));
    let filter = Filter { state, open, due_before, lead };
    let rows = rows::page(&mut conn, &viewer.organization_id, &filter, &page.after()?, limit + 1).await?;
    let Page { items, next_cursor } = Page::new(listed(&viewer, &rows, now), limit, |order| &order.id);
    Ok(web::Json(WorkOrderPage { items, next_cursor, origin: None }))
}

/// The orders that I have reported, or a company that I have joined, newest first.
#[utoipa::path(tag = "work orders", params(MyOrdersQuery),
    responses((status = 200, body = Page<ListedWorkOrder>), (status = "default", body = ProblemDocument)))]
#[get("/me/work-orders")]
pub async fn list_my_work_orders(
    app: web::Data<App>,
    caller: Guest,
    query: Query<MyOrdersQuery>,
) -> Result<web::Json<Page<ListedWorkOrder>>, Problem> {
    let page = PageQuery { limit: query.0.limit, cursor: query.0.cursor };
    let (limit, after) = (page.limit()?, page.after()?);
    let person_id = caller.session()?.person_id.clone();
    let mut conn = app.db.read().await?;
    let viewer = Viewer::of(&mut conn, &caller).await?;
    let filter = Filter { open: query.0.open, lead: Lead::Person(person_id), ..Filter::default() };
    let rows = rows::page(&mut conn, &viewer.organization_id, &filter, &after, limit + 1).await?;
    let items = listed(&viewer, &rows, app.clock.now());
    Ok(web::Json(Page::new(items, limit, |order: &ListedWorkOrder| &order.id)))
}
