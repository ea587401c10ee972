//! What is stored of a scan of headers: how far it is, and of each folder who sent what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Standing;

/// How far the scan of an account is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanRecord {
    #[serde(flatten)]
    pub standing: Standing,
    /// Mails whose headers are known.
    pub scanned: u64,
    /// Mails there are, as far as that is known.
    pub total: Option<u64>,
    /// The folders that were read when it was last done.
    pub folders: Vec<String>,
}

/// The headers of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScannedFolder {
    pub name: String,
    /// What the provider said of it before it was read; none if it cannot tell whether something changed.
    pub mark: Option<String>,
    /// Where reading goes on; none if all of it was read.
    pub next: Option<String>,
    /// Who sent something.
    pub senders: Vec<ScannedSender>,
    pub mails: Vec<ScannedMail>,
}

/// A sender, by one list or by none: who writes by two lists is two of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScannedSender {
    /// The bare address in small letters; empty if none could be read.
    pub address: String,
    /// The name that was read last.
    pub name: String,
    /// The id of the list, which may be empty; none if it is no list mail.
    pub list: Option<String>,
    /// It can be unsubscribed from.
    pub unsubscribe: bool,
    /// Written by a machine, by what it says.
    pub automatic: bool,
}

/// A mail, short of all that it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScannedMail {
    /// Tells it from the others of its folder.
    pub key: u64,
    /// The place of its sender.
    pub sender: u32,
    /// To the second.
    pub received: Timestamp,
    /// Bytes.
    pub size: u64,
    pub unread: bool,
    pub starred: bool,
    pub answered: bool,
}
