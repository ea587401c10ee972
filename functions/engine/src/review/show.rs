//! The queue as its owner sees it, page by page.

use std::cmp::Reverse;
use std::sync::Arc;

use bulkhead_shared::api::{Item, Review, ReviewFilter, ReviewMail, ReviewSize};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::problem::Invalid;
use jiff::Timestamp;

use super::dial::dial;
use super::queue::{Place, Queue, Stands, fits, in_order, rank};
use super::rates::rates;
use super::rows;
use crate::access::Owned;
use crate::accounts;
use crate::error::Error;
use crate::header::bare_address;
use crate::ports::{CallError, MailStore, Ports};
use crate::records::AccountRecord;

/// The mails of an account that wait for a person and are all of this, from `cursor` on; each as it is in this moment.
pub async fn review(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    filter: &ReviewFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Review, Error> {
    filter.validate()?;
    let record = account.get();
    let mail = mail(ports, record).await?;
    let queue = Queue::load(ports, &record.id).await?;
    let after = cursor.map(At::read).transpose()?;
    let fitting = queue.waiting().filter(|place| fits(place.mail, filter));
    let fitting = in_order(fitting).into_iter();
    let mut fitting = fitting.filter(|place| after.as_ref().is_none_or(|it| it.is_before(place)));
    let page: Vec<Place<'_>> = fitting.by_ref().take(limit as usize).collect();
    let is_more = fitting.next().is_some();
    let last = page.last().filter(|_| is_more);
    let next_cursor = last.map(|place| At::of(place).write());
    let ids: Vec<ItemId> = page.iter().map(|place| place.id.clone()).collect();
    let items = items(mail.as_ref(), &ids).await?;
    let rates = match page.is_empty() {
        true => Default::default(),
        false => rates(ports, record, items.iter().flatten()).await?,
    };
    let mails = page.into_iter().zip(items).map(|(place, item)| {
        let rate = item
            .as_ref()
            .and_then(|item| rates.get(&bare_address(&item.from)));
        show(place, item.clone(), rate.copied())
    });
    Ok(Review {
        total: queue.waiting().count() as u64,
        counts: queue.counts(),
        drafted: queue
            .mails()
            .filter(|it| it.stands == Stands::Drafted)
            .count() as u64,
        filing: rows::filings(ports.table.as_ref(), &record.id).await?,
        mails: mails.collect(),
        next_cursor,
        unreadable: queue.unreadable,
        dial: dial(ports, account).await?,
    })
}

/// How many mails of an account wait for a person.
pub async fn size(ports: &Ports, account: &Owned<AccountRecord>) -> Result<ReviewSize, Error> {
    let queue = Queue::load(ports, &account.get().id).await?;
    let total = queue.waiting().count() as u64;
    Ok(ReviewSize { total })
}

fn show(
    place: Place<'_>,
    item: Option<Item>,
    rate: Option<bulkhead_shared::api::ReadRate>,
) -> ReviewMail {
    let Place {
        chunk, mail, id, ..
    } = place;
    ReviewMail {
        id: id.clone(),
        class: mail.class.map(|class| class.name().to_owned()),
        percent: mail.percent,
        proposal: mail.proposal,
        why: mail.why,
        because: mail.because.clone(),
        rate,
        job: chunk.stored.record.job.clone(),
        mail: item,
        at: Timestamp::from_second(chunk.stored.record.at).unwrap_or_default(),
    }
}

/// The mails of an account, opened.
pub(super) async fn mail(
    ports: &Ports,
    account: &AccountRecord,
) -> Result<Arc<dyn MailStore>, Error> {
    let open = accounts::open(ports, account).await?;
    let unable = || CallError::Unsupported("This account has no mails.".to_owned());
    Ok(open.mail().ok_or_else(unable)?)
}

/// Mails as a list shows them, in the order asked; none of those that are not there any more.
pub(super) async fn items(
    mail: &dyn MailStore,
    ids: &[ItemId],
) -> Result<Vec<Option<Item>>, CallError> {
    let mut items = Vec::with_capacity(ids.len());
    for some in ids.chunks(mail.abilities().call_items.max(1) as usize) {
        items.extend(mail.items(some).await?);
    }
    Ok(items)
}

/// Where the last mail of a page is in the queue.
struct At {
    rank: u8,
    sort: String,
    number: usize,
}

impl At {
    fn of(place: &Place<'_>) -> Self {
        Self {
            rank: rank(place.mail),
            sort: place.chunk.key.sort.clone(),
            number: place.number,
        }
    }

    fn write(&self) -> String {
        let Self { rank, sort, number } = self;
        format!("{rank}.{sort}.{number}")
    }

    fn read(cursor: &str) -> Result<Self, Error> {
        let read = || {
            let (rank, rest) = cursor.split_once('.')?;
            let (sort, number) = rest.rsplit_once('.')?;
            Some(Self {
                rank: rank.parse().ok()?,
                sort: sort.to_owned(),
                number: number.parse().ok()?,
            })
        };
        let text = "Hand back the cursor of the page before, unchanged.";
        read().ok_or_else(|| Invalid::new("cursor", text).into())
    }

    /// Whether a mail comes after it. Rows stand in the order of their names, backwards.
    fn is_before(&self, place: &Place<'_>) -> bool {
        let key = |at: &Self| (at.rank, Reverse(at.sort.clone()), at.number);
        key(&Self::of(place)) > key(self)
    }
}
