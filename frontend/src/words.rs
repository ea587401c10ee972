//! What the app says: one function for each message of `words/en.ftl`, with the English text in its comment.

include!(concat!(env!("OUT_DIR"), "/words.rs"));
