//! The translated template (`cargo xtask infra`), with its references put in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::{ACCOUNT, REGION};

/// A CloudFormation template and what its names stand for here.
#[derive(Debug, Clone)]
pub struct Template {
    root: Value,
    values: BTreeMap<String, String>,
}

impl Template {
    /// The template at `BULKHEAD_TEMPLATE`, or where `cargo xtask infra` leaves it.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn load() -> Self {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/infra/template.json");
        let path = std::env::var_os("BULKHEAD_TEMPLATE").map_or(built, PathBuf::from);
        let text = std::fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| {
            panic!("{}: {error}; run `cargo xtask infra`", path.display());
        });
        Self::new(serde_json::from_str(&text).unwrap())
    }

    /// A template of this text. Parameters have their defaults, resources stand for their own names.
    #[must_use]
    pub fn new(root: Value) -> Self {
        let mut values = BTreeMap::new();
        for (name, parameter) in object(&root["Parameters"]) {
            values.insert(name.clone(), text(&parameter["Default"]));
        }
        for (name, value) in [
            ("AWS::Region", REGION),
            ("AWS::AccountId", ACCOUNT),
            ("AWS::Partition", "aws"),
            ("AWS::URLSuffix", "amazonaws.com"),
            ("AWS::StackName", "bulkhead-test"),
            ("AWS::StackId", "bulkhead-test"),
        ] {
            values.insert(name.to_owned(), value.to_owned());
        }
        Self { root, values }
    }

    /// Lets a reference (`Queue`, `Queue.Arn`, or a parameter's name) stand for this.
    #[must_use]
    pub fn with(mut self, reference: &str, value: impl Into<String>) -> Self {
        self.values.insert(reference.to_owned(), value.into());
        self
    }

    /// All resources of a type that are made, by logical id, with their properties as written.
    pub fn resources(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        object(&self.root["Resources"])
            .filter(move |(_, resource)| resource["Type"] == kind && self.is_made(resource))
            .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    /// The properties of one resource, references put in.
    ///
    /// # Panics
    /// Where there is no such resource.
    #[must_use]
    pub fn properties(&self, id: &str) -> Value {
        let resource = &self.root["Resources"][id];
        assert!(resource.is_object(), "the template has no {id}");
        self.resolve(&resource["Properties"])
    }

    /// A value with its references put in; what stands for nothing else here stands for its name.
    #[must_use]
    pub fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::Array(list) => {
                let resolved = list.iter().map(|it| self.resolve(it));
                Value::Array(resolved.filter(|it| !is_no_value(it)).collect())
            }
            Value::Object(map) => match function(map) {
                Some((name, argument)) => self.call(name, argument),
                None => {
                    let resolved = map.iter().map(|(key, it)| (key.clone(), self.resolve(it)));
                    Value::Object(resolved.filter(|(_, it)| !is_no_value(it)).collect())
                }
            },
            plain => plain.clone(),
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Value {
        match name {
            "Ref" => self.reference(&text(argument)),
            "Fn::GetAtt" => match argument {
                Value::Array(parts) => {
                    let parts: Vec<String> = parts.iter().map(text).collect();
                    self.reference(&parts.join("."))
                }
                dotted => self.reference(&text(dotted)),
            },
            "Fn::Sub" => Value::String(self.substitute(argument)),
            "Fn::Join" => {
                let parts = self.resolve(&argument[1]);
                let parts: Vec<String> = list(&parts).map(text).collect();
                Value::String(parts.join(&text(&argument[0])))
            }
            "Fn::If" => {
                let branch = if self.holds(&json!({"Condition": argument[0]})) {
                    1
                } else {
                    2
                };
                self.resolve(&argument[branch])
            }
            "Fn::Select" => {
                let at = text(&self.resolve(&argument[0])).parse().unwrap_or(0);
                list(&self.resolve(&argument[1]))
                    .nth(at)
                    .cloned()
                    .unwrap_or_default()
            }
            "Fn::Split" => {
                let whole = text(&self.resolve(&argument[1]));
                json!(whole.split(&text(&argument[0])).collect::<Vec<_>>())
            }
            unknown => panic!("the template calls {unknown}, which is not known here"),
        }
    }

    fn reference(&self, name: &str) -> Value {
        if name == "AWS::NoValue" {
            return json!({ "Ref": name });
        }
        let value = self.values.get(name).map_or(name, String::as_str);
        Value::String(value.to_owned())
    }

    fn substitute(&self, argument: &Value) -> String {
        let (pattern, own) = match argument {
            Value::Array(pair) => (text(&pair[0]), self.resolve(&pair[1])),
            pattern => (text(pattern), Value::Null),
        };
        let mut done = String::new();
        let mut rest = pattern.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            done.push_str(before);
            match (name.strip_prefix('!'), &own[name]) {
                (Some(literal), _) => done.push_str(&format!("${{{literal}}}")),
                (None, Value::Null) => done.push_str(&text(&self.reference(name))),
                (None, value) => done.push_str(&text(value)),
            }
            rest = after;
        }
        done + rest
    }

    fn is_made(&self, resource: &Value) -> bool {
        let condition = &resource["Condition"];
        condition.is_null() || self.holds(&json!({ "Condition": condition }))
    }

    fn holds(&self, condition: &Value) -> bool {
        let Some((name, argument)) = condition.as_object().and_then(function) else {
            panic!("no condition: {condition}");
        };
        match name {
            "Condition" => self.holds(&self.root["Conditions"][text(argument)]),
            "Fn::Equals" => text(&self.resolve(&argument[0])) == text(&self.resolve(&argument[1])),
            "Fn::Not" => !self.holds(&argument[0]),
            "Fn::And" => list(argument).all(|it| self.holds(it)),
            "Fn::Or" => list(argument).any(|it| self.holds(it)),
            unknown => panic!("a condition calls {unknown}, which is not known here"),
        }
    }
}

/// Every resource that a value names, by logical id.
#[must_use]
pub fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(references).collect(),
        Value::Object(map) => match function(map) {
            Some(("Ref", name)) => vec![text(name)],
            Some(("Fn::GetAtt", Value::Array(parts))) => vec![text(&parts[0])],
            Some(("Fn::GetAtt", dotted)) => vec![before_dot(&text(dotted))],
            Some(("Fn::Sub", argument)) => {
                let pattern = if argument.is_array() {
                    &argument[0]
                } else {
                    argument
                };
                let pattern = text(pattern);
                let named = pattern.split("${").skip(1);
                let named = named.filter_map(|it| it.split_once('}'));
                named.map(|(name, _)| before_dot(name)).collect()
            }
            Some((_, argument)) => references(argument),
            None => map.values().flat_map(references).collect(),
        },
        _ => Vec::new(),
    }
}

/// The intrinsic function that an object of one entry is.
fn function(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = map.iter().next()?;
    let is_one =
        map.len() == 1 && (name.starts_with("Fn::") || name == "Ref" || name == "Condition");
    // A policy's condition is an object of operators; a condition of the template is a name.
    let is_one = is_one && (name != "Condition" || argument.is_string());
    is_one.then_some((name.as_str(), argument))
}

fn is_no_value(value: &Value) -> bool {
    value["Ref"] == "AWS::NoValue"
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn before_dot(name: &str) -> String {
    name.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Template {
        Template::new(json!({
            "Parameters": {"Stage": {"Default": "dev"}, "Most": {"Default": 5}},
            "Conditions": {"IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
                           "IsNot": {"Fn::Not": [{"Condition": "IsDev"}]}},
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {
                    "QueueName": {"Fn::Sub": "${Stage}-work"},
                    "Most": {"Fn::If": ["IsNot", 1, {"Ref": "AWS::NoValue"}]},
                    "Target": {"Fn::GetAtt": ["Dead", "Arn"]}}},
                "Never": {"Type": "AWS::SQS::Queue", "Condition": "IsNot"},
            },
        }))
    }

    #[test]
    fn puts_references_in() {
        let template = template().with("Dead.Arn", "arn:dead");
        let expected = json!({"QueueName": "dev-work", "Target": "arn:dead"});
        assert_eq!(template.properties("Queue"), expected);
        let joined = json!({"Fn::Join": ["/", ["a", {"Ref": "Most"}, {"Ref": "X"}]]});
        assert_eq!(template.resolve(&joined), "a/5/X");
        let own = json!({"Fn::Sub": ["${A}-${!B}-${AWS::Region}", {"A": {"Ref": "Stage"}}]});
        assert_eq!(template.resolve(&own), "dev-${B}-eu-central-1");
    }

    #[test]
    fn leaves_out_what_a_condition_leaves_out() {
        let ids: Vec<String> = template()
            .resources("AWS::SQS::Queue")
            .map(|(id, _)| id.to_owned())
            .collect();
        assert_eq!(ids, ["Queue"]);
    }

    #[test]
    fn finds_what_a_value_names() {
        let uri = json!({"Fn::Sub": "arn:${AWS::Partition}:functions/${Submit.Arn}/invocations"});
        assert_eq!(references(&uri), ["AWS::Partition", "Submit"]);
        let target = json!({"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]});
        assert_eq!(references(&target), ["Integration"]);
    }
}
