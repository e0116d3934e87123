//! Demonstration units, and the customers that have them.

use crate::audit::Actor;
use crate::customers;
use crate::equipment::service::{self, Content};
use crate::equipment::sql;
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::position::Datum;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct DemoUnit {
    /// What its label says, so that a printed demonstration stays good.
    code: String,
    serial_number: String,
    model: String,
    /// The name of a customer.
    customer: Option<String>,
    site: String,
    address: String,
    latitude: f64,
    longitude: f64,
    warranty_until: String,
}

/// The id of the customer of that name, which is made where it is not known.
pub async fn plant_customer(conn: &mut Conn, actor: &Actor, name: &str, now: i64) -> Result<String, Problem> {
    let known = customers::sql::all(conn, &actor.organization_id).await?;
    match known.into_iter().find(|customer| customer.name == name) {
        Some(customer) => Ok(customer.id),
        None => Ok(customers::create(conn, actor, name, now).await?.id),
    }
}

/// Makes the unit, unless its serial number is known.
pub async fn plant_unit(conn: &mut Conn, actor: &Actor, unit: &DemoUnit, now: i64) -> Result<(), Problem> {
    if sql::find_by_serial(conn, &actor.organization_id, &unit.serial_number).await?.is_some() {
        return Ok(());
    }
    let customer_id = match &unit.customer {
        Some(name) => Some(plant_customer(conn, actor, name, now).await?),
        None => None,
    };
    let content = Content {
        serial_number: unit.serial_number.clone(),
        model: unit.model.clone(),
        customer_id,
        site: Some(unit.site.clone()),
        address: Some(unit.address.clone()),
        position: Datum::Gcj02.position(unit.latitude, unit.longitude),
        warranty_until: Some(unit.warranty_until.clone()),
    };
    service::create_labeled(conn, actor, content, unit.code.clone(), now).await?;
    Ok(())
}
