//! The mails that a job would send, looked at before there is a job.

use axum::extract::State;
use bulkhead_engine::letters;
use bulkhead_engine::suppression::SuppressionList;
use bulkhead_shared::api::{LettersSeen, LookAtLetters};
use bulkhead_shared::operations::recipient::Recipient;

use crate::Api;
use crate::auth::Person;
use crate::extract::Json;
use crate::openapi::{OfBodies, OfEveryone, OfPeople, OfThings};
use crate::owned::OwnedBy;
use crate::problem::Refusal;
use crate::route::{Route, route};

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(look)]
}

/// Look at the mails that `bulk_send` would send. Nothing is drafted, and nothing is kept.
///
/// Every row is rendered, and what stands in the way is named by row and column: a cell that is empty, a name
/// that no column has, an address that is none. A draft with these rows is refused as long as anything is. Where the
/// account is named, those are told who would be left out because they are on its list of those who get no mail.
#[utoipa::path(post, path = "/letters", operation_id = "look_at_letters", tag = "sending",
    request_body(content = LookAtLetters, example = json!({
        "account": "acc_01m8ashh8qtpa6hnw7rvx9x8rq",
        "operation": {
            "from": "Ann Lee <ann@example.org>",
            "subject": "Your bill, {{ name }}",
            "text": "Dear {{ name }},\n\nyour bill is {{ amount }}.\n"
        },
        "rows": [
            {"to": "bo@example.org", "name": "Bo", "amount": "12.50"},
            {"to": "cy@example.org", "name": "Cy", "amount": ""}
        ]
    })),
    responses(
        (status = 200, description = "Some of the mails, and what stands in the way of others.", body = LettersSeen),
        OfBodies, OfPeople, OfThings, OfEveryone,
    ))]
async fn look(
    State(api): State<Api>,
    Person(user): Person,
    Json(wanted): Json<LookAtLetters>,
) -> Result<axum::Json<LettersSeen>, Refusal> {
    let list = match &wanted.account {
        Some(account) => {
            OwnedBy::named(&api, user, account.clone())
                .suppression_list()
                .await?
        }
        None => SuppressionList::default(),
    };
    let left_out = |row, recipient: &Recipient| list.left_out(row, recipient);
    let seen = letters::look(&wanted, left_out, api.ports.clock.now())?;
    Ok(axum::Json(seen))
}
