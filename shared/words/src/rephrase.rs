//! What servers said, said again in the language that is spoken.
//!
//! Servers speak English, to programs as to people, and what they stored long ago is English too. A phrase is how
//! they say something and how it is said here; the app looks for the one that a text was made of, takes the values
//! out of it and fills them in. What is no phrase (another server's own words, a newer program's) stays as it is.

use crate::fit::{Bound, Say, fit, is_wordy};
use crate::packed::Phrase;
use crate::pattern::{Arg, fill};
use crate::spoken::rephrase_by;

/// How deep phrases lie in each other, at the most: a count in a cause in a sentence.
const DEPTH: u8 = 3;

/// Understands from now on what servers say, and says it in the language that is spoken ([`crate::rephrase`]). Only who
/// calls this brings along how that is done, which no reader of English needs.
pub fn understand_servers() {
    rephrase_by(lines);
}

/// A text of a server: several lines, each of several sentences.
fn lines(phrases: &[Phrase], text: &str) -> String {
    let lines = text.split('\n').map(|line| sentences(phrases, line));
    lines.collect::<Vec<_>>().join("\n")
}

/// A text as the sentences that it is made of, the longest phrases first: one may be several sentences.
fn sentences(phrases: &[Phrase], text: &str) -> String {
    let mut said = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let ends = rest.match_indices(". ").map(|(at, _)| at + 1);
        let ends: Vec<usize> = ends.chain([rest.len()]).collect();
        let first = ends[0];
        let longest = ends.iter().rev().find_map(|end| {
            let text = &rest[..*end];
            let sentence = match *end == first {
                true => sentence(phrases, text),
                false => phrase(phrases, text, DEPTH, may_be_several),
            };
            sentence.map(|sentence| (*end, sentence))
        });
        let (end, sentence) = longest.unwrap_or_else(|| (first, rest[..first].to_owned()));
        said.push(sentence);
        rest = rest[end..].trim_start();
    }
    said.join(" ")
}

/// Whether something may be several sentences that was made of this: it has some, or quotes what may.
fn may_be_several(english: &str) -> bool {
    english.contains(". ") || english.contains('“')
}

/// A sentence that is a phrase, or was made of one by a full stop, or by a capital letter as well.
fn sentence(phrases: &[Phrase], text: &str) -> Option<String> {
    let any = |_: &str| true;
    phrase(phrases, text, DEPTH, any).or_else(|| {
        let end = text.strip_suffix('.')?;
        if let Some(known) = phrases.iter().find(|known| known.english == end) {
            return Some(format!("{}.", known.said));
        }
        let said = phrase(phrases, &with_first(end, char::to_lowercase), DEPTH, any)?;
        Some(format!("{}.", with_first(&said, char::to_uppercase)))
    })
}

fn with_first<I: Iterator<Item = char>>(text: &str, change: fn(char) -> I) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(change);
    first.chain(letters.as_str().chars()).collect()
}

/// The phrase that all of the text is, of those that are meant, said here.
fn phrase(phrases: &[Phrase], text: &str, depth: u8, is_meant: fn(&str) -> bool) -> Option<String> {
    let inner = depth.checked_sub(1)?;
    let strict = |value: &str, _| phrase(phrases, value, inner, |_| true);
    // Another server's words are told as they are; what could be a further sentence is looked for by itself.
    let loose = |value: &str, may_be_theirs| {
        let is_one = may_be_theirs && !value.contains(". ");
        strict(value, false).or_else(|| is_one.then(|| value.to_owned()))
    };
    let say_with = |say: Say<'_>, may: fn(&str) -> bool| {
        let meant = phrases.iter().filter(|known| is_meant(known.english));
        let mut meant = meant.filter(|known| may(known.english));
        meant.find_map(|known| {
            let bound = fit(known.english, text, say)?;
            let args: Vec<Arg<'_>> = bound.iter().map(Bound::arg).collect();
            Some(fill(known.said, &args))
        })
    };
    say_with(&strict, |_| true).or_else(|| say_with(&loose, is_wordy))
}

#[cfg(test)]
mod tests {
    use crate::language::Language;
    use crate::spoken::{rephrase, speak};

    use super::*;

    fn german() {
        let said = [
            ("Choose TLS.", "Wählen Sie TLS."),
            ("Too slow. Wait.", "Zu langsam, bitte warten."),
            ("the server said {c}", "der Server meldet: {w}"),
            ("it is closed", "geschlossen"),
            ("{t} “{t}” {c}.", "{0}: „{1}“ – {2}."),
            ("{n} mails", "{0} Mails"),
            ("Folder “{t}” has {n} mails.", "In „{0}“ sind {1} Mails."),
            ("Very many {w} change.", "Sehr viele {0} ändern sich."),
            ("mails", "Mails"),
        ];
        let mark = |text: &str| {
            let mut place = 0x20_u32;
            let mut marked = String::new();
            for piece in text.split_inclusive('}') {
                let Some((before, mark)) = piece.split_once('{') else {
                    marked.push_str(piece);
                    continue;
                };
                marked.push_str(before);
                let mark = mark.trim_end_matches('}');
                let at = mark.parse().unwrap_or(place - 0x20);
                marked.push(match mark {
                    "n" => '\u{8}',
                    "w" => '\u{b}',
                    "c" => '\u{c}',
                    _ => '\u{1}',
                });
                marked.extend(char::from_u32(0x20 + at));
                place += 1;
            }
            marked
        };
        let pairs = said.iter().map(|(english, german)| {
            // Where German is filled, a value is a value.
            let german = mark(german).replace(['\u{8}', '\u{b}', '\u{c}'], "\u{1}");
            format!("{}\u{1e}{german}", mark(english))
        });
        let pairs: Vec<String> = pairs.collect();
        let packed = format!("1\u{1e}x\u{1c}{}", pairs.join("\u{1e}"));
        speak(Language::German, "de".into(), Some(packed)).unwrap();
        understand_servers();
    }

    fn said(text: &str) -> String {
        rephrase(text.to_owned())
    }

    #[test]
    fn a_phrase_is_said_with_its_values() {
        german();
        assert_eq!(said("Choose TLS."), "Wählen Sie TLS.");
        assert_eq!(
            said("Folder “2024” has 1,203 mails."),
            "In „2024“ sind 1.203 Mails."
        );
        assert_eq!(
            said("Very many mails change."),
            "Sehr viele Mails ändern sich."
        );
    }

    #[test]
    fn sentences_stand_alone_and_the_longest_phrase_wins() {
        german();
        assert_eq!(
            said("Choose TLS. Too slow. Wait. Choose TLS.\nmails"),
            "Wählen Sie TLS. Zu langsam, bitte warten. Wählen Sie TLS.\nMails"
        );
        assert_eq!(
            said("The server said it is closed. Choose TLS."),
            "Der Server meldet: geschlossen. Wählen Sie TLS."
        );
    }

    #[test]
    fn what_is_no_phrase_stays_as_it_was_said() {
        german();
        for other in [
            "5.7.1 Go away. Really.",
            "Folder “x” has no mails.",
            "",
            "mail",
        ] {
            assert_eq!(said(other), other);
        }
        assert_eq!(
            said("the server said “550 no”"),
            "der Server meldet: “550 no”"
        );
        assert_eq!(said("x “7” it is closed."), "x: „7“ – geschlossen.");
        assert_eq!(said("x “7” it is open."), "x “7” it is open.");
        // A word alone is made a sentence only if it is a phrase itself.
        assert_eq!(said("mails."), "Mails.");
        assert_eq!(said("Nonsense."), "Nonsense.");
    }

    #[test]
    fn who_reads_english_reads_what_was_said() {
        speak(Language::English, "en".into(), None).unwrap();
        understand_servers();
        assert_eq!(said("Choose TLS."), "Choose TLS.");
    }
}
