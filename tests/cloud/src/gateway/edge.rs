//! CloudFront: which paths are the API's, the app's files from its bucket, and the headers it adds.

use std::fs;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::template::{Template, references};

/// The distribution.
pub(super) struct Edge {
    /// The default is the last one.
    behaviours: Vec<Behaviour>,
    app: Option<PathBuf>,
}

/// What is done with the paths of one pattern.
pub(super) struct Behaviour {
    /// What such a path begins with.
    prefix: String,
    methods: Vec<String>,
    headers: Vec<Added>,
}

/// A header that is added to every answer.
struct Added {
    name: HeaderName,
    value: HeaderValue,
    /// Whether it takes the place of one that is there already.
    overrides: bool,
}

impl Edge {
    /// The template's distribution; without one, everything is the API's.
    pub(super) fn read(template: &Template, app: Option<PathBuf>, sign_in: &str) -> Self {
        let distribution = template.resources("AWS::CloudFront::Distribution").next();
        let Some((_, distribution)) = distribution else {
            let behaviours = vec![Behaviour::for_the_api_alone()];
            return Self { behaviours, app };
        };
        let config = &distribution["DistributionConfig"];
        let others = config["CacheBehaviors"].as_array().into_iter().flatten();
        let all = others.chain([&config["DefaultCacheBehavior"]]);
        let behaviours = all.map(|it| Behaviour::read(template, it, sign_in));
        Self {
            behaviours: behaviours.collect(),
            app,
        }
    }

    /// The first that a path is for.
    pub(super) fn behaviour(&self, path: &str) -> &Behaviour {
        let mut fitting = self.behaviours.iter();
        fitting.find(|it| path.starts_with(&it.prefix)).unwrap()
    }

    /// A file of the app. What has no dot in its last part is a page of the app, and what has a hash in its
    /// name is there compressed, as the template's function at the edge has it.
    pub(super) fn file(&self, method: &Method, path: &str, asked: &HeaderMap) -> Response {
        let last = path.rsplit('/').next().unwrap_or_default();
        let name = if last.contains('.') {
            path
        } else {
            "/index.html"
        };
        let is_inside = !name.split('/').any(|part| part == "..");
        let file = self.app.as_ref().filter(|_| is_inside);
        let encoding = encoding(name, asked);
        let stored = match encoding {
            Some("gzip") => format!("{name}.gz"),
            Some(_) => format!("{name}.br"),
            None => name.to_owned(),
        };
        let file = file.and_then(|app| fs::read(app.join(&stored[1..])).ok());
        let Some(file) = file else {
            // A bucket that may not be listed does not say what it has not.
            return (StatusCode::FORBIDDEN, "<Code>AccessDenied</Code>").into_response();
        };
        let body = match *method {
            Method::HEAD => Body::empty(),
            _ => Body::from(file),
        };
        let mut response = ([(header::CONTENT_TYPE, media_type(name))], body).into_response();
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding);
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }
}

impl Behaviour {
    fn for_the_api_alone() -> Self {
        Self {
            prefix: "/".to_owned(),
            methods: Vec::new(),
            headers: Vec::new(),
        }
    }

    fn read(template: &Template, behaviour: &Value, sign_in: &str) -> Self {
        let pattern = behaviour["PathPattern"].as_str().unwrap_or("/*");
        let methods = template.resolve(&behaviour["AllowedMethods"]);
        let methods = serde_json::from_value(methods).ok();
        let read_only = || vec!["GET".to_owned(), "HEAD".to_owned()];
        let policies = references(&behaviour["ResponseHeadersPolicyId"]);
        let headers = policies.iter().flat_map(|policy| {
            let policy = template.properties(policy);
            headers(&policy["ResponseHeadersPolicyConfig"], sign_in)
        });
        Self {
            prefix: pattern.trim_end_matches('*').to_owned(),
            methods: methods.unwrap_or_else(read_only),
            headers: headers.collect(),
        }
    }

    /// Whether it is for the API.
    pub(super) fn is_api(&self) -> bool {
        self.prefix.starts_with("/api") || self.methods.is_empty()
    }

    pub(super) fn allows(&self, method: &Method) -> bool {
        self.methods.is_empty() || self.methods.iter().any(|it| it == method.as_str())
    }

    /// Adds its headers.
    pub(super) fn dress(&self, headers: &mut HeaderMap) {
        for Added {
            name,
            value,
            overrides,
        } in &self.headers
        {
            if *overrides || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
    }
}

/// The headers of a policy.
fn headers(policy: &Value, sign_in: &str) -> Vec<Added> {
    let security = &policy["SecurityHeadersConfig"];
    let csp = &security["ContentSecurityPolicy"];
    let frame = &security["FrameOptions"];
    let referrer = &security["ReferrerPolicy"];
    let transport = &security["StrictTransportSecurity"];
    let options = &security["ContentTypeOptions"];
    let nosniff = options.is_object().then(|| "nosniff".to_owned());
    let seconds = plain(&transport["AccessControlMaxAgeSec"]);
    let custom = policy["CustomHeadersConfig"]["Items"].as_array();
    let custom = custom.into_iter().flatten().filter_map(|item| {
        let name = item["Header"].as_str()?;
        Some((name, item, plain(&item["Value"])))
    });
    [
        (
            "content-security-policy",
            csp,
            plain(&csp["ContentSecurityPolicy"]).map(|csp| sign_in_here(&csp, sign_in)),
        ),
        ("x-content-type-options", options, nosniff),
        ("x-frame-options", frame, plain(&frame["FrameOption"])),
        (
            "referrer-policy",
            referrer,
            plain(&referrer["ReferrerPolicy"]),
        ),
        (
            "strict-transport-security",
            transport,
            seconds.map(|seconds| format!("max-age={seconds}")),
        ),
    ]
    .into_iter()
    .chain(custom)
    .filter_map(|(name, rule, value)| {
        Some(Added {
            name: name.parse().unwrap(),
            value: value?.parse().unwrap(),
            overrides: rule["Override"] == true,
        })
    })
    .collect()
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A policy that names the hosted sign-in, with the address it has here.
fn sign_in_here(policy: &str, sign_in: &str) -> String {
    let words = policy.split(' ').map(|word| {
        let bare = word.trim_end_matches(';');
        let end = &word[bare.len()..];
        if bare.starts_with("https://") && bare.ends_with(".amazoncognito.com") {
            format!("{sign_in}{end}")
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// How a file is sent that lies there compressed; none if it does not, or the browser cannot read it.
fn encoding(name: &str, asked: &HeaderMap) -> Option<&'static str> {
    let (stem, extension) = name.rsplit_once('.')?;
    let (_, hash) = stem.rsplit_once('-')?;
    let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash || !["css", "js", "wasm"].contains(&extension) {
        return None;
    }
    let accepted = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let accepted = accepted.split([',', ';']).map(str::trim);
    ["br", "gzip"]
        .into_iter()
        .find(|it| accepted.clone().any(|one| one == *it))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosted_sign_in_is_here() {
        let policy =
            "default-src 'none'; connect-src 'self' https://x.auth.eu.amazoncognito.com; x 'y'";
        let expected = "default-src 'none'; connect-src 'self' http://127.0.0.1:9; x 'y'";
        assert_eq!(sign_in_here(policy, "http://127.0.0.1:9"), expected);
    }
}
