//! The bodies that requests bring, and a closer look at those parts of them of which the
//! deserialiser only says that nothing fits: enums that are told apart by what is in them.

use bulkhead_shared::api::{
    AcceptSuggestion, AgreeToModel, BatchRequest, BringCode, CancelBulk, ChooseModel, Confirm,
    Consent, Correction, DecideReview, Dials, DismissSuggestion, DraftRule, ExecuteBulk,
    KeepTemplate, LeaveAsIs, LookAtLetters, LookForRule, MailAddress, NewAccount, NewBulkDraft,
    NewJob, OAuth, OpenMail, ReviewDial, SaveRules, Security, Submission, Suppress,
};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::{Input, Operation, OperationName};
use bulkhead_shared::problem::Invalid;
use serde_json::{Map, Value};

use crate::explain::explain;
use crate::extract::Body;

impl Body for AcceptSuggestion {}
impl Body for AgreeToModel {}
impl Body for BatchRequest {}
impl Body for BringCode {}
impl Body for CancelBulk {}
impl Body for ChooseModel {}
impl Body for Confirm {}
impl Body for Consent {}
impl Body for Correction {}
impl Body for DecideReview {}
impl Body for Dials {}
impl Body for DismissSuggestion {}
impl Body for DraftRule {}
impl Body for ExecuteBulk {}
impl Body for KeepTemplate {}
impl Body for LeaveAsIs {}
impl Body for LookAtLetters {}
impl Body for LookForRule {}
impl Body for MailAddress {}
impl Body for NewBulkDraft {}
impl Body for OpenMail {}
impl Body for ReviewDial {}
impl Body for Suppress {}

impl Body for SaveRules {
    fn look_closer(body: &Value) -> Result<(), Invalid> {
        let rules = body.get("rules").and_then(Value::as_array);
        let operations = rules.into_iter().flatten();
        let mut operations = operations.filter_map(|it| it.pointer("/rule/operation"));
        operations.try_for_each(operation_fits)
    }
}

impl Body for NewJob {
    fn look_closer(body: &Value) -> Result<(), Invalid> {
        if let Some(operation) = body.get("operation") {
            operation_fits(operation)?;
        }
        body.get("selection").map_or(Ok(()), selection_fits)
    }
}

impl Body for NewAccount {
    fn look_closer(body: &Value) -> Result<(), Invalid> {
        let Some(connection) = body.get("connection") else {
            return Ok(());
        };
        let fields = object("connection", connection)?;
        match fields.get("kind").and_then(Value::as_str) {
            Some("sandbox" | "imap" | "dav" | "cyrus" | "exchange") => {}
            _ => {
                return Err(Invalid::new(
                    "connection.kind",
                    "Has to be sandbox, imap, dav, cyrus or exchange.",
                ));
            }
        }
        let texts = [
            "host",
            "url",
            "user",
            "password",
            "tenant",
            "client_id",
            "certificate",
            "private_key",
        ];
        for name in texts {
            text("connection", fields, name)?;
        }
        if let Some(submission) = fields.get("submission").filter(|it| !it.is_null()) {
            submission_fits(submission)?;
        }
        match (fields.get("password"), fields.get("oauth")) {
            (Some(_), Some(_)) => {
                return Err(Invalid::new(
                    "connection.oauth",
                    "Belongs in place of a password, not beside one.",
                ));
            }
            (None, Some(oauth)) => oauth_fits(oauth)?,
            _ => {}
        }
        let security = fields.get("security").cloned();
        if security.is_some_and(|value| serde_json::from_value::<Security>(value).is_err()) {
            return Err(Invalid::new(
                "connection.security",
                "Has to be tls, start_tls or none.",
            ));
        }
        match fields.get("port") {
            Some(port) if port.as_u64().is_none_or(|port| port > 65_535) => Err(Invalid::new(
                "connection.port",
                "Has to be a whole number, 1 to 65535.",
            )),
            _ => Ok(()),
        }
    }
}

fn submission_fits(submission: &Value) -> Result<(), Invalid> {
    const AT: &str = "connection.submission";
    let fields = object(AT, submission)?;
    text(AT, fields, "host")?;
    match serde_json::from_value::<Submission>(submission.clone()) {
        Ok(_) => Ok(()),
        Err(error) => Err(explain(AT, &error.to_string())),
    }
}

fn oauth_fits(oauth: &Value) -> Result<(), Invalid> {
    const AT: &str = "connection.oauth";
    let fields = object(AT, oauth)?;
    for name in [
        "token_endpoint",
        "client_id",
        "client_secret",
        "refresh_token",
    ] {
        text(AT, fields, name)?;
    }
    match serde_json::from_value::<OAuth>(oauth.clone()) {
        Ok(_) => Ok(()),
        Err(error) => Err(explain(AT, &error.to_string())),
    }
}

fn operation_fits(operation: &Value) -> Result<(), Invalid> {
    let fields = object("operation", operation)?;
    let name = fields.get("type").and_then(Value::as_str);
    let Some(known) = OperationName::offered().find(|known| Some(known.as_str()) == name) else {
        let offered: Vec<&str> = OperationName::offered()
            .map(OperationName::as_str)
            .collect();
        return Err(Invalid::new(
            "operation.type",
            format!("Has to be one of {}.", offered.join(", ")),
        ));
    };
    let mut chosen = "operation".to_owned();
    for field in known.about().fields {
        match field.input {
            Input::Folder | Input::Text | Input::Lines => text("operation", fields, field.name)?,
            Input::List => {
                texts("operation", fields, field.name)?;
            }
            Input::Replacement => {
                let at = format!("operation.{}", field.name);
                if let Some(value) = fields.get(field.name).filter(|value| !value.is_null()) {
                    let inside = object(&at, value)?;
                    text(&at, inside, "from")?;
                    text(&at, inside, "to")?;
                }
            }
            Input::Labels { remove } => {
                texts("operation", fields, field.name)?;
                texts("operation", fields, remove)?;
            }
            Input::Choice(_) => {
                text("operation", fields, field.name)?;
                chosen = format!("operation.{}", field.name);
            }
        }
    }
    match serde_json::from_value::<Operation>(operation.clone()) {
        Ok(_) => Ok(()),
        Err(error) => {
            let message = error.to_string();
            // Only what is chosen from a list has values of its own.
            let path = if message.starts_with("unknown variant") {
                &chosen
            } else {
                "operation"
            };
            Err(explain(path, &message))
        }
    }
}

fn selection_fits(selection: &Value) -> Result<(), Invalid> {
    const EITHER: &str = "Has to be one of {\"ids\": [...]}, {\"query\": \"...\", \"except\": [...]} and {\"rows\": [...]}.";
    let fields = object("selection", selection)?;
    if let Some(name) = fields
        .keys()
        .find(|name| !["ids", "query", "except", "rows"].contains(&name.as_str()))
    {
        return Err(Invalid::new(
            format!("selection.{name}"),
            format!("Is not known here. {EITHER}"),
        ));
    }
    match (fields.contains_key("ids"), fields.contains_key("query")) {
        (true, false) if fields.contains_key("except") => Err(Invalid::new(
            "selection.except",
            "Belongs to a query; with ids, leave out what is not meant.",
        )),
        (true, false) => ids("selection", fields, "ids"),
        (false, true) => {
            text("selection", fields, "query")?;
            ids("selection", fields, "except")
        }
        _ => Err(Invalid::new("selection", EITHER)),
    }
}

fn object<'a>(at: &str, value: &'a Value) -> Result<&'a Map<String, Value>, Invalid> {
    value
        .as_object()
        .ok_or_else(|| Invalid::new(at, "Has to be an object."))
}

fn text(at: &str, fields: &Map<String, Value>, name: &str) -> Result<(), Invalid> {
    match fields.get(name) {
        Some(value) if !value.is_string() => {
            Err(Invalid::new(format!("{at}.{name}"), "Has to be a text."))
        }
        _ => Ok(()),
    }
}

/// A list of texts, if it is there; each with its place.
fn texts<'a>(
    at: &str,
    fields: &'a Map<String, Value>,
    name: &str,
) -> Result<Vec<&'a str>, Invalid> {
    let Some(value) = fields.get(name) else {
        return Ok(Vec::new());
    };
    let list = value
        .as_array()
        .ok_or_else(|| Invalid::new(format!("{at}.{name}"), "Has to be a list of texts."))?;
    let each = list.iter().enumerate().map(|(place, value)| {
        value
            .as_str()
            .ok_or_else(|| Invalid::new(format!("{at}.{name}[{place}]"), "Has to be a text."))
    });
    each.collect()
}

fn ids(at: &str, fields: &Map<String, Value>, name: &str) -> Result<(), Invalid> {
    for (place, id) in texts(at, fields, name)?.into_iter().enumerate() {
        if id.parse::<ItemId>().is_err() {
            return Err(Invalid::new(
                format!("{at}.{name}[{place}]"),
                "Is not a valid item id.",
            ));
        }
    }
    Ok(())
}
