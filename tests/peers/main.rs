//! Our encryption, signatures and XML against those of wechatpy, which has talked to WeChat since 2014. What one
//! side makes the other must read. `tests/peers/setup` installs it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use paifang_core::wechat::message::MessageKey;
use paifang_core::wechat::signature::{sign, verify};
use paifang_server::callbacks::decode::Push;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const TOKEN: &str = "AAAAA";
/// The key of WeChat's documentation, that of its demo code, and others with all endings of the last character.
const KEYS: &[&str] = &[
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "Qm3sK9vTz1XcB7nLp5RdY2fGh8JwE4uAo6iMkZxWqS0",
    "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3a4b",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
];
const APPIDS: &[&str] = &["wxb11529c136998cb6", "wx1"];

/// Every length of 0 to 200 bytes, and Chinese, emoji and markup beside.
fn messages() -> Vec<String> {
    let mut messages: Vec<String> =
        (0..=200).map(|length| "<xml>0123456789".chars().cycle().take(length).collect()).collect();
    messages.extend((1..=100).map(|length| "我是中文，派方🎫".chars().cycle().take(length).collect::<String>()));
    messages.push("<xml><Content><![CDATA[<&>\"'\r\n\t]]></Content></xml>".to_owned());
    messages
}

/// Asks the peer about all jobs at once.
fn ask(what: &str, jobs: &[Value]) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let python = root.join("target/peers/bin/python");
    assert!(python.exists(), "wechatpy is missing: run tests/peers/setup, which installs it");
    let mut peer = Command::new(python)
        .arg(root.join("tests/peers/wechatpy_peer.py"))
        .arg(what)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = jobs.iter().map(|job| format!("{job}\n")).collect();
    let mut input = peer.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = peer.wait_with_output().unwrap();
    assert!(output.status.success(), "wechatpy failed: run tests/peers/setup and look above");
    writer.join().unwrap().unwrap();
    let answers: Vec<Value> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(answers.len(), jobs.len());
    answers
}

/// Every message with every key and appid, with a timestamp and nonce of its own.
fn jobs() -> Vec<Value> {
    let mut jobs = Vec::new();
    for message in messages() {
        for key in KEYS {
            for appid in APPIDS {
                let number = jobs.len();
                jobs.push(json!({
                    "key": key, "token": TOKEN, "appid": appid, "message": message,
                    "timestamp": (1_714_112_445 + number).to_string(), "nonce": format!("n{}", number * 7919),
                }));
            }
        }
    }
    jobs
}

fn field<'a>(job: &'a Value, name: &str) -> &'a str {
    job[name].as_str().unwrap()
}

#[test]
fn what_wechatpy_seals_we_verify_and_open() {
    let jobs = jobs();
    let mut paddings = BTreeSet::new();
    for (job, answer) in jobs.iter().zip(ask("seal", &jobs)) {
        let envelope = Push::decode(field(&answer, "envelope").as_bytes()).unwrap();
        let encrypted = envelope.text(&["Encrypt"]).unwrap();
        assert_eq!(envelope.text(&["TimeStamp"]).as_deref(), Some(field(job, "timestamp")));
        let parts = [TOKEN, field(job, "timestamp"), field(job, "nonce"), &encrypted];
        assert!(verify(&envelope.text(&["MsgSignature"]).unwrap(), &parts));
        let key = MessageKey::parse(field(job, "key")).unwrap();
        assert_eq!(key.open(&encrypted, field(job, "appid")).unwrap(), field(job, "message").as_bytes());
        paddings.insert(
            STANDARD.decode(&encrypted).unwrap().len() - 20 - field(job, "message").len() - field(job, "appid").len(),
        );
    }
    assert_eq!(paddings, (1..=32).collect());
}

#[test]
fn what_we_seal_wechatpy_verifies_and_opens() {
    let mut jobs = jobs();
    let mut foreign = Vec::new();
    for (number, job) in jobs.iter_mut().enumerate() {
        let random = u128::try_from(number).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let key = MessageKey::parse(field(job, "key")).unwrap();
        let encrypted = key.seal(random.to_be_bytes(), field(job, "message").as_bytes(), field(job, "appid"));
        let signature = sign(&[TOKEN, field(job, "timestamp"), field(job, "nonce"), &encrypted]);
        job["signature"] = Value::from(signature);
        job["envelope"] = Value::from(format!("<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"));
        if number % 97 == 0 {
            let mut other = job.clone();
            other["appid"] = Value::from("wx0000000000000000");
            foreign.push((other, "InvalidAppIdException"));
            let mut other = job.clone();
            other["signature"] = Value::from("0".repeat(40));
            foreign.push((other, "InvalidSignatureException"));
        }
    }
    for (job, answer) in jobs.iter().zip(ask("open", &jobs)) {
        assert_eq!(answer, json!({ "message": job["message"] }));
    }
    let (foreign, errors): (Vec<_>, Vec<_>) = foreign.into_iter().unzip();
    for (error, answer) in errors.into_iter().zip(ask("open", &foreign)) {
        assert_eq!(answer, json!({ "error": error }));
    }
}

#[test]
fn we_read_a_push_as_wechatpy_does() {
    let content = |inner: &str| format!("<Content>{inner}</Content>");
    let mut fields =
        vec![content("a&amp;b &lt;c&gt; &#x6d3e;&#97;&quot;&apos;"), content("<![CDATA[<&amp;>]]> and text")];
    fields.extend(
        messages().iter().filter(|text| !text.contains("]]>")).map(|text| content(&format!("<![CDATA[{text}]]>"))),
    );
    let item = "<List><TemplateId><![CDATA[ T1 ]]></TemplateId>\n<PopupScene>0</PopupScene></List>";
    fields.extend((0..=4).map(|number| format!("<S>{}<Count>{number}</Count></S>", item.repeat(number))));
    let push = |field| format!("<?xml version=\"1.0\"?>\n<xml>\n<CreateTime>1</CreateTime><Empty/>{field}</xml>");
    let jobs: Vec<_> = fields.into_iter().map(|field| json!({ "xml": push(field) })).collect();
    for (job, answer) in jobs.iter().zip(ask("read", &jobs)) {
        let ours = Push::decode(field(job, "xml").as_bytes()).unwrap();
        // It reads an empty element as `null`, and a list of one as the thing itself, like WeChat's JSON.
        let theirs = Push::decode(answer["push"].to_string().as_bytes()).unwrap();
        assert_eq!(ours.dedup_key(), theirs.dedup_key(), "{job}");
        assert_eq!(ours.text(&["Content"]), theirs.text(&["Content"]));
        assert_eq!(ours.items(&["S", "List"]), theirs.items(&["S", "List"]));
    }
}
