//! What the app says, in the reader's language.
//!
//! Every text stands once for each language, in a language file (`en.ftl`, `de.ftl`, in the syntax of Project
//! Fluent). When a crate is built, its files become one function for each message ([`compile`]): the English text
//! lies in the function, so that it is fetched with the part of the app that says it; any other language is one
//! packed file, which is fetched before anything is drawn and handed to [`speak`].
//!
//! Nobody but the app ever calls [`speak`]: on servers everything is said in English, and the app says it again in its
//! reader's language ([`rephrase`]).

#[cfg(feature = "compile")]
pub mod compile;
mod fit;
mod language;
mod numbers;
mod packed;
mod pattern;
mod rephrase;
mod say;
mod says;
mod spoken;

pub use language::Language;
pub use numbers::{decimal, number};
pub use packed::Unfit;
pub use pattern::{Arg, pieces};
pub use rephrase::understand_servers;
pub use say::{say, say_with};
pub use says::Says;
pub use spoken::{Messages, language, locale, rephrase, speak};
