//! The key by which repeats of a push are known. WeChat repeats a push that was not answered, some for 24 hours.
//!
//! A message is known by `MsgId`. An event has none: two different events of one user may share a second, so an event
//! is known by all that it says. It is brought into one form first (an array of one is its element, what is empty is
//! absent, names in order, the event's name in lower case), so that it does not matter how WeChat wrote it.

use super::{Push, is_empty, only};
use crate::http::body::hash;
use serde_json::Value;

/// SHA-256 in hexadecimal digits, so that a key has one length whatever was sent.
pub(super) fn key(push: &Push) -> String {
    let kind = push.text(&["MsgType"]).map(|kind| kind.to_ascii_lowercase());
    let mut bytes = Vec::new();
    match (kind, push.text(&["MsgId"])) {
        (Some(kind), Some(id)) if kind != "event" => {
            bytes.push(b'm');
            write_text(&push.text(&["ToUserName"]).unwrap_or_default(), &mut bytes);
            write_text(&id, &mut bytes);
        }
        _ => {
            bytes.push(b'e');
            for (name, value) in present(push.as_map()) {
                write_text(name, &mut bytes);
                match (name.as_str(), only(value)) {
                    ("Event" | "MsgType", Value::String(text)) => {
                        write(&Value::from(text.to_ascii_lowercase()), &mut bytes);
                    }
                    (_, value) => write(value, &mut bytes),
                }
            }
        }
    }
    hash(&bytes)
}

/// Writes a value so that different values never give the same bytes: each part says its kind and its length.
fn write(value: &Value, bytes: &mut Vec<u8>) {
    match only(value) {
        Value::Object(fields) => {
            let fields = present(fields);
            bytes.push(b'o');
            write_length(fields.len(), bytes);
            for (name, value) in fields {
                write_text(name, bytes);
                write(value, bytes);
            }
        }
        Value::Array(values) => {
            let values: Vec<_> = values.iter().filter(|value| !is_empty(value)).collect();
            bytes.push(b'a');
            write_length(values.len(), bytes);
            for value in values {
                write(value, bytes);
            }
        }
        Value::String(text) => {
            bytes.push(b't');
            write_text(text, bytes);
        }
        // A push has neither; both would be written as WeChat does, in digits or a word.
        other => {
            bytes.push(b't');
            write_text(&other.to_string(), bytes);
        }
    }
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    write_length(text.len(), bytes);
    bytes.extend_from_slice(text.as_bytes());
}

fn write_length(length: usize, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&(length as u64).to_be_bytes());
}

/// The fields that say something, in the order of their names.
fn present(fields: &serde_json::Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = fields.iter().filter(|(_, value)| !is_empty(value)).collect();
    fields.sort_unstable_by_key(|(name, _)| *name);
    fields
}
