//! A look at the mails of one source: what a few of them are, and how many there are of which.

use bulkhead_shared::advice::Action;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mail::Items;
use bulkhead_shared::query::Query;
use jiff::Timestamp;

use super::bundle::query;
use super::leaning::Leanings;
use super::source::Source;
use super::weigh::{Looked, Weighed, weigh};
use crate::ports::{CallError, MailStore, Model};
use crate::reading::classes;
use crate::records::{Scope, SourceRecord, WeighedRecord};

/// Mails of a source that the model is asked about: the newest, and as many from the middle of the others.
const NEWEST: u32 = 10;
/// Mails below which nothing is suggested.
const MAILS_LEAST: u64 = 3;

/// Looks at mails.
pub(super) struct Looking<'a> {
    pub(super) mail: &'a dyn MailStore,
    pub(super) model: &'a dyn Model,
    pub(super) leanings: &'a Leanings,
    pub(super) now: Timestamp,
}

impl Looking<'_> {
    /// What is suggested for a source.
    pub(super) async fn weigh(&self, source: &Source) -> Result<Vec<WeighedRecord>, CallError> {
        if source.mails < MAILS_LEAST {
            return Ok(Vec::new());
        }
        let Some(looked) = Looked::at(source, &self.classes(source).await?) else {
            return Ok(Vec::new());
        };
        let class = looked.class.name();
        let count = async |scope| {
            let found = self.find(Action::Archive, class, scope, source).await?;
            Ok::<u64, CallError>(found.map_or(0, |found| found.0))
        };
        let inbox = count(Scope::All).await?;
        let forgotten = match inbox {
            0 => 0,
            _ => count(Scope::Forgotten).await?,
        };
        let mut records = Vec::new();
        for weighed in weigh(source, &looked, inbox, forgotten, self.leanings) {
            let operation = weighed.action.operation(looked.class);
            let is_able = operation.is_none_or(|operation| {
                let ability = self.mail.abilities().of(operation.name());
                ability.is_some()
            });
            if !is_able {
                continue;
            }
            let found = self
                .find(weighed.action, class, weighed.scope, source)
                .await?;
            if let Some((mails, sample)) = found
                && mails > 0
            {
                records.push(record(source, &looked, weighed, mails, sample));
            }
        }
        Ok(records)
    }

    /// How many mails of a source this finds, and the newest of them.
    async fn find(
        &self,
        action: Action,
        class: &str,
        scope: Scope,
        source: &Source,
    ) -> Result<Option<(u64, Option<ItemId>)>, CallError> {
        let text = query(action, class, scope, std::iter::once(source.query.as_str()));
        let Some(query) = text.and_then(|text| Query::parse(&text).ok()) else {
            return Ok(None);
        };
        let page = self.mail.list(&query, self.now, None, 1).await?;
        let newest = page.items.first().map(|item| item.id.clone());
        Ok(Some((total(&page), newest)))
    }

    /// What a few of its mails are about.
    async fn classes(&self, source: &Source) -> Result<Vec<Class>, CallError> {
        let Ok(query) = Query::parse(&source.query) else {
            return Ok(Vec::new());
        };
        let most = NEWEST.min(self.mail.abilities().page_items);
        let newest = self.mail.list(&query, self.now, None, most).await?;
        let total = total(&newest);
        let mut items = newest.items;
        if let Some(place) = middle(total, most) {
            let others = self.mail.list_at(&query, self.now, place, most).await?;
            items.extend(others.items);
        }
        let ids: Vec<ItemId> = items.into_iter().map(|item| item.id).collect();
        let found = classes(self.mail, self.model, &ids).await?;
        let found = found.into_iter().flatten();
        Ok(found
            .filter_map(|result| Class::named(&result.class))
            .collect())
    }
}

/// Where as many others as the newest begin, in the middle of all; none where there are fewer.
fn middle(total: u64, newest: u32) -> Option<u64> {
    (total >= 2 * u64::from(newest)).then_some(total / 2)
}

fn total(page: &Items) -> u64 {
    page.total.unwrap_or(page.items.len() as u64)
}

fn record(
    source: &Source,
    looked: &Looked,
    weighed: Weighed,
    mails: u64,
    sample: Option<ItemId>,
) -> WeighedRecord {
    WeighedRecord {
        action: weighed.action,
        class: looked.class.name().to_owned(),
        scope: weighed.scope,
        source: SourceRecord {
            source: source.query.clone(),
            name: source.name.clone(),
            mails,
            bytes: source.bytes / source.mails.max(1) * mails,
            percent: weighed.percent,
            why: weighed.why,
            read: (source.read, source.settled),
            is_list: source.is_list,
            looked: (looked.of_class, looked.mails),
            key: source.key.clone(),
            latest: source.latest,
            sample,
        },
    }
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::ports::{EndpointConnection, Endpoints};
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::model::{FirstLineModel, MemoryEndpoints};

    /// A list with so many mails, none of them read.
    fn list(mails: u64) -> Source {
        Source {
            query: "list:x.example".to_owned(),
            key: "x.example".to_owned(),
            name: "X".to_owned(),
            is_list: true,
            mails,
            settled: mails,
            bytes: 1_000 * mails + 3,
            ..Source::default()
        }
    }

    fn looking<'a>(mail: &'a MemoryMailbox, leanings: &'a Leanings) -> Looking<'a> {
        Looking {
            mail,
            model: &FirstLineModel,
            leanings,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_is_found_of_a_source_is_told_with_its_share_of_the_bytes() {
        let source = Source { read: 1, ..list(4) };
        let looked = Looked {
            class: Class::Newsletter,
            of_class: 7,
            unawaited: 8,
            mails: 9,
        };
        let weighed = Weighed {
            action: Action::Archive,
            scope: Scope::Older,
            percent: 80,
            why: "list mail".to_owned(),
        };
        let sample: Option<ItemId> = "INBOX.7".parse().ok();
        let told = record(&source, &looked, weighed, 3, sample.clone());
        let expected = WeighedRecord {
            action: Action::Archive,
            class: "newsletter".to_owned(),
            scope: Scope::Older,
            source: SourceRecord {
                source: "list:x.example".to_owned(),
                name: "X".to_owned(),
                mails: 3,
                bytes: 3_000,
                percent: 80,
                why: "list mail".to_owned(),
                read: (1, 4),
                is_list: true,
                looked: (7, 9),
                key: "x.example".to_owned(),
                latest: None,
                sample,
            },
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn others_are_looked_at_from_the_middle_on_where_there_are_as_many() {
        for (total, place) in [
            (0, None),
            (19, None),
            (20, Some(10)),
            (21, Some(10)),
            (50, Some(25)),
        ] {
            assert_eq!(middle(total, 10), place, "of {total}");
        }
    }

    #[test]
    fn of_two_mails_nothing_is_suggested_and_of_none_that_are_in_the_inbox_neither() {
        block_on(async {
            let leanings = Leanings::default();
            let weighed = async |mailbox: MemoryMailbox, mails| {
                let weighed = looking(&mailbox, &leanings).weigh(&list(mails)).await;
                let weighed = weighed.unwrap();
                let told = weighed.iter().map(|it| (it.action, it.source.mails));
                (told.collect::<Vec<_>>(), mailbox.calls())
            };
            let (nothing, calls) = weighed(MemoryMailbox::new(9), 2).await;
            assert_eq!((nothing, calls), (vec![], 0));
            let (_, calls) = weighed(MemoryMailbox::new(9), 3).await;
            assert!(calls > 0, "three are looked at");
            let (some, _) = weighed(MemoryMailbox::new(20), 20).await;
            assert!(some.contains(&(Action::Archive, 14)), "{some:?}");
            // All of them are somewhere else.
            let elsewhere = MemoryMailbox::new(20);
            (1..=20).for_each(|it| elsewhere.act(it, |place| place.folder = "Work".to_owned()));
            let before = elsewhere.calls();
            let classes = looking(&elsewhere, &leanings).classes(&list(20)).await;
            assert_eq!(classes.unwrap().len(), 7);
            let told = elsewhere.calls() - before;
            let (nothing, calls) = weighed(elsewhere.clone(), 20).await;
            assert!(nothing.is_empty());
            // One search says that there are none, and no other is made.
            assert_eq!(calls - before - told, told + 1);
        });
    }

    /// This mailbox finds nothing by what a mail has not got.
    #[test]
    fn a_label_that_all_of_them_have_is_not_suggested() {
        block_on(async {
            let (mailbox, leanings) = (MemoryMailbox::new(20), Leanings::default());
            let receipts = MemoryEndpoints::default().open(&EndpointConnection {
                url: "https://api.example.com/v1".to_owned(),
                model: "m".to_owned(),
                key: None,
                mails_per_request: 10,
            });
            let receipts = receipts.unwrap();
            let looking = Looking {
                model: receipts.as_ref(),
                ..looking(&mailbox, &leanings)
            };
            let shop = Source {
                query: "from:x.example".to_owned(),
                is_list: false,
                ..list(20)
            };
            let looked = Looked::at(&shop, &looking.classes(&shop).await.unwrap()).unwrap();
            let weighed = weigh(&shop, &looked, 20, 0, &leanings).into_iter();
            let actions: Vec<Action> = weighed.map(|it| it.action).collect();
            assert_eq!(actions, [Action::Label]);
            assert_eq!(looking.weigh(&shop).await.unwrap(), []);
        });
    }
}
