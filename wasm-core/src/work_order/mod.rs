//! Work orders: what a report needs, states and moves, targets, and the order of the nearest; visits on site, and the
//! mileage between them.

pub mod fix;
pub mod mileage;
pub mod moves;
pub mod near;
pub mod report;
pub mod state;
pub mod targets;
pub mod visit;

pub use fix::{Fix, FixDocument, Source};
pub use moves::{Field, FieldKind, Fields, Move, Offer, Party, Refusal, check_fields, decide, offers};
pub use report::Report;
pub use state::State;
pub use targets::{BusinessHours, Opening};
