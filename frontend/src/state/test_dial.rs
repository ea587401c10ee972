//! What a back-test says where a rule wants to be so sure: summed up here, so that the dial needs no server.

use bulkhead_shared::api::BackTest;

/// Sums above the dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Mails that the rule would have touched.
    pub touched: u64,
    /// Of those: as the rule would have left them.
    pub same: u64,
    /// …read, and left where they were.
    pub left: u64,
    /// …never opened.
    pub unread: u64,
    /// …dealt with in another way.
    pub otherwise: u64,
    /// Left alone, because they are protected.
    pub protected: u64,
    /// Left alone, because it is not sure enough.
    pub unsure: u64,
}

/// What it says at this percent.
pub fn sums(test: &BackTest, percent: u8) -> Sums {
    let mut sums = Sums::default();
    for bin in &test.bins {
        let touched = bin.same + bin.left + bin.unread + bin.otherwise;
        if bin.percent < percent {
            sums.unsure += touched + bin.protected;
            continue;
        }
        sums.touched += touched;
        sums.same += bin.same;
        sums.left += bin.left;
        sums.unread += bin.unread;
        sums.otherwise += bin.otherwise;
        sums.protected += bin.protected;
    }
    sums
}

impl Sums {
    /// How often a person did the same, of those of which it is known what they did; none of none.
    pub fn agreed(&self) -> Option<u64> {
        let known = self.same + self.left + self.otherwise;
        (known > 0).then(|| self.same * 100 / known)
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::api::TestBin;

    use super::*;

    #[test]
    fn the_dial_moves_mails_and_loses_none() {
        let bin = |percent, same| TestBin {
            percent,
            same,
            left: 1,
            unread: 2,
            otherwise: 1,
            protected: 3,
        };
        let test = BackTest {
            is_current: true,
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
            mails: 40,
            other: 5,
            untold: 1,
            bins: vec![bin(99, 8), bin(80, 4), bin(55, 1)],
            protected: Vec::new(),
            unknown: Vec::new(),
        };
        let all = sums(&test, 50);
        assert_eq!((all.touched, all.protected, all.unsure), (25, 9, 0));
        let some = sums(&test, 81);
        assert_eq!((some.touched, some.protected, some.unsure), (12, 3, 19));
        assert_eq!(some.agreed(), Some(80));
        assert_eq!(sums(&test, 80).touched, 20);
        for percent in 50..=99 {
            let at = sums(&test, percent);
            assert_eq!(at.touched + at.protected + at.unsure, 34, "{percent}");
            assert_eq!(at.same + at.left + at.unread + at.otherwise, at.touched);
        }
        assert_eq!(Sums::default().agreed(), None);
    }
}
