//! The drafts in front of this tab, kept where they outlast the page: a session may end under them. What is kept
//! ends with the tab, and no other tab has it.

use bulkhead_shared::ids::JobId;
use web_sys::Storage;

const KEY: &str = "bulkhead.drafts";

/// Keeps in mind that this draft is shown.
pub fn keep(draft: &JobId) {
    let mut drafts = kept();
    if !drafts.contains(draft) {
        drafts.push(draft.clone());
        store(&drafts);
    }
}

/// It is no draft any more.
pub fn forget(draft: &JobId) {
    let mut drafts = kept();
    let before = drafts.len();
    drafts.retain(|kept| kept != draft);
    if drafts.len() < before {
        store(&drafts);
    }
}

/// What was shown and is not forgotten.
pub fn kept() -> Vec<JobId> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok()?);
    read(&text.unwrap_or_default())
}

/// A browser that keeps nothing leaves drafts to their time.
fn store(drafts: &[JobId]) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, &write(drafts));
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn write(drafts: &[JobId]) -> String {
    let ids: Vec<&str> = drafts.iter().map(JobId::as_str).collect();
    ids.join(" ")
}

/// Whatever else is there is no draft.
fn read(text: &str) -> Vec<JobId> {
    let words = text.split_whitespace();
    words.filter_map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let one = "arc_01arz3ndektsv4rrffq69g5fav";
        let two = "und_01arz3ndektsv4rrffq69g5fav";
        let drafts = read(&format!("{one} rubbish {two}"));
        assert_eq!(drafts.len(), 2);
        assert_eq!(write(&drafts), format!("{one} {two}"));
        assert_eq!(read(&write(&drafts)), drafts);
        assert_eq!(read(""), []);
    }
}
