//! The fields of a push as XML or JSON.

use anyhow::{bail, ensure};
use serde_json::{Map, Value};

use super::PushFormat;

/// What stands first in WeChat's XML; its order means nothing, but is easier to read.
const FIRST: [&str; 4] = ["ToUserName", "FromUserName", "CreateTime", "MsgType"];

pub(super) fn write(format: PushFormat, fields: &Map<String, Value>) -> anyhow::Result<String> {
    match format {
        PushFormat::Xml => {
            let mut xml = String::from("<xml>");
            for (name, value) in FIRST.iter().filter_map(|name| fields.get_key_value(*name)) {
                element(&mut xml, name, value)?;
            }
            for (name, value) in fields.iter().filter(|(name, _)| !FIRST.contains(&name.as_str())) {
                element(&mut xml, name, value)?;
            }
            xml.push_str("</xml>");
            Ok(xml)
        }
        PushFormat::Json => Ok(single_lists(Value::Object(fields.clone())).to_string()),
    }
}

fn element(xml: &mut String, name: &str, value: &Value) -> anyhow::Result<()> {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    ensure!(letters && name.starts_with(|first: char| !first.is_ascii_digit()), "{name:?} cannot name an XML element");
    if let Value::Array(values) = value {
        for value in values {
            ensure!(!value.is_array(), "{name} holds an array in an array, which XML cannot");
            element(xml, name, value)?;
        }
        return Ok(());
    }
    xml.push_str(&format!("<{name}>"));
    match value {
        Value::String(text) => {
            // The end of CDATA within a text is spread over two.
            xml.push_str(&format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")));
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                element(xml, name, value)?;
            }
        }
        Value::Number(number) => xml.push_str(&number.to_string()),
        Value::Bool(_) => bail!("{name} is true or false, which WeChat's XML writes as a number"),
        Value::Null | Value::Array(_) => {}
    }
    xml.push_str(&format!("</{name}>"));
    Ok(())
}

/// WeChat's JSON gives a `List` of one as the object in it.
fn single_lists(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let value = match value {
                        Value::Array(mut values) if name == "List" && values.len() == 1 => values.remove(0),
                        value => value,
                    };
                    (name, single_lists(value))
                })
                .collect(),
        ),
        Value::Array(values) => Value::Array(values.into_iter().map(single_lists).collect()),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(format: PushFormat, fields: Value) -> anyhow::Result<String> {
        write(format, fields.as_object().unwrap())
    }

    #[test]
    fn xml_repeats_elements_and_wraps_texts() {
        let fields = json!({"Event": "x", "MsgType": "event", "CreateTime": 12, "ToUserName": "gh_1", "Empty": null,
            "Popup": {"List": [{"Id": "a]]>b"}, {"Id": "中<&"}]}, "None": []});
        let expected = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><CreateTime>12</CreateTime>\
            <MsgType><![CDATA[event]]></MsgType><Empty></Empty><Event><![CDATA[x]]></Event>\
            <Popup><List><Id><![CDATA[a]]]]><![CDATA[>b]]></Id></List><List><Id><![CDATA[中<&]]></Id></List></Popup></xml>";
        let mut expected: Vec<&str> = expected.split_inclusive('>').collect();
        let xml = written(PushFormat::Xml, fields).unwrap();
        let mut parts: Vec<&str> = xml.split_inclusive('>').collect();
        assert!(xml.starts_with("<xml><ToUserName><![CDATA[gh_1]]></ToUserName><CreateTime>12</CreateTime>"), "{xml}");
        // Beyond that the order depends on how JSON objects are stored.
        expected.sort_unstable();
        parts.sort_unstable();
        assert_eq!(parts, expected);
    }

    #[test]
    fn what_xml_cannot_say_is_an_error() {
        for fields in [json!({"a b": 1}), json!({"1a": 1}), json!({"": 1}), json!({"a": [[1]]}), json!({"a": true})] {
            assert!(written(PushFormat::Xml, fields.clone()).is_err(), "{fields}");
        }
    }

    #[test]
    fn json_gives_a_list_of_one_as_an_object() {
        let fields = json!({"Event": {"List": [{"Id": 1}], "Other": [1]}, "List": [1, 2]});
        let text = written(PushFormat::Json, fields).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, json!({"Event": {"List": {"Id": 1}, "Other": [1]}, "List": [1, 2]}));
    }
}
