//! Which route a request takes: the most specific one that matches.

use std::collections::BTreeMap;

use axum::http::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::lambda::Function;
use crate::template::{Template, references};

/// Where a route leads.
#[derive(Debug)]
pub(super) struct Target {
    /// The route's key: `GET /api/v1/jobs/{job}`.
    pub(super) key: String,
    /// The function's logical id.
    pub(super) function: String,
    /// Whether the authorizer is asked.
    pub(super) is_guarded: bool,
}

/// All routes of the API.
#[derive(Debug)]
pub(super) struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    /// None for any.
    method: Option<String>,
    pattern: Vec<Part>,
    target: Target,
}

/// Part of a path, the most specific first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Word(String),
    Parameter(String),
    /// Everything that is left, and that is something.
    Rest(String),
}

impl Routes {
    /// The routes that the template makes.
    pub(super) fn read(template: &Template, functions: &BTreeMap<String, Function>) -> Self {
        let integrations: BTreeMap<&str, &Value> = template
            .resources("AWS::ApiGatewayV2::Integration")
            .collect();
        let routes = template.resources("AWS::ApiGatewayV2::Route");
        let routes: Vec<Route> = routes
            .map(|(id, route)| {
                let integration = references(&route["Target"]);
                let integration = integration
                    .iter()
                    .find_map(|it| integrations.get(it.as_str()));
                let integration = integration.unwrap_or_else(|| panic!("{id} leads nowhere"));
                let version = &integration["PayloadFormatVersion"];
                assert_eq!(version, "2.0", "{id}: the functions read this format only");
                let function = references(&integration["IntegrationUri"]);
                let mut function = function.into_iter().filter(|it| functions.contains_key(it));
                let key = route["RouteKey"].as_str().unwrap().to_owned();
                Route::new(Target {
                    function: function
                        .next()
                        .unwrap_or_else(|| panic!("{key} leads to no function")),
                    is_guarded: is_guarded(route),
                    key,
                })
            })
            .collect();
        assert!(!routes.is_empty(), "the template has no routes");
        Self(routes)
    }

    /// The route for a request, and the parameters in its path.
    pub(super) fn select(
        &self,
        method: &Method,
        path: &str,
    ) -> Option<(&Target, BTreeMap<String, String>)> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let matching = self.0.iter().filter_map(|route| {
            let fits = route
                .method
                .as_deref()
                .is_none_or(|it| it == method.as_str());
            let parameters = fits.then(|| route.parameters(&segments)).flatten()?;
            Some((route, parameters))
        });
        let best = matching.min_by(|(a, _), (b, _)| a.rank().cmp(&b.rank()));
        best.map(|(route, parameters)| (&route.target, parameters))
    }
}

fn is_guarded(route: &Value) -> bool {
    match route["AuthorizationType"].as_str() {
        Some("JWT") => true,
        None | Some("NONE") => false,
        Some(other) => panic!("{other} is not known here"),
    }
}

impl Route {
    fn new(target: Target) -> Self {
        let (method, path) = match target.key.split_once(' ') {
            Some(("ANY", path)) => (None, path),
            Some((method, path)) => (Some(method.to_owned()), path),
            // What `$default` matches is everything.
            None => (None, "/{$default+}"),
        };
        let pattern = path.split('/').skip(1).map(Part::read).collect();
        Self {
            method,
            pattern,
            target,
        }
    }

    /// Words before parameters before the rest; a method before any.
    fn rank(&self) -> (bool, Vec<u8>, bool) {
        let kinds = self.pattern.iter().map(|part| match part {
            Part::Word(_) => 0,
            Part::Parameter(_) => 1,
            Part::Rest(_) => 2,
        });
        let is_default = self.target.key == "$default";
        (is_default, kinds.collect(), self.method.is_none())
    }

    fn parameters(&self, segments: &[&str]) -> Option<BTreeMap<String, String>> {
        let mut found = BTreeMap::new();
        for (at, part) in self.pattern.iter().enumerate() {
            match (part, segments.get(at)?) {
                (Part::Word(word), segment) if word == segment => {}
                (Part::Parameter(name), segment) if !segment.is_empty() => {
                    found.insert(name.clone(), decoded(segment));
                }
                (Part::Rest(name), _) => {
                    found.insert(name.clone(), decoded(&segments[at..].join("/")));
                    return Some(found);
                }
                _ => return None,
            }
        }
        (segments.len() == self.pattern.len()).then_some(found)
    }
}

impl Part {
    fn read(part: &str) -> Self {
        let name = part.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        match name.map(|name| name.strip_suffix('+').ok_or(name)) {
            None => Self::Word(part.to_owned()),
            Some(Err(name)) => Self::Parameter(name.to_owned()),
            Some(Ok(name)) => Self::Rest(name.to_owned()),
        }
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(method: &Method, path: &str) -> Option<String> {
        let keys = [
            "GET /pets/dog/1",
            "GET /pets/dog/{id}",
            "GET /pets/{proxy+}",
            "ANY /{proxy+}",
            "$default",
        ];
        let target = |key: &str| Target {
            key: key.to_owned(),
            function: "F".to_owned(),
            is_guarded: true,
        };
        let routes = Routes(
            keys.iter()
                .rev()
                .map(|key| Route::new(target(key)))
                .collect(),
        );
        let selected = routes.select(method, path);
        selected.map(|(target, _)| target.key.clone())
    }

    /// The example of the developer guide, and then some.
    #[test]
    fn takes_the_most_specific_route() {
        let get = |path| selected(&Method::GET, path).unwrap();
        assert_eq!(get("/pets/dog/1"), "GET /pets/dog/1");
        assert_eq!(get("/pets/dog/2"), "GET /pets/dog/{id}");
        assert_eq!(get("/pets/cat/1"), "GET /pets/{proxy+}");
        assert_eq!(selected(&Method::POST, "/test/5").unwrap(), "ANY /{proxy+}");
        assert_eq!(
            selected(&Method::POST, "/pets/dog/1").unwrap(),
            "ANY /{proxy+}"
        );
    }

    #[test]
    fn a_parameter_is_one_part_that_is_something() {
        let route = Route::new(Target {
            key: "GET /jobs/{job}".to_owned(),
            function: "F".to_owned(),
            is_guarded: true,
        });
        let parameters = route.parameters(&["jobs", "a%20b"]).unwrap();
        assert_eq!(parameters["job"], "a b");
        assert!(route.parameters(&["jobs", ""]).is_none());
        assert!(route.parameters(&["jobs", "a", "b"]).is_none());
        assert!(route.parameters(&["jobs"]).is_none());
    }
}
