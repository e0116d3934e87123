use super::*;
use serde_json::json;

fn push(text: &str) -> Push {
    Push::decode(text.as_bytes()).unwrap()
}

fn error(text: &str) -> DecodeError {
    Push::decode(text.as_bytes()).unwrap_err()
}

const POPUP_XML: &str = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[ o1 ]]></FromUserName>\
    <CreateTime>1610969440</CreateTime><MsgType><![CDATA[event]]></MsgType>\
    <Event><![CDATA[subscribe_msg_popup_event]]></Event><SubscribeMsgPopupEvent>\
    <List><TemplateId>T1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>0</PopupScene></List>\
    <List><TemplateId>T2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString><PopupScene>0</PopupScene></List>\
    </SubscribeMsgPopupEvent></xml>";
const CARD_XML: &str = "<xml>\n  <ToUserName><![CDATA[gh_1]]></ToUserName>\n  <FromUserName><![CDATA[o1]]></FromUserName>\n\
    <CreateTime>1472551036</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[user_get_card]]></Event>\
    <CardId><![CDATA[pa]]></CardId><IsGiveByFriend>0</IsGiveByFriend><UserCardCode><![CDATA[226009850808]]></UserCardCode>\
    <FriendUserName><![CDATA[]]></FriendUserName><OuterStr/></xml>";

#[test]
fn xml_and_json_say_the_same() {
    let from_xml = push(POPUP_XML);
    let from_json = push(
        r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1610969440,"MsgType":"event",
        "Event":"subscribe_msg_popup_event","SubscribeMsgPopupEvent":{"List":[
        {"TemplateId":"T1","SubscribeStatusString":"accept","PopupScene":"0"},
        {"TemplateId":"T2","SubscribeStatusString":"reject","PopupScene":0}]}}"#,
    );
    assert_eq!(from_xml, from_json);
    let lists = from_xml.items(&["SubscribeMsgPopupEvent", "List"]);
    let templates: Vec<_> = lists.iter().filter_map(|list| list.text(&["TemplateId"])).collect();
    assert_eq!(templates, ["T1", "T2"]);
    assert_eq!(from_xml.text(&["FromUserName"]).as_deref(), Some("o1"));
    assert_eq!(from_xml.number(&["CreateTime"]), Some(1_610_969_440));
    assert_eq!(from_xml.text(&["SubscribeMsgPopupEvent"]), None);
    assert_eq!(from_xml.text(&["SubscribeMsgPopupEvent", "List"]), None);
    assert_eq!(from_xml.text(&["Event", "List"]), None);
    assert_eq!(from_xml.text(&[]), None);
}

#[test]
fn a_list_of_one_is_the_thing_itself() {
    let one = push(r#"{"S":{"List":{"MsgID":"9007199254740993","ErrorCode":0}}}"#);
    let many = push(r#"{"S":[{"List":[{"MsgID":9007199254740993,"ErrorCode":"0"}]}]}"#);
    for push in [one, many] {
        assert_eq!(push.items(&["S", "List"]).len(), 1);
        assert_eq!(push.items(&["S", "List"])[0].number(&["MsgID"]), Some(9_007_199_254_740_993));
        assert_eq!(push.text(&["S", "List", "ErrorCode"]).as_deref(), Some("0"));
    }
    for empty in [r#"{"S":{"List":[]}}"#, r#"{"S":{"List":{}}}"#, r#"{"S":"x"}"#, "<xml><S><List/></S></xml>", "{}"] {
        assert!(push(empty).items(&["S", "List"]).is_empty(), "{empty}");
    }
}

#[test]
fn values_are_texts_as_they_were_written() {
    let push = push(r#"{"a":true,"b":1.50,"c":null,"d":" x ","e":"","f":123456789012345678901234567890,"g":"\u6d3e"}"#);
    assert_eq!(
        push.clone().into_value(),
        json!({"a":"true","b":"1.50","d":"x","e":"","f":"123456789012345678901234567890","g":"派"})
    );
    assert_eq!(
        (push.text(&["c"]), push.text(&["e"]), push.number(&["d"]), push.number(&["f"])),
        (None, None, None, None)
    );
    assert_eq!(Push::decode(push.clone().into_value().to_string().as_bytes()), Ok(push));
}

#[test]
fn xml_is_read_with_its_own_five_entities_and_no_other() {
    let read = push(
        "<?xml version=\"1.0\"?><!-- c --><xml a='1'><T>&lt;a&gt; &amp;&apos;&quot;&#x6d3e;&#97; <![CDATA[<&amp;>]]></T></xml>",
    );
    assert_eq!(read.text(&["T"]).as_deref(), Some("<a> &'\"派a <&amp;>"));
    for entity in [
        "<!DOCTYPE xml><xml/>",
        "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><T>&e;</T></xml>",
        "<xml><T>&e;</T></xml>",
        "<xml><T>&nbsp;</T></xml>",
    ] {
        assert_eq!(error(entity), DecodeError::Entity, "{entity}");
    }
}

#[test]
fn what_is_no_push_is_refused() {
    assert_eq!(Push::decode(b"<xml>\xff</xml>"), Err(DecodeError::NotUtf8));
    for unknown in ["", "  ", "success", "[]", "\"x\"", "\u{feff}"] {
        assert_eq!(error(unknown), DecodeError::UnknownFormat, "{unknown}");
    }
    for malformed in [
        "{",
        "{}{}",
        "{} x",
        "{\"a\":}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"\\u0000\":1}",
        "<",
        "<xml>",
        "<xml></a>",
        "<a></a>",
        "<xml/><xml/>",
        "<xml/><a/>",
        "<xml/>x",
        "x<xml/>",
        "<xml>text</xml>",
        "<xml><a></xml></a>",
        "<xml><a>&#0;</a></xml>",
        "<xml><a>&</a></xml>",
        "<xml><a>\0</a></xml>",
        "<xml>\0<a/></xml>",
        "<xml><></></xml>",
        "<xml><1/></xml>",
        "<xml><a\u{1}/></xml>",
        "<xml><![CDATA[</xml>",
        "<xml><a>&#x110000;</a></xml>",
    ] {
        let expected = if malformed.starts_with('x') { DecodeError::UnknownFormat } else { DecodeError::Malformed };
        assert_eq!(error(malformed), expected, "{malformed}");
    }
    for empty in ["<xml/>", "<xml></xml>", "\u{feff}{}", " \n<xml> </xml>\n", "\u{feff}<xml/>"] {
        assert!(push(empty).as_map().is_empty(), "{empty}");
    }
}

#[test]
fn depth_and_number_are_limited() {
    let xml = |depth: usize| format!("<xml>{}1{}</xml>", "<a>".repeat(depth - 1), "</a>".repeat(depth - 1));
    let json = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth - 1), "}".repeat(depth - 1));
    let arrays = |depth: usize| format!("{{\"a\":{}1{}}}", "[".repeat(depth - 2), "]".repeat(depth - 2));
    let json_depth = MAX_DEPTH * JSON_FACTOR;
    for most in [xml(MAX_DEPTH), json(json_depth), arrays(json_depth)] {
        assert!(Push::decode(most.as_bytes()).is_ok());
    }
    for over in
        [xml(MAX_DEPTH + 1), json(json_depth + 1), arrays(json_depth + 1), xml(50_000), json(50_000), arrays(50_000)]
    {
        assert_eq!(error(&over), DecodeError::TooDeep);
    }
    let xml = |number: usize| format!("<xml>{}</xml>", "<a/>".repeat(number - 1));
    let json = |number: usize| format!("{{\"a\":[0{}]}}", ",0".repeat(number - 3));
    for most in [xml(MAX_ELEMENTS), json(MAX_ELEMENTS * JSON_FACTOR)] {
        assert!(Push::decode(most.as_bytes()).is_ok());
    }
    for over in [xml(MAX_ELEMENTS + 1), json(MAX_ELEMENTS * JSON_FACTOR + 1)] {
        assert_eq!(error(&over), DecodeError::TooMany);
    }
}

/// Found by fuzzing: repeated elements are an array in JSON, and so one level and one element more.
#[test]
fn the_largest_xml_can_be_stored_as_json_and_read_again() {
    let mut deepest = "<a>1</a><a>2</a>".to_owned();
    for _ in 0..MAX_DEPTH - 2 {
        deepest = format!("<a>{deepest}</a><a/>");
    }
    let widest: String = (0..MAX_ELEMENTS / 2 - 1).map(|at| format!("<a{at}/><a{at}>1</a{at}>")).collect();
    for inner in [deepest, widest] {
        let read = push(&format!("<xml>{inner}</xml>"));
        assert_eq!(push(&read.clone().into_value().to_string()), read);
    }
}

#[test]
fn a_repeat_has_the_same_key_however_it_is_written() {
    let card = push(CARD_XML).dedup_key();
    assert_eq!(card.len(), 64);
    for same in [
        r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1472551036,"MsgType":"event","Event":"user_get_card","CardId":"pa","IsGiveByFriend":0,"UserCardCode":226009850808}"#,
        r#"{"Event":["USER_GET_CARD"],"MsgType":"Event","ToUserName":"gh_1 ","FromUserName":"o1","CreateTime":"1472551036","CardId":["pa"],"IsGiveByFriend":"0","UserCardCode":"226009850808","OuterStr":null,"FriendUserName":[{}]}"#,
    ] {
        assert_eq!(push(same).dedup_key(), card, "{same}");
    }
    let one = r#"{"Event":"e","L":{"List":{"T":1}}}"#;
    assert_eq!(push(one).dedup_key(), push(r#"{"Event":"E","L":{"List":[{"T":"1"}]}}"#).dedup_key());
}

#[test]
fn different_events_of_one_second_have_different_keys() {
    let base = r#"{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":"1","MsgType":"event","Event":"e","CardId":"c","L":{"A":"1","B":"2"}}"#;
    let mut keys = std::collections::BTreeSet::from([push(base).dedup_key()]);
    for (from, to) in [
        ("gh_1", "gh_2"),
        ("\"o1", "\"o2"),
        (":\"1\",\"M", ":\"2\",\"M"),
        (":\"e\"", ":\"f\""),
        (":\"c\"", ":\"d\""),
        (":\"c\"", ":\"C\""),
        ("\"CardId", "\"CardID"),
        ("\"A\":\"1\"", "\"A\":\"2\""),
        ("\"A\":\"1\",", ""),
        ("{\"A\":\"1\",\"B\":\"2\"}", "[{\"A\":\"1\"},{\"B\":\"2\"}]"),
        ("\"1\",\"B\":\"2\"", "\"1B2\""),
        ("\"A\":\"1\",\"B\":\"2\"}", "\"A\":\"1\"},\"B\":\"2\""),
    ] {
        let changed = base.replace(from, to);
        assert!(keys.insert(push(&changed).dedup_key()), "{changed}");
    }
}

#[test]
fn a_message_is_known_by_its_id() {
    let first = push(
        "<xml><ToUserName>gh_1</ToUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>123</MsgId></xml>",
    );
    let again = push(r#"{"ToUserName":"gh_1","CreateTime":"2","MsgType":"text","MsgId":123,"Content":"x"}"#);
    let other = push(r#"{"ToUserName":"gh_1","CreateTime":"2","MsgType":"text","MsgId":124}"#);
    let event = push(r#"{"ToUserName":"gh_1","CreateTime":"2","MsgType":"event","MsgId":123}"#);
    assert_eq!(first.dedup_key(), again.dedup_key());
    assert_ne!(first.dedup_key(), other.dedup_key());
    assert_ne!(first.dedup_key(), event.dedup_key());
    assert_eq!(first.event(), None);
    assert_eq!(push("<xml><Event>SCAN</Event></xml>").event().as_deref(), Some("scan"));
}
