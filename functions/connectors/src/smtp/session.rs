//! One connection to a mail server: its greeting, the sign-in, and mails, one after the other.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bulkhead_engine::letters::Refused;
use bulkhead_engine::ports::{CallError, Delivery, Envelope};
use bulkhead_shared::api::{Security, Submission};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::answer::Answer;
use super::judge::{Sent, judge};
use crate::bearer::{self, Mechanism};
use crate::imap::connect;
use crate::imap::reach::Reach;
use crate::imap::wire::Duplex;

/// The longest that an answer may take. Servers may look addresses up meanwhile.
const ANSWER_MOST: Duration = Duration::from_secs(30);
/// The longest that the answer to a whole mail may take: a server may look through it first. RFC 5321
/// (section 4.5.3.2.6) has ten minutes; a worker's lease is shorter, and what is not answered is looked for.
const CONTENT_MOST: Duration = Duration::from_secs(60);
/// Bytes of an answer, most.
const ANSWER_BYTES: usize = 64 * 1024;
/// Bytes of a command, its end included, most (RFC 5321, section 4.5.3.1.4).
const COMMAND_BYTES: usize = 512;
/// Who we say we are (RFC 5321, section 4.1.3): a client has no name that a server could look up.
const HELLO: &str = "[127.0.0.1]";

/// What lets in.
#[derive(Clone, Copy)]
pub(crate) enum Secret<'a> {
    Password(&'a str),
    /// A token of a consent (OAuth 2.0).
    Token(&'a str),
}

/// Why a dialogue does not go on.
enum Broken {
    /// The connection is gone, or silent, before all was said.
    Before,
    /// All was said, and the answer never came.
    NoAnswer,
    /// What came is no answer.
    Senseless,
}

/// One connection.
pub(super) struct Session {
    stream: Box<dyn Duplex>,
    read: Vec<u8>,
    /// What the server can do, a line for each.
    can: Vec<String>,
    /// In the middle of something, or broken.
    spent: bool,
    /// The server took the first line of the mail that was sent last.
    was_begun: bool,
}

impl Session {
    /// Connects and signs in.
    pub(super) async fn open(
        to: &Submission,
        user: &str,
        secret: Secret<'_>,
        reach: Reach,
        tls: &Arc<ClientConfig>,
    ) -> Result<Self, CallError> {
        let stream = connect::stream(&to.host, to.port, to.security, reach, tls).await?;
        let mut session = Self {
            stream,
            read: Vec::new(),
            can: Vec::new(),
            spent: false,
            was_begun: false,
        };
        let greeting = session.answer(ANSWER_MOST).await.map_err(unreachable)?;
        if !greeting.is_good() {
            return Err(refused(&greeting));
        }
        session.hello().await?;
        if to.security == Security::StartTls {
            session = session.encrypted(&to.host, tls).await?;
            session.hello().await?;
        }
        session.sign_in(user, secret, to).await?;
        Ok(session)
    }

    async fn hello(&mut self) -> Result<(), CallError> {
        let answer = self
            .say(&format!("EHLO {HELLO}"))
            .await
            .map_err(unreachable)?;
        if !answer.is_good() {
            return Err(refused(&answer));
        }
        let lines = answer.text.lines().skip(1);
        self.can = lines.map(str::to_uppercase).collect();
        Ok(())
    }

    /// Goes on encrypted. What was said before that counts for nothing.
    async fn encrypted(mut self, host: &str, tls: &Arc<ClientConfig>) -> Result<Self, CallError> {
        let answer = self.say("STARTTLS").await.map_err(unreachable)?;
        if !answer.is_good() || !self.read.is_empty() {
            let text = "The mail server does not encrypt the connection; choose TLS.";
            return Err(CallError::Unsupported(text.to_owned()));
        }
        Ok(Self {
            stream: connect::encrypted(self.stream, host, tls).await?,
            can: Vec::new(),
            ..self
        })
    }

    async fn sign_in(
        &mut self,
        user: &str,
        secret: Secret<'_>,
        to: &Submission,
    ) -> Result<(), CallError> {
        let mut ways = self.can.iter().filter_map(|can| can.strip_prefix("AUTH"));
        let Some(ways) = ways.next().map(str::to_owned) else {
            // A server that wants nobody to sign in.
            return Ok(());
        };
        let has = |way: &str| ways.split([' ', '=']).any(|known| known == way);
        match secret {
            Secret::Token(token) => {
                let mut known = [Mechanism::OAuthBearer, Mechanism::XOAuth2].into_iter();
                let mechanism = known.find(|known| has(known.name())).ok_or_else(|| {
                    let text =
                        "The server for outgoing mail takes no tokens (OAuth), only a password.";
                    CallError::Unsupported(text.to_owned())
                })?;
                let shown = mechanism.shown(user, (&to.host, to.port), token);
                self.show_token(mechanism, &shown).await
            }
            Secret::Password(password) if has("PLAIN") || !has("LOGIN") => {
                let words = STANDARD.encode(format!("\0{user}\0{password}"));
                let answer = self.say(&format!("AUTH PLAIN {words}")).await;
                let mut answer = answer.map_err(unreachable)?;
                if answer.code == 334 {
                    // It has not understood. Whoever hears that says so.
                    answer = self.say("").await.map_err(unreachable)?;
                }
                signed_in(&answer)
            }
            Secret::Password(password) => {
                let answer = self.log_in(user, password).await;
                signed_in(&answer.map_err(unreachable)?)
            }
        }
    }

    /// Shows a token, with the command itself where that has room for it (RFC 4954, section 4).
    async fn show_token(&mut self, mechanism: Mechanism, shown: &str) -> Result<(), CallError> {
        let name = mechanism.name();
        let whole = format!("AUTH {name} {shown}");
        let mut answer = match whole.len() + 2 <= COMMAND_BYTES {
            true => self.say(&whole).await.map_err(unreachable)?,
            false => {
                let asked = self.say(&format!("AUTH {name}")).await;
                match asked.map_err(unreachable)? {
                    asked if asked.code == 334 => self.say(shown).await.map_err(unreachable)?,
                    refused => refused,
                }
            }
        };
        let mut why = CallError::SignIn;
        if answer.code == 334 {
            why = bearer::meaning(answer.text.as_bytes());
            answer = self.say(mechanism.heard()).await.map_err(unreachable)?;
        }
        match signed_in(&answer) {
            Err(CallError::SignIn) => Err(why),
            signed_in => signed_in,
        }
    }

    /// Signs in as Microsoft's servers of old want it.
    async fn log_in(&mut self, user: &str, password: &str) -> Result<Answer, Broken> {
        let answer = self.say("AUTH LOGIN").await?;
        if answer.code != 334 {
            return Ok(answer);
        }
        let answer = self.say(&STANDARD.encode(user)).await?;
        if answer.code != 334 {
            return Ok(answer);
        }
        self.say(&STANDARD.encode(password)).await
    }

    /// Whether the server still answers.
    pub(super) async fn is_live(&mut self) -> bool {
        matches!(self.say("NOOP").await, Ok(answer) if answer.is_good())
    }

    /// Whether another mail can be sent.
    pub(super) fn is_usable(&self) -> bool {
        !self.spent
    }

    /// Whether the server ended the connection before the mail that was sent last had begun, as it does with one that
    /// was idle for too long for it, or that had as many mails as it allows.
    pub(super) fn ended_before(&self) -> bool {
        self.spent && !self.was_begun
    }

    /// Hands one mail over.
    pub(super) async fn send(&mut self, envelope: &Envelope, bytes: &[u8]) -> Sent {
        let sent = self.transaction(envelope, bytes).await;
        let is_done = matches!(sent, Sent::Delivery(Delivery::Done));
        if !is_done && !self.spent {
            // As if nothing had been begun.
            let reset = self.say("RSET").await;
            self.spent |= !matches!(reset, Ok(answer) if answer.is_good());
        }
        sent
    }

    async fn transaction(&mut self, envelope: &Envelope, bytes: &[u8]) -> Sent {
        self.was_begun = false;
        let from = format!("MAIL FROM:<{}>", envelope.from);
        let to = format!("RCPT TO:<{}>", envelope.to);
        for (part, line) in [
            (Refused::Sender, from),
            (Refused::Recipient, to),
            (Refused::Content, "DATA".to_owned()),
        ] {
            match self.say(&line).await {
                Ok(answer) if answer.is_good() => self.was_begun = true,
                Ok(answer) => return self.refused(part, &answer),
                // The mail itself was not sent yet, so nobody has it.
                Err(_) => return Sent::Delivery(Delivery::Unavailable),
            }
        }
        match self.content(bytes).await {
            Ok(answer) if answer.is_good() => Sent::Delivery(Delivery::Done),
            Ok(answer) => self.refused(Refused::Content, &answer),
            Err(Broken::Before) => Sent::Delivery(Delivery::Unavailable),
            Err(Broken::NoAnswer | Broken::Senseless) => Sent::Delivery(Delivery::Unknown),
        }
    }

    fn refused(&mut self, refused: Refused, answer: &Answer) -> Sent {
        // It hangs up now.
        self.spent |= answer.code == 421;
        judge(refused, answer)
    }

    /// Sends what is in a mail, and its end. As long as the end is not written whole, no server takes it.
    async fn content(&mut self, bytes: &[u8]) -> Result<Answer, Broken> {
        self.spent = true;
        let content = stuffed(bytes);
        let writing = async {
            self.stream.write_all(&content).await?;
            self.stream.write_all(b".\r\n").await
        };
        match timeout(CONTENT_MOST, writing).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Err(Broken::Before),
        }
        let flushed = timeout(ANSWER_MOST, self.stream.flush()).await;
        if !matches!(flushed, Ok(Ok(()))) {
            return Err(Broken::NoAnswer);
        }
        match self.answer(CONTENT_MOST).await {
            Ok(answer) => {
                self.spent = false;
                Ok(answer)
            }
            Err(Broken::Senseless) => Err(Broken::Senseless),
            Err(_) => Err(Broken::NoAnswer),
        }
    }

    /// Says a line and hears the answer.
    async fn say(&mut self, line: &str) -> Result<Answer, Broken> {
        self.spent = true;
        let line = format!("{line}\r\n");
        let writing = async {
            self.stream.write_all(line.as_bytes()).await?;
            self.stream.flush().await
        };
        match timeout(ANSWER_MOST, writing).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Err(Broken::Before),
        }
        let answer = self.answer(ANSWER_MOST).await?;
        self.spent = false;
        Ok(answer)
    }

    async fn answer(&mut self, most: Duration) -> Result<Answer, Broken> {
        match timeout(most, self.lines()).await {
            Ok(answer) => answer,
            Err(_) => Err(Broken::NoAnswer),
        }
    }

    async fn lines(&mut self) -> Result<Answer, Broken> {
        let (mut first, mut text) = (None, String::new());
        loop {
            let line = self.line().await?;
            let (code, is_last, words) = Answer::line(&line).ok_or(Broken::Senseless)?;
            if *first.get_or_insert(code) != code || text.len() > ANSWER_BYTES {
                return Err(Broken::Senseless);
            }
            text.push_str(words);
            text.push('\n');
            if is_last {
                return Ok(Answer { code, text });
            }
        }
    }

    async fn line(&mut self) -> Result<String, Broken> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).into_owned());
            }
            if self.read.len() > ANSWER_BYTES {
                return Err(Broken::Senseless);
            }
            match self.stream.read_buf(&mut self.read).await {
                Ok(0) | Err(_) => return Err(Broken::NoAnswer),
                Ok(_) => {}
            }
        }
    }
}

/// The content as it is sent: each line that begins with a dot has one more (RFC 5321, section 4.5.2), and the
/// last one ends.
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 50 + 2);
    let mut is_line_start = true;
    for &byte in bytes {
        if is_line_start && byte == b'.' {
            out.push(b'.');
        }
        out.push(byte);
        is_line_start = byte == b'\n';
    }
    if !is_line_start {
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn unreachable(broken: Broken) -> CallError {
    let why = match broken {
        Broken::Before | Broken::NoAnswer => "the server for outgoing mail does not answer",
        Broken::Senseless => "the server for outgoing mail answers what makes no sense",
    };
    CallError::Unavailable(why.to_owned())
}

/// What a server makes of whoever signs in.
fn signed_in(answer: &Answer) -> Result<(), CallError> {
    if answer.is_good() && answer.code != 334 {
        return Ok(());
    }
    if answer.is_passing() {
        return Err(refused(answer));
    }
    if answer.text.contains("SmtpClientAuthentication is disabled") {
        // Microsoft's words where an administrator has not allowed it; no other token or password mends that.
        let text = "Sending by a mail program is switched off for this mailbox: whoever administers it can allow \
            authenticated SMTP.";
        return Err(CallError::Unsupported(text.to_owned()));
    }
    Err(CallError::SignIn)
}

/// A server that takes nobody now.
fn refused(answer: &Answer) -> CallError {
    match judge(Refused::Sender, answer) {
        Sent::Call(error) => error,
        Sent::Delivery(_) => {
            CallError::Unavailable("the server for outgoing mail takes nothing now".to_owned())
        }
    }
}
