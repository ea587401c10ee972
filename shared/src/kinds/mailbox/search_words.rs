//! What a search of mailboxes is written with.

use bulkhead_words::Says;

use crate::words;

/// Fields that a query of mailboxes may name.
pub const FIELDS: &[&str] = &[
    "in",
    "larger",
    "smaller",
    "before",
    "after",
    "older_than",
    "newer_than",
];

/// What a person can write, with what it finds: help for the search box. Every example parses.
pub const EXAMPLES: &[(&str, Says)] = &[
    ("ann", Says(words::mailbox_example_word)),
    ("\"ann lee\"", Says(words::query_example_phrase)),
    ("in:inactive", Says(words::mailbox_example_inactive)),
    (
        "after:2026-01 before:2026-03",
        Says(words::mailbox_example_dates),
    ),
    ("newer_than:30d", Says(words::mailbox_example_age)),
    ("larger:1G", Says(words::mailbox_example_size)),
    ("ann OR bob", Says(words::query_example_or)),
    ("-sales", Says(words::query_example_not)),
];
