//! How a call travels: with the token or the key of who is signed in, once more with a fresh one if the server
//! no longer takes it, and later if the server asks to wait.

use bulkhead_shared::api::SESSION_KEY;
use bulkhead_shared::problem::{Code, Problem};
use gloo_net::http::{Request, Response};

use super::{Answer, CallError, early, turns};
use crate::{json, rate_limit, sign_in};

/// How often one call waits because the server asked for it.
const WAITS: u32 = 5;
/// Seconds somebody may be kept waiting. A longer wait is said, not made.
const LONGEST_WAIT: f64 = 90.0;
/// Seconds to wait where a gateway before the server refuses without saying how long.
const UNNAMED_WAIT: f64 = 2.0;

/// Sends it, and lets good answers and 304 through.
pub(super) async fn send(request: Request) -> Answer<Response> {
    let request = web_sys::Request::from(request);
    let _turn = turns::of(&request.url()).await;
    let mut renewed = false;
    let mut waits = 0;
    loop {
        rate_limit::pass().await;
        let token = sign_in::token().await?;
        let response = once(&request, token.as_deref()).await?;
        match (response.status(), token) {
            (401, Some(token)) if !renewed => {
                sign_in::renew(&token).await?;
                renewed = true;
            }
            (429, _) => {
                let named = response.headers().get("Retry-After");
                let refused = refusal(response).await;
                match wait(&refused, named).filter(|_| waits < WAITS) {
                    Some(seconds) => rate_limit::hold(seconds),
                    None => return Err(refused),
                }
                waits += 1;
            }
            (304, _) => return Ok(response),
            _ if response.ok() => return Ok(response),
            _ => return Err(refusal(response).await),
        }
    }
}

/// Sends what everybody may ask.
pub(super) async fn by_anybody(request: Request) -> Answer<Response> {
    once(&request.into(), None).await
}

/// A copy each time: what has been sent cannot be sent again. What the page asked for before the app was there is not
/// asked for once more.
async fn once(request: &web_sys::Request, token: Option<&str>) -> Answer<Response> {
    if request.method() == "GET"
        && let Some(response) = early::take(&request.url()).await
    {
        return Ok(response);
    }
    let copy = request.clone().map_err(|_| CallError::Unreadable(0))?;
    if let Some(token) = token {
        let named = copy
            .headers()
            .set("Authorization", &format!("Bearer {token}"));
        named.map_err(|_| CallError::Unreadable(0))?;
    }
    if let Some(key) = sign_in::key() {
        let named = copy.headers().set(SESSION_KEY, &key);
        named.map_err(|_| CallError::Unreadable(0))?;
    }
    let response = Request::from(copy).send().await;
    response.map_err(|_| CallError::Offline)
}

/// Seconds to wait after a 429; none if waiting does not help, or not soon.
fn wait(refused: &CallError, named: Option<String>) -> Option<f64> {
    let named = named.and_then(|seconds| seconds.trim().parse::<u32>().ok());
    let named = named.map(f64::from);
    let seconds = match refused {
        CallError::Problem(problem) if problem.code != Code::TooManyRequests => return None,
        CallError::Problem(problem) => named.or(problem.retry_after.map(|after| after as f64)),
        _ => named,
    };
    Some(seconds.unwrap_or(UNNAMED_WAIT)).filter(|seconds| *seconds <= LONGEST_WAIT)
}

/// Reads the problem out of an answer that is none.
async fn refusal(response: Response) -> CallError {
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    match json::read::<Problem>(&text) {
        Ok(problem) => CallError::Problem(Box::new(problem)),
        // A gateway before the server refuses in words of its own.
        Err(_) => match status {
            401 => CallError::Problem(Box::new(Problem::new(Code::Unauthenticated))),
            429 => CallError::Problem(Box::new(Problem::new(Code::TooManyRequests))),
            413 => CallError::Problem(Box::new(Problem::new(Code::TooLarge))),
            status => CallError::Unreadable(status),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: Code, retry_after: Option<u64>) -> CallError {
        let mut problem = Problem::new(code);
        problem.retry_after = retry_after;
        CallError::Problem(Box::new(problem))
    }

    #[test]
    fn waits_as_long_as_the_server_says() {
        let busy = refused(Code::TooManyRequests, Some(7));
        assert_eq!(wait(&busy, Some("12".to_owned())), Some(12.0));
        assert_eq!(wait(&busy, None), Some(7.0));
        let unnamed = refused(Code::TooManyRequests, None);
        assert_eq!(wait(&unnamed, None), Some(UNNAMED_WAIT));
        assert_eq!(wait(&CallError::Unreadable(429), None), Some(UNNAMED_WAIT));
    }

    #[test]
    fn says_rather_than_waits_where_waiting_does_not_help() {
        let open_jobs = refused(Code::TooManyOpenJobs, Some(60));
        assert_eq!(wait(&open_jobs, Some("60".to_owned())), None);
        let long = refused(Code::TooManyRequests, Some(3_600));
        assert_eq!(wait(&long, None), None);
    }
}
