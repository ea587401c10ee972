//! Numbers of 122 bits mixed with a key, so that nobody without it can tell one from another, or make one up.
//!
//! A Feistel network: two halves of 61 bits, eight rounds, in each of which one half is changed by SHA-256 over
//! key, round and the other half. Four rounds with a good function are known to be enough against whoever
//! chooses what is mixed and unmixed (Luby and Rackoff, 1988).

use bulkhead_shared::hash::sha256;

const HALF: u32 = 61;
const MASK: u64 = (1 << HALF) - 1;
const ROUNDS: u8 = 8;

/// A key. Whoever has it can mix and unmix.
pub(super) type Key = [u8; 32];

/// Mixes a number of 122 bits.
pub(super) fn mix(key: &Key, number: u128) -> u128 {
    let (mut left, mut right) = halves(number);
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ change(key, round, right));
    }
    whole(left, right)
}

/// The number that was mixed to this.
pub(super) fn unmix(key: &Key, mixed: u128) -> u128 {
    let (mut left, mut right) = halves(mixed);
    for round in (0..ROUNDS).rev() {
        (left, right) = (right ^ change(key, round, left), left);
    }
    whole(left, right)
}

fn halves(number: u128) -> (u64, u64) {
    ((number >> HALF) as u64 & MASK, number as u64 & MASK)
}

fn whole(left: u64, right: u64) -> u128 {
    u128::from(left) << HALF | u128::from(right)
}

fn change(key: &Key, round: u8, half: u64) -> u64 {
    let mut bytes = [0; 41];
    bytes[..32].copy_from_slice(key);
    bytes[32] = round;
    bytes[33..].copy_from_slice(&half.to_be_bytes());
    let hash = sha256(&bytes);
    let first = hash.iter().take(8);
    first.fold(0, |number, byte| number << 8 | u64::from(*byte)) & MASK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mixed_comes_back_and_only_with_its_key() {
        for number in [0, 1, 2, 1 << 40, (1 << 122) - 1] {
            let mixed = mix(&[7; 32], number);
            assert!(mixed < 1 << 122);
            assert_eq!(unmix(&[7; 32], mixed), number);
            assert_ne!(unmix(&[8; 32], mixed), number);
        }
    }

    #[test]
    fn neighbours_are_far_apart() {
        let apart = (0..200u128).map(|number| {
            let (one, next) = (mix(&[7; 32], number), mix(&[7; 32], number + 1));
            (one ^ next).count_ones()
        });
        let mean = apart.sum::<u32>() / 200;
        assert!((55..=67).contains(&mean), "{mean} of 122 bits differ");
    }
}
