//! Photos, videos and signatures: uploaded by a person, a business system or (for a report without login) under a
//! draft; told by their bytes, freed of what says where they were taken, kept as objects, and attached to what they
//! show.

pub mod api;
mod leftovers;
mod links;
mod memory;
mod movie;
mod photo;
mod pictures;
mod removal;
pub(crate) mod sql;
mod store;
mod uploader;
mod videos;
mod view;

use crate::audit::Actor;
use crate::http::{Caller, Principal};
use crate::problem::Problem;
use crate::storage::Conn;
use paifang_core::problem::FieldError;
use paifang_core::work_order::report::{PHOTOS, VIDEOS};

pub use removal::{KEEP_UNATTACHED, forget, purge};
pub use sql::MediaRow;
pub use store::MediaStore;
pub use view::{Media, view};

/// Who has uploaded something, and may attach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A person, by id.
    Person(String),
    /// An API token, by id.
    ApiToken(String),
    /// Somebody who has not logged in, by the id of the draft on the phone.
    Draft(String),
}

impl Owner {
    /// The same, where it is a person, as who they are by now.
    pub fn held(self, actor: &Actor) -> Self {
        match self {
            Self::Person(_) => Self::Person(actor.id.clone()),
            other => other,
        }
    }

    /// The owner of what the caller uploads.
    pub fn of(caller: &Caller) -> Self {
        match &caller.principal {
            Principal::Person(session) => Self::Person(session.person_id.clone()),
            Principal::ApiToken(id) => Self::ApiToken(id.clone()),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::ApiToken(_) => "api_token",
            Self::Draft(_) => "draft",
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Person(id) | Self::ApiToken(id) | Self::Draft(id) => id,
        }
    }
}

/// What media are attached to.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// `work_order` (for a report, and for each addition), `visit`, `day_point` or `leg`.
    pub kind: &'a str,
    /// Its id.
    pub id: &'a str,
}

impl Subject<'_> {
    /// How many of each kind are attached to it at most; the proof of visits and mileage has several fields, and who
    /// attaches it looks at the kind that each takes.
    fn takes(&self) -> Option<&'static [(&'static str, usize)]> {
        (self.kind == "work_order").then_some(&[("photo", PHOTOS), ("video", VIDEOS)])
    }
}

/// Attaches uploads of `owner` to a subject, in the order of `ids`, within the caller's transaction. What is unknown,
/// somebody else's, unfinished, named twice, attached to something else, of a kind that the subject does not take, or one
/// too many of its kind is refused (422 at `field[n]`, each named); what is attached to the same subject already stays so.
pub async fn attach(
    conn: &mut Conn,
    organization_id: &str,
    owner: &Owner,
    ids: &[String],
    field: &str,
    subject: Subject<'_>,
    now: i64,
) -> Result<(), Problem> {
    let (mut wrong, mut kinds) = (Vec::new(), Vec::new());
    for (position, id) in ids.iter().enumerate() {
        let at = sql::Place { subject, position: i64::try_from(position).unwrap_or(i64::MAX), now };
        let mut say = |code: &str, detail: &str| {
            wrong.push(FieldError::new(format!("{field}[{position}]"), code, detail));
        };
        if ids.iter().take(position).any(|earlier| earlier == id) {
            say("duplicate", "is named twice");
            continue;
        }
        let Some(kind) = sql::attach(conn, organization_id, owner, id, &at).await? else {
            say("unknown", "is no finished upload of yours, or is attached to something else");
            continue;
        };
        kinds.push(kind.clone());
        let Some(takes) = subject.takes() else { continue };
        match takes.iter().find(|(taken, _)| *taken == kind) {
            None => say("type", &format!("a {kind} is not taken here")),
            Some((_, most)) if kinds.iter().filter(|other| **other == kind).count() > *most => {
                say("length", &format!("is one {kind} too many: {most} may be sent"));
            }
            Some(_) => {}
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::fields(wrong)) }
}

/// What is attached to any of the subjects (at most 30,000), each subject's in the order in which it was attached.
pub async fn of_subjects(
    conn: &mut Conn,
    organization_id: &str,
    subject_ids: &[&str],
) -> Result<Vec<MediaRow>, Problem> {
    if subject_ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = sql::of_subjects(conn, organization_id, subject_ids).await?;
    rows.sort_by(|a, b| (&a.subject_id, a.touched_at, a.position).cmp(&(&b.subject_id, b.touched_at, b.position)));
    Ok(rows)
}
