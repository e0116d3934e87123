//! The mileage of engineers: where their days start and end, the legs between the stops, who approves them, and the
//! statement of a month. The figures themselves are a rule of the core.

pub mod api;
mod day;
mod decide;
mod edit;
mod people;
mod points;
mod proof;
pub(crate) mod sql;
mod statement;

pub use day::note_stop;
pub(crate) use people::{carry, forget};
pub use proof::only_of_kind;
