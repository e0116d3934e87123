//! What WeChat pushes, however it writes it. The same event comes as XML or as JSON, whichever the account is set to;
//! numbers come bare or as strings, and a list of one comes as the thing itself.

mod dedup;
mod json;
mod xml;

use serde_json::{Map, Value};

/// Deeper nesting of XML than this is refused; what WeChat documents stays well below.
const MAX_DEPTH: usize = 8;
/// More elements of XML than this are refused.
const MAX_ELEMENTS: usize = 4_000;
/// JSON may have so many times as much: what are repeated elements in XML is an array here, one more element and one
/// more level, and a push that was read as XML must be readable as the JSON it is stored as.
const JSON_FACTOR: usize = 2;

/// A push as WeChat wrote it, XML or JSON alike: an object of texts, objects and arrays. Texts are trimmed, numbers
/// are texts with the digits that WeChat wrote, and a `null` is absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Push(Map<String, Value>);

/// Why bytes are no push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not UTF-8.
    #[error("the push is not UTF-8")]
    NotUtf8,
    /// Neither XML nor JSON.
    #[error("the push is neither XML nor JSON")]
    UnknownFormat,
    /// Broken syntax, another root than one `xml` element or one object, or a NUL, which no database holds.
    #[error("the push is malformed")]
    Malformed,
    /// A document type or an entity, which are never expanded: nobody but an attacker sends them.
    #[error("the push declares or uses an entity")]
    Entity,
    /// Nested too deep.
    #[error("the push is nested too deep")]
    TooDeep,
    /// Too many elements.
    #[error("the push has too many elements")]
    TooMany,
}

impl Push {
    /// Reads XML or JSON, told apart by the first byte that is no blank, also after a byte order mark.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let text = std::str::from_utf8(bytes).map_err(|_| DecodeError::NotUtf8)?;
        if text.contains('\0') {
            return Err(DecodeError::Malformed);
        }
        let text = text.trim_ascii_start();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_ascii();
        match text.as_bytes().first() {
            Some(b'<') => xml::read(text).map(Self),
            Some(b'{') => json::read(text).map(Self),
            _ => Err(DecodeError::UnknownFormat),
        }
    }

    /// The text at a path of names; `None` when there is none, it is empty, or it is an object or a list.
    pub fn text(&self, path: &[&str]) -> Option<String> {
        match only(self.at(path)?) {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        }
    }

    /// The whole number at a path of names.
    pub fn number(&self, path: &[&str]) -> Option<i64> {
        self.text(path)?.parse().ok()
    }

    /// The objects at a path of names that say something: one, or each of an array. WeChat sends a list of one as the
    /// thing itself.
    pub fn items(&self, path: &[&str]) -> Vec<Push> {
        let found = match self.at(path) {
            Some(Value::Array(values)) => values.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let said = found.iter().filter(|value| !is_empty(value));
        said.filter_map(Value::as_object).cloned().map(Self).collect()
    }

    /// The name of the event in lower case: WeChat writes some in upper case. `None` for a message.
    pub fn event(&self) -> Option<String> {
        self.text(&["Event"]).map(|event| event.to_ascii_lowercase())
    }

    /// What repeats of the same push have in common, and no other push has: 64 hexadecimal digits. See [`dedup`].
    pub fn dedup_key(&self) -> String {
        dedup::key(self)
    }

    /// All of it, to be looked at.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All of it, as JSON; [`Push::decode`] reads it again.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.0.get(*first)?, |value, name| only(value).get(*name))
    }
}

/// The element of a list of one, which is the same as that element alone.
fn only(value: &Value) -> &Value {
    let Value::Array(values) = value else { return value };
    let mut said = values.iter().filter(|value| !is_empty(value));
    match (said.next(), said.next()) {
        (Some(one), None) => only(one),
        _ => value,
    }
}

/// Whether a value says no more than a missing one: XML has no other way to write an empty list or object.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.iter().all(is_empty),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A text of a push, trimmed: WeChat's own samples have blanks within CDATA. JSON can write a NUL as `\u0000`.
fn text(raw: &str) -> Result<Value, DecodeError> {
    if raw.contains('\0') { Err(DecodeError::Malformed) } else { Ok(Value::from(raw.trim_ascii())) }
}

/// What is still allowed.
struct Limits {
    depth: usize,
    elements: usize,
}

impl Limits {
    /// One more element, `depth` levels down.
    fn enter(&mut self, depth: usize) -> Result<(), DecodeError> {
        if depth > self.depth {
            return Err(DecodeError::TooDeep);
        }
        self.elements = self.elements.checked_sub(1).ok_or(DecodeError::TooMany)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
