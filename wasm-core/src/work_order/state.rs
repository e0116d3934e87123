//! The states of a work order.

use serde::{Deserialize, Serialize};

/// Where a work order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Reported; nobody has looked at it.
    Submitted,
    /// A dispatcher has taken it on; it waits for an engineer.
    Accepted,
    /// An engineer has it.
    Assigned,
    /// The engineer travels to the site.
    OnTheWay,
    /// The engineer works on site.
    OnSite,
    /// It cannot go on now, for a reason.
    Paused,
    /// The engineer has finished; the customer has not said anything yet.
    Done,
    /// The customer agrees that it is done.
    Confirmed,
    /// Filed.
    Closed,
    /// Will not be worked on.
    Canceled,
    /// Was done, or canceled, and is not; it waits for an engineer.
    Reopened,
}

impl State {
    /// All states.
    pub const ALL: [Self; 11] = [
        Self::Submitted,
        Self::Accepted,
        Self::Assigned,
        Self::OnTheWay,
        Self::OnSite,
        Self::Paused,
        Self::Done,
        Self::Confirmed,
        Self::Closed,
        Self::Canceled,
        Self::Reopened,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Assigned => "assigned",
            Self::OnTheWay => "on_the_way",
            Self::OnSite => "on_site",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Confirmed => "confirmed",
            Self::Closed => "closed",
            Self::Canceled => "canceled",
            Self::Reopened => "reopened",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether there is still work to do.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Confirmed | Self::Closed | Self::Canceled)
    }

    /// Whether an engineer may take it: it is open, and nobody's.
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted | Self::Reopened)
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn names_are_read_back_and_equal_those_of_json() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.as_str()));
            assert!(!state.is_waiting() || state.is_open());
        }
        assert_eq!(State::parse("finished"), None);
    }
}
