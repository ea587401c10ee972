//! What a mailbox is called, how it is shown and stored, and what names a restore.
#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

const GUID: &str = "07070707-0707-0707-0707-070707070707";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Ann's, of which the directory says nothing more.
pub(super) fn mailbox(status: Status) -> Mailbox {
    Mailbox {
        guid: Guid::of_bytes([7; 16]),
        profile: Profile {
            upn: "ann.lee@x.example".to_owned(),
            smtp: "ann@x.example".to_owned(),
            display_name: "Ann Lee".to_owned(),
            ..Profile::default()
        },
        status,
        items: None,
        bytes: None,
        quota_bytes: None,
        on_hold: false,
    }
}

fn kept_until(until: Option<&str>) -> Status {
    Status::Inactive {
        deleted_at: Some(at("2026-04-01T10:00:00Z")),
        retained_until: until.map(at),
    }
}

#[test]
fn it_is_over_at_the_moment_until_which_it_is_kept() {
    let now = at("2026-05-01T00:00:00Z");
    for (status, is_over, is_inactive) in [
        (Status::Active, false, false),
        (kept_until(None), false, true),
        (
            kept_until(Some("2026-05-01T00:00:00.000000001Z")),
            false,
            true,
        ),
        (kept_until(Some("2026-05-01T00:00:00Z")), true, true),
        (kept_until(Some("2026-04-30T23:59:59Z")), true, true),
    ] {
        let mailbox = mailbox(status);
        assert_eq!(mailbox.is_over(now), is_over, "{:?}", mailbox.status);
        assert_eq!(mailbox.is_inactive(), is_inactive, "{:?}", mailbox.status);
    }
}

#[test]
fn a_list_shows_what_the_directory_knows() {
    let bare = mailbox(Status::Active).card();
    assert_eq!(
        (bare.id.as_str(), bare.title.as_str(), bare.second.as_str()),
        (GUID, "Ann Lee", "ann@x.example")
    );
    assert_eq!(bare.facts, [CardFact::new("guid", GUID)]);
    assert_eq!((bare.marks, bare.time), (vec!["active".to_owned()], None));
    let mut known = mailbox(kept_until(Some("2026-05-01T00:00:00Z")));
    known.profile.department = "Sales".to_owned();
    known.profile.display_name.clear();
    (known.items, known.bytes, known.on_hold) = (Some(3), Some(5_000), true);
    let shown = known.card();
    assert_eq!(shown.title, "ann@x.example");
    let facts = [
        ("messages", "3"),
        ("bytes", "5000"),
        ("department", "Sales"),
        ("kept until", "2026-05-01T00:00:00Z"),
        ("guid", GUID),
    ];
    assert_eq!(
        shown.facts,
        facts.map(|(name, value)| CardFact::new(name, value))
    );
    assert_eq!(shown.marks, ["inactive", "on hold"]);
    assert_eq!(shown.time, Some(at("2026-04-01T10:00:00Z")));
}

#[test]
fn it_is_stored_as_it_always_was() {
    let stored = |status| serde_json::to_value(mailbox(status)).unwrap()["status"].clone();
    assert_eq!(stored(Status::Active), json!({"inactive": false}));
    let kept = json!({"inactive": true, "deleted_at": "2026-04-01T10:00:00Z", "retained_until": "2026-05-01T00:00:00Z"});
    let status = kept_until(Some("2026-05-01T00:00:00Z"));
    assert_eq!(stored(status.clone()), kept);
    assert_eq!(serde_json::from_value::<Status>(kept).unwrap(), status);
    let active: Status = serde_json::from_value(json!({"inactive": false})).unwrap();
    assert_eq!(active, Status::Active);
    let profile = serde_json::to_value(mailbox(Status::Active).profile).unwrap();
    let texts =
        json!({"upn": "ann.lee@x.example", "smtp": "ann@x.example", "display_name": "Ann Lee"});
    assert_eq!(profile, texts);
    let name = MailboxName::read("Ann <Ann@x.example>").unwrap();
    assert_eq!(serde_json::to_value(&name).unwrap(), "Ann@x.example");
    assert_eq!(
        serde_json::from_value::<MailboxName>(json!("Ann@x.example")).unwrap(),
        name
    );
    let name = serde_json::from_value::<MailboxName>(json!(format!("{{{GUID}}}"))).unwrap();
    assert_eq!(name, MailboxName::Guid(Guid::of_bytes([7; 16])));
    assert!(serde_json::from_value::<MailboxName>(json!("nobody")).is_err());
}

#[test]
fn two_profiles_are_the_same_persons_whatever_the_case_of_their_addresses() {
    let ann = mailbox(Status::Active).profile;
    let with = |change: fn(&mut Profile)| {
        let mut profile = ann.clone();
        change(&mut profile);
        profile
    };
    let written_otherwise = with(|it| {
        it.upn = "ANN.lee@X.example".to_owned();
        it.smtp = "Ann@x.example".to_owned();
        it.display_name = " Ann Lee ".to_owned();
        it.company = " ".to_owned();
    });
    assert!(ann.says_the_same(&written_otherwise));
    let others: [fn(&mut Profile); 7] = [
        |it| it.upn = "b@x.example".to_owned(),
        |it| it.smtp = "b@x.example".to_owned(),
        |it| it.display_name = "ann lee".to_owned(),
        |it| it.first_name = "Ann".to_owned(),
        |it| it.last_name = "Lee".to_owned(),
        |it| it.department = "Sales".to_owned(),
        |it| it.company = "Acme".to_owned(),
    ];
    for (place, other) in others.into_iter().enumerate() {
        assert!(!ann.says_the_same(&with(other)), "{place}");
    }
}

#[test]
fn a_restore_is_named_by_its_source_and_its_target() {
    let source = Guid::of_bytes([7; 16]);
    let restoration = |target: &str| Restoration {
        source: source.clone(),
        target: MailboxName::read(target).unwrap(),
    };
    let id = restoration("Bob@X.example").id().unwrap();
    assert_eq!(id.as_str(), format!("{GUID}>bob@x.example"));
    assert_eq!(Restoration::of(&id), Some(restoration("bob@x.example")));
    let other = "08080808-0808-0808-0808-080808080808";
    let id = restoration(other).id().unwrap();
    assert_eq!(Restoration::of(&id), Some(restoration(other)));
    for none in [GUID, "x>bob@x.example", &format!("{GUID}>nobody")] {
        assert_eq!(Restoration::of(&none.parse().unwrap()), None, "{none}");
    }
    assert_eq!(Guid::of_item(&source.item_id()), Some(source.clone()));
    assert_eq!(Guid::of_item(&id), None);
}
