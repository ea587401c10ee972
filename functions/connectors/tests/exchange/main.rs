//! The connector for Exchange Online against a stand-in that misbehaves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod certificate;
mod fake;

use std::time::Duration;

use bulkhead_connectors::exchange::{Exchange, Place};
use bulkhead_connectors::imap::Reach;
use bulkhead_engine::kinds::mailbox::{Change, Effect, Found, ItemState, MailboxState, Restored};
use bulkhead_engine::ports::{CallError, MailboxStore};
use bulkhead_shared::api::ExchangeConnection;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Guid, MailboxName, Profile, Restoration, Search,
};
use bulkhead_shared::outcome::ItemReason;
use fake::{Fake, Mood};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

fn application() -> ExchangeConnection {
    ExchangeConnection {
        tenant: "contoso.example".to_owned(),
        client_id: "app-1".to_owned(),
        certificate: include_str!("certificate.pem").to_owned(),
        private_key: include_str!("key.pem").to_owned(),
    }
}

fn open_as(fake: &Fake, connection: &ExchangeConnection) -> Exchange {
    let host = format!("http://127.0.0.1:{}", fake.port);
    let place = Place {
        entra: &host,
        exchange: &host,
        answer_most: Duration::from_secs(1),
        pause: Duration::from_millis(5),
        look_again: SignedDuration::from_millis(50),
    };
    Exchange::at(connection, Reach::Anywhere, place).unwrap()
}

fn open(fake: &Fake) -> Exchange {
    open_as(fake, &application())
}

fn guid(n: u8) -> Guid {
    Guid::of_bytes([n; 16])
}

/// Five mailboxes, of which the first three are inactive.
fn organisation() -> Fake {
    let fake = Fake::start();
    for n in 1..=5u8 {
        let mailbox = json!({
            "ExchangeGuid": guid(n).to_string(),
            "DistinguishedName": format!("CN=user{n},OU=Soft Deleted Objects"),
            "UserPrincipalName": format!("user{n}@contoso.example"),
            "PrimarySmtpAddress": format!("user{n}@contoso.example"),
            "DisplayName": format!("User {n}"),
            "IsInactiveMailbox": n <= 3,
            "WhenSoftDeleted": "2026-10-01T08:00:00",
            "InPlaceHolds": if n == 2 { json!([]) } else { json!(["mbxabc"]) },
            "ProhibitSendReceiveQuota": "50 GB (53,687,091,200 bytes)",
        });
        fake.state()
            .mailboxes
            .push(mailbox.as_object().unwrap().clone());
    }
    fake
}

fn person(upn: &str) -> Profile {
    Profile {
        upn: upn.to_owned(),
        smtp: format!("mail.{upn}"),
        display_name: "Ann Lee".to_owned(),
        first_name: "Ann".to_owned(),
        last_name: "Lee".to_owned(),
        department: "Sales".to_owned(),
        company: String::new(),
    }
}

fn from_to(id: bulkhead_shared::ids::ItemId, from: MailboxState, to: MailboxState) -> Change {
    Change {
        id,
        from: ItemState::present(from),
        to: Some(to),
    }
}

fn recovery(n: u8, upn: &str) -> Change {
    let to = MailboxState::Active(person(upn));
    from_to(guid(n).item_id(), MailboxState::Inactive, to)
}

fn restore(n: u8, target: &str, rule: ConflictRule) -> Change {
    let restoration = Restoration {
        source: guid(n),
        target: MailboxName::read(target).unwrap(),
    };
    let to = MailboxState::Restored(Restored {
        rule,
        folder: Some("From Ann".to_owned()),
        copied: 0,
        receipt: Vec::new(),
    });
    from_to(restoration.id().unwrap(), MailboxState::NotRestored, to)
}

async fn tried(exchange: &Exchange, change: &Change) -> Result<Effect, CallError> {
    let effects = exchange.change(std::slice::from_ref(change), "tag").await;
    effects.map(|mut effects| effects.remove(0))
}

/// Goes on as a job does, until it is done: waits where it is asked to, looks after lost answers.
async fn done(exchange: &Exchange, change: &Change) -> Effect {
    for _ in 0..20 {
        match tried(exchange, change).await {
            Ok(Effect::Unknown) | Err(CallError::Unavailable(_)) => {
                let found = exchange
                    .reconcile(std::slice::from_ref(change), "tag")
                    .await;
                match found.map(|mut found| found.remove(0)) {
                    Ok(Found::Done { id, state }) => return Effect::Done { id, state },
                    Ok(Found::NotDone { .. }) | Err(CallError::Unavailable(_)) => {}
                    other => panic!("{other:?}"),
                }
            }
            Err(CallError::Throttled { until }) => {
                let wait = until.unwrap().duration_since(Timestamp::now());
                tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
            }
            effect => return effect.unwrap(),
        }
    }
    panic!("never done")
}

#[tokio::test]
async fn an_application_signs_in_by_its_certificate_and_sees_all_pages() {
    let fake = organisation();
    let exchange = open(&fake);
    assert_eq!(
        exchange.test().await.unwrap(),
        "Signed in as the application; 3 inactive mailboxes."
    );
    let page = exchange
        .list(&Search::All(Vec::new()), 0, 10)
        .await
        .unwrap();
    assert_eq!((page.total, page.rows.len()), (5, 5), "three pages of two");
    assert_eq!(
        exchange
            .list(&Search::Inactive(true), 2, 10)
            .await
            .unwrap()
            .rows[0]
            .guid,
        guid(3)
    );
    let looked = exchange.look(&[guid(4), guid(9), guid(1)]).await.unwrap();
    assert_eq!(looked[0].as_ref().unwrap().items, Some(7));
    assert_eq!(looked[0].as_ref().unwrap().bytes, Some(1_234_567));
    assert!(looked[1].is_none() && looked[2].as_ref().unwrap().is_inactive());
    let names = ["user4@contoso.example", "user1@contoso.example"];
    let names = names.map(|name| MailboxName::read(name).unwrap());
    let found = exchange.find(&names).await.unwrap();
    assert!(
        found[0].is_some() && found[1].is_none(),
        "an address is that of a mailbox in use"
    );

    let other = ExchangeConnection {
        certificate: include_str!("other_certificate.pem").to_owned(),
        private_key: include_str!("other_key.pem").to_owned(),
        ..application()
    };
    assert!(matches!(
        open_as(&fake, &other).test().await,
        Err(CallError::SignIn)
    ));
    for (certificate, key) in [
        ("", include_str!("key.pem")),
        (include_str!("certificate.pem"), "x"),
    ] {
        let broken = ExchangeConnection {
            certificate: certificate.to_owned(),
            private_key: key.to_owned(),
            ..application()
        };
        let refused = Exchange::new(&broken, Reach::Anywhere);
        assert!(matches!(refused, Err(CallError::Unsupported(_))));
    }
}

#[tokio::test]
async fn whatever_goes_wrong_a_mailbox_is_recovered_once() {
    for mood in [
        Mood::Throttles(Some(1)),
        Mood::BreaksBefore,
        Mood::BreaksAfter,
        Mood::HangsAfter,
        Mood::CutsAfter,
        Mood::BabblesAfter,
        Mood::ForgetsToken,
    ] {
        let fake = organisation();
        let exchange = open(&fake);
        for command in ["New-Mailbox", "Set-Mailbox", "Set-User"] {
            fake.state().moods.push_back((command, mood));
        }
        let change = recovery(1, "ann@contoso.example");
        let effect = done(&exchange, &change).await;
        let MailboxState::Active(profile) = (match &effect {
            Effect::Done { state, .. } => state.state.clone().unwrap(),
            other => panic!("{mood:?}: {other:?}"),
        }) else {
            panic!("{mood:?}")
        };
        assert_eq!(profile, person("ann@contoso.example"));
        let made = fake
            .state()
            .done
            .iter()
            .filter(|name| *name == "New-Mailbox")
            .count();
        assert_eq!(made, 1, "{mood:?}");
        let now = exchange.look(&[guid(1)]).await.unwrap().remove(0).unwrap();
        assert!(
            now.profile.says_the_same(&profile),
            "{mood:?}: {:?}",
            now.profile
        );
    }
}

#[tokio::test]
async fn a_wait_is_obeyed_with_and_without_a_time() {
    let fake = organisation();
    let exchange = open(&fake);
    for (said, least) in [(Some(30), 25), (None, 50)] {
        let exchange = match said {
            Some(_) => &exchange,
            None => &open(&fake),
        };
        fake.state()
            .moods
            .push_back(("Get-Mailbox", Mood::Throttles(said)));
        let asked = fake.state().asked.len();
        for _ in 0..3 {
            let Err(CallError::Throttled { until: Some(until) }) = exchange.look(&[guid(1)]).await
            else {
                panic!("{said:?}")
            };
            assert!(until.duration_since(Timestamp::now()).as_secs() >= least);
        }
        assert_eq!(
            fake.state().asked.len(),
            asked + 1,
            "nothing is sent meanwhile"
        );
    }
}

#[tokio::test]
async fn restores_are_asked_for_once_and_waited_for() {
    let options = [
        "KeepTargetItem",
        "KeepSourceItem",
        "KeepLatestItem",
        "KeepAll",
    ];
    for (rule, option) in ConflictRule::ALL.into_iter().zip(options) {
        let fake = organisation();
        let exchange = open(&fake);
        fake.state().slowness = 7;
        for mood in [Mood::BreaksAfter, Mood::HangsAfter] {
            fake.state()
                .moods
                .push_back(("New-MailboxRestoreRequest", mood));
        }
        let change = restore(1, "user4@contoso.example", rule);
        let restoration = Restoration::of(&change.id).unwrap();
        let before = exchange
            .restored(std::slice::from_ref(&restoration))
            .await
            .unwrap();
        assert_eq!(before, [None]);
        let effect = done(&exchange, &change).await;
        let wanted = Restored {
            rule,
            folder: Some("From Ann".to_owned()),
            copied: 42,
            receipt: Vec::new(),
        };
        assert_eq!(
            effect,
            Effect::done(change.id.clone(), MailboxState::Restored(wanted.clone()))
        );
        let requests = fake.state().requests.clone();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0]["ConflictResolutionOption"], option);
        assert_eq!(requests[0]["TargetMailbox"], guid(4).to_string());
        assert_eq!(
            exchange.restored(&[restoration]).await.unwrap(),
            [Some(wanted)]
        );
        assert_eq!(done(&exchange, &change).await, effect, "twice is once");
        assert_eq!(fake.state().requests.len(), 1);
    }
}

#[tokio::test]
async fn one_under_way_is_a_wait_and_one_that_fails_can_be_tried_again() {
    let fake = organisation();
    let exchange = open(&fake);
    fake.state().slowness = 4;
    let change = restore(1, "user4@contoso.example", ConflictRule::KeepBoth);
    let waits = tried(&exchange, &change).await;
    assert!(
        matches!(waits, Err(CallError::Throttled { until: Some(_) })),
        "{waits:?}"
    );
    fake.state().fails = true;
    let failed = done(&exchange, &change).await;
    assert_eq!(failed, Effect::Refused(ItemReason::Refused));
    assert!(
        fake.state().requests.is_empty(),
        "it does not stand in the way"
    );
    // One that copied something does: another one might copy that again.
    fake.state().copied_before_it_failed = 3;
    for _ in 0..2 {
        let failed = done(&exchange, &change).await;
        assert_eq!(failed, Effect::Refused(ItemReason::Refused));
        assert_eq!(fake.state().requests.len(), 1);
    }
    fake.state().requests.clear();
    fake.state().fails = false;
    assert!(matches!(
        done(&exchange, &change).await,
        Effect::Done { .. }
    ));
}

#[tokio::test]
async fn what_stands_in_the_way_is_told() {
    let fake = organisation();
    let exchange = open(&fake);
    let refused = async |change: Change| tried(&exchange, &change).await.unwrap();
    let reason = Effect::Refused;
    assert_eq!(
        refused(recovery(9, "x@contoso.example")).await,
        Effect::Missing
    );
    assert_eq!(
        refused(recovery(1, "user4@contoso.example")).await,
        reason(ItemReason::AddressTaken)
    );
    let nobody = restore(1, "nobody@contoso.example", ConflictRule::KeepBoth);
    assert_eq!(refused(nobody).await, reason(ItemReason::NoSuchTarget));
    let in_use = restore(5, "user4@contoso.example", ConflictRule::KeepBoth);
    assert_eq!(refused(in_use).await, reason(ItemReason::NotInactive));
    let growing = json!(true);
    fake.state().mailboxes[2].insert("AutoExpandingArchiveEnabled".to_owned(), growing);
    assert_eq!(
        refused(recovery(3, "x@contoso.example")).await,
        reason(ItemReason::Refused)
    );

    fake.state().forbidden = vec!["New-Mailbox", "Get-MailboxRestoreRequest"];
    assert_eq!(
        refused(recovery(1, "x@contoso.example")).await,
        reason(ItemReason::Forbidden)
    );
    assert!(!exchange.rights().await.unwrap().restore);
    fake.state().forbidden.clear();
    assert!(exchange.rights().await.unwrap().restore);
}

#[tokio::test]
async fn only_a_mailbox_that_a_hold_keeps_is_made_inactive_again() {
    let fake = organisation();
    let exchange = open(&fake);
    for (n, is_kept) in [(1, true), (2, false)] {
        let upn = format!("ann{n}@contoso.example");
        let change = recovery(n, &upn);
        let Effect::Done { id, state } = done(&exchange, &change).await else {
            panic!()
        };
        let back = Change {
            id,
            from: state,
            to: Some(MailboxState::Inactive),
        };
        let effect = done(&exchange, &back).await;
        let is_back = matches!(effect, Effect::Done { .. });
        assert_eq!(is_back, is_kept, "{effect:?}");
        let now = exchange.look(&[guid(n)]).await.unwrap().remove(0).unwrap();
        assert_eq!(now.is_inactive(), is_kept);
    }
    let copied = restore(3, "user4@contoso.example", ConflictRule::KeepBoth);
    let Effect::Done { id, state } = done(&exchange, &copied).await else {
        panic!()
    };
    let back = Change {
        id,
        from: state,
        to: Some(MailboxState::NotRestored),
    };
    assert_eq!(
        tried(&exchange, &back).await.unwrap(),
        Effect::Refused(ItemReason::Refused)
    );
}

#[tokio::test]
async fn the_token_goes_to_nobody_else() {
    let fake = organisation();
    let exchange = open(&fake);
    fake.state()
        .moods
        .push_back(("Get-Mailbox", Mood::SendsElsewhere));
    let listed = exchange.list(&Search::All(Vec::new()), 0, 10).await;
    assert!(
        matches!(listed, Err(CallError::Unavailable(_))),
        "{listed:?}"
    );
    assert_eq!(fake.state().asked, ["Get-Mailbox"]);
}
