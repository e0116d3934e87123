//! Visits: an engineer on site, from check-in to check-out, with what proves it and what was done.

pub mod api;
mod check_in;
mod check_out;
mod orders;
pub(crate) mod sql;
mod view;
mod work;

pub use view::Visit;
