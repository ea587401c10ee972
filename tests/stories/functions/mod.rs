//! The built functions as on AWS: HTTP in, queue, worker, status, undo.
//!
//! Modules are named for what they need, so that a run without it can leave them out: KMS and S3 come
//! from moto, mail from a real IMAP server.

mod moto_contacts;
mod moto_cyrus;
mod moto_imap;
mod moto_rie;
mod moto_ses;
