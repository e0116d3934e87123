//! Encrypted user data (`wx.getUserInfo` and the phone-number button in its older form), opened with the session's
//! key. A phone number in it is confirmed by WeChat, and so bound to the person.

use crate::app::App;
use crate::http::{Body, Guest, ProblemDocument};
use crate::people;
use crate::problem::Problem;
use actix_web::{post, web};
use paifang_core::phone::Phone;
use paifang_core::problem::ProblemCode;
use paifang_core::wechat::user_data::{DecryptError, EncryptedData};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Encrypted data as the mini program got it.
#[derive(Deserialize, ToSchema)]
pub struct Encrypted {
    /// `encryptedData`, base64.
    encrypted_data: String,
    /// `iv`, base64.
    iv: String,
}

/// The data, as WeChat wrote it.
#[derive(Serialize, ToSchema)]
pub struct Decrypted {
    /// All of its fields.
    #[schema(value_type = Object)]
    data: Value,
}

/// Opens encrypted user data.
#[utoipa::path(tag = "sessions", request_body = Encrypted,
    responses((status = 200, body = Decrypted), (status = "default", body = ProblemDocument)))]
#[post("/decrypt")]
pub async fn decrypt(
    app: web::Data<App>,
    caller: Guest,
    body: Body<Encrypted>,
) -> Result<web::Json<Decrypted>, Problem> {
    let session = caller.session()?;
    let data = EncryptedData::parse(&body.value.encrypted_data, &body.value.iv)
        .map_err(|_| Problem::field("encrypted_data", "format", "encrypted_data or iv is not what WeChat sends"))?;
    let now = app.clock.now();
    let mut outcome = Err(DecryptError::WrongKey);
    for key in app.sessions.keys_of(&session.appid, &session.openid, now).await? {
        outcome = data.open(key.expose_secret(), &session.appid);
        if outcome != Err(DecryptError::WrongKey) {
            break;
        }
    }
    let data = outcome.map_err(|error| match error {
        DecryptError::ForeignWatermark => {
            Problem::field("encrypted_data", "format", "was made for another mini program")
        }
        DecryptError::Malformed | DecryptError::WrongKey => ProblemCode::SessionKeyStale.into(),
    })?;
    if let Some(phone) = confirmed_phone(&data) {
        people::api::phone::keep(&app, &caller, session, &phone).await?;
    }
    Ok(web::Json(Decrypted { data }))
}

fn confirmed_phone(data: &Value) -> Option<Phone> {
    let number = data.get("purePhoneNumber")?.as_str()?;
    let country = data.get("countryCode").and_then(Value::as_str).unwrap_or("86");
    Phone::parse(&format!("+{country}{number}"))
}
