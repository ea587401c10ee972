//! What is said in more than one place: one function for each message of `words/en.ftl`, with the English text in its
//! comment.

include!(concat!(env!("OUT_DIR"), "/words.rs"));
