//! A call made by a button: at most one at a time, with its error beside the button.

use std::future::Future;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{Answer, CallError};

/// The state of such a call.
#[derive(Clone, PartialEq, Default)]
pub struct Asking {
    /// Which button waits, by a name of the caller's.
    pub busy: Option<&'static str>,
    /// Why the last call brought nothing.
    pub error: Option<CallError>,
}

/// The state, and how to make a call.
#[derive(Clone)]
pub struct UseAsking(UseStateHandle<Asking>);

impl std::ops::Deref for UseAsking {
    type Target = Asking;
    fn deref(&self) -> &Asking {
        &self.0
    }
}

impl UseAsking {
    /// Makes the call unless one is under way; `then` gets the answer.
    pub fn make<T: 'static>(
        &self,
        name: &'static str,
        call: impl Future<Output = Answer<T>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.make_or(name, call, then, Some);
    }

    /// The same, but `otherwise` may take the error: what it gives back is shown.
    pub fn make_or<T: 'static>(
        &self,
        name: &'static str,
        call: impl Future<Output = Answer<T>> + 'static,
        then: impl FnOnce(T) + 'static,
        otherwise: impl FnOnce(CallError) -> Option<CallError> + 'static,
    ) {
        if self.busy.is_some() {
            return;
        }
        let state = self.0.clone();
        state.set(Asking {
            busy: Some(name),
            error: None,
        });
        spawn_local(async move {
            match call.await {
                Ok(value) => {
                    state.set(Asking::default());
                    then(value);
                }
                Err(error) => state.set(Asking {
                    busy: None,
                    error: otherwise(error),
                }),
            }
        });
    }
}

/// A call made by buttons of this component.
#[hook]
pub fn use_asking() -> UseAsking {
    UseAsking(use_state(Asking::default))
}
