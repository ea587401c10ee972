//! The weights as they are kept: a row of bytes for each place and signal, and the numbers that turn their sums
//! into confidence.

use std::sync::OnceLock;

use crate::features::BUCKETS;
use crate::signal::Signal;
use bulkhead_shared::class::Class;

/// How many classes there are.
pub(crate) const CLASSES: usize = Class::ALL.len();
/// Rows: places, then signals, then one that always counts.
pub(crate) const ROWS: usize = BUCKETS + Signal::ALL.len() + 1;
/// What every file of weights begins with: what it is, and the number of its form.
const MAGIC: &[u8; 8] = b"BHMODEL1";
/// Steps between no confidence and all of it, in which it is corrected by what was measured.
pub(crate) const STEPS: usize = 20;

static SHIPPED: &[u8] = include_bytes!("../data/weights.bin");

/// One byte for each row and class.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    /// What one unit of a byte is worth, over [`crate::features::LENGTH`].
    pub(crate) unit: f32,
    /// Scores are divided by this before they become shares: how sure of itself training was.
    pub(crate) temperature: f32,
    /// How often a share was right, measured, by step; rising.
    pub(crate) right: [f32; STEPS + 1],
    rows: Vec<[i8; CLASSES]>,
}

impl Weights {
    /// With these rows, not measured yet.
    #[cfg(feature = "train")]
    pub(crate) fn new(unit: f32, rows: Vec<[i8; CLASSES]>) -> Self {
        Self {
            unit,
            temperature: 1.0,
            right: std::array::from_fn(|step| step as f32 / STEPS as f32),
            rows,
        }
    }

    /// Those that this program brings along. Of a file that is broken nothing is used: every mail is then of no
    /// class, which the tests would notice.
    pub(crate) fn shipped() -> &'static Self {
        static READ: OnceLock<Weights> = OnceLock::new();
        READ.get_or_init(|| Self::read(SHIPPED).unwrap_or_else(Self::none))
    }

    fn none() -> Self {
        Self {
            unit: 0.0,
            temperature: 1.0,
            right: [0.0; STEPS + 1],
            rows: Vec::new(),
        }
    }

    /// A row; nothing where there is none.
    pub(crate) fn row(&self, row: usize) -> &[i8; CLASSES] {
        self.rows.get(row).unwrap_or(&[0; CLASSES])
    }

    /// From a file.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let mut numbers = rest.chunks_exact(4).map(|four| {
            let four = four.try_into().unwrap_or_default();
            f32::from_le_bytes(four)
        });
        let unit = numbers.next()?;
        let temperature = numbers.next()?;
        let mut right = [0.0; STEPS + 1];
        for step in &mut right {
            *step = numbers.next()?;
        }
        let rows = rest.get(4 * (STEPS + 3)..)?;
        if rows.len() != ROWS * CLASSES {
            return None;
        }
        let rows = rows.chunks_exact(CLASSES).map(|row| {
            let mut weights = [0; CLASSES];
            weights
                .iter_mut()
                .zip(row)
                .for_each(|(to, from)| *to = *from as i8);
            weights
        });
        Some(Self {
            unit,
            temperature,
            right,
            rows: rows.collect(),
        })
    }

    /// As a file.
    #[cfg(feature = "train")]
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.unit.to_le_bytes());
        bytes.extend(self.temperature.to_le_bytes());
        bytes.extend(self.right.iter().flat_map(|right| right.to_le_bytes()));
        bytes.extend(self.rows.iter().flatten().map(|weight| *weight as u8));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        let weights = Weights::read(SHIPPED).map(|weights| weights.rows.len());
        assert_eq!(weights, Some(ROWS));
        assert!(SHIPPED.len() < 1 << 20, "about a megabyte at the most");
        assert_eq!(Weights::read(&SHIPPED[..SHIPPED.len() - 1]), None);
        assert_eq!(Weights::read(b"something else"), None);
    }
}
