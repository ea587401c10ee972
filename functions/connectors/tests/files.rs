//! Files as mail programs leave them: what comes in, what is left out, and what is said about it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use bulkhead_connectors::import::{self, Fault, Form, Imported, Mbox, Place, Reader};
use bulkhead_connectors::sandbox::{ImportReport, Sandbox};
use bulkhead_engine::kinds::mbox::Quoter;
use bulkhead_engine::ports::{MailImport, MailStore};
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_shared::api::Item;
use bulkhead_shared::query::Query;
use jiff::Timestamp;
use tempfile::TempDir;

struct Loaded {
    report: ImportReport,
    sandbox: Sandbox,
    _folder: TempDir,
}

async fn load(reader: impl Reader + 'static) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let sandbox = Sandbox::open(folder.path().join("mail.sqlite"), clock).unwrap();
    let report = sandbox.import_from(reader, |_| {}).await.unwrap();
    Loaded {
        report,
        sandbox,
        _folder: folder,
    }
}

impl Loaded {
    /// All mails by subject.
    async fn items(&self) -> Vec<Item> {
        let query = Query::parse("in:anywhere").unwrap();
        let found = self.sandbox.list(&query, Timestamp::UNIX_EPOCH, None, 500);
        let mut items = found.await.unwrap().items;
        items.sort_by(|one, next| one.subject.cmp(&next.subject));
        items
    }

    /// `folder subject unread starred labels` of all mails.
    async fn lines(&self) -> Vec<String> {
        let line = |item: &Item| {
            let unread = if item.unread { " unread" } else { "" };
            let starred = if item.starred { " starred" } else { "" };
            let labels: String = item
                .labels
                .iter()
                .map(|label| format!(" {label}"))
                .collect();
            format!("{}: {}{unread}{starred}{labels}", item.folder, item.subject)
        };
        self.items().await.iter().map(line).collect()
    }

    fn told(&self, line: &str) {
        let lines = self.report.lines();
        assert!(
            lines.iter().any(|found| found == line),
            "{line}\n{lines:#?}"
        );
    }
}

/// An mbox of messages with these headers.
fn mbox(headers: &[&str]) -> Vec<u8> {
    let message = |(number, header): (usize, &&str)| {
        format!(
            "From - Tue Mar  3 09:0{}:00 2026\n{header}Subject: m{number}\n\ntext {number}\n\n",
            number % 10
        )
    };
    let messages: String = headers.iter().enumerate().map(message).collect();
    messages.into_bytes()
}

fn read(file: Vec<u8>) -> Mbox<std::io::Cursor<Vec<u8>>> {
    Mbox::new(std::io::Cursor::new(file))
}

#[tokio::test]
async fn thunderbirds_states_come_in_and_its_deleted_mails_stay_out() {
    let loaded = load(read(mbox(&[
        "X-Mozilla-Status: 0001\n",
        "X-Mozilla-Status: 0000\n",
        "X-Mozilla-Status: 0005\nX-Mozilla-Keys: $label1 work                    \n",
        "X-Mozilla-Status: 0009\n",
        "X-Mozilla-Status: 0019\n",
        "X-Mozilla-Status: 0003\n",
    ])))
    .await;
    assert_eq!(
        loaded.lines().await,
        [
            "INBOX: m0",
            "INBOX: m1 unread",
            "INBOX: m2 starred work",
            "INBOX: m5"
        ]
    );
    assert_eq!(loaded.report.left_out.get(&Fault::Deleted), Some(&2));
    assert_eq!(loaded.report.recognised.count(Form::ThunderbirdStates), 4);
    loaded.told("Left out 2: was deleted already, and only not tidied up.");
    assert!(
        loaded
            .report
            .lines()
            .iter()
            .any(|line| line.starts_with("Left out message 4 at byte "))
    );
}

#[tokio::test]
async fn gmails_labels_come_in_and_those_that_change_are_told_once() {
    let loaded = load(read(mbox(&[
        "X-Gmail-Labels: Inbox,Unread,Reisen\n",
        "X-Gmail-Labels: =?UTF-8?Q?Inbox,Unread,Starred,B=C3=BCro/K=C3=B6ln?=\n",
        "X-Gmail-Labels: =?UTF-8?Q?Posteingang,Ungelesen,Markiert,B=C3=BCro/K=C3=B6ln?=\n",
        "X-Gmail-Labels: Inbox,\"Smith, Jones & Co\",Opened\n",
        "X-Gmail-Labels: =?UTF-8?B?VHJhc2gsVW5yZWFkLE3DvGxs?=\n",
    ])))
    .await;
    assert_eq!(
        loaded.lines().await,
        [
            "INBOX: m0 unread Reisen",
            "INBOX: m1 unread starred B&APw-ro/K&APY-ln",
            "INBOX: m2 unread starred B&APw-ro/K&APY-ln",
            "INBOX: m3 Smith-Jones-Co",
            "Trash: m4 unread M&APw-ll",
        ]
    );
    let büro = "The label “Büro/Köln” is kept as “B&APw-ro/K&APY-ln”.";
    loaded.told(büro);
    assert_eq!(
        loaded
            .report
            .lines()
            .iter()
            .filter(|line| *line == büro)
            .count(),
        1
    );
    loaded.told("The label “Smith, Jones & Co” is kept as “Smith-Jones-Co”.");
    assert_eq!(loaded.report.labels.len(), 3);
}

#[tokio::test]
async fn words_cut_in_the_middle_are_shown_and_found() {
    let loaded = load(read(mbox(&[
        "Subject: =?UTF-8?Q?H1_sch=C3?= =?UTF-8?Q?=B6n?=\nFrom: =?utf-8?B?Z3LD?= =?utf-8?B?tsOfZXI=?= <a@b.org>\nX-",
        "Subject: =?gb2312?B?udjT2s/uxL+1?=\n =?gb2312?B?xM2o1qq6zbCyxcU?=\nX-",
    ])))
    .await;
    for (query, subject, from) in [
        ("subject:schön", "H1 schön", "größer <a@b.org>"),
        ("from:größer", "H1 schön", "größer <a@b.org>"),
        ("subject:通知", "关于项目的通知和安排", ""),
    ] {
        let query = Query::parse(query).unwrap();
        let found = loaded
            .sandbox
            .list(&query, Timestamp::UNIX_EPOCH, None, 5)
            .await
            .unwrap();
        assert_eq!(found.items.len(), 1, "{query:?}");
        assert_eq!(
            (
                found.items[0].subject.as_str(),
                found.items[0].from.as_str()
            ),
            (subject, from)
        );
    }
}

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn message(subject: &str) -> String {
    format!("From: ann@example.org\nSubject: {subject}\n\ntext\n")
}

/// A Maildir with everything that servers put there.
fn maildir(root: &Path) {
    for path in ["cur", "new", "tmp"] {
        fs::create_dir_all(root.join(path)).unwrap();
    }
    write(root, "new/1772528400.M1P1.mail2,S=74,W=79", &message("a1"));
    write(root, "cur/1772528404.M5P1.mail2,S=74,W=79", &message("a2"));
    write(
        root,
        "cur/1772528405.M6P1.mail2,S=74,W=79:2,FSab",
        &message("a3"),
    );
    write(root, "cur/1772528406.M7P1.mail;2,RS", &message("a4"));
    write(root, "cur/1772528407.M8P1.mail:2,ST", &message("a5"));
    write(root, "cur/1772528408.M9P1.mail:2,z", &message("a6"));
    write(root, "cur/1772528409.M9P1.mail:2,", "");
    write(root, "tmp/1772528410.M9P1.mail", &message("half"));
    write(root, "dovecot-keywords", "0 work\n1 $label1\n");
    write(root, "dovecot-uidlist", "3 V1 N2\n");
    write(
        root,
        ".Sent.2020/cur/1772528411.M1P1.mail:2,S",
        &message("b1"),
    );
    write(
        root,
        ".Papierkorb/cur/1772528412.M1P1.mail:2,a",
        &message("b2"),
    );
    write(root, ".Papierkorb/dovecot-keywords", "0 other\n");
    write(
        root,
        ".Entw&APw-rfe/new/1772528413.M1P1.mail",
        &message("b3"),
    );
    write(
        root,
        ".Projekte.K&APY-ln/new/1772528414.M1P1.mail",
        &message("b4"),
    );
    write(root, "notes.txt", "bring shoes\n");
}

#[tokio::test]
async fn a_maildir_comes_in_with_its_folders_flags_and_keywords() {
    let folder = tempfile::tempdir().unwrap();
    maildir(folder.path());
    let loaded = load(import::open(folder.path()).unwrap()).await;
    assert_eq!(
        loaded.lines().await,
        [
            "INBOX: a1 unread",
            "INBOX: a2 unread",
            "INBOX: a3 starred work",
            "INBOX: a4",
            "INBOX: a6 unread",
            "Sent/2020: b1",
            "Trash: b2 unread other",
            "Drafts: b3 unread",
            "Projekte/Köln: b4 unread",
        ]
    );
    for line in [
        "Left out file cur/1772528407.M8P1.mail:2,ST: was deleted already, and only not tidied up.",
        "Left out file cur/1772528409.M9P1.mail:2,: is empty.",
        "Left out file tmp/1772528410.M9P1.mail: was never delivered whole.",
        "Left out file notes.txt: is no file of mails.",
        "Recognised 1 letter for labels whose names are missing, left out, in file cur/1772528408.M9P1.mail:2,z.",
        "Recognised 3 files that programs keep beside mails, passed over, first in file .Papierkorb/dovecot-keywords.",
    ] {
        loaded.told(line);
    }
    let folders = loaded.sandbox.folders().await.unwrap();
    let made = folders
        .folders
        .iter()
        .find(|folder| folder.name == "Sent/2020")
        .unwrap();
    assert_eq!((made.total, made.unread), (Some(1), Some(0)));
    let query = Query::parse("in:Projekte/Köln").unwrap();
    let found = loaded
        .sandbox
        .matches(&query, Timestamp::UNIX_EPOCH, None, 10)
        .await
        .unwrap();
    assert_eq!(found.matches.len(), 1);
}

/// A profile of Thunderbird and single messages of several writers.
fn tree(root: &Path) {
    let two = String::from_utf8(mbox(&[
        "X-Mozilla-Status: 0001\n",
        "X-Mozilla-Status: 0008\n",
    ]))
    .unwrap();
    write(
        root,
        "Local/Inbox",
        &two.replace("Subject: m", "Subject: in"),
    );
    write(root, "Local/Inbox.msf", "// index");
    write(
        root,
        "Local/Inbox.sbd/Reisen",
        &two.replace("Subject: m", "Subject: trip"),
    );
    write(
        root,
        "Apple.mbox/mbox",
        &two.replace("Subject: m", "Subject: apple"),
    );
    write(root, "Apple.mbox/table_of_contents", "x");
    write(
        root,
        "Post.mbox/Messages/1.emlx",
        "20\nSubject: plist\n\nx..\n<plist><key>flags</key><integer>17</integer>",
    );
    write(
        root,
        "saved/one.eml",
        "\u{feff}From: a@example.org\r\nSubject: single\r\n\r\ntext\r\n",
    );
    write(
        root,
        "saved/old.eml",
        "From: a@example.org\rSubject: oldest\r\rtext\r",
    );
    write(root, "saved/picture.png", "\u{89}PNG");
}

#[tokio::test]
async fn a_directory_of_all_kinds_comes_in_file_by_file() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path());
    let loaded = load(import::open(folder.path()).unwrap()).await;
    assert_eq!(
        loaded.lines().await,
        [
            "Apple: apple0",
            "Local/Inbox: in0",
            "saved: oldest unread",
            "Post: plist starred",
            "saved: single unread",
            "Local/Inbox/Reisen: trip0",
        ]
    );
    assert_eq!(loaded.report.left_out.get(&Fault::Deleted), Some(&3));
    loaded.told("Left out file saved/picture.png: is no file of mails.");
    loaded.told(
        "Recognised 1 file of a single message by Apple Mail, in file Post.mbox/Messages/1.emlx.",
    );
    assert!(
        loaded
            .report
            .lines()
            .iter()
            .any(|line| line.starts_with("Left out file Local/Inbox, message 2 at byte ")),
        "{:#?}",
        loaded.report.lines()
    );
}

/// All files below a directory as an archive, in one directory of that name if one is given.
fn zipped(root: &Path, around: &str) -> fs::File {
    let mut zip = zip::ZipWriter::new(tempfile::tempfile().unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let mut waiting = vec![root.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            zip.start_file(format!("{around}{name}"), options).unwrap();
            zip.write_all(&fs::read(&path).unwrap()).unwrap();
        }
    }
    zip.finish().unwrap()
}

#[tokio::test]
async fn an_archive_comes_in_like_what_is_packed_in_it() {
    for make in [maildir, tree] {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path());
        let plain = load(import::open(folder.path()).unwrap()).await;
        for around in ["", "Export 2026/"] {
            let packed = load(import::open_file(zipped(folder.path(), around)).unwrap()).await;
            assert_eq!(packed.lines().await, plain.lines().await, "{around}");
            assert_eq!(packed.report.left_out, plain.report.left_out);
        }
    }
    let first = load(
        import::open_file({
            let folder = tempfile::tempdir().unwrap();
            maildir(folder.path());
            zipped(folder.path(), "")
        })
        .unwrap(),
    )
    .await;
    let items = first.items().await;
    assert_eq!(
        items[0].date,
        "2026-03-03T09:00:00Z".parse().unwrap(),
        "from its name"
    );
}

#[tokio::test]
async fn single_files_are_known_for_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        import::open(&path).unwrap()
    };
    let loaded = load(open("one.eml", &message("alone"))).await;
    assert_eq!(loaded.lines().await, ["INBOX: alone unread"]);
    let loaded = load(open(
        "any.name",
        &String::from_utf8(mbox(&["", ""])).unwrap(),
    ))
    .await;
    assert_eq!(loaded.report.imported, 2);
    let loaded = load(open("notes.txt", "bring shoes")).await;
    assert_eq!((loaded.report.imported, loaded.report.skipped), (0, 1));
    assert!(import::open(&folder.path().join("missing")).is_err());
    // A broken archive is told, not read as empty.
    let loaded = load(open("broken.zip", "PK\x03\x04 and no more")).await;
    assert_eq!((loaded.report.imported, loaded.report.skipped), (0, 1));
    loaded.told("Left out file broken.zip: is an archive that is damaged or not whole.");
}

#[tokio::test]
async fn files_that_are_not_read_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let outlook = "is a file of Outlook, which only Outlook reads; save it as mbox or .eml";
    let other = "is an archive of another kind than zip; unpack it first";
    for (name, content, why) in [
        ("mail.pst", &b"!BDN\x01\x02"[..], outlook),
        ("one.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", outlook),
        ("Inbox.dbx", b"\xcf\xad\x12\xfe", outlook),
        ("Mac.olm", b"PK\x03\x04", outlook),
        ("takeout.tgz", b"\x1f\x8b\x08\x00", other),
        ("mail.rar", b"Rar!\x1a\x07", other),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let alone = load(import::open(&path).unwrap()).await;
        assert_eq!((alone.report.imported, alone.report.skipped), (0, 1));
        alone.told(&format!("Left out file {name}: {why}."));
    }
    // The same among others.
    fs::write(folder.path().join("good.eml"), message("good")).unwrap();
    let all = load(import::open(folder.path()).unwrap()).await;
    assert_eq!((all.report.imported, all.report.skipped), (1, 6));
    all.told(&format!("Left out file one.msg: {outlook}."));
    all.told("Recognised 1 file of a single message, in file good.eml.");
}

/// An archive of these files.
fn archive(files: &[(&str, &[u8])]) -> fs::File {
    let mut zip = zip::ZipWriter::new(tempfile::tempfile().unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap()
}

#[tokio::test]
async fn names_in_an_archive_lead_nowhere_and_archives_in_it_are_told() {
    let inner = {
        let mut inner = archive(&[("a.eml", message("inner").as_bytes())]);
        let mut bytes = Vec::new();
        std::io::Seek::rewind(&mut inner).unwrap();
        std::io::Read::read_to_end(&mut inner, &mut bytes).unwrap();
        bytes
    };
    let loaded = load(
        import::open_named(
            archive(&[
                ("/etc/Reisen/1.eml", message("absolute").as_bytes()),
                ("../../Reisen/2.eml", message("up").as_bytes()),
                ("C:\\Mail\\Reisen\\3.eml", message("drive").as_bytes()),
                ("./Reisen/./4.eml", message("here").as_bytes()),
                ("more.zip", &inner),
                ("old.tar.gz", b"\x1f\x8b\x08"),
            ]),
            "all.zip",
        )
        .unwrap(),
    )
    .await;
    assert_eq!(
        loaded.lines().await,
        [
            "etc/Reisen: absolute unread",
            "Mail/Reisen: drive unread",
            "Reisen: here unread",
            "Reisen: up unread",
        ]
    );
    loaded.told("Left out file more.zip: is an archive inside an archive; unpack it first.");
    loaded
        .told("Left out file old.tar.gz: is an archive of another kind than zip; unpack it first.");
}

#[tokio::test]
async fn a_file_comes_in_piece_by_piece_and_one_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let sandbox = Sandbox::open(folder.path().join("mail.sqlite"), clock).unwrap();
    let names = || {
        let files = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let content = mbox(&["", "X-Mozilla-Status: 0001\n", "X-Mozilla-Status: 0009\n"]);
    let mut given_up = sandbox.begin().await.unwrap();
    given_up.bytes(&content).await.unwrap();
    assert_eq!(names(), before, "it has no name");
    drop(given_up);
    assert!(sandbox.is_empty().await.unwrap());

    let mut file = sandbox.begin().await.unwrap();
    for piece in content.chunks(7) {
        file.bytes(piece).await.unwrap();
    }
    let report = file.end("Inbox").await.unwrap();
    assert_eq!((report.imported, report.left_out), (2, 1));
    let first = &report.recognised[0];
    assert_eq!(
        first,
        "Recognised 3 messages of an mbox file, first in message 1 at byte 0."
    );
    assert!(report.problems[1].starts_with("Left out message 3 at byte "));
    let nothing = sandbox.begin().await.unwrap().end("empty").await.unwrap();
    assert_eq!((nothing.imported, nothing.left_out), (0, 1));
    assert_eq!(names(), before);
}

#[tokio::test]
async fn an_archive_that_would_fill_the_disk_is_left_out() {
    let mut zip = zip::ZipWriter::new(tempfile::tempfile().unwrap());
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("good.eml", options).unwrap();
    zip.write_all(message("good").as_bytes()).unwrap();
    zip.start_file("huge", options).unwrap();
    zip.write_all(b"From a\nSubject: huge\n\n").unwrap();
    let block = vec![0; 1024 * 1024];
    for _ in 0..120 {
        zip.write_all(&block).unwrap();
    }
    let loaded = load(import::open_file(zip.finish().unwrap()).unwrap()).await;
    assert_eq!(loaded.lines().await, ["INBOX: good unread"]);
    loaded.told(
        "Left out file huge: unpacks to more than any mail would; it may be made to fill the disk.",
    );
}

/// What people reported of other readers of such files, each in a few lines.
#[tokio::test]
async fn what_broke_other_readers_comes_in_right() {
    let patch = format!("From {} Mon Sep 17 00:00:00 2001", "0a".repeat(20));
    let file = format!(
        "\
From nytdirect@example.com Fri Apr 11 15:36:11 2025
>From - Sat Apr 12 2025 15:59:28
X-Mozilla-Status: 0001
From: news@example.com
Subject: a quoted separator first (import-export-tools-ng 766)

text

From 
From: ann@example.com
Subject: b no sender, no date (import-export-tools-ng 215)

* This is to be confirmed in the coming days

From my (non technical end) some queries/observations;

* Latency issue

From ann@example.com Fri Apr 11 15:36:11 2025
From: ann@example.com
Subject: c a patch in a text (mboxshell 16)

Thanks

{patch}
From: Ann <ann@example.com>
Date: Mon, 1 Jan 2024 00:00:00 +0000
Subject: [PATCH] fix

 body

From ann@example.com Fri Apr 11 15:36:11 2025
Message-ID: <foo/bar/1/0@example.com>
Subject: d a boundary that begins with hyphens (go-mbox 13)
Content-Type: multipart/alternative; boundary=\"--==_mimepart_57\";

----==_mimepart_57
Content-Type: text/plain; charset=\"UTF-8\"

Blah

----==_mimepart_57--

From ann@example.com Fri Apr 11 15:36:11 2025
From: Me me@example.com
Content-Type: text/plain; charset = \"iso-8859-1\" Content-Transfer-Encoding: 8bit
Subject: e a field that goes on without an end (MimeKit 94)

From now on you can access your personal space in any web browser by
clicking (MimeKit 345)
"
    );
    let loaded = load(read(file.into_bytes())).await;
    let lines = loaded.lines().await;
    let begins: Vec<&str> = lines.iter().map(|line| &line[..8]).collect();
    assert_eq!(
        begins,
        ["INBOX: a", "INBOX: b", "INBOX: c", "INBOX: d", "INBOX: e"],
        "{lines:#?}"
    );
    assert!(!lines[0].ends_with("unread") && lines[1].ends_with("unread"));
    assert_eq!(loaded.report.skipped, 0);
    assert_eq!(loaded.items().await[0].from, "news@example.com");
}

#[tokio::test]
async fn what_broke_other_readers_of_directories_comes_in_right() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let apple = |text: &str| {
        let list = "<plist><dict><key>flags</key><integer>1</integer></dict></plist>";
        format!("{}\n{text}{list}", text.len())
    };
    // Flags of a folder's name are not those of the mails in it (go-maildir 22).
    write(
        root,
        "a:2,S/cur/1.M1.host:2,",
        &message("a in a folder of odd name"),
    );
    // Read mails stay read when the colon became something else (mu 1112, 1705, 1778).
    write(root, "cur/1.M2.host2,S:2,S", &message("b twice"));
    write(root, "cur/1.M3.host\u{f022}2,S", &message("c from a share"));
    write(root, "cur/1.M4.host;2,S", &message("d from Windows"));
    // New, and flagged all the same (offlineimap 80).
    write(root, "new/1.M5.host:2,F", &message("e new and starred"));
    // Not a truncated mail: its text is whole (msgvault 457, apple-mail-mcp 39).
    let partial = "From: a@example.org\nSubject: f partial\nContent-Type: multipart/mixed; \
        boundary=x\n\n--x\n\ntext\n--x\nContent-Type: application/pdf\n\
        X-Apple-Content-Length: 73783\n\n--x--\n";
    write(
        root,
        "Work.mbox/X/Data/3/Messages/513139.partial.emlx",
        &apple(partial),
    );
    write(
        root,
        "Work.mbox/X/Data/3/Attachments/513139/2/Invoice.pdf",
        "%PDF",
    );
    let loaded = load(import::open(root).unwrap()).await;
    let lines = loaded.lines().await;
    let ends = |at: usize| lines[at].split(": ").nth(1).unwrap().to_owned();
    assert_eq!(ends(0), "a in a folder of odd name unread", "{lines:#?}");
    for (at, subject) in [(1, "b twice"), (2, "c from a share"), (3, "d from Windows")] {
        assert_eq!(ends(at), subject, "{lines:#?}");
    }
    assert_eq!(ends(4), "e new and starred unread starred");
    assert_eq!(lines[5], "Work: f partial");
    // msgvault 878: what lies beside it is not forgotten in silence.
    loaded.told(
        "Recognised 1 message whose attachments Apple Mail keeps apart, and that came in without them, \
         in file Work.mbox/X/Data/3/Messages/513139.partial.emlx.",
    );
    loaded.told(
        "Left out file Work.mbox/X/Data/3/Attachments/513139/2/Invoice.pdf: is no file of mails.",
    );
}

#[tokio::test]
async fn names_in_the_code_page_of_dos_are_read() {
    // As the Explorer of Windows packs `Büro/1.eml`: 0x81 is ü in code page 437, and nothing says UTF-8.
    let mut bytes = Vec::new();
    let mut plain = archive(&[
        ("B_ro/1.eml", message("one").as_bytes()),
        ("2.eml", message("two").as_bytes()),
    ]);
    std::io::Seek::rewind(&mut plain).unwrap();
    std::io::Read::read_to_end(&mut plain, &mut bytes).unwrap();
    let places: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter_map(|(at, window)| (window == b"B_ro").then_some(at + 1))
        .collect();
    assert_eq!(places.len(), 2, "once before the file, once in the list");
    for at in places {
        bytes[at] = 0x81;
    }
    let path = tempfile::tempdir().unwrap();
    let path = path.path().join("windows.zip");
    fs::write(&path, bytes).unwrap();
    let loaded = load(import::open(&path).unwrap()).await;
    assert_eq!(
        loaded.lines().await,
        ["Büro: one unread", "INBOX: two unread"]
    );
}

/// Whatever lies in a folder comes in or is told with a reason: as many lines as files that are no mail.
#[tokio::test]
async fn odd_single_files_come_in_or_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(message("utf16").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(root.join("utf16.eml"), utf16).unwrap();
    write(
        root,
        "blank.eml",
        &format!("\r\n\r\n{}", message("a after empty lines")),
    );
    write(root, "LOUD.EML", &message("b in capitals"));
    let one = format!(
        "From ann@example.org Tue Mar  3 09:00:00 2026\n{}",
        message("c of an mbox")
    );
    write(root, "one.eml", &one);
    write(
        root,
        "nul.eml",
        &message("d with NUL").replace("text", "te\0xt"),
    );
    write(root, "text.eml", "just a note, and no header");
    write(root, "empty.eml", "");
    write(
        root,
        "folded.eml",
        &format!(" folded from nowhere\n{}", message("e folded")),
    );
    // Exports of other archives keep their folders (mail-archiver 561, import-export-tools-ng 394).
    write(
        root,
        "Test Folder/Lectures/_AD 2006/1.eml",
        &message("f deep"),
    );
    write(
        root,
        "person/inbox/1.eml",
        &message("g in an inbox of somebody"),
    );
    // A folder that leads into itself.
    std::os::unix::fs::symlink(root, root.join("again")).unwrap();
    let loaded = load(import::open(root).unwrap()).await;
    let lines = loaded.lines().await;
    for subject in [
        "a after empty lines",
        "b in capitals",
        "c of an mbox",
        "d with NUL",
        "f deep",
        "g in an inbox of somebody",
    ] {
        let found = lines.iter().filter(|line| line.contains(subject)).count();
        assert_eq!(
            found,
            1,
            "{subject}: {lines:#?} {:#?}",
            loaded.report.lines()
        );
    }
    assert!(
        lines.contains(&"Test Folder/Lectures/_AD 2006: f deep unread".to_owned()),
        "{lines:#?}"
    );
    assert!(
        lines.contains(&"INBOX: c of an mbox unread".to_owned()),
        "{lines:#?}"
    );
    let told = loaded.report.lines().join("\n");
    for file in ["utf16.eml", "text.eml", "empty.eml", "folded.eml", "again"] {
        let is_in = lines
            .iter()
            .any(|line| line.contains(file.trim_end_matches(".eml")));
        assert!(is_in || told.contains(file), "{file}: {told}\n{lines:#?}");
    }
}

/// The same name twice, names that differ in case alone, and a file that is locked: nothing is dropped for its
/// name.
#[tokio::test]
async fn every_file_of_an_archive_comes_in_whatever_its_name() {
    let mut bytes = Vec::new();
    let mut plain = archive(&[
        ("Work/aaaa.eml", message("one").as_bytes()),
        ("Work/aaab.eml", message("two").as_bytes()),
        ("work/AAAA.eml", message("three").as_bytes()),
        ("Work/lock.eml", message("locked").as_bytes()),
        (" /.eml", message("four").as_bytes()),
        ("nothing/", b""),
    ]);
    std::io::Seek::rewind(&mut plain).unwrap();
    std::io::Read::read_to_end(&mut plain, &mut bytes).unwrap();
    for at in 0..bytes.len() {
        if bytes[at..].starts_with(b"aaab.eml") {
            bytes[at + 3] = b'a';
        }
        // The flag of a file that wants a password, before its name in both places (APPNOTE, 4.4.4).
        if bytes[at..].starts_with(b"Work/lock.eml") {
            let local = bytes[at - 30..].starts_with(b"PK\x03\x04");
            let flags = if local { at - 30 + 6 } else { at - 46 + 8 };
            bytes[flags] |= 1;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.zip");
    fs::write(&path, bytes).unwrap();
    let loaded = load(import::open(&path).unwrap()).await;
    let lines = loaded.lines().await;
    for subject in ["one", "two", "three", "four"] {
        let found = lines.iter().filter(|line| line.contains(subject)).count();
        assert_eq!(
            found,
            1,
            "{subject}: {lines:#?} {:#?}",
            loaded.report.lines()
        );
    }
    let told = loaded.report.lines().join("\n");
    assert!(told.contains("lock.eml"), "{told}");
}

/// What an export makes of a message.
fn exported(messages: &[Vec<u8>], piece: usize) -> Vec<u8> {
    let mut file = Vec::new();
    for message in messages {
        file.extend(Quoter::separator(Timestamp::UNIX_EPOCH, "ann@example.org"));
        let mut quoter = Quoter::default();
        message
            .chunks(piece)
            .for_each(|bytes| quoter.push(bytes, &mut file));
        quoter.end(&mut file);
    }
    file
}

/// What the form keeps of a message: CRLF becomes LF, and a last line without an end gets one.
fn kept(message: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    for (index, &byte) in message.iter().enumerate() {
        if byte != b'\r' || message.get(index + 1) != Some(&b'\n') {
            kept.push(byte);
        }
    }
    if kept.last() != Some(&b'\n') {
        kept.push(b'\n');
    }
    kept
}

#[test]
fn out_and_in_again_every_byte_is_as_it_was() {
    const LINES: [&str; 16] = [
        "text",
        "From here",
        ">From there",
        ">>From afar",
        "From - Tue Jul 11 12:08:34 2011",
        "From a@example.com Thu Jan  1 10:00:00 2026",
        "Subject: inside",
        "",
        "",
        "\0nul",
        "Content-Length: 12",
        "tab\t",
        " ",
        "From ",
        "\u{fc}",
        "a\rb",
    ];
    let mut state = 7u64;
    let mut roll = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % below
    };
    for round in 0..2_000 {
        let mut messages = Vec::new();
        for number in 0..1 + roll(4) {
            let mut message = format!("Subject: {number}\r\n").into_bytes();
            if roll(4) == 0 {
                message.extend(format!("Content-Length: {}\r\n", roll(200)).bytes());
            }
            message.extend(b"\r\n");
            for _ in 0..roll(12) {
                message.extend(LINES[roll(LINES.len())].bytes());
                message.extend(["\r\n", "\n", "\r\n", "\r\r\n"][roll(4)].bytes());
            }
            if roll(3) == 0 {
                message.extend(b"last words");
            }
            messages.push(message);
        }
        let file = exported(&messages, 1 + roll(50));
        let back: Vec<Vec<u8>> = Mbox::new(&file[..]).map(|mail| mail.unwrap().raw).collect();
        let kept: Vec<Vec<u8>> = messages.iter().map(|message| kept(message)).collect();
        assert_eq!(
            back,
            kept,
            "round {round}:\n{}",
            String::from_utf8_lossy(&file)
        );
        // What came back goes out and in as often as one likes, but for a CR before a line's end.
        if !back
            .iter()
            .any(|mail| mail.windows(2).any(|two| two == b"\r\n"))
        {
            let again: Vec<Vec<u8>> = Mbox::new(&exported(&back, 7)[..])
                .map(|mail| mail.unwrap().raw)
                .collect();
            assert_eq!(again, back);
        }
    }
}

#[test]
fn headers_of_any_bytes_are_read_without_a_panic() {
    const PIECES: [&[u8]; 20] = [
        b"From: ",
        b"Subject: ",
        b"To: ",
        b"=?utf-8?Q?=C3?=",
        b"=?gb2312?B?udjT?=",
        b"=?utf-8?B?",
        b"?=",
        b"\r\n",
        b"\r\n ",
        b"<a@b>",
        b",",
        b"\"",
        b"(",
        b"\\",
        b"\xff",
        b"=?utf-7?Q?+?=",
        b"Content-Type: multipart/mixed; boundary=x\r\n",
        b"\r\n--x\r\n",
        b"X-Gmail-Labels: a,\"b",
        b"=\xff",
    ];
    let mut state = 99u64;
    let mut roll = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..20_000 {
        let mut raw = Vec::new();
        for _ in 0..roll(30) {
            raw.extend(PIECES[roll(PIECES.len())]);
        }
        for _ in 0..roll(5) {
            if !raw.is_empty() {
                let at = roll(raw.len());
                raw[at] = u8::try_from(roll(256)).unwrap();
            }
        }
        let _ = Imported::new(Place::File("x".into()), raw).envelope();
    }
}
