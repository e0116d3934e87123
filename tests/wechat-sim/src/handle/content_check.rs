//! What the content check thinks of words.

use super::WechatSim;
use crate::content_check::Suggestion;

impl WechatSim {
    /// What the content check thinks from now on of every text with this word; `Pass` takes it back.
    pub fn set_word(&self, word: &str, suggestion: Suggestion) {
        self.sim.state().words.insert(word.to_owned(), suggestion);
    }
}
