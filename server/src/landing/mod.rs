//! Where QR codes of units lead: a page for those who did not come by WeChat, and the files by which WeChat sees that
//! the address belongs to the mini program.

pub mod api;
pub mod files;
mod sql;

pub use sql::VerificationFileRow;
