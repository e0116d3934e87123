//! Properties of what WeChat pushes: any bytes are read or refused, and it does not matter how a push was written.

use paifang_server::callbacks::decode::{DecodeError, Push};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// A field of a push, with how it is written where WeChat writes it one way or another.
#[derive(Clone, Debug)]
enum Field {
    /// CDATA or escaped in XML.
    Text(String, bool),
    /// A string or bare in JSON.
    Number(i64, bool),
    Object(Fields),
    /// In JSON, one alone stands in an array or by itself.
    List(Vec<Field>, bool),
}

type Fields = Vec<(String, Field)>;

fn names() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9_]{0,6}"
}

fn fields(field: impl Strategy<Value = Field>) -> impl Strategy<Value = Fields> {
    proptest::collection::btree_map(names(), field, 0..5).prop_map(|map| map.into_iter().collect())
}

fn events() -> impl Strategy<Value = Fields> {
    let text = prop_oneof!["[^\0]{0,12}", " ?[a-z<>&'\"\\]]{0,8} ?", "我?是?[中文 ]{0,4}"];
    let leaf = prop_oneof![
        (text, any::<bool>()).prop_map(|(text, cdata)| Field::Text(text, cdata)),
        (any::<i64>(), any::<bool>()).prop_map(|(number, bare)| Field::Number(number, bare)),
    ];
    let field = leaf.prop_recursive(3, 24, 4, |inner| {
        // An element of a list is no list itself: XML cannot write that.
        let element = inner.clone().prop_filter("a list in a list", |field| !matches!(field, Field::List(..)));
        prop_oneof![
            fields(inner).prop_map(Field::Object),
            (vec(element, 0..4), any::<bool>()).prop_map(|(elements, array)| Field::List(elements, array)),
        ]
    });
    let kind = ("[a-z_]{1,12}", any::<bool>());
    (fields(field), kind).prop_map(|(mut fields, (event, upper))| {
        fields.retain(|(name, _)| name != "Event" && name != "MsgType");
        fields.push(("MsgType".to_owned(), Field::Text("event".to_owned(), true)));
        let event = if upper { event.to_uppercase() } else { event };
        fields.push(("Event".to_owned(), Field::Text(event, false)));
        fields
    })
}

fn xml(fields: &Fields) -> String {
    fields.iter().map(|(name, field)| element(name, field)).collect()
}

fn element(name: &str, field: &Field) -> String {
    let inner = match field {
        Field::Text(text, true) => format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")),
        Field::Text(text, false) => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#x3e;"),
        Field::Number(number, _) => number.to_string(),
        Field::Object(fields) => xml(fields),
        Field::List(elements, _) => return elements.iter().map(|one| element(name, one)).collect(),
    };
    format!("<{name}>{inner}</{name}>\n")
}

fn json(fields: &Fields) -> Value {
    Value::Object(fields.iter().map(|(name, field)| (name.clone(), value(field))).collect::<Map<_, _>>())
}

fn value(field: &Field) -> Value {
    match field {
        Field::Text(text, _) => Value::from(text.as_str()),
        Field::Number(number, true) => Value::from(*number),
        Field::Number(number, false) => Value::from(number.to_string()),
        Field::Object(fields) => json(fields),
        Field::List(elements, false) if elements.len() == 1 => value(&elements[0]),
        Field::List(elements, _) => elements.iter().map(value).collect(),
    }
}

/// Whatever was read can be stored and read again, and stays the same.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(push) = Push::decode(bytes) {
        let key = push.dedup_key();
        prop_assert_eq!(key.len(), 64);
        let _ = (push.event(), push.number(&["CreateTime"]), push.items(&["List"]));
        let stored = push.clone().into_value().to_string();
        let again = Push::decode(stored.as_bytes()).unwrap();
        prop_assert_eq!(again.dedup_key(), key);
        prop_assert_eq!(again, push);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..300), text in "[<{].{0,200}") {
        check(&bytes)?;
        check(text.as_bytes())?;
    }

    #[test]
    fn anything_like_xml_is_read_or_refused(parts in vec(prop_oneof![
        Just("<xml>"), Just("</xml>"), Just("<a>"), Just("</a>"), Just("<b/>"), Just("<![CDATA["), Just("]]>"), Just("<!--"),
        Just("-->"), Just("<?xml version='1.0'?>"), Just("<!DOCTYPE xml [<!ENTITY e 'x'>]>"), Just("&e;"), Just("&lt;"),
        Just("&#10;"), Just("&"), Just("x"), Just(" "), Just("="), Just("'"), Just("\u{feff}"), Just("\0"),
    ], 0..30)) {
        let text = parts.concat();
        check(text.as_bytes())?;
        let wrapped = format!("<xml>{text}</xml>");
        check(wrapped.as_bytes())?;
        let declares = Push::decode(wrapped.as_bytes()).is_ok() && !text.contains("CDATA") && !text.contains("<!--");
        prop_assert!(!declares || !text.contains("<!DOCTYPE") && !text.contains("&e;"));
    }

    #[test]
    fn anything_like_json_is_read_or_refused(parts in vec(prop_oneof![
        Just("{"), Just("}"), Just("["), Just("]"), Just("\"a\""), Just("\"Event\""), Just(":"), Just(","), Just("1"),
        Just("-1.50e9"), Just("null"), Just("true"), Just("\"\\u0000\""), Just("\"\\ud800\""), Just(" "),
    ], 0..30)) {
        check(format!("{{{}}}", parts.concat()).as_bytes())?;
        check(format!("{{\"a\":{}}}", parts.concat()).as_bytes())?;
    }

    #[test]
    fn an_event_has_one_key_however_it_is_written(event in events()) {
        let from_xml = Push::decode(format!("<xml>{}</xml>", xml(&event)).as_bytes());
        let from_json = Push::decode(json(&event).to_string().as_bytes());
        let too_deep = |push: &Result<Push, DecodeError>| matches!(push, Err(DecodeError::TooDeep));
        prop_assume!(!too_deep(&from_xml) && !too_deep(&from_json));
        let (from_xml, from_json) = (from_xml.unwrap(), from_json.unwrap());
        prop_assert_eq!(from_xml.dedup_key(), from_json.dedup_key());
        prop_assert_eq!(from_xml.event(), from_json.event());
        for (name, field) in &event {
            prop_assert_eq!(from_xml.text(&[name]), from_json.text(&[name]));
            prop_assert_eq!(from_xml.items(&[name]).len(), from_json.items(&[name]).len());
            if let Field::Number(number, _) = field {
                prop_assert_eq!(from_xml.number(&[name]), Some(*number));
            }
        }
    }

    #[test]
    fn another_event_has_another_key(event in events(), name in names(), text in "[a-z]{1,5}", at in any::<prop::sample::Index>()) {
        let key = |event: &Fields| Push::decode(json(event).to_string().as_bytes()).map(|push| push.dedup_key()).ok();
        let before = key(&event);
        prop_assume!(before.is_some());
        let mut longer = event.clone();
        longer.push((format!("{name}_more"), Field::Text(text.clone(), true)));
        prop_assert_ne!(&key(&longer), &before);
        let mut renamed = event.clone();
        let index = at.index(renamed.len());
        renamed[index].1 = Field::Text(format!("another {text}"), true);
        prop_assert_ne!(&key(&renamed), &before);
    }
}
