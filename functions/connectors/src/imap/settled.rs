//! The state that our own write left a message in, told apart from what others did in the same moment.

use std::collections::BTreeSet;

use bulkhead_engine::kinds::mail::{ItemState, Place, same_flags};

use super::fetched::Fetched;
use super::messages;
use super::plan::{self, Alike, Item};
use super::session::Opened;

/// The state our change made. If the message is seen otherwise, somebody changed it in the same
/// moment, and an undo must find that out.
pub(super) fn settled(
    alike: &Alike,
    item: &Item<'_>,
    fetched: Option<&Fetched>,
    place: &Opened,
) -> ItemState {
    let expected = alike.expected(item);
    // A folder may drop labels that it cannot keep: our doing, and as it is to be.
    let kept: BTreeSet<String> = expected
        .iter()
        .filter(|flag| place.keeps(flag))
        .cloned()
        .collect();
    let seen = fetched.and_then(|fetched| Some((fetched, fetched.flags.as_ref()?)));
    let (flags, version) = match seen {
        Some((fetched, flags)) if same_flags(flags, &expected) || same_flags(flags, &kept) => {
            (flags.clone(), messages::version(fetched, place))
        }
        _ => (expected, plan::CHANGED_SINCE),
    };
    ItemState {
        state: Place {
            folder: place.folder.clone(),
            flags,
        },
        version: Some(version.into()),
        identity: item.change.from.identity,
    }
}
