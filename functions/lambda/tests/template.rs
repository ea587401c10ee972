//! The template and the code agree: on settings, on routes, on metrics. The template is the translated
//! one, which `cargo xtask infra` makes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken expectation has to end the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use bulkhead_api::{FunctionRole, openapi};
use bulkhead_aws::environment::Environment;
use bulkhead_cloud::template::{Template, references};
use bulkhead_lambda::adapters::Adapters;
use bulkhead_lambda::metrics;
use bulkhead_lambda::settings::{self, PRIVATE_HOSTS, Settings};
use bulkhead_shared::api::BASE;
use lambda_http::http::Method;
use serde_json::Value;

/// Set for every function, and read by the log.
const LOG: &str = "RUST_LOG";

/// What each function does at its start, as its `main` does.
type Start = fn(&Adapters);
const STARTS: [(&str, Start); 6] = [
    ("Submit", |adapters| {
        drop(adapters.submit().unwrap());
        drop(adapters.identity().unwrap());
        adapters.settings.limits().unwrap();
    }),
    ("Browse", |adapters| {
        drop(adapters.browse().unwrap());
        drop(adapters.identity().unwrap());
        adapters.settings.limits_of_reading().unwrap();
    }),
    ("Status", |adapters| {
        drop(adapters.status().unwrap());
        drop(adapters.identity().unwrap());
        adapters.settings.limits_of_reading().unwrap();
    }),
    ("Worker", |adapters| drop(adapters.worker().unwrap())),
    ("Sweep", |adapters| drop(adapters.sweep().unwrap())),
    ("DeadLetter", |adapters| {
        drop(adapters.dead_letter().unwrap());
    }),
];

/// Starts a function with the template's settings; answers the names it read.
fn read_at_start(variables: &BTreeMap<String, String>, start: Start) -> BTreeSet<String> {
    let read = Arc::new(Mutex::new(BTreeSet::new()));
    let (noted, told) = (read.clone(), variables.clone());
    let settings = Settings::new(move |name| {
        noted.lock().unwrap().insert(name.to_owned());
        told.get(name).cloned()
    });
    let environment = Environment::of(|name| match name {
        "AWS_REGION" => Some("eu-central-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        _ => None,
    });
    start(&Adapters::of(settings, environment.unwrap()).unwrap());
    let read = read.lock().unwrap();
    read.clone()
}

#[tokio::test]
async fn each_function_is_told_what_it_reads_and_nothing_else() {
    let template = Template::load()
        .with(
            "Queue",
            "https://sqs.eu-central-1.amazonaws.com/123456789012/work",
        )
        .with("SignInHost", "bulkhead-dev-123456789012")
        .with(
            "Model",
            r#"{"url": "https://api.example.com/v1", "model": "gpt-x"}"#,
        );
    for (function, start) in STARTS {
        let properties = template.properties(function);
        let variables = properties["Environment"]["Variables"].as_object().unwrap();
        let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
        let variables: BTreeMap<String, String> = variables
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect();
        let mut read = read_at_start(&variables, start);
        read.remove(PRIVATE_HOSTS);
        read.insert(LOG.to_owned());
        let told: BTreeSet<String> = variables.into_keys().collect();
        assert_eq!(told, read, "{function}");
    }
    assert_eq!(settings::STAGE, "BULKHEAD_STAGE");
}

/// A route of the HTTP API, and where it leads.
struct Route {
    method: String,
    path: Vec<String>,
    function: String,
    is_guarded: bool,
}

fn routes(template: &Template) -> Vec<Route> {
    let integrations: BTreeMap<&str, &Value> = template
        .resources("AWS::ApiGatewayV2::Integration")
        .collect();
    let routes = template
        .resources("AWS::ApiGatewayV2::Route")
        .map(|(_, route)| {
            let (method, path) = route["RouteKey"].as_str().unwrap().split_once(' ').unwrap();
            let target = references(&route["Target"]);
            let integration = target
                .iter()
                .find_map(|id| integrations.get(id.as_str()))
                .unwrap();
            Route {
                method: method.to_owned(),
                path: path.split('/').map(str::to_owned).collect(),
                function: references(&integration["IntegrationUri"]).remove(0),
                is_guarded: route["AuthorizationType"] == "JWT",
            }
        });
    routes.collect()
}

/// The route that a request takes: "the most specific match", and a greedy variable is the least.
fn taken<'a>(routes: &'a [Route], method: &Method, path: &str) -> Option<&'a Route> {
    let parts: Vec<&str> = path.split('/').collect();
    let fitting = routes
        .iter()
        .filter(|route| route.method == method.as_str());
    let ranked = fitting.filter_map(|route| Some((rank(&route.path, &parts)?, route)));
    ranked
        .min_by_key(|(rank, _)| rank.clone())
        .map(|(_, route)| route)
}

/// How specific a route is for a path, part by part: a word 0, a variable 1, a greedy one 2. None if it
/// does not fit.
fn rank(route: &[String], path: &[&str]) -> Option<Vec<u8>> {
    let mut ranks = Vec::new();
    for (place, part) in route.iter().enumerate() {
        let given = path.get(place)?;
        ranks.push(match part.strip_prefix('{') {
            None if part == given => 0,
            None => return None,
            Some(variable) if variable.ends_with("+}") => return Some([ranks, vec![2]].concat()),
            Some(_) => 1,
        });
    }
    (route.len() == path.len()).then_some(ranks)
}

#[test]
fn every_route_leads_to_the_function_that_serves_it_and_asks_who_is_there() {
    let routes = routes(&Template::load());
    let document = openapi::document();
    let mut calls = 0;
    // What is outside is the local server's way to sign in; deployed, it is a page of the app.
    let paths = document["paths"].as_object().unwrap().iter();
    for (path, item) in paths.filter(|(path, _)| path.starts_with(BASE)) {
        for (method, call) in item.as_object().unwrap() {
            let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes()) else {
                continue;
            };
            if !call["responses"].is_object() {
                continue;
            }
            let route = taken(&routes, &method, &path.replace(['{', '}'], ""));
            let route = route.unwrap_or_else(|| panic!("{method} {path} leads nowhere"));
            let serves = format!("{:?}", FunctionRole::of(&method, path));
            assert_eq!(route.function, serves, "{method} {path}");
            let is_open = call["security"].as_array().is_some_and(|needed| {
                needed
                    .iter()
                    .all(|one| one.as_object().is_some_and(|one| one.is_empty()))
            });
            assert_eq!(route.is_guarded, !is_open, "{method} {path}");
            calls += 1;
        }
    }
    assert!(calls >= 25, "the document has {calls} calls");
}

#[test]
fn alarms_and_dashboard_look_at_metrics_that_are_written() {
    let template = Template::load();
    let mut looked_at = BTreeSet::new();
    for (id, alarm) in template.resources("AWS::CloudWatch::Alarm") {
        if alarm["Namespace"] == metrics::NAMESPACE {
            let dimensions = alarm["Dimensions"].as_array().unwrap();
            assert_eq!(dimensions.len(), 1, "{id}");
            assert_eq!(dimensions[0]["Name"], metrics::STAGE, "{id}");
            looked_at.insert((alarm["MetricName"].as_str().unwrap().to_owned(), Vec::new()));
        }
    }
    let (_, board) = template
        .resources("AWS::CloudWatch::Dashboard")
        .next()
        .unwrap();
    let body = template.resolve(&board["DashboardBody"]);
    let body: Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
    for widget in body["widgets"].as_array().unwrap() {
        for metric in widget["properties"]["metrics"].as_array().unwrap() {
            if metric[0] == metrics::NAMESPACE {
                assert_eq!(metric[2], metrics::STAGE);
                looked_at.insert((metric[1].as_str().unwrap().to_owned(), Vec::new()));
            } else if let Some(search) = metric[0]["expression"].as_str() {
                looked_at.insert(searched(search));
            }
        }
    }
    let written: BTreeSet<(String, Vec<String>)> = metrics::ALL
        .iter()
        .map(|metric| {
            let dimensions = metric.dimensions.iter().map(|it| (*it).to_owned());
            (metric.name.to_owned(), dimensions.collect())
        })
        .collect();
    let unknown: Vec<_> = looked_at.difference(&written).collect();
    assert!(unknown.is_empty(), "nobody writes {unknown:?}");
    let unseen: Vec<_> = written
        .difference(&looked_at)
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        unseen,
        ["ChunkDuration"],
        "only this is not on the dashboard"
    );
}

/// Name and dimensions, but for the stage, of `SEARCH('{Bulkhead,Stage,…} MetricName="…" …')`.
fn searched(search: &str) -> (String, Vec<String>) {
    let (_, rest) = search.split_once('{').unwrap();
    let (schema, rest) = rest.split_once('}').unwrap();
    let mut schema = schema.split(',');
    assert_eq!(schema.next(), Some(metrics::NAMESPACE));
    assert_eq!(schema.next(), Some(metrics::STAGE));
    let name = rest.split('"').nth(1).unwrap();
    (name.to_owned(), schema.map(str::to_owned).collect())
}
