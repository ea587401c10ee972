//! What an IMAP account can do, by what its server can.

use bulkhead_shared::abilities::{Abilities, Ability, LabelSystem, Reversibility};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Aspect, OperationName, Task};

use super::capabilities::Capabilities;
use super::session::Opened;

/// What any IMAP account can do, whatever its server.
pub(super) fn least() -> Abilities {
    of(Capabilities::default(), None)
}

/// What an account on this server can do, by what it tells of itself and of its inbox.
pub(super) fn of(can: Capabilities, inbox: Option<&Opened>) -> Abilities {
    let keeps_keywords = inbox.is_none_or(Opened::keeps_new_keywords);
    let offered = OperationName::offered_for(Kind::Mail);
    Abilities {
        labels: Some(LabelSystem::Keywords),
        // Dovecot commits a MOVE 1,000 messages at a time, and every command costs a round trip.
        batch_size: 1_000,
        // One server process serves one session: two keep two disks or cores busy, more gain nothing.
        parallel_chunks: 2,
        call_items: 1_000,
        // Of each match one line with its change number comes over: some 400 KB.
        page_items: 10_000,
        // The name of a folder, twice, and more labels than most people have.
        item_bytes: 2_000,
        calls_per_batch: 8,
        batch_millis: (100, 3_000),
        operations: offered
            .filter_map(|name| ability(name, can, keeps_keywords))
            .collect(),
        allowance: None,
        cannot_search: Vec::new(),
    }
}

fn ability(operation: OperationName, can: Capabilities, keeps_keywords: bool) -> Option<Ability> {
    let aspect = operation.about().aspect;
    // A draft is taken back by a move into the trash.
    let moves = matches!(aspect, Aspect::Folder | Aspect::Existence);
    // A move cannot be conditional; a claim, which is a keyword, is what makes it so.
    let is_exact = can.condstore && (keeps_keywords || !moves);
    let changed = if is_exact {
        "what somebody changed since stays as it is"
    } else if can.condstore {
        "this server keeps no keywords, so a change by somebody else in the same moment may be missed"
    } else {
        "this server keeps no change numbers, so a change by somebody else in the same moment may \
         be missed"
    };
    let note = match aspect {
        Aspect::Folder | Aspect::Existence if !can.can_move() => return None,
        Aspect::Existence => {
            format!(
                "Undo moves each draft into the trash, unless it was edited or sent; {changed}."
            )
        }
        Aspect::Folder => {
            format!("Undo moves the mails back with their flags and labels; {changed}.")
        }
        Aspect::Labels if !keeps_keywords => return None,
        Aspect::Labels => format!(
            "Labels are IMAP keywords; many mail programs do not show them. Undo puts back what was \
             there; {changed}."
        ),
        Aspect::Marks => format!("Undo marks only what this job marked; {changed}."),
        Aspect::Nothing if operation.about().task == Task::Deliver => {
            "A list that was asked cannot be called back. Nothing is changed in the mailbox."
                .to_owned()
        }
        Aspect::Nothing => {
            "Nothing is changed in the mailbox, not even what counts as read.".to_owned()
        }
        Aspect::Fields | Aspect::Everything => return None,
    };
    let undo = match operation.about().task {
        Task::Change if is_exact => Reversibility::Exact,
        Task::Change => Reversibility::BestEffort,
        Task::Deliver => Reversibility::Final,
        Task::Compute | Task::Export => Reversibility::NothingToUndo,
    };
    Some(Ability {
        operation,
        undo,
        note,
    })
}
