//! Mileage over HTTP.

pub mod days;
pub mod legs;
pub mod points;
pub mod statements;
mod view;

use crate::http::Caller;
use crate::people::{self, Role};
use crate::problem::Problem;
use crate::storage::Conn;
use jiff::civil::Date;
use paifang_core::problem::ProblemCode;

pub use view::{DayView, StopView};

/// Whether the caller reads and approves everybody's mileage.
fn approves(caller: &Caller) -> bool {
    caller.may(Role::Supervisor) || caller.may(Role::Dispatcher)
}

/// Whose mileage is meant by `me` or an id, and their name. Engineers see their own only; others' is not found.
async fn whose(conn: &mut Conn, caller: &Caller, who: &str) -> Result<(String, Option<String>), Problem> {
    if !caller.may(Role::Engineer) && (who == "me" || !approves(caller)) {
        return Err(ProblemCode::Forbidden.into());
    }
    let id = if who == "me" { caller.session()?.person_id.as_str() } else { who };
    if !approves(caller) && id != caller.id() {
        return Err(Problem::not_found());
    }
    let person = people::sql::find_person(conn, &caller.organization_id, id).await?.ok_or_else(Problem::not_found)?;
    Ok((person.id, person.name))
}

/// Reads a day as `2026-11-21`; what is none is not found, as it is part of the address.
fn day_of(text: &str) -> Result<String, Problem> {
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.map(|day| day.to_string()).ok_or_else(Problem::not_found)
}
