//! `/_sim/words`: what the content check thinks of words.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::{Sim, done};
use crate::content_check::Suggestion;

#[derive(Deserialize)]
pub(super) struct Word {
    word: String,
    suggest: Suggestion,
}

pub(super) async fn set_word(sim: Sim, word: web::Json<Word>) -> HttpResponse {
    let Word { word, suggest } = word.into_inner();
    sim.state().words.insert(word, suggest);
    done()
}
