//! The API over HTTP, on both stacks.

mod batch;
mod check_in;
mod claim;
mod contract;
mod events;
mod import;
mod input;
mod invitations;
mod operations;
mod rights;
mod sessions;
mod tickets;
