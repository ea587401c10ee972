//! Packed rows of every schema, with every variant of every enum in them.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::io::Read;

use bulkhead_engine::kinds::mail::Place;
use bulkhead_engine::kinds::version::ItemVersion;
use bulkhead_engine::kinds::{ItemState, State};
use bulkhead_engine::records::pack::{Unreadable, pack, unpack};
use bulkhead_engine::records::schema::Packable;
use bulkhead_engine::records::{
    After, Back, Ending, Entry, KeptClass, KeptClasses, Manifest, Prior, ScannedFolder,
    ScannedMail, ScannedSender, Seen, Settled, WaitingChunk, WaitingMail,
};
use bulkhead_shared::api::{ToldBy, Why};
use bulkhead_shared::class::Class;
use bulkhead_shared::hash::Hasher;
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_shared::options::{Brake, Settings};
use bulkhead_shared::outcome::{ItemReason, ItemResult, Outcome};
use bulkhead_shared::proposal::Proposal;
use flate2::read::DeflateDecoder;

use super::{golden, read};

/// The newest schema.
const NEWEST: u8 = 7;
/// Bytes of a row before its deflated body, since form 2.
const HEADER: usize = 12;

fn id(text: &str) -> ItemId {
    text.parse().unwrap()
}

fn long_id() -> ItemId {
    id(&"0123456789abcdef".repeat(32))
}

fn place(folder: &str, flags: &[&str]) -> State {
    State::Mail(Place {
        folder: folder.into(),
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
    })
}

fn entry(item: ItemId, seen: Seen) -> Entry {
    Entry {
        id: item,
        seen,
        input: None,
    }
}

fn etag() -> ItemVersion {
    ItemVersion::new(*b"\"3-a\xffbc\"")
}

/// What the golden manifest of this schema holds.
fn manifest(schema: u8) -> Manifest {
    let counted = |version: u64| Seen::At(Some(version.into()));
    let mut items = vec![
        entry(id("INBOX.1"), Seen::Gone),
        entry(id("1700000000/17/Büro"), counted(300)),
        entry(long_id(), counted(u64::MAX)),
    ];
    if schema >= 2 {
        items.push(entry(id("ann.vcf"), Seen::At(Some(etag()))));
        items.push(entry(id("bob.vcf"), Seen::At(None)));
        items.push(entry(id("0"), counted(0)));
    }
    Manifest {
        items,
        back: Vec::new(),
    }
}

fn manifest_of_an_undo(schema: u8) -> Manifest {
    let mut manifest = manifest(schema);
    let way = |left, prior| Back { left, prior };
    manifest.back = vec![
        way(place("Archive", &["\\Seen"]), place("INBOX", &[])),
        way(place("Büro", &[]), place("INBOX", &["\\Flagged", "old"])),
        way(place("a", &["x"]), place("a", &["x", "y"])),
    ];
    if schema >= 2 {
        let more = way(place("", &[]), place("a", &[]));
        manifest.back.extend([more.clone(), more.clone(), more]);
    }
    manifest
}

/// Rows of which something is to be made: one brings nothing at all.
fn manifest_of_rows() -> Manifest {
    let row = |item, input: &[u8]| Entry {
        input: Some(input.to_vec()),
        ..entry(id(item), Seen::Gone)
    };
    Manifest {
        items: vec![
            row("/book/1.vcf", b"BEGIN:VCARD\r\nFN:\xff\r\n"),
            row("2", b""),
        ],
        back: Vec::new(),
    }
}

fn manifest_of_an_undo_of_contacts() -> Manifest {
    let card = |text: &str| State::Contact(text.as_bytes().to_vec());
    let way = |left, prior| Back { left, prior };
    Manifest {
        items: vec![
            entry(id("made.vcf"), Seen::At(Some(etag()))),
            entry(id("gone.vcf"), Seen::Gone),
        ],
        back: vec![
            way(card("made"), State::Absent),
            way(State::Absent, card("gone")),
        ],
    }
}

fn except() -> Vec<ItemId> {
    vec![id("INBOX.1"), long_id(), id("é")]
}

fn left() -> Vec<u32> {
    vec![0, 7, 999, u32::MAX]
}

fn states(schema: u8) -> Vec<Option<(Option<ItemId>, ItemState)>> {
    let state = |state, version: Option<ItemVersion>, identity| ItemState {
        state,
        version,
        identity,
    };
    let many = [
        "\\Seen",
        "\\Flagged",
        "\\Answered",
        "old",
        "$Forwarded",
        "zwei",
    ];
    let mut states = vec![
        Some((None, state(place("INBOX", &[]), Some(0.into()), None))),
        None,
        Some((
            Some(id("1700000000/17/INBOX")),
            state(
                place("Büro/Ablage 2026", &many),
                Some(4_611_686_018_427_387_905.into()),
                Some(u64::MAX),
            ),
        )),
        Some((
            Some(long_id()),
            state(place("", &["\\Deleted"]), Some(u64::MAX.into()), Some(0)),
        )),
        Some((
            None,
            state(place("Archive", &["\\Draft"]), Some(1.into()), Some(300)),
        )),
    ];
    if schema >= 2 {
        states.push(Some((None, state(place("a", &[]), Some(etag()), None))));
        states.push(Some((None, state(place("b", &[]), None, None))));
    }
    states
}

fn prior(schema: u8) -> Vec<Option<Prior>> {
    let states = states(schema).into_iter();
    states
        .map(|it| it.map(|(id, state)| Prior { id, state }))
        .collect()
}

fn after(schema: u8) -> Vec<Option<After>> {
    let states = states(schema).into_iter();
    states
        .map(|it| it.map(|(id, state)| After { id, state }))
        .collect()
}

/// Contacts: one with a card of any bytes, one with an empty card, one that was not there.
fn contacts() -> Vec<Option<Prior>> {
    let present = |card: &[u8], version| ItemState {
        state: State::Contact(card.to_vec()),
        version,
        identity: None,
    };
    let states = [
        Some(present(
            b"BEGIN:VCARD\r\nFN:\xff\r\nEND:VCARD\r\n",
            Some(etag()),
        )),
        None,
        Some(present(b"", None)),
        Some(ItemState::ABSENT),
    ];
    states
        .map(|state| state.map(|state| Prior { id: None, state }))
        .into()
}

/// Items that are all gone: nothing says any more of what kind they were.
fn absent() -> Vec<Option<After>> {
    let state = ItemState::ABSENT;
    vec![None, Some(After { id: None, state })]
}

/// Every outcome without a reason, and with each.
fn outcomes(schema: u8) -> Vec<Option<Ending>> {
    // Those reasons that there were when the golden rows were written.
    let reasons = if schema < 5 { 16 } else { 27 };
    let began = |at: i64| (schema >= 5).then_some(at - 700);
    let mut endings = vec![None];
    for outcome in Outcome::ALL {
        endings.push(Some(Ending {
            outcome,
            reason: None,
            at: 1_778_846_400_123,
            began: began(1_778_846_400_123),
        }));
        endings.extend(ItemReason::ALL[..reasons].iter().map(|&reason| {
            Some(Ending {
                outcome,
                reason: Some(reason),
                at: -1,
                began: None,
            })
        }));
    }
    endings
}

/// Results with and without each of their parts. Before schema 6 none said what it is about.
fn results(schema: u8) -> Vec<Option<ItemResult>> {
    let about = |about: &str| (schema >= 6).then(|| about.to_owned());
    let result = |class: &str, percent, detail: Option<&str>| ItemResult {
        class: class.to_owned(),
        percent,
        detail: detail.map(str::to_owned),
        about: detail.and_then(about),
    };
    vec![
        None,
        Some(result("complete", None, None)),
        Some(result("büro", Some(100), Some("It has no name."))),
        Some(result("", Some(0), Some(""))),
    ]
}

/// Those that there were when the rows were made.
const PROPOSALS: [Proposal; 5] = [
    Proposal::Archive,
    Proposal::Trash,
    Proposal::LabelReceipt,
    Proposal::Keep,
    Proposal::Review,
];

/// Mails that wait, in every state and for every reason.
fn waiting() -> WaitingChunk {
    let mail = |number: usize, class, settled| WaitingMail {
        id: id(&format!("{number}/büro")),
        class,
        percent: 84,
        proposal: PROPOSALS[number % PROPOSALS.len()],
        why: Why::ALL[number % Why::ALL.len()],
        because: "Newsletter. Because it names a mailing list.".to_owned(),
        settled,
    };
    let job = |text: &str| text.parse::<JobId>().unwrap();
    let given = || Some(Settled::Given(job("arc_01arz3ndektsv4rrffq69g5fav")));
    let other = Some(Settled::Given(job("tra_01arz3ndektsv4rrffq69g5fav")));
    let settled = [
        None,
        Some(Settled::Left),
        Some(Settled::Dismissed),
        Some(Settled::Gone),
        given(),
        other,
        given(),
    ];
    let mails = settled.into_iter().enumerate();
    let mut mails: Vec<WaitingMail> = mails
        .map(|(number, settled)| mail(number, None, settled))
        .collect();
    let classes = Class::ALL.into_iter().enumerate();
    mails.extend(classes.map(|(number, class)| mail(number, Some(class), None)));
    WaitingChunk {
        job: job("prc_01arz3ndektsv4rrffq69g5fav"),
        at: 1_778_846_400,
        mails,
    }
}

/// Every class, told by each of those who tell one, surely and not.
fn classes() -> KeptClasses {
    let by = [ToldBy::BuiltIn, ToldBy::Endpoint, ToldBy::Person];
    let mails = Class::ALL.into_iter().enumerate().map(|(number, class)| {
        let kept = KeptClass {
            class,
            percent: (!number.is_multiple_of(4)).then_some(84),
            by: by[number % by.len()],
            at: 1_778_846_400 + number as i64,
        };
        (id(&format!("{number}/büro")), kept)
    });
    KeptClasses {
        mails: mails.collect(),
    }
}

fn headers() -> ScannedFolder {
    let sender = |address: &str, list: Option<&str>, unsubscribe, automatic| ScannedSender {
        address: address.to_owned(),
        name: "Jörg".to_owned(),
        list: list.map(str::to_owned),
        unsubscribe,
        automatic,
    };
    let mail = |key, sender, received: &str, size, unread, starred, answered| ScannedMail {
        key,
        sender,
        received: received.parse().unwrap(),
        size,
        unread,
        starred,
        answered,
    };
    ScannedFolder {
        name: "Büro".to_owned(),
        mark: Some("17".to_owned()),
        next: Some("17.4".to_owned()),
        senders: vec![
            sender("ann@example.org", None, false, false),
            sender("news@example.org", Some("news.example.org"), true, true),
            sender("", Some(""), true, false),
        ],
        mails: vec![
            mail(3, 1, "2026-11-26T10:00:00Z", 300, true, false, false),
            mail(4, 0, "2026-11-26T10:00:00Z", 0, false, true, true),
            mail(
                u64::MAX,
                2,
                "1969-12-31T23:59:59Z",
                u64::MAX,
                true,
                true,
                true,
            ),
            mail(1, 2, "2026-11-26T10:00:01Z", 1, false, false, false),
        ],
    }
}

/// What is checked of one kind of row.
trait Check {
    /// `of` says what the golden file of a schema holds; those that have one are `schemas`, the newest last.
    fn check_in<T: Packable + PartialEq + Debug>(
        &self,
        schemas: &[u8],
        name: &str,
        of: impl Fn(u8) -> T,
    );

    /// The same of a row that each schema writes in its own way since this one.
    fn check_since<T: Packable + PartialEq + Debug>(
        &self,
        since: u8,
        name: &str,
        of: impl Fn(u8) -> T,
    ) {
        let schemas: Vec<u8> = (since..=T::SCHEMA).collect();
        self.check_in(&schemas, name, of);
    }

    /// The same of a row that there always was.
    fn check<T: Packable + PartialEq + Debug>(&self, name: &str, of: impl Fn(u8) -> T) {
        self.check_since(1, name, of);
    }
}

fn check_all(check: &impl Check) {
    check.check("manifest", manifest);
    check.check("manifest_of_an_undo", manifest_of_an_undo);
    check.check_since(3, "manifest_of_rows", |_| manifest_of_rows());
    check.check_since(3, "manifest_of_an_undo_of_contacts", |_| {
        manifest_of_an_undo_of_contacts()
    });
    check.check("except", |_| except());
    check.check("left", |_| left());
    check.check("prior", prior);
    check.check("after", after);
    check.check_since(2, "prior_of_contacts", |_| contacts());
    check.check_since(2, "after_of_the_absent", |_| absent());
    check.check_in(&[1, 2, 5], "outcomes", outcomes);
    check.check_in(&[3, 6], "results", results);
    check.check_since(6, "waiting", |_| waiting());
    check.check_since(4, "headers", |_| headers());
    check.check_since(7, "classes", |_| classes());
}

/// Each schema's golden row is what it was.
struct Reads;

impl Check for Reads {
    fn check_in<T: Packable + PartialEq + Debug>(
        &self,
        schemas: &[u8],
        name: &str,
        of: impl Fn(u8) -> T,
    ) {
        for &schema in schemas {
            let row = read(schema, &format!("{name}.packed"));
            let found: T = unpack(&row, &[]).unwrap();
            assert_eq!(found, of(schema), "{name} of schema {schema}");
        }
    }
}

#[test]
fn rows_of_every_schema_ever_released_are_read() {
    check_all(&Reads);
}

/// What is written now is the golden row of the newest schema.
struct Writes;

impl Check for Writes {
    fn check_in<T: Packable + PartialEq + Debug>(
        &self,
        schemas: &[u8],
        name: &str,
        of: impl Fn(u8) -> T,
    ) {
        assert_eq!(schemas.last(), Some(&T::SCHEMA), "{name}");
        let row = read(T::SCHEMA, &format!("{name}.packed"));
        assert_eq!(
            row[..4],
            [2, T::KIND as u8, T::SCHEMA, 0],
            "header of {name}"
        );
        // The body only: another version of the library may deflate otherwise.
        let mut plain = Vec::new();
        DeflateDecoder::new(&row[HEADER..])
            .read_to_end(&mut plain)
            .unwrap();
        let written = of(T::SCHEMA).encode().unwrap();
        assert!(
            written == plain,
            "{name} is written otherwise: that is a new schema with a reader and files of its own"
        );
        assert!(T::SCHEMA <= NEWEST, "{name}");
    }
}

#[test]
fn a_schema_that_was_released_is_not_changed() {
    check_all(&Writes);
}

#[test]
fn kinds_of_rows_keep_their_numbers() {
    let kinds = [
        Manifest::KIND,
        <Vec<ItemId>>::KIND,
        <Vec<u32>>::KIND,
        <Vec<Option<Prior>>>::KIND,
        <Vec<Option<After>>>::KIND,
        <Vec<Option<Ending>>>::KIND,
        <Vec<Option<ItemResult>>>::KIND,
        ScannedFolder::KIND,
        WaitingChunk::KIND,
        KeptClasses::KIND,
    ];
    assert_eq!(
        kinds.map(|kind| kind as u8),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    );
}

/// A golden row that is cut off, or has bytes changed, is never taken for something else.
struct Damages;

impl Check for Damages {
    fn check_in<T: Packable + PartialEq + Debug>(
        &self,
        schemas: &[u8],
        name: &str,
        of: impl Fn(u8) -> T,
    ) {
        for &schema in schemas {
            let row = read(schema, &format!("{name}.packed"));
            for cut in 0..row.len() {
                match unpack::<T>(&row[..cut], &[]) {
                    // Form 1 has no checksum; what it lost may have been its last, empty bits.
                    Ok(found) => assert!(schema == 1 && found == of(1), "{name} cut at {cut}"),
                    Err(error) => assert!(matches!(error, Unreadable::Damaged(..)), "{error}"),
                }
            }
        }
    }
}

#[test]
fn a_row_that_is_cut_off_is_damaged_and_no_panic() {
    check_all(&Damages);
}

#[test]
fn the_hash_of_a_draft_is_what_the_first_release_made_of_it() {
    let account: AccountId = "acc_01arz3ndektsv4rrffq69g5fav".parse().unwrap();
    let settings = Settings {
        batch_size: 10,
        parallel_chunks: 1,
        stop_on_error: false,
        retry_failed: true,
        max_retries: 2,
        delay_between_batches: 0.5,
        brake: Brake::default(),
        undo_days: 7,
    };
    let mut hasher = Hasher::new(&account, &Operation::Archive(Archive {}), &settings);
    let items = [
        ("a", Some(1)),
        ("b", None),
        ("1700000000/17/INBOX", Some(4_611_686_018_427_387_905)),
    ];
    for (item, version) in items {
        let version = version.map(ItemVersion::from);
        hasher.item(&id(item), version.as_ref().map(ItemVersion::as_bytes));
    }
    let expected = String::from_utf8(read(1, "manifest.hash")).unwrap();
    assert_eq!(hasher.finish().to_string(), expected.trim());
}

/// Writes the golden rows of a new schema, where there are none yet.
struct Makes;

impl Check for Makes {
    fn check_in<T: Packable + PartialEq + Debug>(
        &self,
        _schemas: &[u8],
        name: &str,
        of: impl Fn(u8) -> T,
    ) {
        let file = golden(T::SCHEMA, &format!("{name}.packed"));
        if !file.exists() {
            std::fs::write(file, pack(&of(T::SCHEMA)).unwrap().head).unwrap();
        }
    }
}

#[test]
#[ignore = "makes files: for who adds a schema"]
fn make_golden_rows() {
    check_all(&Makes);
}

#[test]
fn the_samples_have_every_variant() {
    let endings: Vec<Ending> = outcomes(NEWEST).into_iter().flatten().collect();
    let outcomes: BTreeSet<u8> = endings.iter().map(|it| it.outcome as u8).collect();
    let reasons: BTreeSet<ItemReason> = endings.iter().filter_map(|it| it.reason).collect();
    assert_eq!((outcomes.len(), reasons.len()), (5, 27));
}
