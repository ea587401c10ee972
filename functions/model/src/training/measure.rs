//! How good weights are: how often right, by class, and whether they are as sure of themselves as they may be.

use std::fmt::Write;

use super::known::{Example, Known};
use crate::exact::shares;
use crate::features::Features;
use crate::read::Mail;
use crate::verdict::{self, best, measured, scores};
use crate::weights::{CLASSES, STEPS, Weights};
use bulkhead_shared::class::Class;

/// What makes shares say how often they are right.
pub(super) struct Confidence {
    temperature: f32,
    right: [f32; STEPS + 1],
}

impl Confidence {
    pub(super) fn applied(&self, mut weights: Weights) -> Weights {
        weights.temperature = self.temperature;
        weights.right = self.right;
        weights
    }
}

/// Measures it on mails that the weights were not trained on: first the one number that fits all shares best,
/// then for each step how often they were right.
pub(super) fn confidence(weights: &Weights, examples: &[Example]) -> Confidence {
    let all: Vec<([f64; CLASSES], usize)> = examples
        .iter()
        .map(|example| (scores(weights, &example.features), example.class))
        .collect();
    let surprise = |temperature: f64| -> f64 {
        let each = all.iter().map(|(scores, class)| {
            let shares = shares(&scores.map(|score| score / temperature));
            -(shares[*class].max(1e-9)).ln()
        });
        each.sum()
    };
    let candidates = (2..80).map(|tenth| f64::from(tenth) / 10.0);
    let temperature = candidates
        .min_by(|a, b| surprise(*a).total_cmp(&surprise(*b)))
        .unwrap_or(1.0);
    let judged: Vec<(f64, bool)> = all
        .iter()
        .map(|(scores, class)| {
            let (found, share) = best(&shares(&scores.map(|score| score / temperature)));
            (share, found as usize == *class)
        })
        .collect();
    Confidence {
        temperature: temperature as f32,
        right: by_step(&judged),
    }
}

/// How often shares near each step were right; never falling, and drawn a little towards the share itself where
/// few were seen.
fn by_step(judged: &[(f64, bool)]) -> [f32; STEPS + 1] {
    let mut right: [f32; STEPS + 1] = std::array::from_fn(|step| {
        let at = step as f64 / STEPS as f64;
        let near = judged
            .iter()
            .filter(|(share, _)| (share - at).abs() <= 0.75 / STEPS as f64);
        let (right, all) = near.fold((0.0, 0.0), |(right, all), (_, is_right)| {
            (right + f64::from(u8::from(*is_right)), all + 1.0)
        });
        ((right + 20.0 * at) / (all + 20.0)) as f32
    });
    // Pooled where they fall: neighbours share their mean (isotonic regression, in the simplest form).
    for _ in 0..=STEPS {
        for step in 0..STEPS {
            if right[step] > right[step + 1] {
                let mean = (right[step] + right[step + 1]) / 2.0;
                right[step] = mean;
                right[step + 1] = mean;
            }
        }
    }
    right.map(|right| right.clamp(0.0, 0.999))
}

/// Figures on mails that training never saw.
pub(super) fn report(weights: &Weights, mails: &[Known]) -> String {
    let begun = processor_seconds();
    let verdicts: Vec<_> = mails
        .iter()
        .map(|known| {
            let mail = Mail::read(&known.message);
            let verdict = verdict::of(weights, &mail, &Features::of(&mail));
            (known.class, verdict.class, verdict.confidence)
        })
        .collect();
    let took = processor_seconds() - begun;
    let mut report = String::new();
    let right = |of: &dyn Fn(&(Class, Class, f64)) -> bool| {
        let part: Vec<_> = verdicts.iter().filter(|one| of(one)).collect();
        let right = part.iter().filter(|(is, found, _)| is == found).count();
        (right, part.len())
    };
    let line = |name: &str, (right, all): (usize, usize)| {
        format!(
            "{name:28} {:.3} of {all:5} mails\n",
            right as f64 / all.max(1) as f64
        )
    };
    report.push_str("right, on mails that training never saw:\n");
    for class in Class::ALL {
        report.push_str(&line(
            &format!("  {}", class.name()),
            right(&|one| one.0 == class),
        ));
    }
    report.push_str(&line("  all", right(&|_| true)));
    report.push_str("mistaken for another class, most often:\n");
    for ((is, found), count) in mistakes(&verdicts).into_iter().take(6) {
        let _ = writeln!(report, "  {count:4} × {} for {}", is.name(), found.name());
    }
    report.push_str("how often right, by confidence:\n");
    for tenth in 0..10u32 {
        let from = f64::from(tenth) / 10.0;
        let part = right(&|one| one.2 >= from && one.2 < from + 0.1);
        if part.1 > 0 {
            report.push_str(&line(&format!("  {from:.1} to {:.1}", from + 0.1), part));
        }
    }
    for bar in [0.8, 0.9, 0.95] {
        let decided = right(&|one| one.2 >= bar);
        let _ = writeln!(
            report,
            "  at {bar} and above: decides {:.3}, right {:.3}",
            decided.1 as f64 / verdicts.len().max(1) as f64,
            decided.0 as f64 / decided.1.max(1) as f64
        );
    }
    let _ = writeln!(
        report,
        "off by (expected calibration error): {:.3}",
        error(&verdicts)
    );
    let _ = writeln!(
        report,
        "speed: {:.0} mails a second on one core",
        mails.len() as f64 / took
    );
    let _ = writeln!(report, "weights: {} bytes", weights.bytes().len());
    if let Some(kilobytes) = memory() {
        let _ = writeln!(
            report,
            "memory of the whole measurement, at the most: {} MB",
            kilobytes / 1_024
        );
    }
    debug_assert!(measured(weights, 1.0) <= 1.0);
    report
}

fn mistakes(verdicts: &[(Class, Class, f64)]) -> Vec<((Class, Class), usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for (is, found, _) in verdicts.iter().filter(|(is, found, _)| is != found) {
        *counts.entry((*is, *found)).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// How far confidence and rightness lie apart, over tenths, by how many mails lie there.
fn error(verdicts: &[(Class, Class, f64)]) -> f64 {
    let parts = (0..10u32).map(|tenth| {
        let from = f64::from(tenth) / 10.0;
        let part: Vec<_> = verdicts
            .iter()
            .filter(|one| one.2 >= from && one.2 < from + 0.1)
            .collect();
        let right = part.iter().filter(|(is, found, _)| is == found).count() as f64;
        let sure: f64 = part.iter().map(|one| one.2).sum();
        (right - sure).abs()
    });
    parts.sum::<f64>() / verdicts.len().max(1) as f64
}

/// Seconds that this thread has had a processor (Linux): others on the same machine do not count.
fn processor_seconds() -> f64 {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = spent
        .split_whitespace()
        .next()
        .and_then(|first| first.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

/// The most memory that this process had, in kilobytes (Linux).
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
