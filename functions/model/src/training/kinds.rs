//! How well the method itself tells kinds of mail apart, on real mail: eight kinds of the public collection,
//! by words alone. Their names come from folders and lists' headers, which are not looked at here.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io;
use std::path::Path;

use mail_parser::MessageParser;

use super::known::Example;
use super::random::{Random, number_of};
use super::{corpus, learn};
use crate::exact::shares;
use crate::features::Features;
use crate::read::Mail;
use crate::verdict::{best, scores};

/// Lists of the collection by kind; kinds 0 to 2 are spam, newsletters and news items.
const LISTS: [(usize, &str); 9] = [
    (3, "fork.xent.com"),
    (4, "ilug.linux.ie"),
    (4, "social.linux.ie"),
    (5, "rpm-zzzlist.freshrpms.net"),
    (6, "razor-users"),
    (6, "spamassassin-talk"),
    (6, "spamassassin-devel"),
    (7, "exmh-workers"),
    (7, "exmh-users"),
];

/// Accuracy on three tenths of them, for three ways of drawing those, and on spam of later folders.
pub(super) fn report(collection: &Path) -> io::Result<String> {
    let all = examples(collection)?;
    let mut report = String::new();
    let accuracies: Vec<f64> = (1..=3).map(|seed| drawn(&all, seed)).collect();
    let mean = accuracies.iter().sum::<f64>() / 3.0;
    let _ = writeln!(
        report,
        "eight kinds of real mail by words alone ({} mails, 70 % to learn from): {:.3} of {:.3} {:.3} {:.3}",
        all.len(),
        mean,
        accuracies[0],
        accuracies[1],
        accuracies[2]
    );
    Ok(report)
}

fn examples(collection: &Path) -> io::Result<Vec<(Example, u64)>> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    for folder in ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"] {
        for message in corpus::folder(collection, folder)? {
            let Some(kind) = kind(folder, &message) else {
                continue;
            };
            let mut mail = Mail::read(&message);
            let number = number_of(mail.text.as_bytes());
            if !seen.insert(number) {
                continue;
            }
            mail.signals.clear();
            mail.subject = without_tag(&mail.subject);
            let features = Features::of(&mail);
            all.push((
                Example {
                    class: kind,
                    features,
                },
                number,
            ));
        }
    }
    Ok(all)
}

fn kind(folder: &str, message: &[u8]) -> Option<usize> {
    if folder.starts_with("spam") {
        return Some(0);
    }
    if folder == "hard-ham-1" {
        return Some(1);
    }
    let message = MessageParser::default().parse(message)?;
    if corpus::is_news(&message) {
        return Some(2);
    }
    let list = message.header_raw("List-Id")?;
    LISTS
        .iter()
        .find(|(_, name)| list.contains(name))
        .map(|(kind, _)| *kind)
}

/// A subject without the list's name in brackets.
fn without_tag(subject: &str) -> String {
    match (subject.find('['), subject.find(']')) {
        (Some(from), Some(to)) if from < to => {
            format!("{}{}", &subject[..from], &subject[to + 1..])
        }
        _ => subject.to_owned(),
    }
}

fn drawn(all: &[(Example, u64)], seed: u64) -> f64 {
    let is_test = |number: u64| Random::new(number ^ (seed << 32)).next() % 10 < 3;
    let part = |test: bool| {
        all.iter()
            .filter(move |(_, number)| is_test(*number) == test)
    };
    let learned = learn::learn_from(&part(false).map(|(example, _)| example).collect::<Vec<_>>());
    let (mut right, mut tested) = (0, 0);
    for (example, _) in part(true) {
        let (class, _) = best(&shares(&scores(&learned, &example.features)));
        right += usize::from(class as usize == example.class);
        tested += 1;
    }
    right as f64 / f64::from(tested.max(1))
}
