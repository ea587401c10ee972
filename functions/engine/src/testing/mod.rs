//! Ports in memory, a clock and randomness in the test's hand, and the conformance suites that
//! every adapter of a port has to pass. Behind the feature `testing`; never in a shipped binary.

pub mod address_book;
pub mod connector;
pub mod contacts;
pub mod faults;
pub mod intercept;
pub mod ledger;
pub mod lessons;
pub mod mailbox;
pub mod mailboxes;
pub mod memory;
pub mod model;
pub mod parts;
pub mod queue;
pub mod stage;
pub mod table;
