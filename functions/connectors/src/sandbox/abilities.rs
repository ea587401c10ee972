//! What the sandbox can do with its mails.

use bulkhead_shared::abilities::{Abilities, Ability, LabelSystem, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Aspect, OperationName, Task};

/// Batches are as large as a chunk may be. Two chunks side by side keep both of a small machine's
/// cores busy; the file takes one writer at a time anyway.
pub(super) fn abilities() -> Abilities {
    Abilities {
        labels: Some(LabelSystem::Labels),
        batch_size: 1_000,
        parallel_chunks: 2,
        call_items: 1_000,
        page_items: 10_000,
        // The name of a folder, twice, and more labels than most people have.
        item_bytes: 2_000,
        calls_per_batch: 2,
        batch_millis: (8, 50),
        operations: OperationName::offered_for(Kind::Mail)
            .map(ability)
            .collect(),
        allowance: None,
        cannot_search: Vec::new(),
    }
}

fn ability(operation: OperationName) -> Ability {
    let about = operation.about();
    let note = match about.aspect {
        Aspect::Nothing if about.task == Task::Compute => {
            "The mailbox is not touched; what is found is kept with the job."
        }
        Aspect::Nothing if about.task == Task::Deliver => {
            "A list that was asked cannot be called back. This one is made up: nobody is asked, and it says yes."
        }
        Aspect::Nothing => "The mailbox is not touched; the file is kept apart.",
        Aspect::Folder => {
            "Every mail goes back to the folder it came from. Mails that somebody has changed since stay."
        }
        Aspect::Existence => {
            "Undo moves each draft into the trash. What somebody has changed since stays."
        }
        Aspect::Labels | Aspect::Marks | Aspect::Fields | Aspect::Everything => {
            "Every mail gets back the marks and labels it had. Mails that somebody has changed since stay."
        }
    };
    Ability {
        operation,
        undo: match operation.about().task {
            Task::Change => Reversibility::Exact,
            Task::Deliver => Reversibility::Final,
            Task::Compute | Task::Export => Reversibility::NothingToUndo,
        },
        note: note.to_owned(),
    }
}
