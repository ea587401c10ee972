//! What each field of a form is shown with.

use bulkhead_shared::abilities::LabelSystem;
use bulkhead_shared::api::Folders;
use bulkhead_shared::operations::Field;
use serde_json::{Map, Value};
use yew::prelude::*;

use crate::remote::Remote;

/// Parameters by name.
pub(super) type Given = Map<String, Value>;

/// What each field of a form is shown with.
#[derive(Properties, PartialEq, Clone)]
pub(super) struct FieldProps {
    /// What is asked for.
    pub(super) field: Field,
    /// What was given so far, in all fields.
    pub(super) given: Given,
    /// Folders and labels there are.
    pub(super) folders: Remote<Folders>,
    /// What a label is in this account.
    pub(super) labels: LabelSystem,
    /// Takes what is given now; null takes a parameter back.
    pub(super) on_give: Callback<Given>,
}

/// One parameter.
pub(super) fn given(name: &str, value: impl Into<Value>) -> Given {
    [(name.to_owned(), value.into())].into_iter().collect()
}
