//! Which of the app's modules travel as one. Cutting makes a module for every set of parts that share something:
//! hundreds, most of them smaller than what it takes to ask for one.

use std::collections::BTreeSet;

/// Bytes of what a module defines, before it is compressed, from which on it travels by itself: about 2.5 KB as brotli.
/// With half of it there are half as many files again; with twice of it, the largest parts grow by a tenth.
const LEAST: u64 = 8_000;

/// Modules that travel as one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bundle {
    pub(crate) modules: Vec<String>,
    /// What needs any of them.
    pub(crate) parts: BTreeSet<String>,
    /// Bytes of what they define.
    pub(crate) bytes: u64,
}

impl Bundle {
    /// Bytes that travel for nothing if both are one: parts that need the one alone fetch the other as well.
    fn waste(&self, other: &Self) -> u64 {
        let only_here = self.parts.difference(&other.parts).count();
        let only_there = other.parts.difference(&self.parts).count();
        only_here as u64 * other.bytes + only_there as u64 * self.bytes
    }

    fn add(&mut self, other: Self) {
        self.modules.extend(other.modules);
        self.parts.extend(other.parts);
        self.bytes += other.bytes;
    }
}

/// Puts the smallest where it wastes least, until none is small.
pub(crate) fn bundled(mut bundles: Vec<Bundle>) -> Vec<Bundle> {
    loop {
        bundles.sort_by(|one, other| (other.bytes, &one.modules).cmp(&(one.bytes, &other.modules)));
        let Some(smallest) = bundles.pop_if(|it| it.bytes < LEAST) else {
            return bundles;
        };
        let Some(near) = bundles.iter_mut().min_by_key(|it| it.waste(&smallest)) else {
            return vec![smallest];
        };
        near.add(smallest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(module: &str, parts: &[&str], bytes: u64) -> Bundle {
        Bundle {
            modules: vec![module.to_owned()],
            parts: parts.iter().map(|&part| part.to_owned()).collect(),
            bytes,
        }
    }

    #[test]
    fn puts_what_is_small_where_it_wastes_least() {
        let bundled = bundled(vec![
            bundle("split_a", &["a"], LEAST),
            bundle("split_b", &["b"], 3 * LEAST),
            bundle("chunk_1", &["a", "b"], 100),
            bundle("chunk_2", &["a", "b", "c"], 90),
            bundle("split_c", &["c"], LEAST + 1),
        ]);
        let modules = bundled.iter().map(|it| it.modules.join(" "));
        // For `c` and `b` the two small ones are together better than apart; `b` never fetches the whole of `a`.
        assert_eq!(
            modules.collect::<Vec<_>>(),
            ["split_b", "split_a chunk_1 chunk_2", "split_c"]
        );
    }

    #[test]
    fn leaves_what_is_large_alone() {
        let large = || {
            vec![
                bundle("split_b", &["b"], 2 * LEAST),
                bundle("split_a", &["a"], LEAST),
            ]
        };
        assert_eq!(bundled(large()), large());
        let only = || vec![bundle("split_a", &["a"], 1)];
        assert_eq!(bundled(only()), only());
        assert_eq!(bundled(Vec::new()), Vec::new());
    }
}
