//! One signed-in connection: sends a command, hands on what comes back, knows which folder is open.

use std::time::Duration;

use imap_codec::imap_types::response::{Code, StatusKind};

use super::answer::{self, Answer};
use super::budget::Budget;
use super::capabilities::Capabilities;
use super::fault::{Fault, Refusal};
use super::listed::Namespaces;
use super::wire::Wire;
use super::words::Words;

pub(super) use super::answer::{End, Told};

/// How long a server that asks to wait is waited for in the middle of a change, altogether.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long it is waited for if it names no time.
const UNNAMED_WAIT: Duration = Duration::from_secs(3);

/// The folder that is open.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) folder: String,
    pub(super) validity: u32,
    /// Messages in it when it was opened; none if the server did not tell.
    pub(super) exists: Option<u32>,
    /// The server keeps a MODSEQ for each message here.
    pub(super) has_modseq: bool,
    pub(super) read_only: bool,
    /// Flags that stay; none if the server does not tell, which means all.
    permanent: Option<Vec<String>>,
    /// Keywords in use here.
    pub(super) keywords: Vec<String>,
}

impl Opened {
    fn new(folder: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            validity: 0,
            exists: None,
            has_modseq: false,
            read_only: false,
            permanent: None,
            keywords: Vec::new(),
        }
    }

    /// Whether setting this flag lasts. Servers answer OK even where it does not.
    pub(super) fn keeps(&self, flag: &str) -> bool {
        let Some(permanent) = &self.permanent else {
            return true;
        };
        let named = permanent.iter().any(|kept| kept.eq_ignore_ascii_case(flag));
        named || !flag.starts_with('\\') && self.keeps_new_keywords()
    }

    /// Whether keywords may be made here.
    pub(super) fn keeps_new_keywords(&self) -> bool {
        let permanent = self.permanent.as_ref();
        permanent.is_none_or(|permanent| permanent.iter().any(|kept| kept == "\\*"))
    }

    fn learn(&mut self, told: Told) {
        match told {
            Told::Code(code) => self.learn_code(&code),
            Told::Flags(flags) => self.keywords = flags,
            Told::Permanent(flags) => self.permanent = Some(flags),
            Told::Exists(count) => self.exists = Some(count),
            _ => {}
        }
    }

    fn learn_code(&mut self, code: &Code<'_>) {
        match code {
            Code::UidValidity(validity) => self.validity = validity.get(),
            Code::HighestModSeq(_) => self.has_modseq = true,
            Code::NoModSeq => self.has_modseq = false,
            Code::ReadOnly => self.read_only = true,
            _ => {}
        }
    }
}

/// One signed-in connection.
pub(super) struct Session {
    pub(super) wire: Wire,
    pub(super) can: Capabilities,
    pub(super) opened: Option<Opened>,
    /// Where folders begin, once it was asked.
    pub(super) namespaces: Option<Namespaces>,
    /// The server searches for text in plain ASCII only.
    pub(super) ascii_only: bool,
    /// In the middle of a command: whoever finds it so must not use it again.
    pub(super) busy: bool,
    /// Not to be used by anybody else.
    pub(super) spent: bool,
    /// Something was changed since the session was handed out.
    pub(super) wrote: bool,
    /// How long the server asked to wait since then; none if it did not.
    pub(super) asked_to_wait: Option<Option<Duration>>,
    tags: u32,
}

impl Session {
    pub(super) fn new(wire: Wire) -> Self {
        Self {
            wire,
            can: Capabilities::default(),
            opened: None,
            namespaces: None,
            ascii_only: false,
            busy: false,
            spent: false,
            wrote: false,
            asked_to_wait: None,
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

    /// As for somebody who has not used it before: without an open folder, so that the first SELECT
    /// tells how things are now.
    pub(super) fn handed_out(&mut self) {
        self.opened = None;
        self.wrote = false;
        self.asked_to_wait = None;
    }

    /// A command with this budget begins; its tag.
    pub(super) fn begin(&mut self, budget: Budget) -> String {
        self.busy = true;
        self.wire.begin(budget);
        self.tags = self.tags.wrapping_add(1);
        format!("b{}", self.tags)
    }

    /// Runs a command; what it brings goes to `on`, one by one.
    pub(super) async fn run(
        &mut self,
        words: Words,
        on: &mut (dyn FnMut(Told) + Send),
    ) -> Result<End, Fault> {
        let budget = if words.is_search() {
            Budget::search()
        } else {
            Budget::command()
        };
        let tag = self.begin(budget);
        for (index, piece) in words.under(&tag).iter().enumerate() {
            if index > 0
                && let Some(end) = self.until_wanted(&tag).await?
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

    /// Runs a command that changes something. If something was changed already, a server that asks to
    /// wait a few seconds is waited for: what was begun is better ended than looked for later.
    pub(super) async fn write(
        &mut self,
        words: Words,
        on: &mut (dyn FnMut(Told) + Send),
    ) -> Result<End, Fault> {
        let mut patience = PATIENCE;
        loop {
            let end = self.run(words.clone(), on).await?;
            let Some(Refusal::Throttled(asked)) = end.refusal() else {
                // A conditional STORE that left some alone may be answered NO.
                self.wrote |=
                    end.kind == StatusKind::Ok || matches!(end.code, Some(Code::Modified(_)));
                return Ok(end);
            };
            self.asked_to_wait = Some(asked);
            let wait = asked.unwrap_or(UNNAMED_WAIT);
            match patience.checked_sub(wait) {
                Some(left) if self.wrote => patience = left,
                _ => return Ok(end),
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Reads until the server wants the next piece; the end, if it refuses instead. Before it has the
    /// whole command it cannot agree: then it understood something else. What it tells meanwhile
    /// belongs to nothing.
    async fn until_wanted(&mut self, tag: &str) -> Result<Option<End>, Fault> {
        loop {
            let raw = self.wire.response().await?;
            match answer::read(&raw, tag)? {
                Answer::Wanted => return Ok(None),
                Answer::End(end) if end.kind == StatusKind::Ok => return Err(Fault::Early),
                Answer::End(end) => {
                    self.busy = false;
                    return Ok(Some(end));
                }
                Answer::Told(_) | Answer::Nothing => {}
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
        match answer::read(raw, tag)? {
            Answer::End(end) => {
                self.busy = false;
                return Ok(Some(end));
            }
            Answer::Told(told) => on(told),
            // All was sent: it wants what nobody has, or this was to be an answer.
            Answer::Wanted => return Err(Fault::Senseless),
            Answer::Nothing => {}
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
        let mut opened = Opened::new(folder);
        let end = self.run(words, &mut |told| opened.learn(told)).await?;
        if let Some(refusal) = end.refusal() {
            if let Refusal::Throttled(wait) = refusal {
                self.asked_to_wait = Some(wait);
            }
            return Ok(Err(refusal));
        }
        if let Some(code) = &end.code {
            opened.learn_code(code);
        }
        // Without it no message can be told from another that has its number later.
        if opened.validity == 0 {
            return Err(Fault::Senseless);
        }
        opened.has_modseq &= self.can.condstore;
        self.opened = Some(opened.clone());
        Ok(Ok(opened))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// A session with a server that gives these answers, one after each piece that it is sent.
    pub(in crate::imap) fn session(answers: &'static [&'static str]) -> Session {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        tokio::spawn(async move {
            for answer in answers {
                let mut buffer = [0; 4_096];
                if theirs.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    let _ = theirs.write_all(answer.as_bytes()).await;
                }
            }
            let _ = theirs.read(&mut [0; 1]).await;
        });
        Session::new(Wire::new(Box::new(ours)))
    }

    fn search() -> Words {
        Words::new("UID SEARCH SUBJECT ").text("Grüße")
    }

    async fn found(session: &mut Session) -> (Result<End, Fault>, Vec<u32>) {
        let mut found = Vec::new();
        let mut on = |told| {
            if let Told::Found(uids) = told {
                found.extend(uids);
            }
        };
        let end = session.run(search(), &mut on).await;
        (end, found)
    }

    #[tokio::test]
    async fn p1_an_ok_before_the_literal_was_sent_is_no_answer() {
        let mut session = session(&["* SEARCH 1 2 3\r\nb1 OK SEARCH completed\r\n"]);
        let (end, found) = found(&mut session).await;
        assert!(matches!(end, Err(Fault::Early)));
        assert!(found.is_empty());
        assert!(session.busy, "it is not used again");
    }

    #[tokio::test]
    async fn p1_what_is_told_before_the_literal_belongs_to_nothing() {
        let mut refused = session(&["* SEARCH 1 2 3\r\nb1 NO no literals\r\n"]);
        let (end, uids) = found(&mut refused).await;
        assert_eq!(end.unwrap().kind, StatusKind::No);
        assert!(uids.is_empty() && !refused.busy);
        let mut taken = session(&[
            "* SEARCH 1 2 3\r\n+ go on\r\n",
            "* SEARCH 7\r\nb1 OK done\r\n",
        ]);
        let (end, uids) = found(&mut taken).await;
        assert_eq!(end.unwrap().kind, StatusKind::Ok);
        assert_eq!(uids, [7]);
    }

    #[tokio::test]
    async fn a_folder_is_known_by_what_select_tells() {
        let mut session = session(&[
            "* FLAGS (\\Seen [urgent)\r\n* OK [PERMANENTFLAGS (\\Seen)] Begrenzt, ö\r\n* 3 EXISTS\r\n\
             * OK [UIDVALIDITY 7] gültig\r\nb1 OK [READ-ONLY] ok\r\n",
            "b2 OK no validity\r\n",
        ]);
        let opened = session.open("A").await.unwrap().unwrap();
        assert_eq!((opened.validity, opened.exists), (7, Some(3)));
        assert!(opened.read_only && !opened.keeps_new_keywords());
        assert!(opened.keeps("\\seen") && !opened.keeps("work"));
        assert_eq!(opened.keywords, ["\\Seen", "[urgent"]);
        assert!(matches!(session.open("B").await, Err(Fault::Senseless)));
    }

    #[tokio::test]
    async fn p5_waits_as_said_once_something_was_changed_and_not_before() {
        let mut session = session(&[
            "b1 NO Request is throttled. Suggested Backoff Time: 60 milliseconds\r\n",
            "b2 OK\r\n",
            "b3 BAD Request is throttled. Suggested Backoff Time: 60 milliseconds\r\n",
            "b4 OK\r\n",
            "b5 NO [LIMIT] Try again in 5 minutes\r\n",
        ]);
        let began = tokio::time::Instant::now();
        let words = || Words::new("UID STORE 1 +FLAGS (a)");
        let end = session.write(words(), &mut |_| {}).await.unwrap();
        assert_eq!(end.kind, StatusKind::No);
        assert_eq!(session.asked_to_wait, Some(Some(Duration::from_millis(60))));
        assert!(!session.wrote);
        for _ in 0..2 {
            let end = session.write(words(), &mut |_| {}).await.unwrap();
            assert_eq!(end.kind, StatusKind::Ok);
        }
        assert!(began.elapsed() >= Duration::from_millis(60));
        let end = session.write(words(), &mut |_| {}).await.unwrap();
        assert_eq!(
            end.refusal(),
            Some(Refusal::Throttled(Some(Duration::from_secs(300))))
        );
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it is not waited for that long"
        );
    }
}
