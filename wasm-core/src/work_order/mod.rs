//! Work orders: what an engineer does on site, and the way there.

pub mod fix;
pub mod mileage;
pub mod visit;

pub use fix::{Fix, FixDocument, Source};
