//! The table of rules that the mini program calls by name: JSON in, JSON out, `{"ok": …}` or `{"problem": …}`.

use crate::position::{Degrees, Position};
use crate::problem::FieldError;
use crate::ticket::{self, EventKey, Scanned, Situation, rotating};
use crate::work_order::mileage::DayQuestion;
use crate::work_order::visit::CheckInQuestion;
use crate::work_order::{self, Fields, Move, Party, Report, State};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Calls the rule `name`. An unknown name or an input of the wrong shape answers a problem; nothing traps.
pub fn call(name: &str, input: &str) -> String {
    let answer = match name {
        "echo" => with(input, |value: Value| Ok(value)),
        "check_in" => with(input, |situation: Situation| Ok(json!(ticket::check_in(&situation)))),
        "read_code" => with(input, |request| Ok(read_code(&request))),
        "show_rotating" => with(input, show_rotating),
        "device_key" => with(input, device_key),
        "visit_check_in" => {
            with(input, |question: CheckInQuestion| question.answer().map(|a| json!(a)).map_err(fields))
        }
        "mileage_day" => with(input, |question: DayQuestion| question.answer().map(|day| json!(day)).map_err(fields)),
        "distance" => with(input, distance),
        "work_order_moves" => with(input, |Standing { state, party }| Ok(json!(work_order::offers(state, party)))),
        "work_order_move" => with(input, |request| Ok(try_move(&request))),
        "report_check" => with(input, |CheckReport { report, needs_phone }| Ok(json!(report.check(needs_phone)))),
        unknown => Err(problem("unknown_function", format!("there is no function {unknown:?}"))),
    };
    match answer {
        Ok(value) => json!({ "ok": value }),
        Err(problem) => json!({ "problem": problem }),
    }
    .to_string()
}

fn with<T: DeserializeOwned>(input: &str, rule: impl FnOnce(T) -> Result<Value, Value>) -> Result<Value, Value> {
    let request = serde_json::from_str(input).map_err(|error| problem("malformed_body", error.to_string()))?;
    rule(request)
}

fn problem(code: &str, detail: String) -> Value {
    json!({ "code": code, "detail": detail })
}

fn fields(errors: Vec<FieldError>) -> Value {
    json!({ "code": "invalid_field", "detail": "some fields are wrong", "errors": errors })
}

/// Two positions.
#[derive(Deserialize)]
struct Way {
    from: Degrees,
    to: Degrees,
}

fn distance(way: Way) -> Result<Value, Value> {
    let read = |degrees: Degrees| Position::from_degrees(degrees.latitude, degrees.longitude);
    let ends = read(way.from).zip(read(way.to));
    ends.map(|(from, to)| json!({ "meters": from.distance_to(to) }))
        .ok_or_else(|| problem("invalid_field", "a position lies off the globe".to_owned()))
}

/// A code to read, and the keys of the event that it should belong to.
#[derive(Deserialize)]
struct ReadCode {
    code: String,
    #[serde(default)]
    keys: Vec<EventKey>,
}

fn read_code(request: &ReadCode) -> Value {
    match ticket::read(&request.code) {
        None => json!({ "kind": "unknown" }),
        Some(Scanned::Short(code)) => json!({ "kind": "short", "short_code": code.as_str() }),
        Some(Scanned::Signed(code)) => json!({
            "kind": "signed",
            "signed": code.is_signed_by(&request.keys),
            "key_number": code.code.key_number,
            "event_tag": code.code.event_tag,
            "ticket_id": code.code.ticket_id,
            "product_number": code.code.product_number,
            "valid_from": code.code.valid_from.map(|seconds| i64::from(seconds) * 1000),
            "valid_until": code.code.valid_until.map(|seconds| i64::from(seconds) * 1000),
            "rotating": code.code.device_key.is_some(),
        }),
    }
}

/// A rotating code to show now; the device's secret never leaves the phone.
#[derive(Deserialize)]
struct ShowRotating {
    code: String,
    device_secret: String,
    at: i64,
}

fn show_rotating(request: ShowRotating) -> Result<Value, Value> {
    signing_key(&request.device_secret)
        .and_then(|key| rotating::show(&request.code, &key, request.at))
        .map(|code| json!({ "code": code }))
        .ok_or_else(|| problem("invalid_field", "no rotating code of this device".to_owned()))
}

/// The secret from which the phone's public key follows: 32 random bytes in hexadecimal digits.
#[derive(Deserialize)]
struct DeviceSecret {
    device_secret: String,
}

fn device_key(request: DeviceSecret) -> Result<Value, Value> {
    signing_key(&request.device_secret)
        .map(|key| json!({ "device_key": data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes()) }))
        .ok_or_else(|| problem("invalid_field", "no secret of 32 bytes".to_owned()))
}

fn signing_key(secret: &str) -> Option<SigningKey> {
    let secret = data_encoding::HEXLOWER_PERMISSIVE.decode(secret.as_bytes()).ok()?;
    Some(SigningKey::from_bytes(&<[u8; 32]>::try_from(secret).ok()?))
}

/// Where a work order stands, and what somebody is to it.
#[derive(Deserialize)]
struct Standing {
    state: State,
    party: Party,
}

/// A move to try.
#[derive(Deserialize)]
struct TryMove {
    state: State,
    party: Party,
    #[serde(rename = "move")]
    made: Move,
    #[serde(default)]
    fields: Fields,
}

fn try_move(request: &TryMove) -> Value {
    match work_order::decide(request.state, request.party, request.made) {
        Err(refusal) => json!({ "refusal": refusal }),
        Ok(to) => match work_order::check_fields(request.made, &request.fields) {
            wrong if wrong.is_empty() => json!({ "to": to }),
            wrong => json!({ "errors": wrong }),
        },
    }
}

/// A report to check before it is sent.
#[derive(Deserialize)]
struct CheckReport {
    report: Report,
    #[serde(default)]
    needs_phone: bool,
}

#[cfg(test)]
mod tests {
    use super::call;

    #[test]
    fn a_move_is_tried_before_it_is_sent() {
        let ask = |party: &str, made: &str| {
            call("work_order_move", &format!(r#"{{"state":"on_site","party":{party},"move":"{made}"}}"#))
        };
        assert_eq!(ask(r#"{"dispatcher":true}"#, "accept"), r#"{"ok":{"refusal":"not_from_this_state"}}"#);
        assert!(ask(r#"{"own_engineer":true}"#, "finish").contains(r#""code":"required""#));
        assert!(
            call("work_order_moves", r#"{"state":"done","party":{"customer":true}}"#).contains(r#""move":"confirm""#)
        );
        assert!(call("report_check", r#"{"report":{}}"#).contains("draft_id"));
    }

    #[test]
    fn wrong_calls_answer_a_problem() {
        assert!(call("nothing", "{}").contains("unknown_function"));
        assert!(call("check_in", "{").contains("malformed_body"));
        assert!(call("check_in", "{}").contains("missing field"));
        assert!(call("device_key", r#"{"device_secret":"00"}"#).contains("invalid_field"));
        assert_eq!(call("echo", r#"{"名":"票🎫"}"#), r#"{"ok":{"名":"票🎫"}}"#);
    }

    #[test]
    fn figures_of_the_field_are_answered() {
        let way = r#"{"from":{"latitude":0,"longitude":0},"to":{"latitude":0,"longitude":1}}"#;
        assert_eq!(call("distance", way), r#"{"ok":{"meters":111195}}"#);
        assert!(call("distance", &way.replace("\":1}", "\":181}")).contains("off the globe"));
        let fix = r#"{"latitude":31.2,"longitude":121.4,"source":"gps","fixed_at":"2026-11-21T00:00:00Z"}"#;
        let site = r#"{"latitude":31.2,"longitude":121.4}"#;
        let asked = format!(r#"{{"site":{site},"fix":{fix},"geofence_meters":500}}"#);
        assert_eq!(call("visit_check_in", &asked), r#"{"ok":{"distance_meters":0,"outcome":"inside"}}"#);
        let wrong = asked.replace("gps", "guess");
        assert!(call("visit_check_in", &wrong).contains(r#""field":"fix.source""#));
        let day = format!(
            r#"{{"stops":[{{"id":"s","kind":"start","at":"2026-11-21T00:00:00Z","fix":{fix}}},
                {{"id":"e","kind":"end","at":"2026-11-21T00:10:00Z","fix":{fix}}}],"edits":[],"detour_permille":1300}}"#
        );
        assert!(call("mileage_day", &day).contains(r#""complete":true,"legs""#));
        let late = day.replace("00:10:00Z", "00:10:01Z");
        assert!(call("mileage_day", &late).contains(r#""complete":false,"legs""#), "the fix is old by then");
        assert!(call("mileage_day", &day.replace("31.2", "91")).contains(r#""field":"stops[0].fix.latitude""#));
    }

    /// RFC 8032, section 7.1, test 1.
    #[test]
    fn a_device_key_follows_from_its_secret() {
        let secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let answer = call("device_key", &format!(r#"{{"device_secret":"{secret}"}}"#));
        assert_eq!(answer, format!(r#"{{"ok":{{"device_key":"{public}"}}}}"#));
    }
}
