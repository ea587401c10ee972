//! The reader that keeps figures.

use super::{Event, Reader};
use crate::ports::{Fact, Meter};
use crate::records::JobEvent;

/// Notes events as facts.
pub(super) struct Figures<'a>(pub(super) &'a dyn Meter);

impl Reader for Figures<'_> {
    fn name(&self) -> &'static str {
        "figures"
    }

    fn take(&self, event: &Event) {
        match &event.happened {
            JobEvent::JobDrafted {
                operation,
                selected,
                ..
            } => self.0.note(Fact::JobDrafted {
                operation: *operation,
                selected: *selected,
            }),
            JobEvent::JobEnded {
                operation,
                state,
                counts,
                never_started,
                took,
                ..
            } => {
                let operation = *operation;
                // The chunks' workers noted theirs.
                if never_started.ended() > 0 {
                    let counts = *never_started;
                    self.0.note(Fact::ItemsEnded { operation, counts });
                }
                self.0.note(Fact::JobEnded {
                    operation,
                    state: *state,
                    counts: *counts,
                    took: *took,
                });
            }
            _ => {}
        }
    }
}
