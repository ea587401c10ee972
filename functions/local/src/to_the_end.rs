//! Requests that are answered to their end, also when nobody waits for the answer any more: a page that is
//! left in the middle must not keep what its request has taken, such as a place among those that wait for
//! a mail server.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers in a task of its own.
pub(crate) async fn to_the_end(request: Request, next: Next) -> Response {
    let answered = tokio::spawn(next.run(request)).await;
    answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    #[tokio::test]
    async fn who_leaves_in_the_middle_cuts_nothing_off() {
        let (go_on, ended) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (waits, tells) = (go_on.clone(), ended.clone());
        let handler = move || async move {
            waits.notified().await;
            tells.notify_one();
        };
        let router = Router::new()
            .route("/", get(handler))
            .layer(from_fn(to_the_end));
        let request = Request::get("/").body(Body::empty()).unwrap();
        let asked = router.oneshot(request);
        let left = tokio::time::timeout(Duration::from_millis(50), asked).await;
        assert!(left.is_err(), "it waits");
        go_on.notify_one();
        ended.notified().await;
    }
}
