//! Templates are kept with all of their versions, within limits, and are gone with their account.

use bulkhead_engine::access::{self, Owned};
use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::ports::{Span, Table};
use bulkhead_engine::records::{AccountRecord, names};
use bulkhead_engine::templates;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::api::{KeepTemplate, KeptTemplate, Template};
use bulkhead_shared::limits;
use futures::executor::block_on;

use super::stage;

async fn owned(stage: &Stage) -> Owned<AccountRecord> {
    access::account(&stage.ports, &stage.user, &stage.account)
        .await
        .unwrap()
}

async fn keep(stage: &Stage, name: &str, text: &str) -> Result<KeptTemplate, Error> {
    let wanted = KeepTemplate {
        name: name.to_owned(),
        template: Template {
            text: text.to_owned(),
            ..Template::default()
        },
    };
    templates::keep(&stage.ports, &owned(stage).await, &wanted).await
}

async fn get(stage: &Stage, name: &str, version: Option<u32>) -> Result<KeptTemplate, Error> {
    templates::get(&stage.ports, &owned(stage).await, name, version).await
}

async fn rows(stage: &Stage) -> usize {
    let span = Span {
        partition: names::templates_partition(&stage.account),
        from: " ".to_owned(),
        to: "~".to_owned(),
        reverse: false,
        limit: None,
    };
    stage.table.range(&span).await.unwrap().len()
}

#[test]
fn templates_are_kept_with_all_of_their_versions() {
    block_on(async {
        let stage = stage(1).await;
        for (text, version) in [("one", 1), ("two", 2), ("two", 2), ("three", 3), ("one", 4)] {
            let kept = keep(&stage, " Bills ", text).await.unwrap();
            assert_eq!(
                (kept.version, kept.kept.newest),
                (version, version),
                "{text}"
            );
        }
        keep(&stage, "a greeting", "Hello").await.unwrap();
        for (version, text) in [
            (None, "one"),
            (Some(1), "one"),
            (Some(2), "two"),
            (Some(3), "three"),
        ] {
            let kept = get(&stage, "Bills", version).await.unwrap();
            assert_eq!((kept.kept.newest, kept.template.text.as_str()), (4, text));
        }
        for nothing in [
            get(&stage, "Bills", Some(5)).await,
            get(&stage, "bills", None).await,
        ] {
            assert!(matches!(nothing, Err(Error::NotFound)), "{nothing:?}");
        }
        let all = templates::list(&stage.ports, &owned(&stage).await)
            .await
            .unwrap();
        let all: Vec<_> = all
            .templates
            .iter()
            .map(|it| (it.name.as_str(), it.newest))
            .collect();
        assert_eq!(all, [("a greeting", 1), ("Bills", 4)]);
        let account = owned(&stage).await;
        for _ in 0..2 {
            templates::forget(&stage.ports, &stage.user, &account, "Bills")
                .await
                .unwrap();
        }
        assert_eq!(rows(&stage).await, 2, "the other one and its version");
        assert_eq!(keep(&stage, "Bills", "anew").await.unwrap().version, 1);
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        assert_eq!(rows(&stage).await, 0);
    });
}

/// What is said of the name of a template that cannot be kept.
fn refused(kept: Result<KeptTemplate, Error>) -> String {
    match kept {
        Err(Error::Invalid(invalid)) if invalid.field == "name" => invalid.message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn templates_have_limits_and_the_largest_fits() {
    block_on(async {
        let stage = stage(1).await;
        // Each line end is written as two signs in JSON, and the name of the field comes besides.
        let largest = "\n".repeat(limits::KEPT_TEMPLATE_BYTES / 2 - 10);
        keep(&stage, "large", &largest).await.unwrap();
        assert_eq!(
            get(&stage, "large", None).await.unwrap().template.text,
            largest
        );
        for version in 1..=limits::TEMPLATE_VERSIONS_MOST {
            keep(&stage, "often", &version.to_string()).await.unwrap();
        }
        assert_eq!(
            refused(keep(&stage, "often", "once more").await),
            "It has 100 versions, which is as many as are kept: keep it under another name."
        );
        for number in 2..limits::TEMPLATES_MOST {
            keep(&stage, &format!("n{number}"), "x").await.unwrap();
        }
        assert_eq!(
            refused(keep(&stage, "one more", "x").await),
            "100 templates are kept already: forget one first."
        );
        assert_eq!(keep(&stage, "n2", "y").await.unwrap().version, 2);
    });
}
