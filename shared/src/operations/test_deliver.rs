//! Mails handed to somebody else. For tests alone, until there is one that people may ask for.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use super::{About, Aspect, OperationSpec, Task};
use crate::kinds::Kind;

/// Mails handed to somebody else. For tests alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestDeliver {}

impl OperationSpec for TestDeliver {
    const ABOUT: About = About {
        name: "test_deliver",
        prefix: "tst",
        kind: Some(Kind::Mail),
        task: Task::Deliver,
        aspect: Aspect::Nothing,
        label: Says(|| "Deliver"),
        order: |items| format!("Deliver {items}"),
        report: |items| format!("{items} delivered"),
        icon: "",
        keys: &[],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});
}
