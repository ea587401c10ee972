//! What a person decided, as it is remembered.

use bulkhead_shared::advice::{Action, Decision};
use jiff::Timestamp;

use crate::records::LessonRecord;

/// What was decided of a source of newsletters, for its own sake and with no job.
pub fn lesson(source: &str, action: Action, decision: Decision) -> LessonRecord {
    LessonRecord {
        source: source.to_owned(),
        name: String::new(),
        action,
        class: "newsletter".to_owned(),
        decision,
        suggestion: None,
        job: None,
        at: Timestamp::UNIX_EPOCH,
    }
}
