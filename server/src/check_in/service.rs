//! One scan: the nonce first, then one transaction that locks the ticket, decides and stores the verdict.

use super::answer::{CheckInAnswer, CheckedTicket, Conflict, OrderTicket, Previous};
use super::sql::{self, ContextRow, NewCheckIn, PastRow};
use crate::app::App;
use crate::http::Moment;
use crate::http::body::hash;
use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use crate::tickets::service::parse_status;
use crate::tickets::sql::{self as tickets, TicketKey, TicketRow};
use futures_util::FutureExt;
use paifang_core::problem::ProblemCode;
use paifang_core::text::strip_scanner_noise;
use paifang_core::ticket::verdict::{Event, Past, Scan, Ticket, VerdictStatus};
use paifang_core::ticket::{CheckInList, CheckedCode, Direction, EventKey, Language, Reason, Situation, judge};
use serde::Serialize;

/// A scan whose fields were checked.
#[derive(Clone, Debug, Serialize)]
pub struct CheckInRequest {
    pub list_id: String,
    pub nonce: String,
    pub code: String,
    #[serde(rename = "type")]
    pub direction: Direction,
    pub device_id: Option<String>,
    pub gate: Option<String>,
    pub scanned_at: Option<i64>,
    pub force: bool,
    /// Kept with the check-in; a scan without one is what it was before there were reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_reason: Option<String>,
    pub ignore_unpaid: bool,
    /// What the phone decided when it had no network; not part of what the nonce stands for, because the phone may
    /// have tried the same scan online before.
    #[serde(skip)]
    pub offline: Option<OfflineVerdict>,
}

/// What a phone decided without network.
#[derive(Clone, Copy, Debug)]
pub struct OfflineVerdict {
    pub status: VerdictStatus,
    pub reason: Option<Reason>,
}

/// Who scans, and when the server heard of it.
#[derive(Clone, Debug)]
pub struct Scanner {
    pub organization_id: String,
    pub actor_id: String,
    pub language: Language,
    pub now: i64,
}

/// Everything about the list that a decision needs.
struct Context {
    event_id: String,
    event: Event,
    list: CheckInList,
}

/// Decides on a scan and stores the verdict; the same nonce always gets the same answer.
pub async fn scan(app: &App, scanner: &Scanner, request: CheckInRequest) -> Result<CheckInAnswer, Problem> {
    let code = strip_scanner_noise(&request.code);
    let request = CheckInRequest { code, ..request };
    let request_hash = hash(&serde_json::to_vec(&request).map_err(|error| Problem::internal(error.to_string()))?);
    let rows = {
        let mut conn = app.db.read().await?;
        sql::context(&mut conn, &scanner.organization_id, &request.list_id, &request.nonce).await?
    };
    let Some(first) = rows.first() else { return Err(Problem::not_found()) };
    if let (Some(stored_hash), Some(answer)) = (&first.request_hash, &first.answer) {
        return replay(&request_hash, stored_hash, answer, first.annulled_at);
    }
    let context = Context::read(&rows)?;
    let work = Work { scanner: scanner.clone(), request, request_hash, context };
    let answer = app.db.write(move |conn| async move { work.run(conn).await }.boxed()).await?;
    app.metrics.count_check_in(&answer.status, answer.reason.as_deref().unwrap_or_default());
    Ok(answer)
}

fn replay(asked: &str, stored: &str, answer: &str, annulled_at: Option<i64>) -> Result<CheckInAnswer, Problem> {
    if asked != stored {
        return Err(ProblemCode::NonceReused.into());
    }
    let answer: CheckInAnswer = serde_json::from_str(answer).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(CheckInAnswer { annulled_at: annulled_at.map(Moment), ..answer })
}

impl Context {
    fn read(rows: &[ContextRow]) -> Result<Self, Problem> {
        let broken = |error: serde_json::Error| Problem::internal(error.to_string());
        let first = rows.first().ok_or_else(Problem::not_found)?;
        let key = |row: &ContextRow| {
            Some(EventKey { number: u8::try_from(row.number).ok()?, public_key: row.public_key.clone() })
        };
        let event = Event {
            tag: u32::try_from(first.tag).map_err(|_| Problem::internal("event tag"))?,
            keys: rows.iter().filter_map(key).collect(),
            period: (first.starts_at, first.ends_at),
            offsets: serde_json::from_str(&first.offsets).map_err(broken)?,
        };
        let list = serde_json::from_str(&first.settings).map_err(broken)?;
        Ok(Self { event_id: first.event_id.clone(), event, list })
    }
}

/// A ticket that a scan decides on, and what was decided.
struct Decided {
    ticket: Option<TicketRow>,
    history: Vec<PastRow>,
    status: VerdictStatus,
    reason: Option<Reason>,
    explanation: Option<String>,
    forced: bool,
    conflict: bool,
}

struct Work {
    scanner: Scanner,
    request: CheckInRequest,
    request_hash: String,
    context: Context,
}

impl Work {
    async fn run(self, conn: &mut Conn) -> Result<CheckInAnswer, Problem> {
        let code = CheckedCode::read(&self.request.code, &self.context.event);
        let (scanned, others) = self.lock(conn, &code).await?;
        let decided = self.decide(conn, scanned, &code).await?;
        let mut decided_others = Vec::with_capacity(others.len());
        for ticket in others {
            let code = CheckedCode::read(&ticket.short_code, &self.context.event);
            decided_others.push(self.decide(conn, Some(ticket), &code).await?);
        }
        let id = random::id(self.scanner.now);
        let answer = self.answer(&id, &decided, &decided_others);
        let text = serde_json::to_string(&answer).map_err(|error| Problem::internal(error.to_string()))?;
        if !self.store(conn, &id, None, &self.request.nonce, &decided, &text).await? {
            // The same scan arrived twice at once; the other one was faster.
            let stored = sql::stored(conn, &self.scanner.organization_id, &self.request.nonce).await?;
            let stored = stored.ok_or_else(|| Problem::internal("a nonce that is taken has no check-in"))?;
            return replay(&self.request_hash, &stored.request_hash, &stored.answer, stored.annulled_at);
        }
        for (number, other) in decided_others.iter().enumerate() {
            // No client can send a nonce with a tilde.
            let nonce = format!("{}~{number}", self.request.nonce);
            self.store(conn, &random::id(self.scanner.now), Some(&id), &nonce, other, &text).await?;
        }
        Ok(answer)
    }

    /// Locks the scanned ticket and, where the list admits orders, the others of its order.
    async fn lock(&self, conn: &mut Conn, code: &CheckedCode) -> Result<(Option<TicketRow>, Vec<TicketRow>), Problem> {
        let id;
        let key = match code {
            // A forged code may name a real ticket; it must not even touch it.
            CheckedCode::Foreign => return Ok((None, Vec::new())),
            CheckedCode::Short(code) => TicketKey::ShortCode(code.as_str()),
            CheckedCode::Genuine(code) => {
                id = code.code.ticket_id.to_string();
                TicketKey::Id(&id)
            }
        };
        let Scanner { organization_id, now, .. } = &self.scanner;
        if !self.context.list.admit_order {
            let scanned = tickets::scan(conn, organization_id, &self.context.event_id, &key, *now).await?;
            return Ok((scanned, Vec::new()));
        }
        let order = tickets::scan_order(conn, organization_id, &self.context.event_id, &key, *now).await?;
        let (scanned, others): (Vec<_>, Vec<_>) = order.into_iter().partition(|ticket| match &key {
            TicketKey::Id(id) => ticket.id == **id,
            TicketKey::ShortCode(code) => ticket.short_code == **code,
        });
        Ok((scanned.into_iter().next(), others))
    }

    async fn decide(&self, conn: &mut Conn, ticket: Option<TicketRow>, code: &CheckedCode) -> Result<Decided, Problem> {
        let history = match &ticket {
            Some(ticket) => sql::history(conn, &self.request.list_id, &ticket.id).await?,
            None => Vec::new(),
        };
        let verdict = judge(&self.situation(ticket.as_ref(), &history)?, code);
        let (status, reason, conflict) = match self.request.offline {
            // The guest is inside already: that is recorded, whatever the server thinks of it.
            Some(OfflineVerdict { status: VerdictStatus::Ok, .. }) => {
                (VerdictStatus::Ok, verdict.reason, verdict.status == VerdictStatus::Error)
            }
            Some(OfflineVerdict { status: VerdictStatus::Error, reason }) => {
                (VerdictStatus::Error, reason.or(verdict.reason), false)
            }
            None => (verdict.status, verdict.reason, false),
        };
        let explanation = verdict.explanation;
        Ok(Decided { ticket, history, status, reason, explanation, forced: verdict.forced, conflict })
    }

    fn situation(&self, ticket: Option<&TicketRow>, history: &[PastRow]) -> Result<Situation, Problem> {
        let ticket = ticket.map(|row| {
            Ok::<_, Problem>(Ticket {
                product_id: row.product_id.clone(),
                status: parse_status(&row.status).ok_or_else(|| Problem::internal("unknown ticket status"))?,
                needs_approval: row.needs_approval,
                valid_from: row.valid_from,
                valid_until: row.valid_until,
                code: row.code.clone(),
            })
        });
        let past = |row: &PastRow| Past {
            direction: if row.direction == "exit" { Direction::Exit } else { Direction::Entry },
            at: row.scanned_at,
        };
        Ok(Situation {
            event: self.context.event.clone(),
            list: self.context.list.clone(),
            scan: Scan {
                code: self.request.code.clone(),
                direction: self.request.direction,
                at: self.scanned_at(),
                gate: self.request.gate.clone(),
                force: self.request.force,
                ignore_unpaid: self.request.ignore_unpaid,
            },
            ticket: ticket.transpose()?,
            history: history.iter().map(past).collect(),
            language: self.scanner.language,
        })
    }

    fn scanned_at(&self) -> i64 {
        self.request.scanned_at.unwrap_or(self.scanner.now)
    }

    fn answer(&self, id: &str, decided: &Decided, others: &[Decided]) -> CheckInAnswer {
        let order = self.context.list.admit_order.then(|| {
            let all = std::iter::once(decided).chain(others);
            all.filter_map(|one| {
                let reason = one.reason.map(|reason| reason.as_str().to_owned());
                let ticket = CheckedTicket::from(one.ticket.as_ref()?);
                Some(OrderTicket { ticket, status: status_name(one.status).to_owned(), reason })
            })
            .collect::<Vec<_>>()
        });
        let any_admitted = decided.status == VerdictStatus::Ok || others.iter().any(|o| o.status == VerdictStatus::Ok);
        let refused =
            decided.reason.filter(|_| !any_admitted || decided.forced).map(|reason| reason.as_str().to_owned());
        CheckInAnswer {
            status: if any_admitted { "ok" } else { "error" }.to_owned(),
            explanation: decided.explanation.clone().filter(|_| refused.is_some()),
            reason: refused,
            check_in_id: id.to_owned(),
            forced: decided.forced,
            ticket: decided.ticket.as_ref().map(CheckedTicket::from),
            previous: decided.history.iter().map(Previous::from).collect(),
            order: order.filter(|order| !order.is_empty()),
            conflict: decided.reason.filter(|_| decided.conflict).map(|r| Conflict { reason: r.as_str().to_owned() }),
            annulled_at: None,
        }
    }

    async fn store(
        &self,
        conn: &mut Conn,
        id: &str,
        parent_id: Option<&str>,
        nonce: &str,
        decided: &Decided,
        answer: &str,
    ) -> Result<bool, Problem> {
        let Self { scanner, request, context, .. } = self;
        let row = NewCheckIn {
            id,
            event_id: &context.event_id,
            list_id: &request.list_id,
            ticket_id: decided.ticket.as_ref().map(|ticket| ticket.id.as_str()),
            nonce,
            parent_id,
            request_hash: &self.request_hash,
            direction: direction_name(request.direction),
            status: status_name(decided.status),
            reason: decided.reason.map(Reason::as_str),
            force_sent: request.force,
            forced: decided.forced,
            gate: request.gate.as_deref(),
            device_id: request.device_id.as_deref(),
            actor_id: &scanner.actor_id,
            scanned_at: self.scanned_at(),
            received_at: scanner.now,
            answer,
            offline_status: request.offline.map(|offline| status_name(offline.status)),
            offline_reason: request.offline.and_then(|offline| offline.reason).map(Reason::as_str),
            conflict: decided.conflict,
            force_reason: request.force_reason.as_deref().filter(|_| decided.forced),
        };
        Ok(sql::insert(conn, &scanner.organization_id, &row).await?)
    }
}

const fn status_name(status: VerdictStatus) -> &'static str {
    match status {
        VerdictStatus::Ok => "ok",
        VerdictStatus::Error => "error",
    }
}

const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Entry => "entry",
        Direction::Exit => "exit",
    }
}
