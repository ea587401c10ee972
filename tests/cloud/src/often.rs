//! How often something goes wrong.

use rand::RngExt;

/// How often something goes wrong on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Often {
    /// Not at all.
    #[default]
    Never,
    /// This share of all times, between 0 and 1.
    Share(f64),
    /// The next so many times, then never again.
    Next(u32),
}

impl Often {
    /// Whether it goes wrong this time.
    pub fn strikes(&mut self) -> bool {
        match self {
            Self::Never | Self::Next(0) => false,
            Self::Share(share) => rand::rng().random_bool(share.clamp(0.0, 1.0)),
            Self::Next(left) => {
                *left -= 1;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strikes_as_often_as_it_says() {
        let mut twice = Often::Next(2);
        let struck = [twice.strikes(), twice.strikes(), twice.strikes()];
        assert_eq!(struck, [true, true, false]);
        assert!(!Often::Never.strikes());
        assert!(Often::Share(1.0).strikes());
        assert!(!Often::Share(0.0).strikes());
    }
}
