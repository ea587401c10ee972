//! Logistic regression over all classes at once, one example after the other, with the average of all weights on
//! the way as the result: that is what keeps the last examples from counting most.

use super::known::Example;
use super::random::Random;
use crate::features::{BUCKETS, LENGTH};
use crate::signal::Signal;
use crate::verdict::{ALWAYS, SIGNAL};
use crate::weights::{CLASSES, ROWS, Weights};

/// Times that every example is learned from.
const ROUNDS: usize = 8;
/// How far a first step goes, and how much shorter each round's are.
const STEP: f32 = 6.0;
const SHORTER: f32 = 0.75;
/// Percent of signals that an example is shown without, so that words have to do, and the other way round.
const HIDDEN: u32 = 35;
const SEED: u64 = 12;

type Row = [f32; CLASSES];

/// Weights from examples.
pub(super) fn learn(examples: &[Example]) -> Weights {
    learn_from(&examples.iter().collect::<Vec<_>>())
}

/// The same, of borrowed ones.
pub(super) fn learn_from(examples: &[&Example]) -> Weights {
    let mut learner = Learner {
        now: vec![[0.0; CLASSES]; ROWS],
        weighted: vec![[0.0; CLASSES]; ROWS],
        steps: 1.0,
    };
    let mut random = Random::new(SEED);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut step = STEP;
    for _ in 0..ROUNDS {
        random.shuffle(&mut order);
        for place in &order {
            if let Some(example) = examples.get(*place) {
                learner.learn(example, step, &mut random);
            }
        }
        step *= SHORTER;
    }
    learner.finish()
}

struct Learner {
    now: Vec<Row>,
    /// Each change times the step it was made in: with it the average is known without being kept.
    weighted: Vec<Row>,
    steps: f32,
}

impl Learner {
    fn learn(&mut self, example: &Example, step: f32, random: &mut Random) {
        let rows = shown(example, random);
        let mut scores = [0.0f32; CLASSES];
        for (row, value) in &rows {
            for (score, weight) in scores.iter_mut().zip(&self.now[*row]) {
                *score += weight * value;
            }
        }
        let shares = crate::exact::shares(&scores.map(f64::from));
        let mut wrong = shares.map(|share| share as f32);
        wrong[example.class] -= 1.0;
        let change = wrong.map(|wrong| -step * wrong);
        if change.iter().all(|change| change.abs() < 1e-4) {
            self.steps += 1.0;
            return;
        }
        for (row, value) in &rows {
            let (now, weighted) = (&mut self.now[*row], &mut self.weighted[*row]);
            for ((now, weighted), change) in now.iter_mut().zip(weighted).zip(change) {
                let by = change * value;
                *now += by;
                *weighted += by * self.steps;
            }
        }
        self.steps += 1.0;
    }

    /// The average, in whole bytes. What is among the largest few of ten thousand is cut.
    fn finish(self) -> Weights {
        let mut rows = self.now;
        for (row, weighted) in rows.iter_mut().zip(&self.weighted) {
            for (weight, weighted) in row.iter_mut().zip(weighted) {
                *weight -= weighted / self.steps;
            }
        }
        let mut sizes: Vec<f32> = rows.iter().flatten().map(|weight| weight.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        let most = sizes[sizes.len() - 1 - sizes.len() / 10_000].max(1e-6);
        let unit = most / 127.0;
        let bytes = rows
            .into_iter()
            .map(|row| row.map(|weight| (weight / unit).round().clamp(-127.0, 127.0) as i8));
        Weights::new(unit, bytes.collect())
    }
}

/// The rows that count in an example, and how much; some of its signals are hidden.
fn shown(example: &Example, random: &mut Random) -> Vec<(usize, f32)> {
    let length = LENGTH as f32;
    let places = example.features.places.iter();
    let mut rows: Vec<(usize, f32)> = places
        .map(|(place, number)| (*place as usize, *number as f32 / length))
        .collect();
    for signal in &example.features.signals {
        if !random.percent(HIDDEN) {
            rows.push((BUCKETS + *signal as usize, SIGNAL as f32 / length));
        }
    }
    debug_assert_eq!(ROWS, BUCKETS + Signal::ALL.len() + 1);
    rows.push((ROWS - 1, ALWAYS as f32 / length));
    rows
}
