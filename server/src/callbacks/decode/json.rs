//! Pushes in JSON. Numbers are kept as the digits that were sent: an id beyond 64 bits or a coordinate with a
//! trailing zero is the same text as in XML.

use super::{DecodeError, JSON_FACTOR, Limits, MAX_DEPTH, MAX_ELEMENTS, text};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Reads a document whose root is an object.
pub(super) fn read(document: &str) -> Result<Map<String, Value>, DecodeError> {
    let root: &RawValue = parse(document)?;
    let mut limits = Limits { depth: MAX_DEPTH * JSON_FACTOR, elements: MAX_ELEMENTS * JSON_FACTOR };
    match value(root, 1, &mut limits)? {
        Some(Value::Object(fields)) => Ok(fields),
        _ => Err(DecodeError::Malformed),
    }
}

/// `None` for a `null`, which says no more than a missing field.
fn value(raw: &RawValue, depth: usize, limits: &mut Limits) -> Result<Option<Value>, DecodeError> {
    limits.enter(depth)?;
    let raw = raw.get();
    let read = match raw.as_bytes().first() {
        Some(b'{') => {
            let mut fields = Map::new();
            for (name, inner) in parse::<BTreeMap<String, &RawValue>>(raw)? {
                if name.contains('\0') {
                    return Err(DecodeError::Malformed);
                }
                if let Some(inner) = value(inner, depth + 1, limits)? {
                    fields.insert(name, inner);
                }
            }
            Value::Object(fields)
        }
        Some(b'[') => {
            let values = parse::<Vec<&RawValue>>(raw)?.into_iter();
            let values: Result<Vec<_>, _> = values.map(|inner| value(inner, depth + 1, limits)).collect();
            Value::from(values?.into_iter().flatten().collect::<Vec<_>>())
        }
        Some(b'"') => text(&parse::<String>(raw)?)?,
        Some(b'n') => return Ok(None),
        _ => text(raw)?,
    };
    Ok(Some(read))
}

fn parse<'de, T: serde::Deserialize<'de>>(json: &'de str) -> Result<T, DecodeError> {
    serde_json::from_str(json).map_err(|_| DecodeError::Malformed)
}
