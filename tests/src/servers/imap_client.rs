//! A plain IMAP client that knows nothing of our code: what it sees is what a mail program would see.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A plain IMAP client.
pub struct Client {
    stream: BufReader<TcpStream>,
    tags: u32,
}

/// A message as the plain client sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// Its subject's header line as it stands, which names it.
    pub subject: String,
    /// Its flags and keywords, sorted, without `\Recent`.
    pub flags: Vec<String>,
    /// When it was received, as the server writes it.
    pub received: String,
}

impl Client {
    /// Signs in on a port of this machine.
    pub fn sign_in(port: u16, user: &str, password: &str) -> Self {
        let mut client = Self::connect(port);
        client.command(&format!("LOGIN \"{user}\" \"{password}\""));
        client
    }

    /// Signs in as an administrator who acts as somebody else (RFC 4616, section 2).
    pub fn sign_in_as(port: u16, user: &str, administrator: &str, password: &str) -> Self {
        let mut client = Self::connect(port);
        let message = base64(format!("{user}\0{administrator}\0{password}").as_bytes());
        client.command(&format!("AUTHENTICATE PLAIN {message}"));
        client
    }

    fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = Self {
            stream: BufReader::new(stream),
            tags: 0,
        };
        client.line();
        client
    }

    fn line(&mut self) -> String {
        let mut bytes = Vec::new();
        self.stream.read_until(b'\n', &mut bytes).unwrap();
        assert!(!bytes.is_empty(), "the server hung up");
        String::from_utf8_lossy(&bytes).trim_end().to_owned()
    }

    /// Runs a command that has to succeed; its untagged lines, literals in place.
    pub fn command(&mut self, text: &str) -> Vec<String> {
        let (lines, end) = self.try_command(text.as_bytes());
        assert!(end.starts_with("OK"), "{text}: {end}");
        lines
    }

    /// Runs a command; its untagged lines and its end.
    pub fn try_command(&mut self, text: &[u8]) -> (Vec<String>, String) {
        self.tags += 1;
        let tag = format!("p{} ", self.tags);
        let socket = self.stream.get_mut();
        let mut bytes = tag.clone().into_bytes();
        bytes.extend_from_slice(text);
        bytes.extend_from_slice(b"\r\n");
        socket.write_all(&bytes).unwrap();
        let mut lines = Vec::new();
        loop {
            let mut line = self.line();
            while let Some(length) = literal_length(&line) {
                let mut bytes = vec![0; length];
                self.stream.read_exact(&mut bytes).unwrap();
                line.push('\n');
                line.push_str(&String::from_utf8_lossy(&bytes));
                line.push_str(&self.line());
            }
            match line.strip_prefix(&tag) {
                Some(end) => return (lines, end.to_owned()),
                None => lines.push(line),
            }
        }
    }

    /// Puts messages into a folder, many in one command; each may come with flags, or none.
    pub fn append(&mut self, folder: &str, messages: &[Vec<u8>], flags: &str) {
        for chunk in messages.chunks(500) {
            let heads = chunk
                .iter()
                .map(|message| (String::new(), message.as_slice()));
            self.append_chunk(folder, flags, heads);
        }
    }

    /// The same, each with the time it was received, as IMAP writes it.
    pub fn append_received(&mut self, folder: &str, messages: &[(String, Vec<u8>)], flags: &str) {
        for chunk in messages.chunks(500) {
            let dated = chunk.iter();
            let dated = dated.map(|(at, message)| (format!(" \"{at}\""), message.as_slice()));
            self.append_chunk(folder, flags, dated);
        }
    }

    /// Dovecot's MULTIAPPEND; where it is not announced it works all the same.
    fn append_chunk<'a>(
        &mut self,
        folder: &str,
        flags: &str,
        messages: impl Iterator<Item = (String, &'a [u8])>,
    ) {
        let mut text = format!("APPEND \"{folder}\"").into_bytes();
        for (received, message) in messages {
            let head = format!(" ({flags}){received} {{{}+}}\r\n", message.len());
            text.extend_from_slice(head.as_bytes());
            text.extend_from_slice(message);
        }
        let (_, end) = self.try_command(&text);
        assert!(end.starts_with("OK"), "APPEND: {end}");
    }

    /// Puts one message into a folder with the time it was received, as IMAP writes it.
    pub fn append_at(&mut self, folder: &str, flags: &str, received: &str, message: &[u8]) {
        let head = format!(
            "APPEND \"{folder}\" ({flags}) \"{received}\" {{{}+}}\r\n",
            message.len()
        );
        let mut text = head.into_bytes();
        text.extend_from_slice(message);
        let (_, end) = self.try_command(&text);
        assert!(end.starts_with("OK"), "APPEND: {end}");
    }

    /// Opens the first of these folders that holds a message with this Message-ID; its UID.
    pub fn find(&mut self, folders: &[&str], message_id: &str) -> Option<String> {
        folders.iter().find_map(|folder| {
            self.select(folder);
            let search = format!("UID SEARCH HEADER Message-ID \"{message_id}\"");
            let lines = self.command(&search);
            let found = lines.iter().find_map(|line| line.strip_prefix("* SEARCH "));
            found.map(|uid| uid.trim().to_owned())
        })
    }

    /// Opens a folder.
    pub fn select(&mut self, folder: &str) {
        self.command(&format!("SELECT \"{folder}\""));
    }

    /// The Message-IDs of all messages in a folder, without brackets.
    pub fn message_ids(&mut self, folder: &str) -> Vec<String> {
        self.select(folder);
        let lines = self.command("UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");
        let lines = lines.iter().filter(|line| line.contains(" FETCH ("));
        let id = |line: &String| Some(line.split_once('<')?.1.split_once('>')?.0.to_owned());
        lines
            .map(|line| id(line).unwrap_or_else(|| panic!("no Message-ID: {line}")))
            .collect()
    }

    /// All of a folder, by what each message is, in no particular order (sorted).
    pub fn contents(&mut self, folder: &str) -> Vec<Seen> {
        self.select(folder);
        let lines =
            self.command("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
        let mut seen: Vec<Seen> = lines
            .iter()
            .filter(|line| line.contains(" FETCH ("))
            .map(|line| read(line))
            .collect();
        seen.sort();
        seen
    }
}

fn read(line: &str) -> Seen {
    let between = |from: &str, to: &str| {
        let (_, rest) = line.split_once(from).unwrap_or(("", ""));
        rest.split_once(to)
            .map_or(rest, |(this, _)| this)
            .to_owned()
    };
    let mut flags: Vec<String> = between("FLAGS (", ")")
        .split_ascii_whitespace()
        .filter(|flag| *flag != "\\Recent")
        .map(str::to_owned)
        .collect();
    flags.sort();
    let subject = line
        .lines()
        .find(|line| line.starts_with("Subject:"))
        .unwrap_or_default();
    Seen {
        subject: subject.trim().to_owned(),
        flags,
        received: between("INTERNALDATE \"", "\""),
    }
}

fn literal_length(line: &str) -> Option<usize> {
    let (_, digits) = line.strip_suffix('}')?.rsplit_once('{')?;
    digits.parse().ok()
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |place: usize| usize::from(chunk.get(place).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            match place <= chunk.len() {
                true => text.push(char::from(DIGITS[bits >> (18 - 6 * place) & 63])),
                false => text.push('='),
            }
        }
    }
    text
}
