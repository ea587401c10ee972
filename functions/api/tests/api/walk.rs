//! Every call that the document describes, with ids put in: nothing here names a route, so that one
//! that is added later is walked, too.

use bulkhead_shared::api::EmailId;
use bulkhead_shared::hash::ManifestHash;
use bulkhead_shared::ids::{AccountId, JobId};
use serde_json::{Map, Value};

/// Ids to call with.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    pub(crate) account: String,
    pub(crate) job: String,
    /// The hash of the job's selection.
    pub(crate) hash: String,
    /// A mail, and a batch, in the words of the batch API.
    pub(crate) email: String,
    pub(crate) batch: String,
    /// A mail, as its account names it.
    pub(crate) mail: String,
}

/// One call, ready to be made.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// As it is declared, with its parameters' names.
    pub(crate) template: String,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// Whether an id is in it.
    pub(crate) names_something: bool,
}

/// All calls for which somebody has to be signed in, with these ids. What deletes comes last.
pub(crate) fn calls(document: &Value, ids: &Ids) -> Vec<Call> {
    let mut calls = Vec::new();
    for (template, item) in object(&document["paths"]) {
        for (method, described) in object(item) {
            if described["security"] != serde_json::json!([{}]) {
                calls.push(call(method, template, described, ids));
            }
        }
    }
    calls.sort_by_key(Call::turn);
    calls
}

impl Call {
    /// What deletes comes last, and what is in something before that.
    pub(crate) fn turn(&self) -> usize {
        match self.method.as_str() {
            "DELETE" => usize::MAX - self.template.split('/').count(),
            _ => 0,
        }
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn call(method: &str, template: &str, described: &Value, ids: &Ids) -> Call {
    let path = fill_path(template, ids) + &needed_query(template, described, ids);
    let mut body = example(template, described);
    let filled = body.as_mut().is_some_and(|body| fill_body(body, ids));
    Call {
        method: method.to_uppercase(),
        names_something: filled || path != template,
        template: template.to_owned(),
        path,
        body,
    }
}

fn fill_path(template: &str, ids: &Ids) -> String {
    let parts = template.split('/').map(|part| match part {
        "{account}" => &ids.account,
        "{job}" => &ids.job,
        "{batch}" => &ids.batch,
        _ => {
            assert!(
                !part.contains('{'),
                "{template} names something new: say here whose it is"
            );
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What has to stand behind a question mark.
fn needed_query(template: &str, described: &Value, ids: &Ids) -> String {
    let parameters = described["parameters"].as_array().into_iter().flatten();
    let needed = parameters
        .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
        .map(|parameter| match parameter["name"].as_str() {
            Some("id") => format!("?id={}", escaped(&ids.mail)),
            Some("name") => "?name=Bills".to_owned(),
            Some("address") => format!("?address={}", escaped("ann@example.org")),
            name => panic!("{template} needs {name:?}: say here what it is"),
        });
    needed.collect()
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The body in the document's own example.
fn example(template: &str, described: &Value) -> Option<Value> {
    // A file has no example: an empty one is as good.
    let content = described.get("requestBody")?["content"].get("application/json")?;
    let example = content.get("example");
    Some(
        example
            .unwrap_or_else(|| panic!("{template}: an example of its body is missing"))
            .clone(),
    )
}

/// Puts ids where the example has some, known by their form. Says whether there were any.
fn fill_body(value: &mut Value, ids: &Ids) -> bool {
    match value {
        Value::String(text) => {
            let id = if text.parse::<AccountId>().is_ok() {
                &ids.account
            } else if text.parse::<JobId>().is_ok() {
                &ids.job
            } else if text.parse::<EmailId>().is_ok() {
                &ids.email
            } else if serde_json::from_value::<ManifestHash>(text.as_str().into()).is_ok()
                && text.len() == ids.hash.len()
            {
                &ids.hash
            } else {
                return false;
            };
            id.clone_into(text);
            true
        }
        Value::Array(values) => each(values.iter_mut(), ids),
        Value::Object(fields) => each(fields.values_mut(), ids),
        _ => false,
    }
}

fn each<'a>(values: impl Iterator<Item = &'a mut Value>, ids: &Ids) -> bool {
    // Every one of them is filled, so no stopping at the first.
    values
        .filter_map(|value| fill_body(value, ids).then_some(()))
        .count()
        > 0
}
