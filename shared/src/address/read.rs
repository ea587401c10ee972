//! Reading one address.

use super::person::{ADDRESS_BYTES, Address, LOCAL_BYTES, Mailbox, NAME_BYTES, is_dot_atom};
use crate::words;

/// Why a text is no address, as a sentence for whoever wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    #[error("{}", words::address_nothing())]
    Nothing,
    #[error("{}", words::address_no_at())]
    NoAt,
    #[error("{}", words::address_two_ats())]
    TwoAts,
    #[error("{}", words::address_no_local())]
    NoLocal,
    #[error("{}", words::address_dots())]
    Dots,
    #[error("{}", words::address_sign())]
    Sign,
    #[error("{}", words::address_letters())]
    Letters,
    #[error("{}", words::address_long_local())]
    LongLocal,
    #[error("{}", words::address_domain())]
    Domain,
    #[error("{}", words::address_long())]
    Long,
    #[error("{}", words::address_long_name())]
    LongName,
    #[error("{}", words::address_control())]
    Control,
    #[error("{}", words::address_open())]
    Open,
    #[error("{}", words::address_behind())]
    Behind,
}

impl Mailbox {
    /// Reads one: `ann@example.org`, `Ann Lee <ann@example.org>` or `"Lee, Ann" <ann@example.org>`.
    pub fn read(text: &str) -> Result<Self, NotAnAddress> {
        mailbox(text)
    }
}

/// Reads a mailbox that is all of the text.
fn mailbox(text: &str) -> Result<Mailbox, NotAnAddress> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotAnAddress::Nothing);
    }
    if text.chars().any(char::is_control) {
        return Err(NotAnAddress::Control);
    }
    let text = without_comments(text)?;
    let text = text.trim();
    let Some(open) = unquoted(text, '<')? else {
        let address = address(text)?;
        let name = String::new();
        return Ok(Mailbox { name, address });
    };
    let (name, rest) = text.split_at(open);
    let (inside, behind) = rest[1..].split_once('>').ok_or(NotAnAddress::Open)?;
    if !behind.trim().is_empty() {
        return Err(NotAnAddress::Behind);
    }
    let name = name_of(name.trim())?;
    if name.len() > NAME_BYTES {
        return Err(NotAnAddress::LongName);
    }
    let address = address(inside.trim())?;
    Ok(Mailbox { name, address })
}

/// Reads `local@domain`.
fn address(text: &str) -> Result<Address, NotAnAddress> {
    let (local, domain) = match text.strip_prefix('"') {
        Some(rest) => {
            let (local, rest) = quoted_string(rest)?;
            let domain = rest.strip_prefix('@').ok_or(NotAnAddress::NoAt)?;
            if !local.is_ascii() {
                return Err(NotAnAddress::Letters);
            }
            (local, domain)
        }
        None => {
            let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress::NoAt)?;
            check_local(local)?;
            (local.to_owned(), domain)
        }
    };
    if local.is_empty() {
        return Err(NotAnAddress::NoLocal);
    }
    if local.len() > LOCAL_BYTES {
        return Err(NotAnAddress::LongLocal);
    }
    if !is_domain(domain) {
        return Err(NotAnAddress::Domain);
    }
    let address = Address {
        local,
        domain: domain.to_owned(),
    };
    match address.to_string().len() > ADDRESS_BYTES {
        true => Err(NotAnAddress::Long),
        false => Ok(address),
    }
}

fn check_local(local: &str) -> Result<(), NotAnAddress> {
    if local.is_empty() {
        return Err(NotAnAddress::NoLocal);
    }
    if local.contains('@') {
        return Err(NotAnAddress::TwoAts);
    }
    if !local.is_ascii() {
        return Err(NotAnAddress::Letters);
    }
    if local.split('.').any(str::is_empty) {
        return Err(NotAnAddress::Dots);
    }
    match is_dot_atom(local) {
        true => Ok(()),
        false => Err(NotAnAddress::Sign),
    }
}

/// Whether it is a name in the DNS: labels of letters, digits and hyphens (RFC 5321, section 2.3.5), the
/// last of them no number. Letters may be of any script (RFC 5890, section 2.3.2.1).
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let is_inside = |c: char| c.is_alphanumeric() || is_mark(c) || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(is_inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && domain.len() <= 253
        && domain.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Marks that words of some scripts are written with: vowel signs and joiners.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{981}'..='\u{983}' | '\u{9bc}'..='\u{9cd}'
        | '\u{a01}'..='\u{a4d}' | '\u{a81}'..='\u{acd}' | '\u{b01}'..='\u{b4d}' | '\u{b82}'..='\u{bcd}'
        | '\u{c00}'..='\u{c4d}' | '\u{c81}'..='\u{ccd}' | '\u{d00}'..='\u{d4d}' | '\u{dca}'..='\u{ddf}'
        | '\u{e31}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{200c}' | '\u{200d}' | '\u{b7}')
}

/// A name: quoted, or as it stands. Quotes that are not around all of it are part of it.
fn name_of(text: &str) -> Result<String, NotAnAddress> {
    if let Some(rest) = text.strip_prefix('"') {
        let (name, behind) = quoted_string(rest)?;
        if behind.trim().is_empty() {
            return Ok(name.trim().to_owned());
        }
    }
    Ok(text.to_owned())
}

/// What is inside of quotes, the first of which was read already, and what stands behind them.
fn quoted_string(text: &str) -> Result<(String, &str), NotAnAddress> {
    let mut inside = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((inside, &text[at + 1..])),
            '\\' => inside.extend(chars.next().map(|(_, c)| c)),
            c => inside.push(c),
        }
    }
    Err(NotAnAddress::Open)
}

/// Where a sign stands for the first time outside of quotes.
fn unquoted(text: &str, wanted: char) -> Result<Option<usize>, NotAnAddress> {
    let mut found = None;
    walk(text, |at, c, is_quoted| {
        if c == wanted && !is_quoted && found.is_none() {
            found = Some(at);
        }
    })?;
    Ok(found)
}

/// Comments (RFC 5322, section 3.2.2) stand in brackets and say nothing to a machine. A bracket in a name
/// before an address in angle brackets is one that people mean: `Ann (Sales) <ann@example.org>`.
fn without_comments(text: &str) -> Result<String, NotAnAddress> {
    if unquoted(text, '<')?.is_some() {
        return Ok(text.to_owned());
    }
    let mut kept = String::with_capacity(text.len());
    let mut depth = 0_usize;
    walk(text, |_, c, is_quoted| match c {
        '(' if !is_quoted => depth += 1,
        ')' if !is_quoted && depth > 0 => depth -= 1,
        c if depth == 0 => kept.push(c),
        _ => {}
    })?;
    match depth {
        0 => Ok(kept),
        _ => Err(NotAnAddress::Open),
    }
}

/// Each sign, and whether it stands in quotes (with the quotes themselves). A quote in the middle of a word
/// is an apostrophe of sorts, and opens nothing.
pub(super) fn walk(text: &str, mut see: impl FnMut(usize, char, bool)) -> Result<(), NotAnAddress> {
    let (mut inside, mut escaped, mut before) = (false, false, ' ');
    for (at, c) in text.char_indices() {
        let opens = c == '"' && !inside && !before.is_alphanumeric();
        see(at, c, inside || opens);
        if inside && !escaped && c == '"' {
            inside = false;
        } else if opens {
            inside = true;
        }
        escaped = inside && c == '\\' && !escaped;
        before = c;
    }
    match inside {
        true => Err(NotAnAddress::Open),
        false => Ok(()),
    }
}
