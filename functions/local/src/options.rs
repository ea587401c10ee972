//! The command line, and what its values mean.

use std::path::PathBuf;
use std::str::FromStr;

use bulkhead_api::Limits;
use bulkhead_engine::ports::DeployedModel;
use bulkhead_shared::api::{ChooseModel, Security};
use bulkhead_shared::limits;
use bulkhead_shared::problem::Invalid;
use clap::Parser;

use crate::terminal::command::Command;

/// Bulk changes to many mails, made safe: preview, confirm, watch, stop, take back.
///
/// Starts everything in one process on this machine and prints an address to open in a browser.
/// All it keeps is in one folder; start it again with the same folder and it goes on where it was.
#[derive(Debug, Parser)]
#[command(name = "bulkhead", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    /// Asks a running server in place of starting one
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Port to listen on, on this machine only; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,

    /// Folder that keeps everything: database, sandbox mailbox, exports, key and access token
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,

    /// Connect a mailbox: imaps://user@host[:port], or imap:// for STARTTLS (no encryption towards
    /// this machine itself). The password is asked for, or comes from BULKHEAD_IMAP_PASSWORD
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) imap: Option<ImapAddress>,

    /// Load mails into the sandbox mailbox, in place of generated ones: an mbox file, a Maildir, a
    /// single message (.eml, .emlx), a folder with any of these, or a zip archive of them. What it is
    /// is found out and told
    #[arg(long, value_name = "PATH", conflicts_with_all = ["mbox", "maildir"])]
    pub(crate) mail: Option<PathBuf>,

    /// The same for what has to be an mbox file
    #[arg(long, value_name = "FILE", conflicts_with = "maildir")]
    pub(crate) mbox: Option<PathBuf>,

    /// The same for what has to be a Maildir
    #[arg(long, value_name = "DIR")]
    pub(crate) maildir: Option<PathBuf>,

    /// Mails generated into a new sandbox mailbox
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub(crate) mails: u32,

    /// Contacts generated into a new sandbox address book
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub(crate) contacts: u32,

    /// Mailboxes generated into a new sandbox directory; two in five are deleted ones
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub(crate) mailboxes: u32,

    /// Seed of the generated mails, contacts and mailboxes: the same seed makes the same ones
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Folder of the built browser app
    #[arg(long, value_name = "DIR", default_value = "target/site")]
    pub(crate) app: PathBuf,

    /// Chunks worked on side by side; as many as this machine has cores, at least 12, if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) workers: Option<u16>,

    /// Make a new access token. Whoever signed in with the old one has to sign in again
    #[arg(long)]
    pub(crate) new_token: bool,

    /// Model that tells what mails are about, for who chose none: where its API begins that speaks OpenAI's words. Nothing
    /// is sent there before that is agreed to for an account. The key, if it wants one, comes from BULKHEAD_MODEL_KEY
    #[arg(long, value_name = "URL", requires = "model_name")]
    pub(crate) model_url: Option<String>,

    /// What that one is called there
    #[arg(long, value_name = "NAME", requires = "model_url")]
    pub(crate) model_name: Option<String>,

    /// Requests answered in a minute, as deployed; as many as come, if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) requests_per_minute: Option<u32>,
}

impl Options {
    /// How many chunks are worked on side by side. Workers mostly wait for servers, and a few that are mute
    /// must not hold all of them: of each account three wait at the most.
    pub(crate) fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.workers.map_or_else(|| cores().max(12), usize::from)
    }

    /// The model that is offered to who chose none.
    pub(crate) fn model(&self) -> anyhow::Result<Option<DeployedModel>> {
        let (Some(url), Some(name)) = (&self.model_url, &self.model_name) else {
            return Ok(None);
        };
        let key = std::env::var("BULKHEAD_MODEL_KEY").ok();
        let wanted = ChooseModel::at(url, name, key.filter(|key| !key.is_empty()));
        let wrong =
            |wrong: Invalid| anyhow::anyhow!("The model cannot be asked: {}", wrong.message);
        DeployedModel::new(wanted).map(Some).map_err(wrong)
    }

    /// How much one person may ask for.
    pub(crate) fn limits(&self) -> Limits {
        match self.requests_per_minute {
            Some(requests) => Limits::new(requests, limits::OPEN_JOBS),
            None => Limits::local(),
        }
    }
}

/// Where a mailbox is, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImapAddress {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) user: String,
}

impl FromStr for ImapAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "write it as imaps://user@host or imaps://user@host:port";
        let (scheme, rest) = text.split_once("://").ok_or(FORM)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // The user may be an address with an @ of its own.
        let (user, place) = rest.rsplit_once('@').ok_or(FORM)?;
        if user.contains(':') {
            return Err(
                "leave the password out, everybody can see it here: it is asked for, \
                        or put it into BULKHEAD_IMAP_PASSWORD",
            );
        }
        let user = percent_encoding::percent_decode_str(user);
        let user = user.decode_utf8().map_err(|_| FORM)?.into_owned();
        let (host, port) = split_port(place)?;
        if user.is_empty() || host.is_empty() || host.contains(['/', '?', '#']) {
            return Err(FORM);
        }
        let (security, usual_port) = match scheme {
            "imaps" => (Security::Tls, 993),
            "imap" if is_loopback(host) => (Security::None, 143),
            "imap" => (Security::StartTls, 143),
            _ => return Err("it begins with imaps:// or imap://"),
        };
        Ok(Self {
            host: host.to_owned(),
            port: port.unwrap_or(usual_port),
            security,
            user,
        })
    }
}

/// A host and its port, if there is one; an IPv6 address is in brackets.
fn split_port(place: &str) -> Result<(&str, Option<u16>), &'static str> {
    let (host, rest) = match place.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or("the ] is missing")?,
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    match rest.strip_prefix(':') {
        None if rest.is_empty() => Ok((host, None)),
        Some(port) => match port.parse() {
            Ok(port) if port != 0 => Ok((host, Some(port))),
            _ => Err("a port is a number from 1 to 65535"),
        },
        None => Err("a port follows the host after a colon"),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn address(text: &str) -> (String, String, u16, Security) {
        let address: ImapAddress = text.parse().unwrap();
        (address.user, address.host, address.port, address.security)
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Options::command().debug_assert();
    }

    #[test]
    fn requests_are_limited_only_where_asked_for() {
        let limits = |line: &[&str]| Options::try_parse_from(line).map(|options| options.limits());
        assert!(limits(&["bulkhead"]).unwrap().requests.is_none());
        let limited = limits(&["bulkhead", "--requests-per-minute", "300"]).unwrap();
        assert!(limited.requests.is_some());
        assert!(limits(&["bulkhead", "--requests-per-minute", "0"]).is_err());
    }

    #[test]
    fn reads_addresses_as_people_write_them() {
        let expected = |user: &str, host: &str, port, security| {
            (user.to_owned(), host.to_owned(), port, security)
        };
        for (text, read) in [
            (
                "imaps://ann@mail.example",
                expected("ann", "mail.example", 993, Security::Tls),
            ),
            (
                "imaps://ann@example.org@mail.example:1993/",
                expected("ann@example.org", "mail.example", 1993, Security::Tls),
            ),
            (
                "imaps://ann%40example.org@mail.example",
                expected("ann@example.org", "mail.example", 993, Security::Tls),
            ),
            (
                "imap://ann@mail.example",
                expected("ann", "mail.example", 143, Security::StartTls),
            ),
            (
                "imap://ann@127.0.0.1:1143",
                expected("ann", "127.0.0.1", 1143, Security::None),
            ),
            (
                "imap://ann@[::1]:1143",
                expected("ann", "::1", 1143, Security::None),
            ),
        ] {
            assert_eq!(address(text), read, "{text}");
        }
    }

    #[test]
    fn refuses_a_password_and_what_is_no_address() {
        let refused = |text: &str| text.parse::<ImapAddress>().unwrap_err();
        assert!(refused("imaps://ann:secret@mail.example").contains("BULKHEAD_IMAP_PASSWORD"));
        for text in [
            "mail.example",
            "imaps://mail.example",
            "https://ann@mail.example",
            "imaps://ann@mail.example:0",
            "imaps://ann@mail.example:x",
            "imaps://@mail.example",
            "imaps://ann@",
        ] {
            refused(text);
        }
    }
}
