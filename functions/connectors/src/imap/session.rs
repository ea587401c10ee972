//! One signed-in connection: sends a command, hands on what comes back, knows which folder is open.

use imap_codec::ResponseCodec;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::IntoStatic;
use imap_codec::imap_types::flag::FlagPerm;
use imap_codec::imap_types::response::{Code, Data, Response, Status, StatusBody, StatusKind};

use super::capabilities::Capabilities;
use super::fault::{Fault, Refusal};
use super::fetched::{self, Fetched};
use super::listed::{self, Line, Namespaces};
use super::wire::Wire;
use super::words::Words;

/// What a command brings besides its end.
pub(super) enum Told {
    /// A message's data.
    Fetched(Fetched),
    /// UIDs an extended search found.
    Found(Vec<u32>),
    /// What is told about folders.
    Folder(Line),
    /// Anything else `imap-codec` decodes.
    Data(Data<'static>),
    /// A response code on an untagged answer.
    Code(Code<'static>),
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) kind: StatusKind,
    pub(super) code: Option<Code<'static>>,
}

impl End {
    /// Why it was refused; none if it was not.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        (self.kind != StatusKind::Ok).then(|| Refusal::of(self.kind, self.code.as_ref()))
    }

    /// An error for the whole call if it was refused.
    pub(super) fn ok(self) -> Result<Option<Code<'static>>, Fault> {
        match self.refusal() {
            Some(refusal) => Err(Fault::Call(refusal.as_call())),
            None => Ok(self.code),
        }
    }
}

/// The folder that is open.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) folder: String,
    pub(super) validity: u32,
    /// The server keeps a MODSEQ for each message here.
    pub(super) has_modseq: bool,
    pub(super) read_only: bool,
    /// Flags that stay; none if the server does not tell, which means all.
    permanent: Option<Vec<String>>,
    /// Keywords in use here.
    pub(super) keywords: Vec<String>,
}

impl Opened {
    /// Whether setting this flag lasts. Servers answer OK even where it does not.
    pub(super) fn keeps(&self, flag: &str) -> bool {
        let Some(permanent) = &self.permanent else {
            return true;
        };
        let named = permanent.iter().any(|kept| kept.eq_ignore_ascii_case(flag));
        named || !flag.starts_with('\\') && permanent.iter().any(|kept| kept == "\\*")
    }
}

/// One signed-in connection.
pub(super) struct Session {
    pub(super) wire: Wire,
    pub(super) can: Capabilities,
    pub(super) opened: Option<Opened>,
    /// Where folders begin, once it was asked.
    pub(super) namespaces: Option<Namespaces>,
    /// In the middle of a command: whoever finds it so must not use it again.
    pub(super) busy: bool,
    tags: u32,
}

impl Session {
    pub(super) fn new(wire: Wire) -> Self {
        Self {
            wire,
            can: Capabilities::default(),
            opened: None,
            namespaces: None,
            busy: false,
            tags: 0,
        }
    }

    /// A session that leads nowhere: what stays behind where one was taken away.
    pub(super) fn nowhere() -> Self {
        let nothing = tokio::io::join(tokio::io::empty(), tokio::io::sink());
        let mut session = Self::new(Wire::new(Box::new(nothing)));
        session.busy = true;
        session
    }

    pub(super) fn next_tag(&mut self) -> String {
        self.tags = self.tags.wrapping_add(1);
        format!("b{}", self.tags)
    }

    /// Runs a command; what it brings goes to `on`, one by one.
    pub(super) async fn run(
        &mut self,
        words: Words,
        on: &mut (dyn FnMut(Told) + Send),
    ) -> Result<End, Fault> {
        self.busy = true;
        let tag = self.next_tag();
        for (index, piece) in words.under(&tag).iter().enumerate() {
            if index > 0
                && let Some(end) = self.until_wanted(&tag, on).await?
            {
                return Ok(end);
            }
            self.wire.send(piece).await?;
        }
        loop {
            let raw = self.wire.response().await?;
            if let Some(end) = self.take(&raw, &tag, on)? {
                return Ok(end);
            }
        }
    }

    /// Runs a command of which only the end matters.
    pub(super) async fn tell(&mut self, words: Words) -> Result<End, Fault> {
        self.run(words, &mut |_| {}).await
    }

    /// Reads until the server wants the next piece; the end, if it refuses instead.
    async fn until_wanted(
        &mut self,
        tag: &str,
        on: &mut (dyn FnMut(Told) + Send),
    ) -> Result<Option<End>, Fault> {
        loop {
            let raw = self.wire.response().await?;
            if raw.starts_with(b"+") {
                return Ok(None);
            }
            if let Some(end) = self.take(&raw, tag, on)? {
                return Ok(Some(end));
            }
        }
    }

    /// Reads one response; the end, if it is this command's.
    pub(super) fn take(
        &mut self,
        raw: &[u8],
        tag: &str,
        on: &mut (dyn FnMut(Told) + Send),
    ) -> Result<Option<End>, Fault> {
        if fetched::is_fetch(raw) {
            if let Some(fetched) = fetched::read(raw) {
                on(Told::Fetched(fetched));
            }
            return Ok(None);
        }
        if let Some(line) = listed::read(raw) {
            on(Told::Folder(line));
            return Ok(None);
        }
        if let Some(found) = fetched::read_esearch(raw) {
            on(Told::Found(found));
            return Ok(None);
        }
        match ResponseCodec::default().decode(raw) {
            Ok((_, Response::Status(Status::Tagged(tagged)))) => {
                if tagged.tag.as_ref() == tag {
                    self.busy = false;
                    return Ok(Some(End {
                        kind: tagged.body.kind,
                        code: tagged.body.code.map(IntoStatic::into_static),
                    }));
                }
            }
            Ok((_, Response::Status(Status::Bye(_)))) => return Err(Fault::Closed),
            Ok((_, Response::Status(Status::Untagged(StatusBody { code, .. })))) => {
                if let Some(code) = code {
                    on(Told::Code(code.into_static()));
                }
            }
            Ok((_, Response::Data(data))) => on(Told::Data(data.into_static())),
            Ok((_, Response::CommandContinuationRequest(_))) => {}
            // What nobody can decode tells nothing; but a command's end has to be seen.
            Err(_) => {
                if let Some(kind) = undecoded_end(raw, tag) {
                    self.busy = false;
                    return Ok(Some(End { kind, code: None }));
                }
            }
        }
        Ok(None)
    }

    /// Opens a folder and tells how it is; the refusal, if it cannot be opened.
    pub(super) async fn open(&mut self, folder: &str) -> Result<Result<Opened, Refusal>, Fault> {
        if let Some(opened) = self
            .opened
            .as_ref()
            .filter(|opened| opened.folder == folder)
        {
            return Ok(Ok(opened.clone()));
        }
        self.opened = None;
        let mut words = Words::new("SELECT ").folder(folder);
        if self.can.condstore {
            words = words.plain(" (CONDSTORE)");
        }
        let mut opened = Opened {
            folder: folder.to_owned(),
            validity: 0,
            has_modseq: false,
            read_only: false,
            permanent: None,
            keywords: Vec::new(),
        };
        let end = self
            .run(words, &mut |told| match told {
                Told::Code(code) => opened.learn(&code),
                Told::Data(Data::Flags(flags)) => {
                    opened.keywords = flags.iter().map(ToString::to_string).collect();
                }
                _ => {}
            })
            .await?;
        if let Some(refusal) = end.refusal() {
            return Ok(Err(refusal));
        }
        if let Some(code) = &end.code {
            opened.learn(code);
        }
        opened.has_modseq &= self.can.condstore;
        self.opened = Some(opened.clone());
        Ok(Ok(opened))
    }
}

impl Opened {
    fn learn(&mut self, code: &Code<'_>) {
        match code {
            Code::UidValidity(validity) => self.validity = validity.get(),
            Code::HighestModSeq(_) => self.has_modseq = true,
            Code::NoModSeq => self.has_modseq = false,
            Code::ReadOnly => self.read_only = true,
            Code::PermanentFlags(flags) => {
                let name = |flag: &FlagPerm<'_>| match flag {
                    FlagPerm::Flag(flag) => flag.to_string(),
                    FlagPerm::Asterisk => "\\*".to_owned(),
                };
                self.permanent = Some(flags.iter().map(name).collect());
            }
            _ => {}
        }
    }
}

fn undecoded_end(raw: &[u8], tag: &str) -> Option<StatusKind> {
    let text = String::from_utf8_lossy(raw);
    let mut words = text.split_ascii_whitespace();
    if words.next()? != tag {
        return None;
    }
    Some(match words.next()?.to_ascii_uppercase().as_str() {
        "OK" => StatusKind::Ok,
        "NO" => StatusKind::No,
        _ => StatusKind::Bad,
    })
}
