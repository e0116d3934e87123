//! The table of error codes (RFC 9457 `code` extension): one stable code, its HTTP status and a sentence each. The
//! mini program maps the codes to sentences in its own two languages.

use serde::{Deserialize, Serialize};

macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $status:literal, $title:literal;)+) => {
        /// Every code that an error answer can carry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode { $($(#[doc = $doc])+ #[serde(rename = $code)] $name,)+ }

        impl ProblemCode {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// A short sentence for people, the same for every occurrence (RFC 9457 `title`).
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

problem_codes! {
    /// The body is not JSON (or not the declared file format).
    MalformedBody = "malformed_body", 400, "The body cannot be read.";
    /// A path or query parameter cannot be read.
    MalformedParameter = "malformed_parameter", 400, "A parameter of the address cannot be read.";
    /// `Idempotency-Key` is not 1 to 255 visible ASCII characters.
    MalformedIdempotencyKey = "malformed_idempotency_key", 400, "The Idempotency-Key cannot be used.";
    /// No credential, or one that is unknown, expired, logged out or revoked.
    Unauthenticated = "unauthenticated", 401, "Please log in again.";
    /// The credential lacks the right.
    Forbidden = "forbidden", 403, "You do not have the right to do this.";
    /// Another device made this check-in.
    OtherDevice = "other_device", 403, "Only the device that made this check-in, or a supervisor, can annul it.";
    /// The phone number is not the one that WeChat confirmed for this person.
    PhoneNotVerified = "phone_not_verified", 403, "Please confirm this phone number with WeChat first.";
    /// WeChat regards the user as a risk (errcode 40226).
    LoginBlocked = "login_blocked", 403, "WeChat does not allow this user to log in.";
    /// The organization does not let guests in.
    GuestsNotAllowed = "guests_not_allowed", 403, "Please use an invitation, or bind your account here first.";
    /// The organization lets only members, or members of the unit's customer, report; `why_not` says which.
    ReportNotAllowed = "report_not_allowed", 403, "You cannot report a fault of this unit.";
    /// A push whose signature does not fit the account's token.
    PushRefused = "push_refused", 403, "The signature does not fit.";
    /// Nothing of that name here, or it belongs to another organization.
    NotFound = "not_found", 404, "There is nothing here.";
    /// No unit has that serial number.
    SerialUnknown = "serial_unknown", 404, "No unit with this serial number is known here.";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "This address does not know that method.";
    /// The body took too long to arrive; the same request may be sent again.
    BodyTimeout = "body_timeout", 408, "The body did not arrive in time.";
    /// The state does not allow it; the detail says which.
    Conflict = "conflict", 409, "The current state does not allow this.";
    /// A unique name or reference is taken.
    AlreadyExists = "already_exists", 409, "This exists already.";
    /// Somebody else changed it since it was read; the answer has what it is now.
    VersionStale = "version_stale", 409, "Somebody else has changed this in the meantime.";
    /// The organization lets nobody check in outside the geofence without a reason; `distance_meters` says how far.
    OutsideGeofence = "outside_geofence", 409, "You are not at the site; please say why if you check in all the same.";
    /// The visit has another check-out already.
    AlreadyCheckedOut = "already_checked_out", 409, "This visit has been checked out of already.";
    /// A leg has no length yet, or the day has no legs.
    MileageIncomplete = "mileage_incomplete", 409, "Please give the mileage of every leg first.";
    /// The day's mileage is approved; only a rejection opens it again.
    MileageApproved = "mileage_approved", 409, "This day's mileage is approved and can no longer be changed.";
    /// A request with the same `Idempotency-Key` is still running.
    IdempotencyKeyInUse = "idempotency_key_in_use", 409, "The same request is still running.";
    /// A shared mini program needs to know the organization.
    OrganizationRequired = "organization_required", 409, "Please choose an organization.";
    /// The data was encrypted under a session_key that is no longer known.
    SessionKeyStale = "session_key_stale", 409, "Please log in with WeChat again.";
    /// Somebody else holds the ticket.
    TicketClaimed = "ticket_claimed", 409, "This ticket belongs to somebody else already.";
    /// The work order has moved on; `work_order` is how it stands now.
    MoveRefused = "move_refused", 409, "The work order cannot do that from where it stands.";
    /// Another order for the unit is open; `work_order` says which.
    OpenWorkOrderExists = "open_work_order_exists", 409, "This unit has an open work order already.";
    /// Fifteen minutes have passed since the check-in.
    AnnulTooLate = "annul_too_late", 409, "It is too late to annul this check-in.";
    /// The invitation was used up, expired or revoked.
    InvitationInvalid = "invitation_invalid", 409, "This invitation can no longer be used.";
    /// The `wx.login` code was used, expired or belongs to another app (errcodes 40029, 40163).
    LoginCodeInvalid = "login_code_invalid", 409, "Please log in with WeChat again.";
    /// The code of the phone-number button was used, expired or belongs to somebody else (errcode 40029).
    PhoneCodeInvalid = "phone_code_invalid", 409, "Please confirm the phone number again.";
    /// The code or link that proves a business user id is wrong, used or expired.
    BindingInvalid = "binding_invalid", 409, "This code does not fit, or can no longer be used.";
    /// The WeChat user, or the business user, is bound to somebody else.
    BindingConflict = "binding_conflict", 409, "This account is bound to somebody else already.";
    /// Other things depend on the account; `dependents` names them, and `confirm=true` goes on.
    AccountInUse = "account_in_use", 409, "Other things depend on this account.";
    /// The open platform account holds as many official accounts as it may.
    OpenPlatformFull = "open_platform_full", 409, "No more official accounts fit on this open platform account.";
    /// WeChat does not accept the server's address (errcode 40164); `address` names it where WeChat does.
    WechatAddressRefused = "wechat_address_refused", 409, "WeChat does not accept this server's address: add it to the account's allow-list.";
    /// The phone number belongs to another person here.
    PhoneTaken = "phone_taken", 409, "This phone number belongs to somebody else.";
    /// The body is larger than this address accepts.
    BodyTooLarge = "body_too_large", 413, "The body is too large.";
    /// The content type is not one that this address reads.
    UnsupportedMediaType = "unsupported_media_type", 415, "The body has a type that is not accepted here.";
    /// The bytes are not of a kind of photo, video or signature that is accepted here.
    MediaTypeRefused = "media_type_refused", 415, "This kind of file is not accepted.";
    /// The photo or video is damaged, cut off, or not what was announced.
    MediaBroken = "media_broken", 422, "This file is damaged.";
    /// One or more fields are missing, of the wrong type or out of range; `errors` names each.
    InvalidField = "invalid_field", 422, "Some fields are wrong.";
    /// The import has rows that cannot be taken; `errors` names each with line and column.
    InvalidRows = "invalid_rows", 422, "Some rows are wrong; nothing was imported.";
    /// The same nonce was used for another scan.
    NonceReused = "nonce_reused", 422, "This nonce belongs to another check-in.";
    /// The same `visit_key` or `point_key` was used for something else.
    KeyReused = "key_reused", 422, "This key belongs to another entry.";
    /// The same draft was sent before, with another content.
    DraftReused = "draft_reused", 422, "This draft was sent before, with another content.";
    /// WeChat's content check refuses the text.
    TextRefused = "text_refused", 422, "WeChat does not accept this text; please put it differently.";
    /// The same `Idempotency-Key` was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key belongs to another request.";
    /// Too many requests; `Retry-After` says when to come back.
    RateLimited = "rate_limited", 429, "Too many requests; please wait a moment.";
    /// A defect of ours; the log has it under the `trace_id`.
    Internal = "internal", 500, "Something went wrong on our side.";
    /// WeChat answered something that cannot be used.
    WechatFailed = "wechat_failed", 502, "WeChat did not give a usable answer; please try again.";
    /// The account's AppID, secret or allow-list is wrong; the operator must mend it.
    WechatMisconfigured = "wechat_misconfigured", 502, "The connection to WeChat is not set up correctly.";
    /// The database is away.
    StorageUnavailable = "storage_unavailable", 503, "The service is briefly unavailable; please try again.";
    /// The session store is away.
    SessionStoreUnavailable = "session_store_unavailable", 503, "The service is briefly unavailable; please try again.";
    /// WeChat did not answer in time.
    WechatTimeout = "wechat_timeout", 504, "WeChat did not answer in time; please try again.";
}

/// One wrong field (RFC 9457 extension `errors`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where: the path of the field, as `products[2].name`.
    pub field: String,
    /// What is wrong, stable: `required`, `type`, `length`, `format`, `range`, `unknown`, `duplicate`.
    pub code: String,
    /// What is wrong, for people.
    pub detail: String,
}

impl FieldError {
    /// A field error.
    pub fn new(field: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.to_owned(), detail: detail.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::ProblemCode;

    #[test]
    fn codes_are_unique_snake_case_and_carry_an_error_status() {
        let mut codes: Vec<_> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ProblemCode::ALL.len());
        for code in ProblemCode::ALL {
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code:?}");
            assert!((400..=599).contains(&code.status()), "{code:?}");
            assert!(code.title().ends_with('.'), "{code:?}");
        }
    }
}
