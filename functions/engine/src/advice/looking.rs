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
        if total >= u64::from(2 * most) {
            let middle = (total / 2).max(u64::from(most));
            let others = self.mail.list_at(&query, self.now, middle, most).await?;
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
