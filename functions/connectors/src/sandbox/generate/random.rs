//! Chance that is the same for ever. A library's generator may change its numbers from one version
//! to the next, and with them every mailbox made from a seed; SplitMix64 is ten lines and is fixed
//! here.

/// SplitMix64's finishing step: every bit of the result depends on every bit given.
pub(in super::super) fn mix(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Throws for one subject: a mail, a thread.
#[derive(Debug, Clone)]
pub(in super::super) struct Dice(u64);

impl Dice {
    pub(in super::super) fn new(seed: u64, subject: u32) -> Self {
        Self(mix(seed ^ mix(u64::from(subject))))
    }

    pub(in super::super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// 0 to `limit` - 1; 0 if the limit is 0.
    pub(in super::super) fn below(&mut self, limit: u32) -> u32 {
        // The upper half times the limit, shifted back, is below the limit.
        (((self.bits() >> 32) * u64::from(limit)) >> 32) as u32
    }

    pub(in super::super) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most - least + 1)
    }

    /// True so many times in a hundred.
    pub(in super::super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of a list, which is not empty.
    pub(in super::super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(u32::try_from(list.len()).unwrap_or(u32::MAX)) as usize]
    }
}
