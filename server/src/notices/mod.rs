//! Notices: what somebody must look at. There is one open notice for each thing and reason, however often it is
//! raised.

pub mod api;
mod sql;

use crate::problem::Problem;
use crate::random;
use crate::storage::Conn;
use serde_json::Value;

/// Why somebody must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// A campaign ends within 30 days.
    CampaignEnding,
    /// An account on which the subject depends was changed.
    AccountChanged,
    /// An account on which the subject depends was deleted.
    AccountDeleted,
    /// WeChat refuses the account's calls.
    WechatRefused,
    /// Two persons have confirmed the same phone number.
    PhoneConflict,
    /// WeChat says that two business users are one person.
    PersonConflict,
    /// A push could not be processed.
    PushFailed,
    /// The existing followers could not be imported.
    FollowerImportFailed,
}

impl NoticeKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::CampaignEnding => "campaign_ending",
            Self::AccountChanged => "account_changed",
            Self::AccountDeleted => "account_deleted",
            Self::WechatRefused => "wechat_refused",
            Self::PhoneConflict => "phone_conflict",
            Self::PersonConflict => "person_conflict",
            Self::PushFailed => "push_failed",
            Self::FollowerImportFailed => "follower_import_failed",
        }
    }
}

/// What a notice is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// `account`, `campaign`, …
    pub kind: &'a str,
    /// Its id.
    pub id: &'a str,
}

/// Raises a notice, or renews the one that is open. Secrets and phone numbers do not belong in `detail`.
pub async fn raise(
    conn: &mut Conn,
    organization_id: &str,
    kind: NoticeKind,
    subject: Subject<'_>,
    detail: &Value,
    now: i64,
) -> Result<(), Problem> {
    sql::raise(conn, &random::id(now), organization_id, kind.as_str(), subject, &detail.to_string(), now).await?;
    Ok(())
}

/// Clears the open notice of that kind about `subject_id`, where there is one.
pub async fn clear(
    conn: &mut Conn,
    organization_id: &str,
    kind: NoticeKind,
    subject_id: &str,
    now: i64,
) -> Result<(), Problem> {
    sql::clear(conn, organization_id, kind.as_str(), subject_id, now).await?;
    Ok(())
}
