//! Asking WeChat about users of whom it is not certain that they belong to the account: one foreign openid refuses a
//! whole batch.

use crate::accounts::{self, AccountRow};
use crate::app::App;
use crate::problem::Problem;
use crate::wechat::{FollowerDetails, WechatError};
use futures_util::{StreamExt, stream};

/// WeChat's errcode for an openid that is none of the account's.
const INVALID_OPENID: i64 = 40003;
/// WeChat's errcode for an interface that the account was not granted.
const UNAUTHORIZED: i64 = 48001;
/// Single questions that are under way at the same time.
const AT_ONCE: usize = 8;

/// What WeChat answered.
#[derive(Default)]
pub struct Asked {
    /// What it tells of users of the account.
    pub details: Vec<FollowerDetails>,
    /// Openids that are none of the account's.
    pub foreign: Vec<String>,
    /// Why it did not tell of all.
    pub failure: Option<Problem>,
    /// The account may not ask (48001).
    pub unauthorized: bool,
}

/// Asks about at most [`crate::wechat::LARGEST_BATCH`] users; one by one where the batch is refused because of one.
pub async fn ask(app: &App, account: &AccountRow, openids: &[String]) -> Result<Asked, Problem> {
    let who = accounts::credentials(app, account)?;
    let answer = app.access.followers(&who, openids).await;
    if answer.as_ref().is_err_and(|error| error.refusal().is_some_and(|(errcode, _)| errcode == UNAUTHORIZED)) {
        let failure = accounts::outcome(app, account, answer).await.err();
        return Ok(Asked { failure, unauthorized: true, ..Asked::default() });
    }
    if !answer.as_ref().is_err_and(is_foreign) {
        return Ok(match accounts::outcome(app, account, answer).await {
            Ok(details) => Asked { details, ..Asked::default() },
            Err(problem) => Asked { failure: Some(problem), ..Asked::default() },
        });
    }
    let mut asked = Asked::default();
    let single = |openid: &String| {
        let (openid, who) = (openid.clone(), who.clone());
        async move {
            let answer = app.access.follower(&who, &openid).await;
            (openid, answer)
        }
    };
    let questions: Vec<_> = openids.iter().map(single).collect();
    let mut answers = stream::iter(questions).buffered(AT_ONCE);
    while let Some((openid, answer)) = answers.next().await {
        match answer {
            Ok(details) => asked.details.push(details),
            Err(error) if is_foreign(&error) => asked.foreign.push(openid),
            Err(error) => {
                asked.failure = accounts::outcome::<()>(app, account, Err(error)).await.err();
                break;
            }
        }
    }
    Ok(asked)
}

fn is_foreign(error: &WechatError) -> bool {
    error.refusal().is_some_and(|(errcode, _)| errcode == INVALID_OPENID)
}
