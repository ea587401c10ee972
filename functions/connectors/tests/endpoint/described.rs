//! What OpenAI's own description of its API says of requests and answers, and whether one is like that.
//!
//! Of JSON Schema it knows the few words that stand in `openai.json`, and fails at any other: no description is taken for
//! held against that was not read.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("openai.json")).unwrap());

/// Fails unless a request is what the API takes.
#[track_caller]
pub(crate) fn request(body: &Value) {
    holds("request", body);
}

/// Fails unless an answer is what the API gives.
#[track_caller]
pub(crate) fn answer(body: &Value) {
    holds("answer", body);
}

/// Fails unless it is how the API refuses.
#[track_caller]
pub(crate) fn error(body: &Value) {
    holds("error", body);
}

#[track_caller]
fn holds(of: &str, body: &Value) {
    let faults = faults(of, &DESCRIPTION[of], body);
    assert!(faults.is_empty(), "{faults:#?} in {body:#}");
}

/// What is not as described, each with where it is.
pub(crate) fn faults(at: &str, schema: &Value, value: &Value) -> Vec<String> {
    let words = schema.as_object().unwrap();
    let mut faults = Vec::new();
    for (word, says) in words {
        let fits =
            match word.as_str() {
                "type" => is_of(says.as_str().unwrap(), value),
                "enum" => says.as_array().unwrap().contains(value),
                "minimum" => value.as_f64() >= says.as_f64(),
                "maximum" => value.as_f64() <= says.as_f64(),
                "minItems" => value.as_array().map(Vec::len) >= as_length(says),
                "maxLength" => value.as_str().map(|text| text.chars().count()) <= as_length(says),
                "anyOf" => {
                    let any = says.as_array().unwrap();
                    any.iter()
                        .any(|one| self::faults(at, one, value).is_empty())
                }
                "required" => {
                    let names = says.as_array().unwrap().iter();
                    names
                        .filter(|name| value.get(name.as_str().unwrap()).is_none())
                        .count()
                        == 0
                }
                "properties" => {
                    faults.extend(inside(at, says.as_object().unwrap(), value));
                    true
                }
                "additionalProperties" => {
                    let known = words["properties"].as_object().unwrap();
                    let mut names = value.as_object().into_iter().flat_map(Map::keys);
                    says == true || names.all(|name| known.contains_key(name))
                }
                "items" => {
                    let items = value.as_array().into_iter().flatten().enumerate();
                    faults.extend(items.flat_map(|(place, item)| {
                        self::faults(&format!("{at}[{place}]"), says, item)
                    }));
                    true
                }
                word => panic!("{word} is not read"),
            };
        if !fits {
            faults.push(format!("{at}: {word} {says}"));
        }
    }
    faults
}

fn inside(at: &str, known: &Map<String, Value>, value: &Value) -> Vec<String> {
    let there = known
        .iter()
        .filter_map(|(name, schema)| Some((name, schema, value.get(name)?)));
    let faults =
        there.flat_map(|(name, schema, value)| faults(&format!("{at}.{name}"), schema, value));
    faults.collect()
}

fn as_length(says: &Value) -> Option<usize> {
    usize::try_from(says.as_u64()?).ok()
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        kind => panic!("{kind} is not read"),
    }
}
