//! `POST /wxa/msg_sec_check`, version 2: whether a text that a user wrote may be shown.

use super::access::{Access, Credentials};
use super::client::WechatError;
use serde::Deserialize;
use serde_json::json;

pub(super) const PATH: &str = "/wxa/msg_sec_check";

/// The longest text of one call, in characters.
const LONGEST: usize = 2500;
/// Characters that two pieces of a longer text share, so that a word on the border is seen whole.
const SHARED: usize = 50;
/// A comment: what WeChat has that is closest to a few sentences for the business.
const SCENE: u8 = 2;

/// What WeChat thinks of a text; the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextCheck {
    /// Nothing is wrong with it.
    Passed,
    /// WeChat could not be asked, or does not know the user as a visitor of the last two hours.
    Unchecked,
    /// Somebody should look at it.
    Review,
    /// It must not be shown.
    Refused,
}

#[derive(Deserialize)]
struct Answer {
    result: Verdict,
}

#[derive(Deserialize)]
struct Verdict {
    suggest: String,
}

impl Access {
    /// Asks about a text of `openid`, who must have visited the mini program within two hours (else errcode 61010). A
    /// text of more than 2500 characters is asked about in pieces.
    pub async fn check_text(&self, who: &Credentials, openid: &str, text: &str) -> Result<TextCheck, WechatError> {
        let mut worst = TextCheck::Passed;
        for piece in pieces(text) {
            let body = json!({ "content": piece, "version": 2, "scene": SCENE, "openid": openid });
            let answer: Answer = self.call(who, PATH, |client| client.post(PATH).json(&body)).await?;
            worst = worst.max(match answer.result.suggest.as_str() {
                "pass" => TextCheck::Passed,
                "risky" => return Ok(TextCheck::Refused),
                _ => TextCheck::Review,
            });
        }
        Ok(worst)
    }
}

fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<_> = text.chars().collect();
    let starts = (0..characters.len().max(1)).step_by(LONGEST - SHARED);
    let needed = starts.take_while(|start| *start == 0 || start + SHARED < characters.len());
    needed.map(|start| characters.iter().skip(start).take(LONGEST).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_short_enough_and_share_their_borders() {
        assert_eq!(pieces("坏了"), ["坏了"]);
        assert_eq!(pieces(&"字".repeat(LONGEST)).len(), 1);
        let long: String = (0..6000_u32).filter_map(|at| char::from_u32(0x4e00 + at)).collect();
        let made = pieces(&long);
        assert_eq!(made.len(), 3);
        assert!(made.iter().all(|piece| piece.chars().count() <= LONGEST));
        let border: String = long.chars().skip(LONGEST - 20).take(40).collect();
        assert!(made.iter().any(|piece| piece.contains(&border)));
        let end: String = long.chars().skip(5990).collect();
        assert!(made.iter().any(|piece| piece.ends_with(&end)));
    }
}
