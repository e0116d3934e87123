//! Errors that reach a client: RFC 9457 problems. What only an operator may know travels beside them to the log.

use crate::session::KvError;
use crate::storage::StorageError;
use paifang_core::problem::{FieldError, ProblemCode};
use serde_json::{Map, Value};
use std::fmt;

/// An error answer, free of any transport.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    code: ProblemCode,
    detail: Option<String>,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    retry_after: Option<u64>,
    internal: Option<String>,
}

impl Problem {
    /// A problem that its code explains well enough.
    pub fn new(code: ProblemCode) -> Self {
        Self(Box::new(Parts {
            code,
            detail: None,
            errors: Vec::new(),
            members: Map::new(),
            retry_after: None,
            internal: None,
        }))
    }

    /// A defect of ours: the client sees a plain 500, the log sees `why`.
    pub fn internal(why: impl Into<String>) -> Self {
        Self::new(ProblemCode::Internal).because(why)
    }

    /// Nothing of that name, or it belongs to somebody else.
    pub fn not_found() -> Self {
        Self::new(ProblemCode::NotFound)
    }

    /// One wrong field.
    pub fn field(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError::new(field, code, detail)])
    }

    /// Several wrong fields.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(ProblemCode::InvalidField);
        problem.0.errors = errors;
        problem
    }

    /// Adds a sentence about this occurrence.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds what only the log may know.
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.0.internal = Some(why.into());
        self
    }

    /// Tells the client to come back after `seconds`.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Adds an extension member.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }

    /// The stable code.
    pub fn code(&self) -> ProblemCode {
        self.0.code
    }

    /// Seconds after which to come back.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// What only the log may know.
    pub fn internal_cause(&self) -> Option<&str> {
        self.0.internal.as_deref()
    }

    /// What an admin may know: the code, and what WeChat said where it was WeChat; never what our own parts said.
    pub fn for_operator(&self) -> String {
        match self.0.code {
            ProblemCode::RateLimited
            | ProblemCode::WechatFailed
            | ProblemCode::WechatMisconfigured
            | ProblemCode::WechatAddressRefused
            | ProblemCode::WechatTimeout => self.to_string(),
            code => code.as_str().to_owned(),
        }
    }

    /// The document for the client (RFC 9457).
    pub fn to_document(&self) -> Map<String, Value> {
        let parts = &self.0;
        let mut document = Map::new();
        document.insert("type".into(), format!("https://paifang.dev/problems/{}", parts.code.as_str()).into());
        document.insert("title".into(), parts.code.title().into());
        document.insert("status".into(), parts.code.status().into());
        document.insert("code".into(), parts.code.as_str().into());
        if let Some(detail) = &parts.detail {
            document.insert("detail".into(), detail.as_str().into());
        }
        if !parts.errors.is_empty() {
            document.insert("errors".into(), serde_json::to_value(&parts.errors).unwrap_or_default());
        }
        document.extend(parts.members.clone());
        document
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.as_str())?;
        self.0.internal.as_ref().map_or(Ok(()), |why| write!(f, ": {why}"))
    }
}

impl std::error::Error for Problem {}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match &error {
            StorageError::Unavailable(_) => Self::new(ProblemCode::StorageUnavailable).retry_after(1),
            StorageError::Nul => Self::new(ProblemCode::MalformedParameter).detail("a text holds a NUL character"),
            StorageError::Failed(_) => Self::new(ProblemCode::Internal),
        }
        .because(error.to_string())
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        StorageError::from(error).into()
    }
}

impl From<KvError> for Problem {
    fn from(error: KvError) -> Self {
        Self::new(ProblemCode::SessionStoreUnavailable).retry_after(1).because(error.to_string())
    }
}
