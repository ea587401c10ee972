//! The contract as OpenAPI 3.1, put together from the same declarations that make the routes: a
//! route that is not described cannot be declared, and what is described is served.

mod examples;
mod variants;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use bulkhead_shared::api::{BASE, GroupBy, GroupOrder, SESSION_KEY};
use bulkhead_shared::problem::{Code, Problem};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::Value;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response as Described};
use utoipa::{IntoResponses, Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;

use crate::Api;
use crate::request::PROBLEM;
use crate::route::{Route, route};

/// The document before routes are added to it.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Bulkhead",
        description = "Does one thing to many mails at once, and makes that safe: draft a job, look \
            at its preview, confirm exactly that, watch counts that add up, stop it at any time, \
            and take it back.\n\nEvery answer about a job has the same form. Times are RFC 3339 in \
            UTC. Errors are problems (RFC 9457) with a stable `code`; every answer carries \
            `x-request-id`, which names the request in the server's log.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "The server that this document comes from.")),
    components(schemas(Problem, GroupBy, GroupOrder)),
    modifiers(&SignIn),
    security(("token" = []), ("session" = [])),
    tags(
        (name = "jobs", description = "One operation over one frozen selection."),
        (name = "accounts", description = "Connected accounts. Credentials go in and never come out."),
        (name = "mails", description = "What is in an account's mailbox."),
        (name = "advice", description = "What could be done with all mails of whole senders and lists, and what was learned."),
        (name = "review", description = "Mails that wait for a person: what is proposed for each, and what they make of it."),
        (name = "rules", description = "What is to be done with mails of a kind, again and again; tested on the past first."),
        (name = "model", description = "Who tells what mails are about, what is sent there, and whether that was agreed to."),
        (name = "contacts", description = "What is in an account's address books."),
        (name = "mailboxes", description = "The mailboxes of a mail system, seen by its administrator."),
        (name = "sending", description = "Mails to many, each from a template and a row."),
        (name = "batch", description = "Mails by UUIDs, classified or processed in batches, in words of its own."),
        (name = "audit", description = "What was done, in order, with hashes that show tampering."),
        (name = "sign-in", description = "A browser's cookie. Scripts send the token itself."),
        (name = "contract", description = "This document."),
    ),
)]
struct Frame;

struct SignIn;

impl Modify for SignIn {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("token", token);
        let key = ApiKeyValue::with_description(
            SESSION_KEY,
            "The key that signing in answered. It counts together with the cookie that came with it.",
        );
        let key = SecurityScheme::ApiKey(ApiKey::Header(key));
        components.add_security_scheme("session", key);
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![route!(serve)]
}

static TEXT: LazyLock<String> =
    LazyLock::new(|| serde_json::to_string_pretty(&document()).unwrap_or_default());

/// The whole document.
pub fn document() -> Value {
    let add = |document: OpenApiRouter<Api>, route: Route| document.routes(route.described());
    let below_base = crate::routes().fold(OpenApiRouter::default(), add);
    let frame = OpenApiRouter::with_openapi(Frame::openapi()).nest(BASE, below_base);
    let whole = crate::pages().fold(frame, add).into_openapi();
    let mut document = serde_json::to_value(whole).unwrap_or_default();
    unlink(&mut document);
    variants::give_names(&mut document);
    examples::add(&mut document);
    document
}

/// Descriptions are doc comments: what links to code there is a plain name here.
fn unlink(value: &mut Value) {
    match value {
        Value::String(text) if text.contains("[`") => {
            *text = text.replace("[`", "`").replace("`]", "`");
        }
        Value::Array(values) => values.iter_mut().for_each(unlink),
        Value::Object(fields) => fields.values_mut().for_each(unlink),
        _ => {}
    }
}

/// This contract as OpenAPI 3.1.
#[utoipa::path(get, path = "/openapi.json", operation_id = "openapi", tag = "contract", responses(
    (status = 200, description = "The document.", body = Value),
    OfEveryone,
), security(()))]
async fn serve() -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, TEXT.as_str()).into_response()
}

/// Declares groups of refusals that routes name in their description.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $($code:ident),+;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Described>> {
                described(&[$(Code::$code),+])
            }
        }
    )*};
}

refusals! {
    /// Whatever is asked.
    OfEveryone: CrossSite, Internal, Unavailable;
    /// Where somebody has to be signed in.
    OfPeople: Unauthenticated, TooManyRequests;
    /// Where somebody signs in.
    OfSignIn: Unauthenticated;
    /// Where a job is drafted, by somebody who is signed in.
    OfDrafts: Unauthenticated, TooManyRequests, TooManyOpenJobs;
    /// Where something is named.
    OfThings: NotFound;
    /// Where values are given.
    OfInput: Invalid;
    /// Where a body is sent.
    OfBodies: Invalid, TooLarge, UnsupportedMediaType;
    /// Where a file is sent.
    OfFiles: TooLarge;
    /// Where the account's provider is asked. Goes after [`OfEveryone`], whose 503 it widens.
    OfProviders: SignInNeeded, ProviderUnavailable, Unavailable;
    /// Where the job has to be in a certain state.
    OfStates: WrongState;
    /// Where a preview is confirmed.
    OfConfirmations: WrongState, HashMismatch, Drifted;
    /// Where something is taken back.
    OfUndo: NotUndoable;
    /// Where outcomes are read, which are kept for a time only.
    OfResults: WrongState, Gone;
    /// Where an idempotency key is given.
    OfKeys: KeyReused;
}

/// One response for each status, with every code it may carry.
fn described(codes: &[Code]) -> BTreeMap<String, RefOr<Described>> {
    let statuses: BTreeSet<u16> = codes.iter().map(|code| code.status()).collect();
    let responses = statuses.into_iter().map(|status| {
        let of_status = codes.iter().filter(|code| code.status() == status);
        let problems: Vec<Problem> = of_status.map(|code| Problem::new(*code)).collect();
        (status.to_string(), RefOr::T(response(&problems)))
    });
    responses.collect()
}

fn response(problems: &[Problem]) -> Described {
    let name = |problem: &Problem| {
        problem
            .kind
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let words = problems
        .iter()
        .map(|problem| format!("`{}`: {}", name(problem), problem.title));
    let examples = problems.iter().map(|problem| {
        let value = serde_json::to_value(problem).ok();
        (
            name(problem),
            ExampleBuilder::new()
                .summary(&problem.title)
                .value(value)
                .build(),
        )
    });
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples)
        .build();
    let described = ResponseBuilder::new()
        .description(words.collect::<Vec<_>>().join(" "))
        .content(PROBLEM, content);
    if problems
        .iter()
        .any(|problem| [429, 503].contains(&problem.status))
    {
        let header = HeaderBuilder::new()
            .description(Some(
                "Seconds until it is worth trying again, where that is known.",
            ))
            .build();
        return described.header("Retry-After", header).build();
    }
    described.build()
}
