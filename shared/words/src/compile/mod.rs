//! Language files, checked and made into functions and packed files.
//!
//! Of Fluent's syntax the app needs: text, values (`{ $name }`), counts (`{ NUMBER($count) }`), choices by plural form,
//! number or name, terms and other messages without values; and `<b>` for what is to stand out. Anything else is an
//! error of the build, and so is a message that a language lacks or that has other values there.

mod error;
mod file;
mod functions;
mod message;

use std::fs;
use std::path::{Path, PathBuf};

use crate::packed::pack;
pub use error::Unbuildable;
use file::{File, read};

/// A crate's language files: English, and one more.
#[derive(Debug, Clone)]
pub struct Pair {
    pub english: PathBuf,
    pub other: PathBuf,
}

impl Pair {
    /// The files `en.ftl` and `de.ftl` of a folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            english: folder.join("en.ftl"),
            other: folder.join("de.ftl"),
        }
    }

    fn read(&self) -> Result<(File, File), Unbuildable> {
        let (english, other) = (open(&self.english)?, open(&self.other)?);
        other.says_the_same(&english)?;
        Ok((english, other))
    }
}

fn open(path: &Path) -> Result<File, Unbuildable> {
    let text = fs::read_to_string(path).map_err(|source| Unbuildable::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    read(path, &text)
}

/// The source of one function for each message, for the crate that is the `place`th one to say something.
pub fn functions(pair: &Pair, place: usize) -> Result<String, Unbuildable> {
    let (english, _) = pair.read()?;
    Ok(functions::write(&english, place))
}

/// The packed file of the other language, of all crates in the order of their places, and of what `servers` say: in
/// the order in which a phrase is looked for.
pub fn packed(pairs: &[Pair], servers: &[Pair]) -> Result<String, Unbuildable> {
    let mut crates = Vec::new();
    for pair in pairs {
        let (english, other) = pair.read()?;
        let messages = english.messages.iter().map(|message| {
            let said = other.message(&message.name);
            said.map_or_else(String::new, |said| said.packed(&message.args()))
        });
        crates.push((english.fingerprint(), messages.collect()));
    }
    let mut phrases = Vec::new();
    for pair in servers {
        let (english, other) = pair.read()?;
        let telling = english.messages.iter().filter(|it| it.is_telling());
        phrases.extend(telling.filter_map(|message| {
            let args = message.args();
            let said = other.message(&message.name)?;
            Some([message.fitted(&args), said.packed(&args)])
        }));
    }
    Ok(pack(&crates, &phrases))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(english: &str, german: &str) -> (tempfile::TempDir, Pair) {
        let folder = tempfile::tempdir().unwrap();
        let pair = Pair::in_folder(folder.path());
        fs::write(&pair.english, english).unwrap();
        fs::write(&pair.other, german).unwrap();
        (folder, pair)
    }

    const ENGLISH: &str = "\
bar-looking = Looking what can go back…
bar-done = { $count ->
    [one] One <b>mail</b> of { $name }
   *[other] { $count } <b>mails</b> of { $name }
 }
bar-left = { NUMBER($left) } left
";
    const GERMAN: &str = "\
bar-left = noch { NUMBER($left) }
bar-done = Von { $name } { $count ->
    [one] eine <b>Mail</b>
   *[other] { $count } <b>Mails</b>
 }
bar-looking = Was kann zurück?
";

    #[test]
    fn each_message_is_a_function_of_its_values() {
        let (_folder, pair) = pair(ENGLISH, GERMAN);
        let source = functions(&pair, 1).unwrap();
        let signatures: Vec<_> = source
            .lines()
            .filter(|line| line.starts_with("pub(crate) fn"))
            .collect();
        assert_eq!(
            signatures,
            [
                "pub(crate) fn bar_looking() -> &'static str {",
                "pub(crate) fn bar_done(count: u64, name: &str) -> String {",
                "pub(crate) fn bar_left(left: u64) -> String {",
            ]
        );
    }

    #[test]
    fn what_is_packed_is_said_whatever_the_order_of_the_files() {
        let (_folder, pair) = pair(ENGLISH, GERMAN);
        let one = std::slice::from_ref(&pair);
        let packed = packed(one, one).unwrap();
        let (catalogues, phrases) = crate::packed::unpack(packed).unwrap();
        let fingerprint = pair.read().unwrap().0.fingerprint();
        assert_eq!(catalogues[0].fingerprint, fingerprint);
        let args = [crate::Arg::Number(2), crate::Arg::Text("Ada")];
        let said = crate::pattern::fill(catalogues[0].messages[1], &args);
        assert_eq!(said, "Von Ada 2 \u{6}Mails\u{7}");
        assert_eq!(catalogues[0].messages[0], "Was kann zurück?");
        assert_eq!(phrases[2].english, "\u{8}\u{20} left");
        assert_eq!(phrases[2].said, "noch \u{1}\u{20}");
    }

    #[test]
    fn what_a_language_lacks_or_has_too_many_of_is_told() {
        for (english, german, what) in [
            ("a = A", "", "de.ftl: a: is missing"),
            ("a = A", "a = A\nb = B", "de.ftl: b: is not in English"),
            (
                "a = { $x }",
                "a = { $y }",
                "de.ftl: a: has the values y, and not x",
            ),
            (
                "a = { $x }",
                "a = { NUMBER($x) }",
                "de.ftl: a: x is a number here and a text in English",
            ),
            ("a = A\na = B", "a = A", "en.ftl: a: is there twice"),
            (
                "a = { DATETIME($x) }",
                "a = { $x }",
                "en.ftl: a: DATETIME is not known here",
            ),
            ("a = { b }", "a = B", "en.ftl: a: there is no b"),
            ("a = { a }", "a = B", "en.ftl: a: there is no a"),
            ("a = <b>A", "a = A", "en.ftl: a: <b> is not closed"),
            ("a =\n", "a = A", "en.ftl: this is no Fluent syntax"),
            ("A-b = A", "A-b = A", "en.ftl: A-b: a name is lower case"),
        ] {
            let (_folder, pair) = pair(english, german);
            let error = functions(&pair, 0).unwrap_err().to_string();
            assert!(error.contains(what), "{english}: {error}");
        }
    }
}
