//! WeChat's content check of what people write. It helps, but nothing waits for it: whatever goes wrong, the text counts
//! as unchecked.

use super::{credentials, outcome, sql};
use crate::app::App;
use crate::problem::Problem;
use crate::wechat::TextCheck;
use std::time::Duration;

/// Longer nobody waits for WeChat's opinion.
const PATIENCE: Duration = Duration::from_secs(6);

/// Asks WeChat about a text that `openid` wrote in the mini program `appid`. What only the operator can mend becomes a
/// notice, any failure is logged.
pub async fn check_text(app: &App, appid: &str, openid: &str, text: &str) -> TextCheck {
    match tokio::time::timeout(PATIENCE, ask(app, appid, openid, text)).await {
        Ok(Ok(check)) => check,
        Ok(Err(problem)) => {
            tracing::warn!(appid, %problem, "a text was not checked");
            TextCheck::Unchecked
        }
        Err(_) => {
            tracing::warn!(appid, "a text was not checked in time");
            TextCheck::Unchecked
        }
    }
}

async fn ask(app: &App, appid: &str, openid: &str, text: &str) -> Result<TextCheck, Problem> {
    let account = sql::find(&mut app.db.read().await?, appid).await?.ok_or_else(Problem::not_found)?;
    let who = credentials(app, &account)?;
    outcome(app, &account, app.access.check_text(&who, openid, text).await).await
}
