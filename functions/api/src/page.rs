//! From an OpenAPI document to HTML: calls by subject, then the types they speak of.

use serde_json::{Map, Value};

use crate::html::{Html, prose};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The whole page.
pub(crate) fn page(document: &Value) -> String {
    let mut html = Html::default();
    let title = text(&document["info"]["title"]);
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html.text(&format!("{title} API"));
    html.raw("</title>\n<link rel=\"stylesheet\" href=\"docs.css\">\n</head>\n<body>\n");
    contents(&mut html, document);
    html.raw("<main>\n<h1>");
    html.text(&format!("{title} API"));
    html.raw("</h1>\n");
    prose(&mut html, text(&document["info"]["description"]));
    html.raw("<p>For programs: <a href=\"openapi.json\">openapi.json</a>.</p>\n");
    for tag in list(&document["tags"]) {
        subject(&mut html, document, tag);
    }
    html.raw("<section>\n<h2 id=\"types\">Types</h2>\n");
    for (name, schema) in fields(&document["components"]["schemas"]) {
        one_type(&mut html, name, schema);
    }
    html.raw("</section>\n</main>\n</body>\n</html>\n");
    html.finish()
}

/// The calls of a subject, with path and method.
fn calls<'a>(
    document: &'a Value,
    tag: &'a str,
) -> impl Iterator<Item = (&'a str, &'static str, &'a Value)> {
    let paths = fields(&document["paths"]);
    let all = paths.flat_map(|(path, item)| {
        METHODS
            .into_iter()
            .filter_map(move |method| Some((path.as_str(), method, item.get(method)?)))
    });
    all.filter(move |(.., call)| list(&call["tags"]).any(|name| name == tag))
}

fn contents(html: &mut Html, document: &Value) {
    html.raw("<nav aria-label=\"Contents\">\n");
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        html.raw("<p>");
        html.link(&format!("#{name}"), &capital(name));
        html.raw("</p>\n<ul>\n");
        for (_, _, call) in calls(document, name) {
            html.raw("<li>");
            html.link(
                &format!("#{}", text(&call["operationId"])),
                text(&call["summary"]),
            );
            html.raw("</li>\n");
        }
        html.raw("</ul>\n");
    }
    html.raw("<p><a href=\"#types\">Types</a></p>\n</nav>\n");
}

fn subject(html: &mut Html, document: &Value, tag: &Value) {
    let name = text(&tag["name"]);
    html.raw("<section>\n");
    html.heading("h2", name, &capital(name));
    prose(html, text(&tag["description"]));
    for (path, method, call) in calls(document, name) {
        html.raw("<article>\n");
        html.heading("h3", text(&call["operationId"]), text(&call["summary"]));
        html.raw("<p class=\"call\"><b>");
        html.text(&method.to_uppercase());
        html.raw("</b> <code>");
        html.text(path);
        html.raw("</code></p>\n");
        prose(html, text(&call["description"]));
        parameters(html, call);
        body(html, &call["requestBody"]);
        answers(html, call);
        html.raw("</article>\n");
    }
    html.raw("</section>\n");
}

fn parameters(html: &mut Html, call: &Value) {
    if list(&call["parameters"]).next().is_none() {
        return;
    }
    html.raw("<table>\n<tr><th>Parameter</th><th>In</th><th>Type</th><th>Meaning</th></tr>\n");
    for parameter in list(&call["parameters"]) {
        html.raw("<tr><td><code>");
        html.text(text(&parameter["name"]));
        html.raw("</code></td><td>");
        html.text(text(&parameter["in"]));
        html.raw("</td><td>");
        kind(html, &parameter["schema"]);
        html.raw("</td><td>");
        html.inline(text(&parameter["description"]));
        html.raw("</td></tr>\n");
    }
    html.raw("</table>\n");
}

fn body(html: &mut Html, body: &Value) {
    for (media_type, content) in fields(&body["content"]) {
        html.raw("<p>Body: ");
        kind(html, &content["schema"]);
        html.text(&format!(" as {media_type}"));
        html.raw("</p>\n");
        if let Some(example) = content.get("example") {
            html.raw("<pre>");
            html.text(&serde_json::to_string_pretty(example).unwrap_or_default());
            html.raw("</pre>\n");
        }
    }
}

fn answers(html: &mut Html, call: &Value) {
    html.raw("<table>\n<tr><th>Answer</th><th>Body</th><th>Meaning</th></tr>\n");
    for (status, answer) in fields(&call["responses"]) {
        html.raw("<tr><td>");
        html.text(status);
        html.raw("</td><td>");
        for (place, (media_type, content)) in fields(&answer["content"]).enumerate() {
            html.raw(if place > 0 { ", " } else { "" });
            if content["schema"].get("$ref").is_some() {
                kind(html, &content["schema"]);
            } else {
                html.text(media_type);
            }
        }
        html.raw("</td><td>");
        html.inline(text(&answer["description"]));
        for (name, header) in fields(&answer["headers"]) {
            html.raw("<br><code>");
            html.text(name);
            html.raw("</code> ");
            html.inline(text(&header["description"]));
        }
        html.raw("</td></tr>\n");
    }
    html.raw("</table>\n");
}

fn one_type(html: &mut Html, name: &str, schema: &Value) {
    html.raw("<article>\n");
    html.heading("h3", name, name);
    prose(html, text(&schema["description"]));
    let forms: Vec<&Value> = list(&schema["oneOf"]).collect();
    if forms.is_empty() {
        form(html, schema);
    } else {
        html.raw("<p>One of:</p>\n");
        for schema in forms {
            html.raw("<div class=\"form\">\n");
            prose(html, text(&schema["description"]));
            form(html, schema);
            html.raw("</div>\n");
        }
    }
    html.raw("</article>\n");
}

/// An object's fields, or the kind in one line.
fn form(html: &mut Html, schema: &Value) {
    if fields(&schema["properties"]).next().is_none() {
        html.raw("<p>");
        kind(html, schema);
        html.raw("</p>\n");
        for part in list(&schema["allOf"]) {
            form(html, part);
        }
        return;
    }
    html.raw("<table>\n<tr><th>Field</th><th>Type</th><th>Meaning</th></tr>\n");
    for (name, field) in fields(&schema["properties"]) {
        let required = list(&schema["required"]).any(|required| required == name.as_str());
        html.raw("<tr><td><code>");
        html.text(name);
        html.raw("</code></td><td>");
        kind(html, field);
        html.raw(if required { "" } else { ", optional" });
        html.raw("</td><td>");
        html.inline(text(&field["description"]));
        html.raw("</td></tr>\n");
    }
    html.raw("</table>\n");
}

/// A schema in a few words, with links to types.
fn kind(html: &mut Html, schema: &Value) {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|name| name.rsplit('/').next())
    {
        return html.link(&format!("#{name}"), name);
    }
    for (key, between) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        let parts: Vec<&Value> = list(&schema[key]).collect();
        for (place, part) in parts.iter().enumerate() {
            html.raw(if place > 0 { between } else { "" });
            kind(html, part);
        }
        if !parts.is_empty() {
            return;
        }
    }
    let values: Vec<String> = list(&schema["enum"]).map(ToString::to_string).collect();
    if !values.is_empty() {
        html.raw("<code>");
        html.text(&values.join(" | "));
        return html.raw("</code>");
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::Array(names) => names.iter().map(text).collect(),
        name => vec![text(name)],
    };
    html.text(&names.join(" or "));
    if schema["items"].is_object() {
        html.raw(" of ");
        kind(html, &schema["items"]);
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
