//! `POST /wxa/getwxacodeunlimit`: the picture of a mini program code.

use super::access::{Access, Credentials};
use super::client::WechatError;
use serde_json::json;

pub(super) const PATH: &str = "/wxa/getwxacodeunlimit";

impl Access {
    /// A mini program code that opens `page` with `scene` (at most 32 characters), as a PNG or JPEG picture. The page
    /// need not be published yet.
    pub async fn mini_program_code(&self, who: &Credentials, page: &str, scene: &str) -> Result<Vec<u8>, WechatError> {
        let body = json!({ "scene": scene, "page": page, "check_path": false, "env_version": "release", "width": 860 });
        let picture = self.call_raw(who, PATH, |client| client.post(PATH).json(&body)).await?;
        if picture.starts_with(b"{") { Err(WechatError::Unreadable { status: 200 }) } else { Ok(picture) }
    }
}
