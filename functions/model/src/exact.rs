//! Arithmetic that gives the same bits everywhere: platforms differ in `exp` and `ln`, and not in sums, products
//! and roots (IEEE 754).

/// e to the power of `x`, for `x` up to 0; what is below -40 is 0. Off by less than one part in a million.
pub(crate) fn exp(x: f64) -> f64 {
    if x < -40.0 {
        return 0.0;
    }
    // e^x = (e^(x/1024))^1024, and close to 0 the series is short.
    let y = x.min(0.0) / 1_024.0;
    let mut power = 1.0 + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y / 24.0)));
    for _ in 0..10 {
        power *= power;
    }
    power
}

/// Shares of a whole, from scores: each score's power of e, divided by the sum of all.
pub(crate) fn shares<const N: usize>(scores: &[f64; N]) -> [f64; N] {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers = scores.map(|score| exp(score - most));
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_to_the_platforms_own() {
        for tenth in 0..400 {
            let x = -f64::from(tenth) / 10.0;
            let error = (exp(x) - x.exp()).abs();
            assert!(error < 1e-6 * x.exp().max(1e-12), "{x}: {error}");
        }
        assert_eq!(exp(-1_000.0), 0.0);
    }

    #[test]
    fn shares_make_a_whole() {
        let shares = shares(&[1.0, 2.0, 3.0]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(shares[0] < shares[1] && shares[1] < shares[2]);
    }
}
