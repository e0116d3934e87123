//! `POST /wxa/msg_sec_check`, version 2: whether a text may be shown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::access;
use crate::answer::Outcome;
use crate::errcode::Errcode;
use crate::identity;
use crate::random;
use crate::request::{Request, text as field};
use crate::state::{Kind, State};

const LONGEST: usize = 2500;
const VISIT_MS: i64 = 2 * 60 * 60 * 1000;
const PROFILE: i64 = 1;

/// What the content check thinks of a text; the worst is the greatest.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suggestion {
    /// It may be shown.
    #[default]
    Pass,
    /// Somebody should look at it.
    Review,
    /// It must not be shown.
    Risky,
}

impl Suggestion {
    /// 100 is clean, 20003 abuse, 21000 something else.
    fn label(self) -> i64 {
        match self {
            Self::Pass => 100,
            Self::Review => 21000,
            Self::Risky => 20003,
        }
    }
}

pub(crate) fn text(state: &mut State, call: &Request) -> Outcome {
    call.require_post()?;
    let app = access::admit(state, call, Some(Kind::MiniProgram))
        .map_err(|errcode| if errcode == Errcode::MINUTE_LIMIT { Errcode::CHECKS_PER_MINUTE } else { errcode })?;
    let body = call.json_object()?;
    let content = field(&body, "content")?.ok_or(Errcode::INVALID_PARAMETER)?;
    if content.chars().count() > LONGEST || integer(&body, "version")? != Some(2) {
        return Err(Errcode::INVALID_PARAMETER);
    }
    let scene = integer(&body, "scene")?.filter(|scene| (1..=4).contains(scene)).ok_or(Errcode::INVALID_SCENE)?;
    let (title, nickname) = (field(&body, "title")?, field(&body, "nickname")?);
    let signature = field(&body, "signature")?;
    if signature.is_some() && scene != PROFILE {
        return Err(Errcode::INVALID_PARAMETER);
    }
    visited(state, &app.appid, field(&body, "openid")?.ok_or(Errcode::INVALID_OPENID)?, call.now_ms)?;
    let texts: Vec<&str> = [Some(content), title, nickname, signature].into_iter().flatten().collect();
    Ok(answer(state, &texts, call.now_ms))
}

fn visited(state: &State, appid: &str, openid: &str, now_ms: i64) -> Result<(), Errcode> {
    let is = |appid: &str, user: &str| identity::openid(appid, user) == openid;
    match state.visits.get(&(appid.to_owned(), openid.to_owned())) {
        Some(at) if now_ms.saturating_sub(*at) <= VISIT_MS => Ok(()),
        Some(_) => Err(Errcode::NOT_VISITED),
        None if state.users.keys().any(|user| is(appid, user)) => Err(Errcode::NOT_VISITED),
        None if state.apps.keys().any(|other| state.users.keys().any(|user| is(other, user))) => {
            Err(Errcode::FOREIGN_OPENID)
        }
        None => Err(Errcode::INVALID_OPENID),
    }
}

/// The model judges, and so does a list of words, which names the word; errcode 0 says nothing about the text.
fn answer(state: &State, texts: &[&str], now_ms: i64) -> Value {
    let found = state.words.iter().filter(|(word, _)| texts.iter().any(|text| text.contains(word.as_str())));
    let worst = found.max_by_key(|(_, suggestion)| **suggestion);
    let suggestion = worst.map(|(_, suggestion)| *suggestion).unwrap_or_default();
    let label = suggestion.label();
    let mut by_word = json!({"strategy": "keyword", "errcode": 0, "suggest": suggestion, "label": label, "level": 20});
    if let (Some((word, _)), Some(by_word)) = (worst, by_word.as_object_mut()) {
        by_word.insert("keyword".to_owned(), word.as_str().into());
    }
    let by_model =
        json!({"strategy": "content_model", "errcode": 0, "suggest": suggestion, "label": label, "prob": 90});
    json!({"errcode": 0, "errmsg": "ok", "detail": [by_model, by_word], "trace_id": random::rid(now_ms / 1000),
        "result": {"suggest": suggestion, "label": label}})
}

fn integer(body: &Map<String, Value>, name: &str) -> Result<Option<i64>, Errcode> {
    body.get(name).map(|value| value.as_i64().ok_or(Errcode::DATA_FORMAT)).transpose()
}
