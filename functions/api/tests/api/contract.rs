//! The document and the routes are one thing, and the page shows all of it.

use std::collections::BTreeSet;

use axum::body::Body;
use bulkhead_shared::problem::Code;
use http::Request;
use serde_json::Value;

use crate::world::{Answer, World, nobody};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What somebody who is not signed in may call.
const OPEN: [(&str, &str); 6] = [
    ("GET", "/api/v1/sign-in"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/docs"),
    ("GET", "/api/v1/docs.css"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
];

/// Everything in design.md section 8, and what belongs to it.
const CONTRACT: [(&str, &str); 88] = [
    ("GET", "/api/v1/accounts"),
    ("POST", "/api/v1/accounts"),
    ("POST", "/api/v1/accounts/test"),
    ("POST", "/api/v1/accounts/consents"),
    ("POST", "/api/v1/accounts/discover"),
    ("GET", "/api/v1/accounts/{account}"),
    ("DELETE", "/api/v1/accounts/{account}"),
    ("POST", "/api/v1/accounts/{account}/test"),
    ("GET", "/api/v1/accounts/{account}/dials"),
    ("PUT", "/api/v1/accounts/{account}/dials"),
    ("POST", "/api/v1/accounts/{account}/import"),
    ("GET", "/api/v1/accounts/{account}/items"),
    ("GET", "/api/v1/accounts/{account}/folders"),
    ("GET", "/api/v1/accounts/{account}/message"),
    ("GET", "/api/v1/accounts/{account}/senders"),
    ("POST", "/api/v1/accounts/{account}/senders"),
    ("POST", "/api/v1/accounts/{account}/attachments"),
    ("GET", "/api/v1/accounts/{account}/templates"),
    ("PUT", "/api/v1/accounts/{account}/templates"),
    ("DELETE", "/api/v1/accounts/{account}/templates"),
    ("GET", "/api/v1/accounts/{account}/template"),
    ("GET", "/api/v1/accounts/{account}/suppressed"),
    ("POST", "/api/v1/accounts/{account}/suppressed"),
    ("DELETE", "/api/v1/accounts/{account}/suppressed"),
    ("GET", "/api/v1/accounts/{account}/suggestions"),
    ("POST", "/api/v1/accounts/{account}/suggestions"),
    ("POST", "/api/v1/accounts/{account}/suggestions/accept"),
    ("POST", "/api/v1/accounts/{account}/suggestions/dismiss"),
    ("GET", "/api/v1/accounts/{account}/learned"),
    ("PUT", "/api/v1/accounts/{account}/learned"),
    ("DELETE", "/api/v1/accounts/{account}/learned"),
    ("GET", "/api/v1/accounts/{account}/review"),
    ("GET", "/api/v1/accounts/{account}/review/count"),
    ("POST", "/api/v1/accounts/{account}/review"),
    ("PUT", "/api/v1/accounts/{account}/review"),
    ("GET", "/api/v1/model"),
    ("PUT", "/api/v1/model"),
    ("DELETE", "/api/v1/model"),
    ("GET", "/api/v1/accounts/{account}/model-consent"),
    ("PUT", "/api/v1/accounts/{account}/model-consent"),
    ("DELETE", "/api/v1/accounts/{account}/model-consent"),
    ("GET", "/api/v1/accounts/{account}/rules"),
    ("PUT", "/api/v1/accounts/{account}/rules"),
    ("POST", "/api/v1/accounts/{account}/rules/look"),
    ("POST", "/api/v1/accounts/{account}/rules/draft"),
    ("POST", "/api/v1/accounts/{account}/rules/opened"),
    ("GET", "/api/v1/accounts/{account}/contacts"),
    ("GET", "/api/v1/accounts/{account}/address-books"),
    ("GET", "/api/v1/accounts/{account}/mailboxes"),
    ("POST", "/api/v1/workbooks"),
    ("GET", "/api/v1/jobs"),
    ("POST", "/api/v1/jobs"),
    ("GET", "/api/v1/jobs/{job}"),
    ("DELETE", "/api/v1/jobs/{job}"),
    ("GET", "/api/v1/jobs/{job}/preview"),
    ("POST", "/api/v1/jobs/{job}/confirm"),
    ("POST", "/api/v1/jobs/{job}/leave"),
    ("POST", "/api/v1/jobs/{job}/pause"),
    ("POST", "/api/v1/jobs/{job}/resume"),
    ("POST", "/api/v1/jobs/{job}/cancel"),
    ("POST", "/api/v1/jobs/{job}/rest"),
    ("POST", "/api/v1/jobs/{job}/retry"),
    ("POST", "/api/v1/jobs/{job}/undo"),
    ("GET", "/api/v1/jobs/{job}/items"),
    ("GET", "/api/v1/jobs/{job}/rows"),
    ("GET", "/api/v1/jobs/{job}/left-out"),
    ("GET", "/api/v1/jobs/{job}/bounces"),
    ("POST", "/api/v1/jobs/{job}/bounces"),
    ("POST", "/api/v1/jobs/{job}/arrived"),
    ("POST", "/api/v1/jobs/{job}/again"),
    ("GET", "/api/v1/jobs/{job}/results.csv"),
    ("GET", "/api/v1/jobs/{job}/results.csv/link"),
    ("GET", "/api/v1/jobs/{job}/export"),
    ("GET", "/api/v1/jobs/{job}/export/link"),
    ("GET", "/api/v1/jobs/{job}/audit.json"),
    ("GET", "/api/v1/jobs/{job}/audit.json/link"),
    ("POST", "/api/v1/letters"),
    ("GET", "/api/v1/emails"),
    ("POST", "/api/v1/emails/batch/classify"),
    ("POST", "/api/v1/emails/batch/process"),
    ("GET", "/api/v1/emails/batch/status/{batch}"),
    ("GET", "/api/v1/audit"),
    ("GET", "/api/v1/sign-in"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/docs"),
    ("GET", "/api/v1/docs.css"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
];

pub(crate) fn document(world: &World) -> Value {
    let request = nobody("GET", "/openapi.json").body(Body::empty()).unwrap();
    let answer = world.send(request);
    assert_eq!(answer.status, 200);
    answer.json()
}

pub(crate) fn described(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let calls = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(|method| (method.to_uppercase(), path.clone()))
    });
    calls.collect()
}

/// A call of nobody's, with ids that nobody has.
fn call(world: &World, method: &str, path: &str) -> Answer {
    let path = path
        .replace("{job}", "arc_01arz3ndektsv4rrffq69g5fav")
        .replace("{batch}", "cls_a1b2c3d4e5f67890")
        .replace("{account}", "acc_01arz3ndektsv4rrffq69g5fav");
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost");
    world.send(request.body(Body::empty()).unwrap())
}

#[test]
fn the_document_describes_the_contract_and_nothing_else() {
    let contract: BTreeSet<_> = CONTRACT
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .into();
    assert_eq!(described(&document(&World::new(1))), contract);
}

#[test]
fn what_is_described_is_served_and_what_is_served_is_described() {
    let world = World::new(1);
    let document = document(&world);
    let described = described(&document);
    for (_, path) in &described {
        for method in METHODS {
            let answer = call(&world, method, path);
            let served = described.contains(&(method.to_owned(), path.clone()));
            if served {
                assert!(
                    ![404, 405].contains(&answer.status.as_u16()),
                    "{method} {path} {answer:?}"
                );
            } else {
                assert_eq!(
                    answer.refused(),
                    (Code::MethodNotAllowed, None),
                    "{method} {path}"
                );
            }
        }
    }
}

#[test]
fn everything_else_asks_who_you_are_first() {
    let world = World::new(1);
    for (method, path) in described(&document(&world)) {
        let answer = call(&world, &method, &path);
        let open = OPEN.contains(&(method.as_str(), path.as_str()));
        let refused = answer.status == 401;
        assert_eq!(refused, !open, "{method} {path} {answer:?}");
        if refused {
            assert_eq!(
                answer.refused(),
                (Code::Unauthenticated, None),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn every_call_has_words_and_its_problems() {
    let document = document(&World::new(1));
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (method, path) in described(&document) {
        let call = &document["paths"][&path][method.to_lowercase()];
        assert!(
            call["summary"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{method} {path}"
        );
        assert!(
            names.insert(call["operationId"].as_str().unwrap().to_owned()),
            "{method} {path}"
        );
        let placeholders: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let parameters = call["parameters"].as_array().cloned().unwrap_or_default();
        let declared: BTreeSet<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(declared, placeholders, "{method} {path}");
        let answers = call["responses"].as_object().unwrap();
        assert!(
            answers.keys().any(|status| status < &"400".to_owned()),
            "{method} {path}"
        );
        for status in ["403", "500", "503"] {
            assert!(answers.contains_key(status), "{method} {path} {status}");
        }
        let open = OPEN.contains(&(method.as_str(), path.as_str()));
        for status in ["401", "429"] {
            assert!(
                open || answers.contains_key(status),
                "{method} {path} {status}"
            );
        }
        let takes_body = call.get("requestBody").is_some();
        assert_eq!(
            answers.contains_key("413"),
            takes_body,
            "{method} {path} 413"
        );
        for (status, answer) in answers
            .iter()
            .filter(|(status, _)| *status >= &"400".to_owned())
        {
            let content = &answer["content"]["application/problem+json"];
            assert_eq!(
                content["schema"]["$ref"], "#/components/schemas/Problem",
                "{method} {path} {status}"
            );
            for example in content["examples"].as_object().unwrap().values() {
                assert_eq!(example["value"]["status"].to_string(), *status);
            }
        }
    }
}

#[test]
fn every_request_and_every_answer_in_json_has_an_example() {
    let document = document(&World::new(1));
    for (method, path) in described(&document) {
        let call = &document["paths"][&path][method.to_lowercase()];
        let json = "/content/application~1json";
        let answers = call["responses"].as_object().unwrap().iter();
        let answers = answers.filter(|(status, _)| status.starts_with('2'));
        let bodies = answers.filter_map(|(_, answer)| answer.pointer(json));
        for body in bodies.chain(call["requestBody"].pointer(json)) {
            let anything = body["schema"] == serde_json::json!({});
            assert!(anything || !body["example"].is_null(), "{method} {path}");
        }
    }
}

/// What makes programs that write clients from the document fail, or make up names.
#[test]
fn variants_have_names_and_lists_have_one_kind_of_entry() {
    let document = document(&World::new(1));
    assert_eq!(document["servers"][0]["url"], "/");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in ["ImapConnection", "MoveOperation", "QuerySelection"] {
        assert!(schemas.contains_key(name), "{name}");
    }
    for (name, schema) in schemas {
        for variant in schema["oneOf"].as_array().into_iter().flatten() {
            let is_named = variant.get("$ref").is_some() || variant["type"] == "null";
            assert!(is_named, "{name}: {variant}");
        }
        assert!(!schema.to_string().contains("prefixItems"), "{name}");
        assert!(!schema.to_string().contains("allOf"), "{name}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document(&World::new(1));
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                references.insert(reference.clone());
            }
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[test]
fn the_page_shows_all_of_it_without_scripts() {
    let world = World::new(1);
    let document = document(&world);
    let page = call(&world, "GET", "/api/v1/docs");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"));
    let text = String::from_utf8(page.body).unwrap();
    for (_, path) in described(&document) {
        assert!(text.contains(&format!("<code>{path}</code>")), "{path}");
    }
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(text.contains(&format!("id=\"{name}\"")), "{name}");
    }
    for part in text.split("href=\"#").skip(1) {
        let target = part.split('"').next().unwrap();
        assert!(text.contains(&format!("id=\"{target}\"")), "{target}");
    }
    assert!(!text.contains("<script") && !text.contains("style=") && !text.contains("onclick"));
    let style = call(&world, "GET", "/api/v1/docs.css");
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
}
