//! Faces: other programs' words for what the engine does. Each is a module that translates both ways and
//! decides nothing; it knows no HTTP. Its routes are in the API (`functions/api/src/faces`), which hands over
//! who asks; what it asks of the engine, it asks for that person, as every other route does.
//!
//! A face's words are written down once, here, and never leak inwards.

pub mod batch;
pub mod drafts;
