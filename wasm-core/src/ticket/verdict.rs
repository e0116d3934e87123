//! The verdict on one scan. The same function decides on the server and, offline, on the phone. Order of the checks
//! and meaning of the reasons follow pretix, because the order decides which reason a guest is told.

use super::code::{EventKey, SignedCode};
use super::list::CheckInList;
use super::reason::{Language, Reason};
use super::rotating;
use super::rules::{Cause, RuleContext};
use super::scanned::{self, Scanned};
use super::short_code::ShortCode;
use crate::time::{OffsetChange, format_local};
use serde::{Deserialize, Serialize};

/// Everything that the verdict depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Situation {
    /// The event of the list.
    pub event: Event,
    /// The list that is scanned on.
    pub list: CheckInList,
    /// The scan.
    pub scan: Scan,
    /// The ticket that the code names, where there is one.
    #[serde(default)]
    pub ticket: Option<Ticket>,
    /// Check-ins of that ticket on that list that were admitted and not annulled.
    #[serde(default)]
    pub history: Vec<Past>,
    /// Language of the explanation.
    #[serde(default)]
    pub language: Language,
}

/// The event, as far as the verdict needs it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Random tag that its codes carry.
    pub tag: u32,
    /// Public keys, old ones too.
    pub keys: Vec<EventKey>,
    /// Start and end (UTC epoch milliseconds).
    pub period: (i64, i64),
    /// Offset changes of its zone, ascending.
    #[serde(default)]
    pub offsets: Vec<OffsetChange>,
}

/// One scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// What the scanner sent.
    pub code: String,
    /// Entry or exit.
    #[serde(rename = "type")]
    pub direction: Direction,
    /// When it happened (UTC epoch milliseconds).
    pub at: i64,
    /// At which gate.
    #[serde(default)]
    pub gate: Option<String>,
    /// A supervisor passes every reason but `invalid`.
    #[serde(default)]
    pub force: bool,
    /// Let in an unpaid ticket, on a list that includes pending ones.
    #[serde(default)]
    pub ignore_unpaid: bool,
}

/// Into the venue or out of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the venue.
    #[default]
    Entry,
    /// Out of the venue.
    Exit,
}

/// State of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Paid and good.
    Valid,
    /// Not paid yet.
    Pending,
    /// Canceled by the buyer or the organizer.
    Canceled,
    /// Blocked for now.
    Blocked,
    /// Withdrawn for good.
    Revoked,
}

/// The ticket, as far as the verdict needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its product.
    pub product_id: String,
    /// Its state.
    pub status: TicketStatus,
    /// The order waits for approval.
    #[serde(default)]
    pub needs_approval: bool,
    /// First moment of validity (UTC epoch milliseconds).
    #[serde(default)]
    pub valid_from: Option<i64>,
    /// Last moment of validity (UTC epoch milliseconds, inclusive).
    #[serde(default)]
    pub valid_until: Option<i64>,
    /// The code that counts now; another signed code of the ticket is `revoked`.
    pub code: String,
}

/// An earlier check-in of the ticket on the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// Entry or exit.
    #[serde(rename = "type")]
    pub direction: Direction,
    /// When (UTC epoch milliseconds).
    pub at: i64,
}

/// The answer to a scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Let through, or refused.
    pub status: VerdictStatus,
    /// Why it was refused; with `forced`, why it would have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// A sentence for the guest, where the reason alone does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// `force` was sent, and it was needed.
    pub forced: bool,
}

/// Let through, or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictStatus {
    /// Let through.
    Ok,
    /// Refused.
    Error,
}

/// Decides on a scan. Pure and total: every input has an answer.
pub fn check_in(situation: &Situation) -> Verdict {
    judge(situation, &CheckedCode::read(&situation.scan.code, &situation.event))
}

/// A code that was read, and whose signature was checked against the keys of an event.
#[derive(Clone, Debug)]
pub enum CheckedCode {
    /// No code of this event.
    Foreign,
    /// A short code.
    Short(ShortCode),
    /// A code that one of the event's keys signed.
    Genuine(Box<SignedCode>),
}

impl CheckedCode {
    /// Reads a code and checks its signature.
    pub fn read(code: &str, event: &Event) -> Self {
        match scanned::read(code) {
            Some(Scanned::Short(code)) => Self::Short(code),
            Some(Scanned::Signed(code)) if code.code.event_tag == event.tag && code.is_signed_by(&event.keys) => {
                Self::Genuine(code)
            }
            _ => Self::Foreign,
        }
    }
}

/// [`check_in`] for a caller that has read `situation.scan.code` already: checking a signature is most of the work.
pub fn judge(situation: &Situation, code: &CheckedCode) -> Verdict {
    let mut history = situation.history.clone();
    history.sort_by_key(|past| past.at);
    match refusal(situation, code, &history) {
        None => Verdict { status: VerdictStatus::Ok, reason: None, explanation: None, forced: false },
        Some(reason) => {
            let forced = situation.scan.force && reason != Reason::Invalid;
            let status = if forced { VerdictStatus::Ok } else { VerdictStatus::Error };
            Verdict { status, reason: Some(reason), explanation: explain(situation, &history, reason), forced }
        }
    }
}

fn refusal(situation: &Situation, code: &CheckedCode, history: &[Past]) -> Option<Reason> {
    let Situation { list, scan, .. } = situation;
    let Some(ticket) = &situation.ticket else { return Some(Reason::Invalid) };
    let entering = scan.direction == Direction::Entry;
    code_refusal(code, scan, ticket)
        .or(match ticket.status {
            TicketStatus::Revoked => Some(Reason::Revoked),
            TicketStatus::Canceled => Some(Reason::Canceled),
            TicketStatus::Blocked => Some(Reason::Blocked),
            TicketStatus::Valid | TicketStatus::Pending => None,
        })
        .or_else(|| ticket.needs_approval.then_some(Reason::Unapproved))
        .or_else(|| (entering && !is_valid_at(ticket, scan.at)).then_some(Reason::InvalidTime))
        .or_else(|| (!list.lets_in(&ticket.product_id)).then_some(Reason::Product))
        .or_else(|| (entering && !list.is_open(scan.at)).then_some(Reason::ListClosed))
        .or_else(|| (!list.has_gate(scan.gate.as_deref())).then_some(Reason::Gate))
        .or_else(|| {
            let excused = scan.ignore_unpaid && list.include_pending;
            (ticket.status == TicketStatus::Pending && !excused).then_some(Reason::Unpaid)
        })
        .or_else(|| (entering && broken_rule(situation, history).is_some()).then_some(Reason::Rules))
        .or_else(|| (entering && !may_enter(list, history)).then_some(Reason::AlreadyRedeemed))
}

/// What the code alone tells: whether it is one of this event, the current one, and no screenshot.
fn code_refusal(code: &CheckedCode, scan: &Scan, ticket: &Ticket) -> Option<Reason> {
    match code {
        CheckedCode::Foreign => Some(Reason::Invalid),
        CheckedCode::Short(_) => None,
        CheckedCode::Genuine(code) if code.issued() != ticket.code => Some(Reason::Revoked),
        CheckedCode::Genuine(code) => (!rotating::is_fresh(code, scan.at)).then_some(Reason::Screenshot),
    }
}

fn is_valid_at(ticket: &Ticket, at: i64) -> bool {
    ticket.valid_from.is_none_or(|from| from <= at) && ticket.valid_until.is_none_or(|until| at <= until)
}

fn may_enter(list: &CheckInList, history: &[Past]) -> bool {
    list.allow_multiple_entries
        || history.iter().all(|past| past.direction == Direction::Exit)
        || list.allow_entry_after_exit && history.last().is_some_and(|last| last.direction == Direction::Exit)
}

fn broken_rule(situation: &Situation, history: &[Past]) -> Option<Cause> {
    let context = RuleContext {
        at: situation.scan.at,
        offsets: &situation.event.offsets,
        event: situation.event.period,
        product_id: situation.ticket.as_ref().map_or("", |ticket| &ticket.product_id),
        gate: situation.scan.gate.as_deref(),
        history,
    };
    situation.list.rules.as_ref()?.evaluate(&context).err()
}

fn explain(situation: &Situation, history: &[Past], reason: Reason) -> Option<String> {
    let local = |at: i64| format_local(&situation.event.offsets, at);
    let say = |zh: &str, en: &str| Some(situation.language.pick(zh, en).to_owned());
    let at_moment = |zh: &str, en: &str, at: i64| Some(situation.language.pick(zh, en).replace("{}", &local(at)));
    let ticket = situation.ticket.as_ref();
    match reason {
        Reason::InvalidTime => match (ticket?.valid_from, ticket?.valid_until) {
            (Some(from), _) if situation.scan.at < from => at_moment("此票 {} 起有效", "Valid from {}", from),
            (_, Some(until)) => at_moment("此票有效期至 {}", "Valid until {}", until),
            _ => None,
        },
        Reason::ListClosed => match (situation.list.starts_at, situation.list.ends_at) {
            (Some(start), _) if situation.scan.at < start => at_moment("{} 开始检票", "Check-in opens at {}", start),
            (_, Some(end)) => at_moment("检票已于 {} 结束", "Check-in closed at {}", end),
            _ => None,
        },
        Reason::AlreadyRedeemed => {
            let first = history.iter().find(|past| past.direction == Direction::Entry)?;
            at_moment("已于 {} 入场", "Entered at {}", first.at)
        }
        Reason::Rules => match broken_rule(situation, history)? {
            Cause::Time => say("现在不在允许入场的时间内", "Not allowed at this time"),
            Cause::Entries => say("入场次数或间隔不符合规则", "Not allowed after the earlier entries"),
            Cause::Gate => say("请走其他入口", "Please use another gate"),
            Cause::Product => say("此票种不可从这里入场", "This kind of ticket is not allowed here"),
        },
        Reason::Gate => say("此入口不属于本检票名单", "This gate does not belong to the list"),
        Reason::Screenshot => say("请出示实时票码，截图无效", "Please show the live code; a screenshot does not count"),
        _ => None,
    }
}
