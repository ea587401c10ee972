//! "All that match" is all, or says what is missing: folders that cannot be opened, names written in a
//! way of their own, deep folders, other people's folders, roles without attributes, days, files.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulkhead_connectors::imap::Imap;
use bulkhead_engine::ports::{CallError, MailStore};
use bulkhead_shared::api::{Items, Role};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::Client;
use jiff::{SignedDuration, Timestamp};

use crate::between::{Act, Between};
use crate::support::{
    assert_same, change, changes, find, messages, moved_to, now, open, states, taken_back, tally,
};

async fn list(imap: &Imap, query: &str) -> Result<Items, CallError> {
    let query = Query::parse(query).unwrap();
    imap.list(&query, now(), None, 100).await
}

/// What a search for a changing job finds, and what it says is missing.
async fn matches(imap: &Imap, query: &str) -> Result<(Vec<ItemId>, Vec<Unsearched>), CallError> {
    let query = Query::parse(query).unwrap();
    let found = imap.matches(&query, now(), None, 100).await?;
    let ids = found.matches.into_iter().map(|found| found.id).collect();
    Ok((ids, found.unsearched))
}

fn work_and_inbox() -> (Dovecot, Client) {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.command("CREATE Work");
    other.append("INBOX", &messages(2), "");
    other.append("Work", &messages(5), "");
    (server, other)
}

#[tokio::test]
async fn a_folder_that_is_refused_for_good_is_named_in_list_and_draft() {
    let (server, _) = work_and_inbox();
    for (answer, why) in [
        ("NO [NOPERM] Permission denied", UnsearchedWhy::Forbidden),
        ("NO Cannot open this mailbox.", UnsearchedWhy::Refused),
        ("BAD Whatever", UnsearchedWhy::NotUnderstood),
    ] {
        let imap = Between::new()
            .on_command(
                move |command| match command.starts_with("SELECT \"Work\"") {
                    true => Act::Answer(answer.to_owned()),
                    false => Act::Pass(command.to_owned()),
                },
            )
            .open(&server)
            .await;
        let missing = vec![Unsearched::folder("Work", why)];
        for (query, found) in [
            ("", 2),
            ("in:Work", 0),
            ("in:anywhere", 2),
            ("-in:inbox", 0),
        ] {
            let listed = list(&imap, query).await.unwrap();
            assert_eq!(listed.unsearched, missing, "{answer} {query:?}");
            assert_eq!(
                (listed.items.len(), listed.total),
                (found, Some(found as u64))
            );
            let (ids, unsearched) = matches(&imap, query).await.unwrap();
            assert_eq!(
                (ids.len(), unsearched),
                (found, missing.clone()),
                "{query:?}"
            );
        }
        // Where it is not asked for, nothing is missing.
        assert_eq!(list(&imap, "in:inbox").await.unwrap().unsearched, []);
    }
}

#[tokio::test]
async fn a_folder_that_is_refused_for_now_is_tried_again_and_then_an_error() {
    let (server, _) = work_and_inbox();
    for answer in [
        "NO [INUSE] Mailbox is in use",
        "NO [UNAVAILABLE] Backend is down",
        "NO [SERVERBUG] Internal error",
    ] {
        for (refusals, works) in [(1, true), (usize::MAX, false)] {
            let left = Arc::new(AtomicUsize::new(refusals));
            let imap = Between::new()
                .on_command(move |command| {
                    let is_it = command.starts_with("SELECT \"Work\"");
                    let refuse = is_it
                        && left
                            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                            .is_ok();
                    match refuse {
                        true => Act::Answer(answer.to_owned()),
                        false => Act::Pass(command.to_owned()),
                    }
                })
                .open(&server)
                .await;
            if works {
                assert_eq!(list(&imap, "").await.unwrap().total, Some(7), "{answer}");
                continue;
            }
            for query in ["", "in:Work"] {
                let listed = list(&imap, query).await;
                assert!(
                    matches!(listed, Err(CallError::Unavailable(_))),
                    "{listed:?}"
                );
                let found = matches(&imap, query).await;
                assert!(matches!(found, Err(CallError::Unavailable(_))), "{found:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_opens_no_folder_at_all_is_an_error() {
    let (server, _) = work_and_inbox();
    let imap = Between::answering(&[("SELECT", "NO Please contact us")])
        .open(&server)
        .await;
    let refused = |error| matches!(error, CallError::Refused(ItemReason::Refused));
    assert!(refused(list(&imap, "").await.unwrap_err()));
    assert!(refused(matches(&imap, "").await.unwrap_err()));
}

#[tokio::test]
async fn what_cannot_be_read_or_is_not_there_is_named() {
    let (server, _) = work_and_inbox();
    let imap = Between::new()
        .on_line(
            |_, line| match line.starts_with("* LIST") && line.ends_with(" Work") {
                true => "* LIST (\\HasNoChildren) \"/".to_owned(),
                false => line.to_owned(),
            },
        )
        .open(&server)
        .await;
    let listed = list(&imap, "").await.unwrap();
    assert_eq!(listed.total, Some(2));
    assert_eq!(listed.unsearched.len(), 1);
    assert_eq!(listed.unsearched[0].why, UnsearchedWhy::NotUnderstood);
    let (ids, unsearched) = matches(&imap, "in:Wrok").await.unwrap();
    assert_eq!(ids, []);
    assert_eq!(
        unsearched,
        [Unsearched::folder("Wrok", UnsearchedWhy::NoSuchFolder)]
    );
}

/// The server knows a folder under another form of its name than the usual one.
fn odd_name(real: &'static str, odd: &'static str) -> Between {
    Between::new()
        .on_command(move |command| {
            let quoted = format!("\"{odd}\"");
            if command.contains(&quoted) {
                Act::Pass(command.replace(&quoted, &format!("\"{real}\"")))
            } else if command.contains(&format!("\"{real}\"")) {
                Act::Answer("NO [NONEXISTENT] Mailbox doesn't exist".to_owned())
            } else {
                Act::Pass(command.to_owned())
            }
        })
        .on_line(move |_, line| {
            let is_told = line.starts_with("* LIST") || line.starts_with("* STATUS");
            match is_told {
                true => line.replace(&format!(" {real}"), &format!(" {odd}")),
                false => line.to_owned(),
            }
        })
}

#[tokio::test]
async fn a_name_written_in_a_way_of_its_own_goes_back_as_it_came() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.command("CREATE \"A&-B\"");
    other.append("INBOX", &messages(2), "");
    other.append("A&-B", &messages(5), "");
    let before = other.contents("A&-B");
    let imap = odd_name("A&-B", "A&ACY-B").open(&server).await;
    let folders = imap.folders().await.unwrap().folders;
    let shown = folders.iter().find(|folder| folder.name == "A&B").unwrap();
    assert_eq!(shown.total, Some(5));
    assert_eq!(list(&imap, "in:\"A&B\"").await.unwrap().total, Some(5));
    assert_eq!(list(&imap, "").await.unwrap().total, Some(7));

    // Into it and back.
    let target = imap.folder_named("A&B").await.unwrap();
    let ids = find(&imap, "in:inbox").await;
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to(&target));
    let effects = change(&imap, &forward).await;
    assert_eq!(tally(&effects), (2, 0, 0, 0));
    assert_eq!(other.contents("A&-B").len(), 7);
    let undone = change(&imap, &taken_back(&forward, &effects)).await;
    assert_eq!(tally(&undone), (2, 0, 0, 0));
    assert_same(&other.contents("A&-B"), &before, "undone");
}

#[tokio::test]
async fn two_names_that_say_the_same_are_two_folders() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.command("CREATE \"A&-B\"");
    other.command("CREATE \"Twin\"");
    other.append("A&-B", &messages(3), "");
    other.append("Twin", &messages(5), "");
    let imap = odd_name("Twin", "A&ACY-B").open(&server).await;
    let folders = imap.folders().await.unwrap().folders;
    let mut totals: Vec<(&str, Option<u64>)> = folders
        .iter()
        .filter(|folder| folder.name.starts_with("A&B"))
        .map(|folder| (folder.name.as_str(), folder.total))
        .collect();
    totals.sort_unstable();
    assert_eq!(totals, [("A&B", Some(3)), ("A&B ⟨A&ACY-B⟩", Some(5))]);
    assert_eq!(find(&imap, "in:\"A&B\"").await.len(), 3);
    assert_eq!(find(&imap, "in:\"A&B ⟨A&ACY-B⟩\"").await.len(), 5);
    assert_eq!(find(&imap, "").await.len(), 8);
}

#[tokio::test]
async fn mails_in_a_deep_folder_are_listed_moved_and_taken_back() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    let deep: Vec<String> = (0..14).map(|n| format!("{}{n}", "漢".repeat(15))).collect();
    let deep = deep.join("/");
    assert_eq!(deep.len(), 14 * 45 + 10 + 2 * 4 + 13);
    // The name on the wire: three times the sign are eight digits of modified base 64.
    let sign = "byJvIm8i".repeat(5);
    let wire: Vec<String> = (0..14).map(|n| format!("&{sign}-{n}")).collect();
    let wire = wire.join("/");
    other.command(&format!("CREATE \"{wire}\""));
    other.append(&wire, &messages(3), "");
    other.append("INBOX", &messages(8), "");
    let imap = open(&server).await;
    let folders = imap.folders().await.unwrap().folders;
    let folder = folders.iter().find(|folder| folder.name == deep).unwrap();
    assert_eq!(folder.total, Some(3));
    let inside = format!("in:\"{deep}\"");
    for (query, count) in [(inside.as_str(), 3), ("", 11)] {
        let listed = list(&imap, query).await.unwrap();
        assert_eq!(
            (listed.items.len(), listed.total),
            (count, Some(count as u64))
        );
        assert_eq!(find(&imap, query).await.len(), count);
    }
    let ids = find(&imap, &inside).await;
    assert!(imap.items(&ids).await.unwrap().iter().all(Option::is_some));
    let forward = changes(&ids, &states(&imap, &ids).await, moved_to("Archive"));
    let effects = change(&imap, &forward).await;
    assert_eq!(tally(&effects), (3, 0, 0, 0));
    assert_eq!(other.contents("Archive").len(), 3);
    let undone = change(&imap, &taken_back(&forward, &effects)).await;
    assert_eq!(tally(&undone), (3, 0, 0, 0));
    assert_eq!(other.contents(&wire).len(), 3);
}

#[tokio::test]
async fn other_people_s_folders_are_searched_only_where_they_are_named() {
    let server = Dovecot::start(Mode::Normal);
    let mut other = server.client();
    other.command("CREATE Public/Team");
    other.command("CREATE Public/Trash");
    other.append("INBOX", &messages(10), "");
    other.append("Public/Team", &messages(10), "");
    let spaces = "* NAMESPACE ((\"\" \"/\")) NIL ((\"Public/\" \"/\"))\r\nOK done";
    let imap = Between::new()
        .on_command(move |command| match command {
            "NAMESPACE" => Act::Answer(spaces.to_owned()),
            other => Act::Pass(other.to_owned()),
        })
        .open(&server)
        .await;
    for query in ["", "in:anywhere", "-in:sent"] {
        assert_eq!(find(&imap, query).await.len(), 10, "{query:?}");
        assert_eq!(list(&imap, query).await.unwrap().total, Some(10));
    }
    assert_eq!(find(&imap, "in:Public/Team").await.len(), 10);
    assert_eq!(find(&imap, "in:inbox OR in:Public/Team").await.len(), 20);
    let folders = imap.folders().await.unwrap().folders;
    let team = folders.iter().find(|folder| folder.name == "Public/Team");
    assert!(team.unwrap().shared);
    assert!(
        folders
            .iter()
            .filter(|folder| folder.shared)
            .all(|f| f.role.is_none())
    );
    let asked = ["INBOX", "Public/Team"].map(str::to_owned);
    assert_eq!(imap.seen_by_others(&asked).await.unwrap(), ["Public/Team"]);
}

/// A server that says of no folder what it is for.
fn without_attributes() -> Between {
    Between::new().on_line(|_, line| {
        let ours = ["Archive", "Trash", "Junk", "Sent"];
        let is_list = line.starts_with("* LIST") || line.starts_with("* STATUS");
        let hidden = is_list
            && ours.iter().any(|name| {
                line.ends_with(&format!(" {name}")) || line.contains(&format!(" {name} ("))
            });
        match hidden {
            true => "* OK nothing".to_owned(),
            false => line.to_owned(),
        }
    })
}

#[tokio::test]
async fn folders_are_known_by_their_usual_names() {
    for (archive, trash) in [
        ("Archiv", "Papierkorb"),
        ("INBOX/Archives", "INBOX/Corbeille"),
        ("Archivo", "Papelera"),
    ] {
        let server = Dovecot::start(Mode::Normal);
        let mut other = server.client();
        for folder in [archive, trash, &format!("{trash}/2023")] {
            other.command(&format!("CREATE \"{folder}\""));
        }
        other.append("INBOX", &messages(1), "");
        other.append(trash, &messages(2), "");
        other.append(&format!("{trash}/2023"), &messages(3), "");
        let imap = without_attributes().open(&server).await;
        assert_eq!(find(&imap, "").await.len(), 1, "{trash}");
        assert_eq!(find(&imap, "in:trash").await.len(), 5, "{trash}");
        for (role, name) in [(Role::Archive, archive), (Role::Trash, trash)] {
            let target = imap.target_for(role).await.unwrap();
            assert_eq!((target.name.as_str(), target.will_be_made), (name, false));
            assert_eq!(imap.folder_for(role).await.unwrap(), name);
        }
    }
}

#[tokio::test]
async fn a_folder_that_would_be_made_is_foretold() {
    let server = Dovecot::start(Mode::Normal);
    let imap = open(&server).await;
    let target = imap.target_for(Role::Drafts).await.unwrap();
    assert_eq!(
        (target.name.as_str(), target.will_be_made),
        ("Drafts", true)
    );
    let listed = server.client().command("LIST \"\" \"Drafts\"");
    assert!(listed.is_empty(), "it was only foretold: {listed:?}");
    assert_eq!(imap.folder_for(Role::Drafts).await.unwrap(), "Drafts");
    assert!(!imap.target_for(Role::Drafts).await.unwrap().will_be_made);
}

/// Received times of what a query finds.
async fn received(imap: &Imap, query: &str, at: Timestamp) -> Vec<Timestamp> {
    let query = Query::parse(query).unwrap();
    let found = imap.matches(&query, at, None, 100).await.unwrap();
    let ids: Vec<ItemId> = found.matches.into_iter().map(|found| found.id).collect();
    let listed = imap.list(&query, at, None, 100).await.unwrap();
    assert_eq!(listed.total, Some(ids.len() as u64), "list and draft agree");
    let items = imap.items(&ids).await.unwrap();
    let mut dates: Vec<Timestamp> = items.into_iter().flatten().map(|item| item.date).collect();
    dates.sort_unstable();
    dates
}

#[tokio::test]
async fn times_are_compared_to_the_second_whatever_the_server_s_calendar() {
    for mode in [Mode::Normal, Mode::Bare] {
        let server = Dovecot::start_in(mode, "America/Los_Angeles");
        let mut other = server.client();
        let mail = &messages(1)[0];
        for time in ["31-Dec-2025 23:30:00 -0800", "01-Jan-2026 00:30:00 +0900"] {
            other.append_at("INBOX", "", time, mail);
        }
        let at: Timestamp = "2026-06-10T15:00:00Z".parse().unwrap();
        for hours in [20, 25, 30, 40] {
            let time = at - SignedDuration::from_hours(hours);
            let text = time.strftime("%d-%b-%Y %H:%M:%S +0000").to_string();
            other.append_at("INBOX", "", &text, mail);
        }
        let imap = open(&server).await;
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let ago = |hours| at - SignedDuration::from_hours(hours);
        let (second, first) = (time("2025-12-31T15:30:00Z"), time("2026-01-01T07:30:00Z"));
        assert_eq!(received(&imap, "before:2026", at).await, [second]);
        assert_eq!(
            received(&imap, "after:2026 before:2026-02", at).await,
            [first]
        );
        assert_eq!(received(&imap, "newer_than:1d", at).await, [ago(20)]);
        assert_eq!(
            received(&imap, "older_than:1d after:2026-02", at).await,
            [ago(40), ago(30), ago(25)]
        );
        // Taken away, either, and beside a word.
        assert_eq!(received(&imap, "-after:2026", at).await, [second]);
        assert_eq!(
            received(&imap, "before:2026 OR newer_than:1d", at).await,
            [second, ago(20)]
        );
        assert_eq!(
            received(&imap, "-(before:2026 OR newer_than:1d)", at).await,
            [first, ago(40), ago(30), ago(25)]
        );
        assert_eq!(
            received(&imap, "(before:2026 subject:mail) OR subject:nothing", at).await,
            [second]
        );
    }
}
