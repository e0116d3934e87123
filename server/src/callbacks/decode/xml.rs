//! Pushes in XML: elements, texts and CDATA. Repeated elements become an array. Attributes, comments and texts beside
//! elements mean nothing in a push. A document type is refused, not read.

use super::{DecodeError, Limits, MAX_DEPTH, MAX_ELEMENTS, text};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use serde_json::map::Entry;
use serde_json::{Map, Value};

/// An element that was opened and not yet closed.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    fields: Map<String, Value>,
}

/// Reads a document whose root is one element `xml`.
pub(super) fn read(document: &str) -> Result<Map<String, Value>, DecodeError> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().expand_empty_elements = true;
    let mut limits = Limits { depth: MAX_DEPTH, elements: MAX_ELEMENTS };
    // The document itself lies at the bottom, as an element without a name.
    let mut document = Element::default();
    let mut open: Vec<Element> = Vec::new();
    loop {
        let current = open.last_mut().unwrap_or(&mut document);
        match reader.read_event().map_err(|_| DecodeError::Malformed)? {
            Event::Start(start) => {
                limits.enter(open.len() + 1)?;
                open.push(Element { name: name(start.name().as_ref())?, ..Element::default() });
            }
            Event::End(_) => {
                let closed = open.pop().ok_or(DecodeError::Malformed)?;
                open.last_mut().unwrap_or(&mut document).take(closed)?;
            }
            // Line ends are left as they are, so that a text is the same as in JSON.
            Event::Text(part) => current.text.push_str(&part),
            Event::CData(part) => current.text.push_str(&part),
            Event::GeneralRef(reference) => current.text.push(character(&reference)?),
            Event::DocType(_) => return Err(DecodeError::Entity),
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let stray = !open.is_empty() || document.fields.len() != 1 || !document.text.trim_ascii().is_empty();
    match document.fields.remove("xml") {
        Some(Value::Object(fields)) if !stray => Ok(fields),
        // `<xml></xml>`: without elements, it is an empty text.
        Some(Value::String(text)) if !stray && text.is_empty() => Ok(Map::new()),
        _ => Err(DecodeError::Malformed),
    }
}

impl Element {
    fn take(&mut self, closed: Element) -> Result<(), DecodeError> {
        let value = if closed.fields.is_empty() { text(&closed.text)? } else { Value::Object(closed.fields) };
        match self.fields.entry(closed.name) {
            Entry::Vacant(vacant) => {
                vacant.insert(value);
            }
            // No single element is an array, so an array is what earlier repeats made.
            Entry::Occupied(mut occupied) => match occupied.get_mut() {
                Value::Array(values) => values.push(value),
                first => {
                    let first_value = first.take();
                    *first = Value::from(vec![first_value, value]);
                }
            },
        }
        Ok(())
    }
}

/// The parser takes anything up to a blank for a name.
fn name(raw: &str) -> Result<String, DecodeError> {
    let starts_well = raw.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let goes_on_well = raw.chars().all(|one| one.is_alphanumeric() || "_-.:".contains(one));
    if starts_well && goes_on_well { Ok(raw.to_owned()) } else { Err(DecodeError::Malformed) }
}

/// One of the five entities that XML has by itself, or a character by its number.
fn character(reference: &BytesRef<'_>) -> Result<char, DecodeError> {
    match reference.as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ if reference.is_char_ref() => reference.resolve_char_ref().ok().flatten().ok_or(DecodeError::Malformed),
        _ => Err(DecodeError::Entity),
    }
}
