//! A plain CloudFormation template as rules ask it, and what they found.

use std::fmt::Display;

use serde_json::Value;

/// What was found so far.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) broken: Vec<String>,
}

impl Rules {
    /// Notes the rule if it does not hold.
    pub(super) fn expect(&mut self, holds: bool, rule: impl Display) {
        if !holds {
            self.broken.push(rule.to_string());
        }
    }
}

/// A plain CloudFormation template.
pub(super) struct Template<'a>(pub(super) &'a Value);

impl<'a> Template<'a> {
    /// Logical ids and properties of all resources of a type.
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let resources = self.0["Resources"].as_object().into_iter().flatten();
        resources
            .filter(move |(_, resource)| resource["Type"] == kind)
            .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    pub(super) fn resource(&self, id: &str) -> &'a Value {
        &self.0["Resources"][id]
    }

    /// A resource's properties; null if there is none, which then breaks rules about it.
    pub(super) fn properties(&self, id: &str) -> &'a Value {
        &self.resource(id)["Properties"]
    }

    /// Whether a resource stays when the stack goes, or when it is replaced.
    pub(super) fn stays(&self, id: &str) -> bool {
        let resource = self.resource(id);
        resource["DeletionPolicy"] == "Retain" && resource["UpdateReplacePolicy"] == "Retain"
    }
}

/// The elements of a list; of what is no list, itself.
pub(super) fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter(|element| !element.is_null())
}

/// Whether a value names this resource, by `Ref`, `Fn::GetAtt` or `Fn::Sub`.
pub(super) fn names(value: &Value, id: &str) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(function, argument)| match function.as_str() {
                "Ref" => argument == id,
                "Fn::GetAtt" => argument[0] == id,
                "Fn::Sub" => argument.as_str().is_some_and(|text| {
                    text.contains(&format!("${{{id}}}")) || text.contains(&format!("${{{id}."))
                }),
                _ => names(argument, id),
            }),
        Value::Array(list) => list.iter().any(|element| names(element, id)),
        _ => false,
    }
}
