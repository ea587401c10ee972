//! Tables that people bring and take away: the same code in the browser, on the server and at the command line.
//!
//! [`Grid::read`] makes rows of cells of whatever a spreadsheet saves, and says what it recognised. [`Spec`] says
//! which columns a table has and finds them in any order and case; each operation checks cells by itself and
//! names what is wrong in [`CellFault`]s. [`write_row`] writes what leaves.

mod grid;
mod guard;
mod layout;
mod lines;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use grid::{CELL_CHARS, Grid, GridError, Limits, Recognised, Row, RowFault};
pub use guard::{guard, unguard};
pub use layout::{CellFault, Cells, Column, HeaderFault, Layout, Spec};
pub use lines::LineEnd;
pub use text::Encoding;
pub use write::{Cell, write_row};
