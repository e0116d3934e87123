//! The moves from one state to another: who may make which, when, and what each needs to know.

use super::State::{self, *};
use crate::problem::FieldError;
use crate::text;
use serde::{Deserialize, Serialize};

/// A move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// A dispatcher takes the order on.
    Accept,
    /// A dispatcher gives it to an engineer.
    Assign,
    /// An engineer takes it from the open list.
    Take,
    /// It goes back to the open list.
    Release,
    /// The engineer sets out.
    SetOut,
    /// The engineer is there.
    Arrive,
    /// It cannot go on now.
    Pause,
    /// It goes on.
    Resume,
    /// The engineer is done.
    Finish,
    /// The customer agrees, and rates.
    Confirm,
    /// It is not done after all.
    Reopen,
    /// A dispatcher files it.
    Close,
    /// It will not be worked on.
    Cancel,
}

/// What the one who makes a move is to the order. Somebody can be several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// May dispatch in the organization.
    pub dispatcher: bool,
    /// A person who may work as engineer.
    pub engineer: bool,
    /// The engineer to whom it is assigned.
    pub own_engineer: bool,
    /// Reported it, follows it, or belongs to the company whose unit it is.
    pub customer: bool,
}

/// Why a move is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody of this kind ever makes this move.
    NoRight,
    /// The order is another engineer's.
    NotYours,
    /// Another engineer has taken it.
    Taken,
    /// Not from the state where it stands.
    NotFromThisState,
}

/// A field that a move takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name in the request.
    pub name: &'static str,
    /// What goes in.
    pub kind: FieldKind,
    /// Whether the move needs it.
    pub required: bool,
}

/// What goes into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Up to 2,000 characters.
    Text,
    /// Up to 500 characters.
    Reason,
    /// 1 to 5 stars.
    Rating,
    /// The id of an engineer.
    Engineer,
    /// A moment to come.
    Moment,
}

/// A move that may be made now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The move.
    #[serde(rename = "move")]
    pub made: Move,
    /// The state after it.
    pub to: State,
    /// What it takes.
    pub fields: &'static [Field],
}

/// What came with a move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// To whom it is assigned.
    pub engineer_id: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it may go on, in UTC epoch milliseconds.
    pub until: Option<i64>,
    /// What was done.
    pub text: Option<String>,
    /// 1 to 5 stars.
    pub rating: Option<i64>,
    /// What the customer says.
    pub comment: Option<String>,
}

/// The longest reason, in characters.
pub const REASON: usize = 500;
/// The longest text, in characters.
pub const TEXT: usize = 2000;

const WHY: Field = Field { name: "reason", kind: FieldKind::Reason, required: true };
const WHY_MAYBE: Field = Field { name: "reason", kind: FieldKind::Reason, required: false };

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Dispatcher,
    Engineer,
    OwnEngineer,
    Customer,
}

impl Who {
    const fn is(self, party: Party) -> bool {
        match self {
            Self::Dispatcher => party.dispatcher,
            Self::Engineer => party.engineer,
            Self::OwnEngineer => party.own_engineer,
            Self::Customer => party.customer,
        }
    }
}

type Rule = (Move, &'static [Who], &'static [State], State);

const HANDS: &[Who] = &[Who::OwnEngineer, Who::Dispatcher];

/// Who may make which move, from where and to where. The order is that in which moves are offered.
const RULES: &[Rule] = &[
    (Move::Take, &[Who::Engineer], &[Submitted, Accepted, Reopened], Assigned),
    (Move::SetOut, &[Who::OwnEngineer], &[Assigned], OnTheWay),
    (Move::Arrive, &[Who::OwnEngineer], &[Assigned, OnTheWay], OnSite),
    (Move::Finish, &[Who::OwnEngineer], &[OnSite], Done),
    (Move::Resume, HANDS, &[Paused], Assigned),
    (Move::Accept, &[Who::Dispatcher], &[Submitted], Accepted),
    (Move::Assign, &[Who::Dispatcher], &[Submitted, Accepted, Reopened, Assigned, OnTheWay, Paused], Assigned),
    (Move::Confirm, &[Who::Customer], &[Done], Confirmed),
    (Move::Close, &[Who::Dispatcher], &[Done, Confirmed], Closed),
    (Move::Pause, HANDS, &[Assigned, OnTheWay, OnSite], Paused),
    (Move::Release, HANDS, &[Assigned, OnTheWay, Paused], Accepted),
    (Move::Reopen, &[Who::Customer], &[Done, Confirmed], Reopened),
    (Move::Reopen, &[Who::Dispatcher], &[Done, Confirmed, Closed, Canceled], Reopened),
    (Move::Cancel, &[Who::Customer], &[Submitted, Accepted, Reopened, Assigned], Canceled),
    (Move::Cancel, &[Who::Dispatcher], &[Submitted, Accepted, Reopened, Assigned, OnTheWay, OnSite, Paused], Canceled),
];

impl Move {
    /// What the move takes.
    pub const fn fields(self) -> &'static [Field] {
        const ASSIGN: &[Field] = &[Field { name: "engineer_id", kind: FieldKind::Engineer, required: true }];
        const PAUSE: &[Field] = &[WHY, Field { name: "until", kind: FieldKind::Moment, required: false }];
        const FINISH: &[Field] = &[Field { name: "text", kind: FieldKind::Text, required: true }];
        const CONFIRM: &[Field] = &[
            Field { name: "rating", kind: FieldKind::Rating, required: true },
            Field { name: "comment", kind: FieldKind::Text, required: false },
        ];
        match self {
            Self::Assign => ASSIGN,
            Self::Pause => PAUSE,
            Self::Finish => FINISH,
            Self::Confirm => CONFIRM,
            Self::Release | Self::Reopen | Self::Cancel => &[WHY],
            Self::Close => &[WHY_MAYBE],
            Self::Accept | Self::Take | Self::SetOut | Self::Arrive | Self::Resume => &[],
        }
    }

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Assign => "assign",
            Self::Take => "take",
            Self::Release => "release",
            Self::SetOut => "set_out",
            Self::Arrive => "arrive",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Finish => "finish",
            Self::Confirm => "confirm",
            Self::Reopen => "reopen",
            Self::Close => "close",
            Self::Cancel => "cancel",
        }
    }
}

/// The moves that `party` may make from `state`.
pub fn offers(state: State, party: Party) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for (made, who, from, to) in RULES {
        let may = from.contains(&state) && who.iter().any(|who| who.is(party));
        if may && !offers.iter().any(|offer| offer.made == *made) {
            offers.push(Offer { made: *made, to: *to, fields: made.fields() });
        }
    }
    offers
}

/// The state after the move, or why it is refused.
pub fn decide(state: State, party: Party, made: Move) -> Result<State, Refusal> {
    if let Some(offer) = offers(state, party).into_iter().find(|offer| offer.made == made) {
        return Ok(offer.to);
    }
    let rules = || RULES.iter().filter(|(rule, ..)| *rule == made);
    if rules().any(|(_, who, ..)| who.iter().any(|who| who.is(party))) {
        let lost = made == Move::Take && state.is_open() && !party.own_engineer;
        return Err(if lost { Refusal::Taken } else { Refusal::NotFromThisState });
    }
    let engineers_only = rules().any(|(_, who, ..)| who.contains(&Who::OwnEngineer));
    Err(if engineers_only && party.engineer { Refusal::NotYours } else { Refusal::NoRight })
}

/// What is wrong with the fields of a move: missing, too long, out of range, or not one that it takes.
pub fn check_fields(made: Move, given: &Fields) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let present = [
        ("engineer_id", given.engineer_id.is_some()),
        ("reason", given.reason.is_some()),
        ("until", given.until.is_some()),
        ("text", given.text.is_some()),
        ("rating", given.rating.is_some()),
        ("comment", given.comment.is_some()),
    ];
    for (name, is_there) in present {
        match made.fields().iter().find(|field| field.name == name) {
            None if is_there => wrong.push(FieldError::new(name, "unknown", "this move does not take it")),
            Some(field) if field.required && !is_there => wrong.push(FieldError::new(name, "required", "is missing")),
            _ => {}
        }
    }
    let texts = [("reason", &given.reason, REASON), ("text", &given.text, TEXT), ("comment", &given.comment, TEXT)];
    for (name, value, longest) in texts {
        if value.as_ref().is_some_and(|value| text::passage(value, longest).is_none()) {
            wrong.push(FieldError::new(name, "length", format!("needs 1 to {longest} characters")));
        }
    }
    if given.rating.is_some_and(|rating| !(1..=5).contains(&rating)) {
        wrong.push(FieldError::new("rating", "range", "must be from 1 to 5"));
    }
    wrong
}

#[cfg(test)]
mod tests;
