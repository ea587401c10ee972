//! Conditions of a policy. "If the key is not present in the request, the values do not match and the
//! condition is false", but for negations, `ForAllValues`, `IfExists` and `Null` (IAM user guide).

use std::collections::BTreeMap;

use serde_json::Value;

use super::value::{is_like, texts};

/// The condition keys that requests here come with; any other one could never hold.
const KEYS: [&str; 7] = [
    "aws:securetransport",
    "dynamodb:enclosingoperation",
    "dynamodb:leadingkeys",
    "kms:encryptioncontextkeys",
    "kms:viaservice",
    "s3:prefix",
    // Followed by the context's own key.
    "kms:encryptioncontext:",
];

/// One operator and one key.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    key: String,
    values: Vec<String>,
    test: Test,
    negated: bool,
    set: Option<Set>,
    if_exists: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Equal,
    EqualButForCase,
    Like,
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    All,
    Any,
}

impl Condition {
    /// A statement's conditions; what is not understood otherwise.
    pub(super) fn read_all(conditions: &Value) -> Result<Vec<Self>, String> {
        let mut all = Vec::new();
        for (operator, keys) in conditions.as_object().into_iter().flatten() {
            for (key, values) in keys.as_object().into_iter().flatten() {
                all.push(Self::read(operator, key, texts(values))?);
            }
        }
        Ok(all)
    }

    fn read(operator: &str, key: &str, values: Vec<String>) -> Result<Self, String> {
        let key = key.to_ascii_lowercase();
        let is_known = KEYS.iter().any(|known| match known.strip_suffix(':') {
            Some(_) => key.starts_with(known),
            None => key == *known,
        });
        if !is_known {
            return Err(format!("the condition key {key}"));
        }
        if let Some(variable) = values.iter().find(|value| value.contains("${")) {
            return Err(format!("the policy variable {variable}"));
        }
        let (set, plain) = match operator.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Set::All), rest),
            Some(("ForAnyValue", rest)) => (Some(Set::Any), rest),
            _ => (None, operator),
        };
        let (if_exists, plain) = match plain.strip_suffix("IfExists") {
            Some(rest) => (true, rest),
            None => (false, plain),
        };
        let (test, negated) = match plain {
            "StringEquals" => (Test::Equal, false),
            "StringNotEquals" => (Test::Equal, true),
            "Bool" | "StringEqualsIgnoreCase" => (Test::EqualButForCase, false),
            // "ArnEquals and ArnLike behave identically."
            "StringLike" | "ArnLike" | "ArnEquals" => (Test::Like, false),
            "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => (Test::Like, true),
            "Null" => (Test::Missing, false),
            _ => return Err(format!("the condition operator {operator}")),
        };
        Ok(Self {
            key,
            values,
            test,
            negated,
            set,
            if_exists,
        })
    }

    /// Whether a request is as this wants it.
    pub(super) fn holds(&self, context: &BTreeMap<String, Vec<String>>) -> bool {
        // Keys are compared without regard to case.
        let found = context
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(&self.key))
            .map(|(_, values)| values.as_slice())
            .filter(|values| !values.is_empty());
        if self.test == Test::Missing {
            let missing = found.is_none().to_string();
            return self.values.contains(&missing);
        }
        let Some(found) = found else {
            return self.if_exists
                || self.set == Some(Set::All)
                || (self.negated && self.set.is_none());
        };
        let mut each = found.iter().map(|value| self.fits(value));
        match self.set {
            Some(Set::All) => each.all(|fits| fits),
            Some(Set::Any) | None => each.any(|fits| fits),
        }
    }

    fn fits(&self, value: &str) -> bool {
        let same = |wanted: &String| match self.test {
            Test::Equal => wanted == value,
            Test::EqualButForCase => wanted.eq_ignore_ascii_case(value),
            Test::Like => is_like(wanted, value),
            Test::Missing => false,
        };
        self.values.iter().any(same) != self.negated
    }
}
