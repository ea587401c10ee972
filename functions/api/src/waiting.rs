//! Routes that wait for a mail server: one person has only so many of them under way at once.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bulkhead_engine::limits::waiting;

use crate::Api;
use crate::auth::Known;
use crate::problem::OrRefuse;

/// Lets the request wait if its person has a place left. Who is nobody is refused further on.
pub(crate) async fn admit(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(Some(user)) = api.identity.user(&parts).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let place = match waiting::enter(&api.ports, &user).await {
        Ok(place) => place,
        Err(error) => {
            let refused: Result<(), _> = Err(error).or_refuse(&api.ports);
            return refused.into_response();
        }
    };
    parts.extensions.insert(Known(user));
    let answer = next.run(Request::from_parts(parts, body)).await;
    if let Err(error) = place.leave(&api.ports).await {
        // It ends by itself.
        tracing::warn!(%error, "A place among waiting requests could not be given back.");
    }
    answer
}
