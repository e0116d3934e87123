//! What every route shares: extractors, middleware, and how errors leave.

pub mod auth;
pub mod body;
pub mod fields;
pub mod html;
pub mod idempotency;
pub mod limits;
pub mod metrics;
pub mod observe;
pub mod operations;
pub mod page;
pub mod position;
mod problem;
pub mod routes;
pub mod time;

pub use auth::{Admin, Auth, Caller, Dispatcher, Engineer, Guest, MaybeCaller, Member, Principal, Staff, Supervisor};
pub use body::{Body, Object, OptionalBody};
pub use idempotency::IdempotencyKey;
pub use position::Coordinates;
pub use problem::ProblemDocument;
pub use time::Moment;
