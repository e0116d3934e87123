//! `/cgi-bin/user`: an official account asks who follows it.

use serde_json::{Value, json};

use crate::access;
use crate::answer::Outcome;
use crate::errcode::Errcode;
use crate::followers::{Follow, Followers, Start};
use crate::request::{Request, text};
use crate::state::{App, Kind, State};

/// The most people one call may ask for.
const BATCH: usize = 100;

/// `GET /cgi-bin/user/get`: the next `size` openids.
pub(crate) fn list(state: &mut State, call: &Request, size: usize) -> Outcome {
    call.require_get()?;
    let app = access::admit(state, call, Some(Kind::OfficialAccount))?;
    let nobody = Followers::default();
    let followers = state.followers.get(&app.appid).unwrap_or(&nobody);
    let start = match call.query("next_openid") {
        Some(openid) => {
            let user = state.user(&app.appid, openid).ok_or(Errcode::INVALID_OPENID)?;
            followers.after(&user).ok_or(Errcode::INVALID_OPENID)?
        }
        None => Start::Member(0),
    };
    let openids = followers.page(&app.appid, start, size);
    let (total, count) = (followers.total(), openids.len());
    match openids.last().cloned() {
        None => Ok(json!({"total": total, "count": 0, "next_openid": ""})),
        Some(last) => Ok(json!({"total": total, "count": count, "data": {"openid": openids}, "next_openid": last})),
    }
}

/// `GET /cgi-bin/user/info`: one person.
pub(crate) fn info(state: &mut State, call: &Request) -> Outcome {
    call.require_get()?;
    let app = access::admit(state, call, Some(Kind::OfficialAccount))?;
    let openid = call.query("openid").ok_or(Errcode::OPENID_MISSING)?;
    describe(state, &app, openid, call.query("lang"))
}

/// `POST /cgi-bin/user/info/batchget`: up to a hundred people; one it does not know spoils the call.
pub(crate) fn batch(state: &mut State, call: &Request) -> Outcome {
    call.require_post()?;
    let app = access::admit(state, call, Some(Kind::OfficialAccount))?;
    let body = call.json_object()?;
    let Some(Value::Array(wanted)) = body.get("user_list") else { return Err(Errcode::DATA_FORMAT) };
    if wanted.is_empty() || wanted.len() > BATCH {
        return Err(Errcode::INVALID_PARAMETER);
    }
    let one = |wanted: &Value| {
        let wanted = wanted.as_object().ok_or(Errcode::DATA_FORMAT)?;
        let openid = text(wanted, "openid")?.ok_or(Errcode::DATA_FORMAT)?;
        describe(state, &app, openid, text(wanted, "lang")?)
    };
    let people = wanted.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"user_info_list": people}))
}

fn describe(state: &State, app: &App, openid: &str, lang: Option<&str>) -> Outcome {
    let lang = lang.unwrap_or("zh_CN");
    if !["zh_CN", "zh_TW", "en"].contains(&lang) {
        return Err(Errcode::INVALID_PARAMETER);
    }
    let user = state.user(&app.appid, openid).ok_or(Errcode::INVALID_OPENID)?;
    let Some(follow) = state.followers.get(&app.appid).and_then(|followers| followers.get(&user)) else {
        return Ok(json!({"subscribe": 0, "openid": openid}));
    };
    let mut person = follower(openid, lang, follow);
    if let (Some(unionid), Some(person)) = (state.unionid(&app.appid, &user), person.as_object_mut()) {
        person.insert("unionid".to_owned(), unionid.into());
    }
    Ok(person)
}

/// WeChat still lists name, picture, sex and region, but has left them empty since 2021.
fn follower(openid: &str, lang: &str, follow: Follow) -> Value {
    let came_by = if follow.scene.is_some() { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" };
    // A code has a number or a text.
    let text = follow.scene.unwrap_or_default();
    let number = text.parse::<u32>().ok();
    json!({
        "subscribe": 1,
        "openid": openid,
        "nickname": "",
        "sex": 0,
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "language": lang,
        "subscribe_time": follow.since,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": came_by,
        "qr_scene": number.unwrap_or(0),
        "qr_scene_str": if number.is_some() { "" } else { &text },
    })
}
