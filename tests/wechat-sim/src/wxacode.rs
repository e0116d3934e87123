//! `POST /wxa/getwxacodeunlimit`: a mini program code for a scene.

use serde_json::{Map, Value};

use crate::access;
use crate::answer::Reply;
use crate::errcode::Errcode;
use crate::png;
use crate::request::{Request, flag, text};
use crate::state::{App, Kind, State};

const MOST_OF_SCENE: usize = 32;
const WIDTHS: std::ops::RangeInclusive<i64> = 280..=1280;

pub(crate) fn unlimited(state: &mut State, call: &Request) -> Result<Reply, Errcode> {
    call.require_post()?;
    // The documentation knows no other errcode for its quota, which is one of a minute.
    let app = access::admit(state, call, Some(Kind::MiniProgram))
        .map_err(|errcode| if errcode == Errcode::MINUTE_LIMIT { Errcode::DAILY_LIMIT } else { errcode })?;
    // This interface has an errcode of its own for what is no JSON.
    let body =
        call.json().map_err(|errcode| if errcode == Errcode::DATA_FORMAT { Errcode::NO_JSON } else { errcode })?;
    let body = body.as_object().ok_or(Errcode::DATA_FORMAT)?;
    let scene = scene(body)?;
    let page = page(&app, body)?;
    let env_version = text(body, "env_version")?.unwrap_or("release");
    let width = integer(body, "width")?.unwrap_or(430);
    if !WIDTHS.contains(&width) || !["release", "trial", "develop"].contains(&env_version) {
        return Err(Errcode::INVALID_ARGUMENTS);
    }
    check_style(body)?;
    Ok(Reply::Png(png::picture(scene, &format!("{}\n{scene}\n{page}\n{env_version}", app.appid))))
}

fn scene(body: &Map<String, Value>) -> Result<&str, Errcode> {
    let scene = text(body, "scene")?.ok_or(Errcode::INVALID_SCENE)?;
    if scene.chars().count() > MOST_OF_SCENE {
        return Err(Errcode::NO_JSON);
    }
    let visible = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&'()*+,/:;=?@-._~".contains(&byte);
    if !scene.bytes().all(visible) {
        return Err(Errcode::INVALID_SCENE);
    }
    if scene.contains("scancode_time") { Err(Errcode::RESERVED_SCENE) } else { Ok(scene) }
}

/// An empty answer is the home page, which is always there.
fn page<'a>(app: &App, body: &'a Map<String, Value>) -> Result<&'a str, Errcode> {
    let check = flag(body, "check_path")?.unwrap_or(true);
    let Some(page) = text(body, "page")? else { return Ok("") };
    let there = !check || app.pages.is_empty() || app.pages.iter().any(|known| known == page);
    if page.starts_with('/') || page.contains('?') || !there { Err(Errcode::INVALID_PAGE) } else { Ok(page) }
}

/// Colours change nothing here, but must be what they ought to be.
fn check_style(body: &Map<String, Value>) -> Result<(), Errcode> {
    flag(body, "auto_color")?;
    flag(body, "is_hyaline")?;
    let Some(colour) = body.get("line_color") else { return Ok(()) };
    let colour = colour.as_object().ok_or(Errcode::DATA_FORMAT)?;
    for name in ["r", "g", "b"] {
        if !(0..=255).contains(&integer(colour, name)?.unwrap_or(0)) {
            return Err(Errcode::INVALID_ARGUMENTS);
        }
    }
    Ok(())
}

fn integer(body: &Map<String, Value>, name: &str) -> Result<Option<i64>, Errcode> {
    body.get(name).map(|value| value.as_i64().ok_or(Errcode::DATA_FORMAT)).transpose()
}
