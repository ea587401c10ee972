//! Headers of mails in bulk, for counting who fills a mailbox: who sent a mail, when, how large it is and what
//! became of it, and no word of what it says.

use jiff::Timestamp;

/// A folder whose headers are read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderFolder {
    /// Names it among those of the account.
    pub name: String,
    /// Stays the same as long as nothing in it changes; none if the provider cannot tell.
    pub mark: Option<String>,
    /// Mails in it, where the provider tells.
    pub mails: Option<u64>,
}

/// What is told of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Tells it from the others of its folder.
    pub key: u64,
    /// The sender's bare address in small letters; empty if there is none that can be read.
    pub address: String,
    /// The sender's name; empty if there is none.
    pub name: String,
    /// What it says of being list mail; none if it says nothing.
    pub list: Option<ListMail>,
    /// Was written by a machine, by what it says (`Precedence`, `Auto-Submitted`).
    pub automatic: bool,
    pub received: Timestamp,
    /// Bytes.
    pub size: u64,
    pub unread: bool,
    pub starred: bool,
    pub answered: bool,
}

/// What a mail says of the list that it came by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ListMail {
    /// The id of the list in small letters (RFC 2919); empty if it has none.
    pub id: String,
    /// It can be unsubscribed from (RFC 2369).
    pub unsubscribe: bool,
}

/// A page of headers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers {
    pub headers: Vec<Header>,
    /// Hand it back for the next page; none at the end.
    pub next: Option<String>,
}
