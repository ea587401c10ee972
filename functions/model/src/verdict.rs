//! From a mail's numbers to its class, how sure that is, and why.

use crate::exact::shares;
use crate::features::{BUCKETS, Features, LENGTH, LINK, word_place, words};
use crate::read::Mail;
use crate::weights::{CLASSES, ROWS, STEPS, Weights};
use bulkhead_shared::class::Class;

/// What a signal counts, beside the words' [`LENGTH`].
pub(crate) const SIGNAL: i32 = (LENGTH * 0.35) as i32;
/// What the row that always counts does.
pub(crate) const ALWAYS: i32 = (LENGTH * 0.35) as i32;
/// Reasons that are told at the most.
const REASONS: usize = 3;
/// Words of a mail that may be named as a reason.
const WORDS: usize = 2;

/// What a mail is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub class: Class,
    /// How often such a verdict is right, from 0 to 1, as it was measured.
    pub confidence: f64,
    /// Why, strongest first, each as the end of “because …”.
    pub reasons: Vec<String>,
}

/// What these weights say of a mail.
pub(crate) fn of(weights: &Weights, mail: &Mail, features: &Features) -> Verdict {
    if mail.is_empty() {
        return Verdict {
            class: Class::Other,
            confidence: 0.0,
            reasons: vec!["there are no words in it".to_owned()],
        };
    }
    let (class, share) = best(&shares(&scores(weights, features)));
    Verdict {
        class,
        confidence: measured(weights, share),
        reasons: reasons(weights, mail, features, class),
    }
}

/// A row and how much it counts, for each that does.
fn rows(features: &Features) -> impl Iterator<Item = (usize, i32)> {
    let places = features
        .places
        .iter()
        .map(|(place, number)| (*place as usize, *number));
    let signals = features
        .signals
        .iter()
        .map(|signal| (BUCKETS + *signal as usize, SIGNAL));
    places.chain(signals).chain([(ROWS - 1, ALWAYS)])
}

/// A score for each class.
pub(crate) fn scores(weights: &Weights, features: &Features) -> [f64; CLASSES] {
    let mut sums = [0i64; CLASSES];
    for (row, number) in rows(features) {
        let row = weights.row(row);
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += i64::from(i32::from(*weight) * number);
        }
    }
    let unit = f64::from(weights.unit) / LENGTH / f64::from(weights.temperature);
    sums.map(|sum| sum as f64 * unit)
}

/// The class with the largest share; of equal ones the first.
pub(crate) fn best(shares: &[f64; CLASSES]) -> (Class, f64) {
    let mut best = (Class::Other, f64::NEG_INFINITY);
    for (class, share) in Class::ALL.into_iter().zip(shares) {
        if *share > best.1 {
            best = (class, *share);
        }
    }
    best
}

/// How often a share was right, between the two steps that it lies between.
pub(crate) fn measured(weights: &Weights, share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * STEPS as f64;
    let below = (place as usize).min(STEPS - 1);
    let at = |step: usize| f64::from(weights.right.get(step).copied().unwrap_or(0.0));
    at(below) + (at(below + 1) - at(below)) * (place - below as f64)
}

fn reasons(weights: &Weights, mail: &Mail, features: &Features, class: Class) -> Vec<String> {
    let class = class as usize;
    // How much more a row says for this class than for all of them on average.
    let says = |row: usize, number: i32| {
        let row = weights.row(row);
        let all: i64 = row.iter().map(|weight| i64::from(*weight)).sum();
        let own = i64::from(row.get(class).copied().unwrap_or(0));
        (own * CLASSES as i64 - all) * i64::from(number)
    };
    let signals = features.signals.iter().map(|signal| {
        let strength = says(BUCKETS + *signal as usize, SIGNAL);
        (strength, signal.text().to_owned())
    });
    let mut reasons: Vec<(i64, String)> = signals.collect();
    let number = |place: u32| {
        let at = features
            .places
            .binary_search_by_key(&place, |(place, _)| *place);
        at.ok()
            .and_then(|at| features.places.get(at))
            .map_or(0, |(_, number)| *number)
    };
    let mut told: Vec<(i64, String)> = Vec::new();
    for word in words(&mail.subject).chain(words(&mail.text)) {
        let is_word =
            word != LINK && word.chars().count() > 3 && word.chars().all(char::is_alphabetic);
        if !is_word || told.iter().any(|(_, other)| *other == word) {
            continue;
        }
        let (place, negative) = word_place(&word);
        let number = number(place);
        // Another word's count in the same place says nothing about this one.
        if (number < 0) == negative {
            told.push((says(place as usize, number), word));
        }
    }
    told.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let told = told.into_iter().take(WORDS);
    reasons.extend(told.map(|(strength, word)| {
        // Beside a word stand the runs of its characters: it says more than its own place.
        (strength * 3, format!("it says “{word}”"))
    }));
    reasons.retain(|(strength, _)| *strength > 0);
    reasons.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    reasons
        .into_iter()
        .take(REASONS)
        .map(|(_, text)| text)
        .collect()
}
