//! The table that a person works on, shared by all that shows a part of it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::state::table::Table;

/// A table that is changed in place: it may have ten thousand rows. Whoever changes it counts the round up.
#[derive(Clone)]
pub(super) struct Shared(Rc<RefCell<Table>>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Shared {
    pub(super) fn new(table: Table) -> Self {
        Self(Rc::new(RefCell::new(table)))
    }

    /// Looks at the table.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Table) -> T) -> T {
        look(&self.0.borrow())
    }

    /// Changes the table.
    pub(super) fn change(&self, change: impl FnOnce(&mut Table)) {
        change(&mut self.0.borrow_mut());
    }
}
