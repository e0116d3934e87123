//! Why a scan was refused, and the sentence that explains it.

use serde::{Deserialize, Serialize};

/// The reason of a refusal. Names follow pretix where it has them; `list_closed`, `gate` and `screenshot` are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No code of this event; `force` does not pass it.
    Invalid,
    /// An older code of the ticket, or the ticket was revoked.
    Revoked,
    /// A rotating code without a fresh proof: a screenshot.
    Screenshot,
    /// The ticket was canceled.
    Canceled,
    /// The ticket is blocked for now.
    Blocked,
    /// The order waits for approval.
    Unapproved,
    /// Outside the validity of the ticket.
    InvalidTime,
    /// The product is not let in on this list.
    Product,
    /// The list is not open at that time.
    ListClosed,
    /// The gate does not belong to this list.
    Gate,
    /// The ticket is not paid.
    Unpaid,
    /// The custom rules of the list refuse it.
    Rules,
    /// The ticket was used already.
    AlreadyRedeemed,
}

impl Reason {
    /// All reasons, in the order in which the checks run.
    pub const ALL: [Self; 13] = [
        Self::Invalid,
        Self::Revoked,
        Self::Screenshot,
        Self::Canceled,
        Self::Blocked,
        Self::Unapproved,
        Self::InvalidTime,
        Self::Product,
        Self::ListClosed,
        Self::Gate,
        Self::Unpaid,
        Self::Rules,
        Self::AlreadyRedeemed,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Revoked => "revoked",
            Self::Screenshot => "screenshot",
            Self::Canceled => "canceled",
            Self::Blocked => "blocked",
            Self::Unapproved => "unapproved",
            Self::InvalidTime => "invalid_time",
            Self::Product => "product",
            Self::ListClosed => "list_closed",
            Self::Gate => "gate",
            Self::Unpaid => "unpaid",
            Self::Rules => "rules",
            Self::AlreadyRedeemed => "already_redeemed",
        }
    }

    /// Reads a name from the wire.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// The language of explanations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Picks the text in this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}
