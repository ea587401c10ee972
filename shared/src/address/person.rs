//! A person and their address, and how both are written.

use std::fmt;

/// Bytes of an address, most (RFC 5321, section 4.5.3.1.3: 256 with its angle brackets).
pub const ADDRESS_BYTES: usize = 254;
/// Bytes of what stands before the `@`, most (RFC 5321, section 4.5.3.1.1).
pub const LOCAL_BYTES: usize = 64;
/// Bytes of a name, most: far more than anybody is called, and few enough for every server's lines.
pub const NAME_BYTES: usize = 300;

/// Where a mail goes: `ann@example.org`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    pub(super) local: String,
    pub(super) domain: String,
}

/// A person and their address: `Ann Lee <ann@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// As a mail program shows it; empty where there is none.
    pub name: String,
    pub address: Address,
}

impl Address {
    /// What stands before the `@`, without the quotes that it may be written in.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// What stands behind the `@`, as it was written.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The same for two that are the same whatever the case of their domains.
    pub fn key(&self) -> String {
        let domain = self.domain.to_lowercase();
        Self {
            local: self.local.clone(),
            domain,
        }
        .to_string()
    }

    /// The address with another way to write its domain.
    pub fn with_domain(&self, domain: String) -> Self {
        Self {
            local: self.local.clone(),
            domain,
        }
    }
}

impl fmt::Display for Address {
    /// As it stands in a mail: what could be misread before the `@` is quoted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_dot_atom(&self.local) {
            write!(f, "{}@{}", self.local, self.domain)
        } else {
            write!(f, "{}@{}", quoted(&self.local), self.domain)
        }
    }
}

impl fmt::Display for Mailbox {
    /// As a person writes it, and [`Mailbox::read`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => self.address.fmt(f),
            name if name.chars().all(is_plain) => write!(f, "{name} <{}>", self.address),
            name => write!(f, "{} <{}>", quoted(name), self.address),
        }
    }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c)
}

/// A quoted string (RFC 5322, section 3.2.4).
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Whether it needs no quotes (RFC 5322, section 3.2.3).
pub(super) fn is_dot_atom(local: &str) -> bool {
    let is_atext =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let mut atoms = local.split('.');
    atoms.all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}
