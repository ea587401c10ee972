//! Templates of mails that are kept, each with its versions.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::problem::Invalid;
use crate::words;

/// What a template is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub html: String,
    /// What stands in for an empty cell, by column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fallbacks: BTreeMap<String, String>,
}

/// A template that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeepTemplate {
    /// What it is called.
    pub name: String,
    pub template: Template,
}

/// A version of a template that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptTemplate {
    /// What it is called, and its newest version.
    pub kept: KeptName,
    /// This version, counted from 1.
    pub version: u32,
    /// When this version was kept.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    pub template: Template,
}

/// What a kept template is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptName {
    pub name: String,
    /// Its newest version; there are as many.
    pub newest: u32,
    /// When that was kept.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
}

/// The templates that are kept with an account, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptTemplates {
    pub templates: Vec<KeptName>,
}

impl KeepTemplate {
    /// Its name, without blanks around it; or what is wrong.
    pub fn validate(&self) -> Result<&str, Invalid> {
        let name = check_template_name(&self.name)?;
        if self.template == Template::default() {
            return Err(Invalid::new("template", words::nothing_in_it()));
        }
        // As it is stored.
        let bytes = serde_json::to_string(&self.template).map_or(0, |text| text.len());
        if bytes > limits::KEPT_TEMPLATE_BYTES {
            let most = limits::KEPT_TEMPLATE_BYTES;
            let text = words::templates_too_long(&most.to_string());
            return Err(Invalid::new("template", text));
        }
        Ok(name)
    }
}

/// A name without blanks around it; or what is wrong with it.
pub fn check_template_name(name: &str) -> Result<&str, Invalid> {
    let name = name.trim();
    let most = limits::TEMPLATE_NAME_CHARS;
    let is_one = !name.is_empty() && name.chars().count() <= most;
    if is_one && !name.chars().any(char::is_control) {
        return Ok(name);
    }
    let text = words::templates_name(&most.to_string());
    Err(Invalid::new("name", text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_template_that_is_kept_has_a_name_and_something_in_it() {
        let keep = |name: &str, text: String| KeepTemplate {
            name: name.to_owned(),
            template: Template {
                text,
                ..Template::default()
            },
        };
        assert_eq!(keep(" Bills ", "x".to_owned()).validate(), Ok("Bills"));
        let full = limits::KEPT_TEMPLATE_BYTES - r#"{"text":""}"#.len();
        assert_eq!(keep("a", "x".repeat(full)).validate(), Ok("a"));
        let long = "n".repeat(limits::TEMPLATE_NAME_CHARS + 1);
        for (name, bytes, field) in [
            (" ", 1, "name"),
            ("a\nb", 1, "name"),
            (long.as_str(), 1, "name"),
            ("a", 0, "template"),
            ("a", full + 1, "template"),
        ] {
            let refused = keep(name, "x".repeat(bytes)).validate().unwrap_err();
            assert_eq!(refused.field, field);
        }
    }
}
