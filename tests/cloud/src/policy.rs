//! Who may do what: the policies of the functions' roles, read from the template and evaluated as IAM
//! does. Nothing is allowed that is not allowed somewhere, and an explicit refusal wins.
//!
//! What is not understood is an error when the policies are read, never a pass: other elements
//! (`NotAction`), operators, condition keys, policy variables and managed policies. Policies of queues,
//! buckets and keys are not looked at; the template's refuse unencrypted calls and leave the rest to roles.

mod condition;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::template::{Template, references};
use condition::Condition;
pub(crate) use value::is_like;
use value::{list, texts};

/// Somebody wants to do something.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    /// As in a policy, such as `dynamodb:PutItem`.
    pub action: String,
    /// The ARN it is done to.
    pub resource: String,
    /// The request's values that conditions may ask for, by condition key.
    pub context: BTreeMap<String, Vec<String>>,
}

impl Access {
    /// Without anything that a condition could ask for.
    pub fn new(action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            resource: resource.into(),
            context: BTreeMap::new(),
        }
    }

    /// With these values of a condition key.
    #[must_use]
    pub fn with<T: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.context.insert(key.to_owned(), values);
        self
    }
}

/// Why policies cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PolicyError {
    /// A function has no role in the template.
    #[error("the function {0} has no role of its own")]
    NoRole(String),
    /// Something that this evaluator does not know.
    #[error("{role} uses {what}, which is not understood here")]
    NotUnderstood {
        /// The role's logical id.
        role: String,
        /// What it is.
        what: String,
    },
}

/// What each function may do.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    by_function: BTreeMap<String, Vec<Statement>>,
}

#[derive(Clone, Debug)]
struct Statement {
    allows: bool,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<Condition>,
}

impl Policies {
    /// The policies of every function's role. Functions are known by their names in the workspace:
    /// `DeadLetter` is `dead-letter`.
    pub fn of(template: &Template) -> Result<Self, PolicyError> {
        for kind in [
            "AWS::IAM::Policy",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::RolePolicy",
        ] {
            if let Some((id, _)) = template.resources(kind).next() {
                return Err(not_understood(id, kind));
            }
        }
        let mut by_function = BTreeMap::new();
        for (id, properties) in template.resources("AWS::Lambda::Function") {
            let role = references(&properties["Role"]);
            let [role] = role.as_slice() else {
                return Err(PolicyError::NoRole(id.to_owned()));
            };
            by_function.insert(kebab(id), statements(role, &template.properties(role))?);
        }
        Ok(Self { by_function })
    }

    /// Whether a function may do this. Who is no function may do nothing.
    #[must_use]
    pub fn allow(&self, who: &str, access: &Access) -> bool {
        let statements = self.by_function.get(who).into_iter().flatten();
        let (allowing, refusing): (Vec<_>, Vec<_>) = statements
            .filter(|statement| statement.is_about(access))
            .partition(|statement| statement.allows);
        refusing.is_empty() && !allowing.is_empty()
    }

    /// The functions that there are policies for.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.by_function.keys().map(String::as_str)
    }

    /// What a function is allowed and did not need for any of these: action and resource as written.
    #[must_use]
    pub fn unused(&self, who: &str, needed: &[Access]) -> BTreeSet<(String, String)> {
        let statements = self.by_function.get(who).into_iter().flatten();
        statements
            .filter(|statement| statement.allows)
            .flat_map(Statement::each)
            .filter(|one| !needed.iter().any(|access| one.is_about(access)))
            .filter_map(|one| Some((one.actions.first()?.clone(), one.resources.first()?.clone())))
            .collect()
    }
}

impl Statement {
    fn read(role: &str, statement: &Value) -> Result<Self, PolicyError> {
        let elements = statement.as_object().into_iter().flatten();
        for (element, _) in elements {
            if !["Sid", "Effect", "Action", "Resource", "Condition"].contains(&element.as_str()) {
                return Err(not_understood(role, element));
            }
        }
        let resources = texts(&statement["Resource"]);
        if let Some(variable) = resources.iter().find(|resource| resource.contains("${")) {
            return Err(not_understood(role, variable));
        }
        Ok(Self {
            allows: match statement["Effect"].as_str() {
                Some("Allow") => true,
                Some("Deny") => false,
                _ => return Err(not_understood(role, "an Effect of another kind")),
            },
            actions: texts(&statement["Action"]),
            resources,
            conditions: Condition::read_all(&statement["Condition"])
                .map_err(|what| not_understood(role, &what))?,
        })
    }

    fn is_about(&self, access: &Access) -> bool {
        // Actions are compared without regard to case, resources with.
        let action = access.action.to_ascii_lowercase();
        let mut actions = self.actions.iter();
        let mut resources = self.resources.iter();
        actions.any(|pattern| is_like(&pattern.to_ascii_lowercase(), &action))
            && resources.any(|pattern| is_like(pattern, &access.resource))
            && self.conditions.iter().all(|it| it.holds(&access.context))
    }

    /// The same as statements of one action and one resource each.
    fn each(&self) -> impl Iterator<Item = Self> {
        let pairs = self.actions.iter().flat_map(|action| {
            self.resources
                .iter()
                .map(move |resource| (action, resource))
        });
        pairs.map(|(action, resource)| Self {
            actions: vec![action.clone()],
            resources: vec![resource.clone()],
            ..self.clone()
        })
    }
}

fn statements(role: &str, properties: &Value) -> Result<Vec<Statement>, PolicyError> {
    for element in ["ManagedPolicyArns", "PermissionsBoundary"] {
        if !texts(&properties[element]).is_empty() {
            return Err(not_understood(role, element));
        }
    }
    list(&properties["Policies"])
        .flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]))
        .map(|statement| Statement::read(role, statement))
        .collect()
}

/// `DeadLetter` as `dead-letter`.
fn kebab(id: &str) -> String {
    let mut name = String::new();
    for sign in id.chars() {
        if sign.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(sign.to_ascii_lowercase());
    }
    name
}

fn not_understood(role: &str, what: &str) -> PolicyError {
    PolicyError::NotUnderstood {
        role: role.to_owned(),
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests;
