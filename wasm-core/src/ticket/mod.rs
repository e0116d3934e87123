//! Tickets at the gate: signed codes, short codes, check-in lists and the verdict on a scan.

pub mod code;
pub mod list;
pub mod reason;
pub mod rotating;
pub mod rules;
pub mod scanned;
pub mod short_code;
pub mod verdict;

pub use code::{EventKey, TicketCode};
pub use list::CheckInList;
pub use reason::{Language, Reason};
pub use scanned::{Scanned, read};
pub use short_code::ShortCode;
pub use verdict::{CheckedCode, Direction, Situation, TicketStatus, Verdict, check_in, judge};
