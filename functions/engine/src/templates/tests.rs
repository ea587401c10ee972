#![allow(clippy::unwrap_used, clippy::panic)]

use bulkhead_shared::api::Template;
use futures::executor::block_on;

use super::*;
use crate::access;
use crate::ports::TableError;
use crate::testing::intercept::{self, Failure};
use crate::testing::mailbox::MemoryMailbox;
use crate::testing::stage::Stage;

async fn stage() -> Stage {
    Stage::new(MemoryMailbox::new(1)).await.unwrap()
}

async fn kept(stage: &Stage, ports: &Ports, name: &str, text: &str) -> Result<KeptTemplate, Error> {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    let wanted = KeepTemplate {
        name: name.to_owned(),
        template: Template {
            text: text.to_owned(),
            ..Template::default()
        },
    };
    keep(ports, &account.unwrap(), &wanted).await
}

fn told(refused: Error) -> String {
    match refused {
        Error::Invalid(invalid) => format!("{}: {}", invalid.field, invalid.message),
        Error::NotPossible(why) => why.to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn whoever_keeps_a_template_in_the_same_moment_is_told_to_look_again() {
    block_on(async {
        let stage = stage().await;
        let failing = |failure| intercept::failing(&stage.ports, failure);
        let conflict = failing(|| Failure::Table(TableError::Conflict));
        let refused = kept(&stage, &conflict, "Bills", "x").await.unwrap_err();
        assert_eq!(
            told(refused),
            "The template changed in this moment; look again."
        );
        let busy = failing(|| Failure::Unavailable);
        let refused = kept(&stage, &busy, "Bills", "x").await.unwrap_err();
        let is_busy = matches!(refused, Error::Table(TableError::Unavailable(_)));
        assert!(is_busy, "{refused:?}");
    });
}

#[test]
fn a_version_is_told_as_it_was_kept() {
    block_on(async {
        let stage = stage().await;
        let first = kept(&stage, &stage.ports, "Bills", "one").await.unwrap();
        let at = stage.ports.clock.now();
        stage.clock.advance(std::time::Duration::from_secs(60));
        let second = kept(&stage, &stage.ports, "Bills", "two").await.unwrap();
        let later = stage.ports.clock.now();
        assert_eq!(
            (first.at, first.kept.at, second.at, second.kept.at),
            (at, at, later, later)
        );
        let same = kept(&stage, &stage.ports, "Bills", "two").await.unwrap();
        assert_eq!(same, second);
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let account = account.unwrap();
        let newest = get(&stage.ports, &account, " Bills ", None).await.unwrap();
        assert_eq!(newest, second);
        let before = get(&stage.ports, &account, "Bills", Some(1)).await.unwrap();
        assert_eq!(
            (before.version, before.at, before.kept),
            (1, at, second.kept)
        );
        for name in ["b", "B", "a"] {
            kept(&stage, &stage.ports, name, "x").await.unwrap();
        }
        let all = list(&stage.ports, &account).await.unwrap().templates;
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a", "B", "b", "Bills"]);
    });
}

#[test]
fn a_reply_says_the_newest_text_of_a_template_that_has_one() {
    block_on(async {
        let stage = stage().await;
        let longest = "x".repeat(REPLY_BYTES);
        for (name, text) in [
            ("Bills", "one"),
            ("Bills", "two"),
            ("longest", &*longest),
            ("longer", &*format!("{longest}x")),
            ("empty", " \n"),
        ] {
            kept(&stage, &stage.ports, name, text).await.unwrap();
        }
        let text = async |name: &str| {
            let text = reply_text(&stage.ports, &stage.account, name, "operation.template").await;
            text.map_err(told)
        };
        assert_eq!(text(" Bills ").await.as_deref(), Ok("two"));
        assert_eq!(text("longest").await, Ok(longest));
        for (name, why) in [
            (
                "longer",
                "The text of this template has more than 20000 bytes.",
            ),
            ("empty", "This template has no plain text."),
            ("none", "No template of this name is kept."),
        ] {
            assert_eq!(text(name).await, Err(format!("operation.template: {why}")));
        }
    });
}
