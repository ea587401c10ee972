//! What is stored, and under which names.
//!
//! All rows of a job share a partition. The sort keys are chosen so that one read from `CHUNK#` to
//! `JOB` gives the job and the small chunk rows, which is all that status needs; the large packed
//! rows lie behind it.

mod account;
mod advice;
mod bounces;
mod classes;
mod files;
mod items;
mod job;
mod model;
pub(crate) mod pace;
pub mod pack;
mod replied;
mod review;
mod rules;
mod said;
mod scan;
pub mod schema;
mod standing;
pub mod store;
mod suppressed;
mod templates;
mod unsubscribed;

use bulkhead_shared::api::{Called, ReasonCount, TokensSpent};
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::outcome::Counts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::{Key, Span};

pub use crate::kinds::Back;
pub use account::{AccountRecord, AtPlace};
pub use advice::{
    AdviceRecord, LearnedRecord, LessonRecord, Scope, SourceRecord, SuggestionRecord,
    SuggestionsRecord, WeighedRecord, WeighedSoFar,
};
pub use bounces::{BounceLookRecord, BounceRecord, BounceWatchRecord};
pub use classes::{KeptClass, KeptClasses};
pub use files::FileRecord;
pub use items::{After, Ending, Entry, Manifest, Prior, STATE_BYTES_MOST, Seen};
pub use job::{
    Check, CheckStep, EarlierRows, Guard, JobEvent, JobFields, JobRecord, PutDown, Reached,
    SENDERS_REMEMBERED, SWEEP_AFTER, SummaryRecord, UnreadableWhy, asks_a_model, is_written,
};
pub(crate) use job::{CheckTaken, Ended, Found, Gathered, Happened, JobDraft, Taken};
pub use model::{AgreedRecord, ModelAt, ModelRecord, model_name};
pub use replied::RepliedRecord;
pub use review::{DialRecord, FilingRecord, Settled, WaitingChunk, WaitingMail};
pub use rules::{
    ArrivedRecord, FoundRecord, Judged, LookSoFar, RuleLookRecord, RuleRecord, RuleRunRecord,
    RulesRecord, Tally, TestRecord, TurnEnd, TurnRecord, TurnsRecord,
};
pub use said::SaidRecord;
pub use scan::{ScanRecord, ScannedFolder, ScannedMail, ScannedSender};
pub use standing::Standing;
pub use suppressed::{LeftOut, LeftOutRecord, SuppressedRecord};
pub use templates::{TemplateRecord, TemplateVersionRecord};
pub use unsubscribed::UnsubscribedRecord;

/// Names of rows.
pub mod names {
    use bulkhead_shared::hash::sha256_hex;

    use super::{AccountId, ItemId, JobId, Key, UserId};

    /// Sort key of a job's own row.
    pub const JOB: &str = "JOB";
    /// Before every chunk row.
    pub const CHUNKS_FROM: &str = "CHUNK#";

    fn in_job(job: &JobId, sort: String) -> Key {
        Key {
            partition: job.to_string(),
            sort,
        }
    }

    /// A job's own row.
    pub fn job(job: &JobId) -> Key {
        in_job(job, JOB.to_owned())
    }
    /// A chunk's small row.
    pub fn chunk(job: &JobId, chunk: u32) -> Key {
        in_job(job, format!("{CHUNKS_FROM}{chunk:06}"))
    }
    /// The frozen items of a chunk. The generation keeps two planners from mixing their rows.
    pub fn manifest(job: &JobId, generation: u32, chunk: u32) -> Key {
        in_job(job, format!("MANIFEST#{generation:03}#{chunk:06}"))
    }
    /// The items a query's selection leaves out.
    pub fn except(job: &JobId, part: u32) -> Key {
        in_job(job, format!("MANIFEST#EXCEPT#{part:06}"))
    }
    /// The places of a chunk's items that left between preview and confirmation, by the hash of
    /// the drift that was seen: what an earlier, failed confirmation stored does not count.
    pub fn left(job: &JobId, drift: &str, chunk: u32) -> Key {
        in_job(job, format!("MANIFEST#LEFT#{drift}#{chunk:06}"))
    }
    /// What a check's search found, page by page.
    pub fn matches(job: &JobId, check: u32, page: u32) -> Key {
        in_job(job, format!("MATCHES#{check:03}#{page:06}"))
    }
    /// What a chunk's items were before they were touched.
    pub fn prior(job: &JobId, chunk: u32) -> Key {
        in_job(job, format!("UNDO#{chunk:06}#BEFORE"))
    }
    /// What a chunk's items were right after.
    pub fn after(job: &JobId, chunk: u32) -> Key {
        in_job(job, format!("UNDO#{chunk:06}#AFTER"))
    }
    /// How a chunk's items ended.
    pub fn outcomes(job: &JobId, chunk: u32) -> Key {
        in_job(job, format!("OUTCOMES#{chunk:06}"))
    }
    /// What was found of a chunk's items.
    pub fn results(job: &JobId, chunk: u32) -> Key {
        in_job(job, format!("RESULTS#{chunk:06}"))
    }
    /// Before whatever a person said of a job's items.
    pub const SAID_FROM: &str = "SAID#";
    /// What a person said of an item. Behind the job's row, so that status never reads it.
    pub fn said(job: &JobId, item: &ItemId) -> Key {
        let hash = sha256_hex(item.to_string().as_bytes());
        let hash = hash.get(..32).unwrap_or(&hash);
        in_job(job, format!("{SAID_FROM}{hash}"))
    }
    /// Before every mail of a job that came back. Before the rows of chunks, so that status never reads it.
    pub const BOUNCES_FROM: &str = "BOUNCE#";
    /// A mail that came back, by the place of its item.
    pub fn bounce(job: &JobId, number: u64) -> Key {
        in_job(job, format!("{BOUNCES_FROM}{number:06}"))
    }
    /// Rows that were left out when the job was drafted, behind the job's row.
    pub fn left_out(job: &JobId, part: u32) -> Key {
        in_job(job, format!("LEFTOUT#{part:06}"))
    }
    /// A row in which a packed record goes on that is too large for one; `stamp` follows from what
    /// the record holds.
    pub fn piece(first: &Key, stamp: &str, piece: u8) -> Key {
        Key {
            partition: first.partition.clone(),
            sort: format!("{}#{stamp}#P{piece:03}", first.sort),
        }
    }

    fn of_user(user: &UserId, sort: String) -> Key {
        Key {
            partition: format!("USER#{user}"),
            sort,
        }
    }

    /// Before every account row of a user.
    pub const ACCOUNTS_FROM: &str = "ACCOUNT#";
    /// An account.
    pub fn account(user: &UserId, account: &AccountId) -> Key {
        of_user(user, format!("{ACCOUNTS_FROM}{account}"))
    }
    /// Which account was made of a place, by the hash that the account's record has of it.
    pub fn at_place(user: &UserId, place: &str) -> Key {
        of_user(user, format!("PLACE#{place}"))
    }
    /// An idempotency key, by its hash.
    pub fn idempotency(user: &UserId, hash: &str) -> Key {
        of_user(user, format!("KEY#{hash}"))
    }
    /// A row of a face of this user: of another API's words.
    pub fn of_face(user: &UserId, name: &str) -> Key {
        of_user(user, format!("FACE#{name}"))
    }
    /// The model that a user chose.
    pub fn model(user: &UserId) -> Key {
        of_user(user, "MODEL".to_owned())
    }
    /// Before every account of a user whose mails may be sent to that model.
    pub const AGREED_FROM: &str = "MODEL#";
    /// That the mails of an account may be sent there.
    pub fn agreed(user: &UserId, account: &AccountId) -> Key {
        of_user(user, format!("{AGREED_FROM}{account}"))
    }
    /// Turns at the model of a user.
    pub fn model_turns(user: &UserId) -> Key {
        Key {
            partition: format!("BUDGET#USER#{user}"),
            sort: "MODEL".to_owned(),
        }
    }
    /// Ids of a user's open jobs.
    pub fn open_jobs(user: &UserId) -> Key {
        of_user(user, "OPEN".to_owned())
    }
    /// What is left of a user's requests. A partition of its own, so that a function may be allowed
    /// to write this and nothing else.
    pub fn requests(user: &UserId) -> Key {
        Key {
            partition: format!("RATE#{user}"),
            sort: "REQUESTS".to_owned(),
        }
    }
    /// How many connections a user may still try. In the partition of the requests.
    pub fn tries(user: &UserId) -> Key {
        Key {
            sort: "TRIES".to_owned(),
            ..requests(user)
        }
    }
    /// A user's requests that wait for a mail server. In the partition of the requests.
    pub fn waiting(user: &UserId) -> Key {
        Key {
            sort: "WAITING".to_owned(),
            ..requests(user)
        }
    }
    /// One audit event.
    pub fn audit(user: &UserId, sequence: u64) -> Key {
        Key {
            partition: format!("AUDIT#{user}"),
            sort: format!("{sequence:012}"),
        }
    }
    /// Before every event of a person in the outbox.
    pub const EVENTS_PARTITION: &str = "OUTBOX#";
    /// One event in the outbox, under the number that it has in the audit trail.
    pub fn event(user: &UserId, sequence: u64) -> Key {
        Key {
            partition: format!("{EVENTS_PARTITION}{user}"),
            sort: format!("{sequence:012}"),
        }
    }
    /// That there are events which a reader has not had; behind every event.
    pub const NEWS: &str = "NEWS";
    /// The row that says how far a person's events go, and is due as long as a reader has not had them.
    pub fn news(user: &UserId) -> Key {
        Key {
            partition: format!("{EVENTS_PARTITION}{user}"),
            sort: NEWS.to_owned(),
        }
    }
    /// How far a reader of the outbox is.
    pub fn position(partition: &str, reader: &str) -> Key {
        Key {
            partition: partition.to_owned(),
            sort: format!("READ#{reader}"),
        }
    }
    /// How often a row that is due could not be looked at.
    pub fn trouble(key: &Key) -> Key {
        Key {
            partition: key.partition.clone(),
            sort: format!("SWEEP#{}", key.sort),
        }
    }
    /// The tokens of one operation in an account.
    pub fn budget(account: &AccountId, operation: &str) -> Key {
        Key {
            partition: format!("BUDGET#{account}"),
            sort: operation.to_owned(),
        }
    }
    /// What may be sent still through what a deployment has, by all accounts.
    pub fn outlet_budget(name: &str) -> Key {
        Key {
            partition: format!("BUDGET#{name}"),
            sort: "OUTLET".to_owned(),
        }
    }
    /// Until when nobody calls this account's provider.
    pub fn wait(account: &AccountId) -> Key {
        Key {
            partition: format!("BUDGET#{account}"),
            sort: "WAIT".to_owned(),
        }
    }
    /// Whatever is kept of the headers of an account's mails.
    pub fn scan_partition(account: &AccountId) -> String {
        format!("SCAN#{account}")
    }
    /// How far the scan of an account's headers is.
    pub fn scan(account: &AccountId) -> Key {
        Key {
            partition: scan_partition(account),
            sort: "STATE".to_owned(),
        }
    }
    /// The headers of one of its folders, by its name.
    pub fn scanned_folder(account: &AccountId, folder: &str) -> Key {
        let hash = sha256_hex(folder.as_bytes());
        let hash = hash.get(..32).unwrap_or(&hash);
        Key {
            partition: scan_partition(account),
            sort: format!("FOLDER#{hash}"),
        }
    }
    fn of_advice(account: &AccountId, sort: &str) -> Key {
        Key {
            partition: advice_partition(account),
            sort: sort.to_owned(),
        }
    }
    /// Whatever is kept of the advice for an account.
    pub fn advice_partition(account: &AccountId) -> String {
        format!("ADVICE#{account}")
    }
    /// How far the weighing of an account's senders and lists is.
    pub fn advice(account: &AccountId) -> Key {
        of_advice(account, "STATE")
    }
    /// What was weighed before the work was put down.
    pub fn weighed(account: &AccountId) -> Key {
        of_advice(account, "WEIGHED")
    }
    /// What is suggested.
    pub fn suggestions(account: &AccountId) -> Key {
        of_advice(account, "SUGGESTIONS")
    }
    /// What was learned.
    pub fn learned(account: &AccountId) -> Key {
        of_advice(account, "LEARNED")
    }
    fn of_rules(account: &AccountId, sort: String) -> Key {
        Key {
            partition: rules_partition(account),
            sort,
        }
    }
    /// Whatever is kept of the rules of an account.
    pub fn rules_partition(account: &AccountId) -> String {
        format!("RULES#{account}")
    }
    /// What the rules say.
    pub fn rules(account: &AccountId) -> Key {
        of_rules(account, "LIST".to_owned())
    }
    /// How far the look through the mailbox for one of them is.
    pub fn rule_look(account: &AccountId) -> Key {
        of_rules(account, "STATE".to_owned())
    }
    /// What was found before the work was put down.
    pub fn rule_so_far(account: &AccountId) -> Key {
        of_rules(account, "SOFAR".to_owned())
    }
    /// What the last run has to do.
    pub fn rule_found(account: &AccountId) -> Key {
        of_rules(account, "FOUND".to_owned())
    }
    /// What the back-test of a rule found.
    pub fn rule_test(account: &AccountId, rule: &str) -> Key {
        of_rules(account, format!("TEST#{rule}"))
    }
    /// Sort key of the row that says when rules run by themselves, and is due when the next one does.
    pub const RULE_TURNS: &str = "TURNS";
    /// The row with this sort key.
    pub fn rule_turns(account: &AccountId) -> Key {
        of_rules(account, RULE_TURNS.to_owned())
    }
    /// Which new mails a rule has judged.
    pub fn rule_arrived(account: &AccountId, rule: &str) -> Key {
        of_rules(account, format!("ARRIVED#{rule}"))
    }
    /// Whatever is kept of an account's mails that wait for a person.
    pub fn review_partition(account: &AccountId) -> String {
        format!("REVIEW#{account}")
    }
    fn of_review(account: &AccountId, sort: String) -> Key {
        Key {
            partition: review_partition(account),
            sort,
        }
    }
    /// How sure proposals have to be.
    pub fn dial(account: &AccountId) -> Key {
        of_review(account, "DIAL".to_owned())
    }
    /// Before every row that says that what a job proposed is to be filed, which is due as long as it is not.
    pub const FILINGS_FROM: &str = "PROPOSED#";
    /// That what a job proposed is to be filed.
    pub fn filing(account: &AccountId, job: &JobId) -> Key {
        of_review(account, format!("{FILINGS_FROM}{job}"))
    }
    /// Before every chunk of mails that wait for a person.
    pub const WAITING_FROM: &str = "MAILS#";
    /// Those of a chunk of a job, the latest job last.
    pub fn waiting_mails(account: &AccountId, job: &JobId, chunk: u32) -> Key {
        let by_time = job.by_time();
        of_review(account, format!("{WAITING_FROM}{by_time}#{chunk:06}"))
    }
    /// Whatever is kept of what an account's mails are about.
    pub fn classes_partition(account: &AccountId) -> String {
        format!("CLASSES#{account}")
    }
    /// What each of them is about that somebody looked at.
    pub fn classes(account: &AccountId) -> Key {
        Key {
            partition: classes_partition(account),
            sort: "KEPT".to_owned(),
        }
    }
    /// Whatever is kept of an account's templates.
    pub fn templates_partition(account: &AccountId) -> String {
        format!("TEMPLATES#{account}")
    }
    /// Before every template of an account.
    pub const TEMPLATES_FROM: &str = "NAME#";
    fn of_template(account: &AccountId, before: &str, name: &str, end: &str) -> Key {
        let hash = sha256_hex(name.as_bytes());
        let hash = hash.get(..32).unwrap_or(&hash);
        Key {
            partition: templates_partition(account),
            sort: format!("{before}{hash}{end}"),
        }
    }
    /// A template that is kept, by its name.
    pub fn template(account: &AccountId, name: &str) -> Key {
        of_template(account, TEMPLATES_FROM, name, "")
    }
    /// A version of it.
    pub fn template_version(account: &AccountId, name: &str, version: u32) -> Key {
        of_template(account, "VERSION#", name, &format!("#{version:06}"))
    }
    /// Whatever is kept of looking for reports in an account's mailbox.
    pub fn bounces_partition(account: &AccountId) -> String {
        format!("BOUNCES#{account}")
    }
    /// How far that is.
    pub fn bounce_look(account: &AccountId) -> Key {
        Key {
            partition: bounces_partition(account),
            sort: "STATE".to_owned(),
        }
    }
    /// Sort key of the row that says until when reports are looked for, and is due as long as they are.
    pub const BOUNCE_WATCH: &str = "WATCH";
    /// The row with this sort key.
    pub fn bounce_watch(account: &AccountId) -> Key {
        Key {
            partition: bounces_partition(account),
            sort: BOUNCE_WATCH.to_owned(),
        }
    }
    /// Whatever is kept of those who get no mail from an account.
    pub fn suppressed_partition(account: &AccountId) -> String {
        format!("SUPPRESSED#{account}")
    }
    /// Before every address that gets no mail.
    pub const SUPPRESSED_FROM: &str = "ADDRESS#";
    /// An address that gets no mail, in the form that all its ways to be written share.
    pub fn suppressed(account: &AccountId, address: &str) -> Key {
        Key {
            partition: suppressed_partition(account),
            sort: format!("{SUPPRESSED_FROM}{address}"),
        }
    }
    /// Whatever is kept of the lists of an account that were asked to write no more.
    pub fn unsubscribed_partition(account: &AccountId) -> String {
        format!("UNSUBSCRIBED#{account}")
    }
    /// Before every such list.
    pub const UNSUBSCRIBED_FROM: &str = "LIST#";
    /// A list, by a hash of what names it: that may be of any length.
    pub fn unsubscribed(account: &AccountId, list: &str) -> Key {
        Key {
            partition: unsubscribed_partition(account),
            sort: format!("{UNSUBSCRIBED_FROM}{}", sha256_hex(list.as_bytes())),
        }
    }
    /// Whatever is kept of replies that were drafted to an account's mails.
    pub fn replied_partition(account: &AccountId) -> String {
        format!("REPLIED#{account}")
    }
    /// Before every such reply.
    pub const REPLIED_FROM: &str = "MAIL#";
    /// The reply to a mail, by a hash of its id: that may hold anything.
    pub fn replied(account: &AccountId, mail: &ItemId) -> Key {
        Key {
            partition: replied_partition(account),
            sort: format!("{REPLIED_FROM}{}", sha256_hex(mail.as_str().as_bytes())),
        }
    }
    /// The files that are kept to go along with an account's mails; their bytes are elsewhere.
    pub fn files_partition(account: &AccountId) -> String {
        format!("FILES#{account}")
    }
    /// Before every such file.
    pub const FILES_FROM: &str = "FILE#";
    /// A file, by the SHA-256 of its bytes.
    pub fn file(account: &AccountId, sha256: &str) -> Key {
        Key {
            partition: files_partition(account),
            sort: format!("{FILES_FROM}{sha256}"),
        }
    }
    /// Before every piece of a file.
    pub const PIECES_FROM: &str = "PIECE#";
    /// A piece of a file, by its place.
    pub fn file_piece(account: &AccountId, sha256: &str, piece: u32) -> Key {
        Key {
            partition: format!("FILE#{account}#{sha256}"),
            sort: format!("{PIECES_FROM}{piece:03}"),
        }
    }
    /// Who has a session with an account's provider.
    pub fn sessions(account: &AccountId) -> Key {
        Key {
            partition: format!("BUDGET#{account}"),
            sort: "SESSIONS".to_owned(),
        }
    }
}

/// The span that holds a job's row and its chunk rows, the job last.
pub fn status_span(job: &JobId) -> Span {
    Span {
        partition: job.to_string(),
        from: names::CHUNKS_FROM.to_owned(),
        to: names::JOB.to_owned(),
        reverse: false,
        limit: None,
    }
}

/// After so many leases in a row that ended without a result a chunk is given up: what kills every worker
/// would do so for ever. As often as the queue delivers a message.
pub const LAPSES_MOST: u32 = 5;

/// A chunk's small row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChunkRecord {
    /// Its number, from 0.
    pub number: u32,
    /// Items in it.
    pub size: u32,
    /// Who has it.
    pub hold: Hold,
    /// The effect of a call may be out there without its answer stored: look before anything else.
    #[serde(default, skip_serializing_if = "is_default")]
    pub in_flight: bool,
    /// How many notes were made in the ledger of what was about to leave.
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: u64,
    /// Attempts used. Waiting uses none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attempts: u32,
    /// Items before this place had their turn in the present attempt.
    #[serde(default, skip_serializing_if = "is_default")]
    pub turn: u32,
    /// How often in a row a call broke off, or nobody could be reached, with nothing answered between.
    #[serde(default, skip_serializing_if = "is_default")]
    pub breaks: u32,
    /// Since when the provider asks to wait, with nothing answered between.
    #[serde(default, skip_serializing_if = "is_default")]
    pub waits_since: Option<Timestamp>,
    /// How often in a row was looked for answers that never came, with nothing found out.
    #[serde(default, skip_serializing_if = "is_default", rename = "looks")]
    pub reconciles: u32,
    /// How often in a row its holder was gone when the lease ended, with no item ended meanwhile: died, or left it
    /// behind.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lapses: u32,
    /// Outcomes so far; pending and running stay zero here.
    #[serde(with = "outcome_counts")]
    pub counts: Counts,
    /// Outcomes other than success, by reason.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reasons: Vec<ReasonCount>,
    /// When it was first begun.
    pub started_at: Timestamp,
    /// When this row was written.
    pub updated_at: Timestamp,
    /// SHA-256 of the packed outcomes, for the audit trail.
    #[serde(default, skip_serializing_if = "is_default")]
    pub outcomes_hash: Option<String>,
    /// What asking a model took, as far as calls were answered.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tokens: TokensSpent,
    /// For an export: the parts of the file, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parts: Vec<String>,
    /// What its calls cost so far.
    #[serde(default, skip_serializing_if = "is_default")]
    pub called: Called,
}

/// A status answer reads the row of every chunk, so what says nothing is left out of it.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Counts as a chunk's row has them: those that are not zero.
mod outcome_counts {
    use bulkhead_shared::outcome::Counts;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::is_default;

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Ended {
        #[serde(skip_serializing_if = "is_default")]
        succeeded: u64,
        #[serde(skip_serializing_if = "is_default")]
        failed: u64,
        #[serde(skip_serializing_if = "is_default")]
        skipped: u64,
        #[serde(skip_serializing_if = "is_default")]
        cancelled: u64,
        #[serde(skip_serializing_if = "is_default")]
        uncertain: u64,
    }

    pub(super) fn serialize<S: Serializer>(counts: &Counts, to: S) -> Result<S::Ok, S::Error> {
        let ended = Ended {
            succeeded: counts.succeeded,
            failed: counts.failed,
            skipped: counts.skipped,
            cancelled: counts.cancelled,
            uncertain: counts.uncertain,
        };
        ended.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Counts, D::Error> {
        let ended = Ended::deserialize(from)?;
        Ok(Counts {
            succeeded: ended.succeeded,
            failed: ended.failed,
            skipped: ended.skipped,
            cancelled: ended.cancelled,
            uncertain: ended.uncertain,
            ..Counts::default()
        })
    }
}

/// Who has a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Hold {
    /// Nobody.
    Free,
    /// A worker, until its lease ends by itself.
    Leased {
        /// When it ends.
        until: Timestamp,
    },
    /// Nobody before this time: backing off, or the provider asked to wait.
    Waiting {
        /// When work may go on.
        until: Timestamp,
    },
    /// Every item has an outcome.
    Done,
}

impl ChunkRecord {
    /// A chunk that nobody has begun.
    pub fn new(number: u32, size: u32, now: Timestamp) -> Self {
        Self {
            number,
            size,
            hold: Hold::Free,
            in_flight: false,
            notes: 0,
            attempts: 0,
            turn: 0,
            breaks: 0,
            waits_since: None,
            reconciles: 0,
            lapses: 0,
            counts: Counts::default(),
            reasons: Vec::new(),
            started_at: now,
            updated_at: now,
            outcomes_hash: None,
            tokens: TokensSpent::default(),
            parts: Vec::new(),
            called: Called::default(),
        }
    }

    /// Whether a worker has it at this time.
    pub fn is_leased(&self, now: Timestamp) -> bool {
        matches!(self.hold, Hold::Leased { until } if until > now)
    }

    /// Items without an outcome.
    pub fn open_items(&self) -> u64 {
        u64::from(self.size).saturating_sub(self.counts.ended())
    }
}

/// A used idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedKey {
    /// SHA-256 of the request it was used for.
    pub request: String,
    /// The job that request made.
    pub job: JobId,
    /// After this it is forgotten.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests;
