//! Work orders: what a report needs, states and moves, targets, and the order of the nearest.

pub mod moves;
pub mod near;
pub mod report;
pub mod state;
pub mod targets;

pub use moves::{Field, FieldKind, Fields, Move, Offer, Party, Refusal, check_fields, decide, offers};
pub use report::Report;
pub use state::State;
pub use targets::{BusinessHours, Opening};
