//! `POST /wxa/business/getuserphonenumber`: the number behind the code of the phone-number button.

use super::access::{Access, Credentials};
use super::client::WechatError;
use serde::Deserialize;
use serde_json::json;

pub(super) const PATH: &str = "/wxa/business/getuserphonenumber";

/// A phone number that WeChat confirmed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedPhone {
    /// The number without the country's calling code.
    pub pure_phone_number: String,
    /// The calling code, as `86`.
    pub country_code: String,
}

#[derive(Deserialize)]
struct Answer {
    phone_info: ConfirmedPhone,
}

impl Access {
    /// Redeems the code. WeChat checks that it is `openid`'s. After a time-out it is not sent again:
    /// WeChat may have used it up.
    pub async fn phone_number(
        &self,
        who: &Credentials,
        code: &str,
        openid: &str,
    ) -> Result<ConfirmedPhone, WechatError> {
        let body = json!({ "code": code, "openid": openid });
        let answer: Answer = self.call(who, PATH, |client| client.post(PATH).json(&body)).await?;
        Ok(answer.phone_info)
    }
}
