//! What a search of mailboxes is written with.

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
pub const EXAMPLES: &[(&str, &str)] = &[
    (
        "ann",
        "mailboxes with this word in name, address, department or company",
    ),
    ("\"ann lee\"", "exactly these words, side by side"),
    (
        "in:inactive",
        "deleted and kept; in:active for those in use",
    ),
    (
        "after:2026-01 before:2026-03",
        "deleted from this month on, and before that one",
    ),
    ("newer_than:30d", "deleted in the last thirty days"),
    ("larger:1G", "larger than a gigabyte; also smaller:"),
    ("ann OR bob", "either of them"),
    ("-sales", "all but these"),
];
