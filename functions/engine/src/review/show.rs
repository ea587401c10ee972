//! The queue as its owner sees it, page by page.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bulkhead_shared::api::{EmailStatus, Item, Review, ReviewFilter, ReviewMail, ReviewSize};
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::proposal::Proposal;
use jiff::Timestamp;

use super::dial::dial;
use super::moved::moved as moved_by;
use super::queue::{Place, Queue, Stands, fits, in_order, rank};
use super::rates::rates;
use super::replies::replies;
use super::rows;
use super::standing;
use crate::access::Owned;
use crate::accounts;
use crate::error::Error;
use crate::header::bare_address;
use crate::ports::{Account, CallError, MailStore, Ports};
use crate::records::{AccountRecord, Settled};

/// Which mails of the queue are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Those that wait for a person.
    Waiting,
    /// Those that somebody decided.
    Decided,
}

/// The mails of an account's queue that are these and all of this, from `cursor` on; each as it is in this moment.
pub async fn review(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    shown: Shown,
    filter: &ReviewFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Review, Error> {
    filter.validate()?;
    let record = account.get();
    let open = accounts::open(ports, record).await?;
    let mail = mail_of(&open)?;
    // Before the mails: what is filed meanwhile is not told as all there is.
    let filing = rows::filings(ports.table.as_ref(), &record.id).await?;
    let queue = Queue::load(ports, &record.id).await?;
    let after = cursor.map(At::read).transpose()?;
    let all: Vec<Place<'_>> = match shown {
        Shown::Waiting => queue.waiting().collect(),
        Shown::Decided => queue.decided().collect(),
    };
    let fitting = all.into_iter().filter(|place| fits(place.mail, filter));
    let fitting = in_order(fitting).into_iter();
    let mut fitting = fitting.filter(|place| after.as_ref().is_none_or(|it| it.is_before(place)));
    let page: Vec<Place<'_>> = fitting.by_ref().take(limit as usize).collect();
    let is_more = fitting.next().is_some();
    let last = page.last().filter(|_| is_more);
    let next_cursor = last.map(|place| At::of(place).write());
    let ids = match shown {
        Shown::Waiting => page.iter().map(|place| place.id.clone()).collect(),
        Shown::Decided => now(ports, &page).await?,
    };
    let items = items(mail.as_ref(), &ids).await?;
    let rates = match page.is_empty() {
        true => Default::default(),
        false => rates(ports, record, items.iter().flatten()).await?,
    };
    let replies = replies(ports, &page).await?;
    let statuses = match shown {
        Shown::Waiting => HashMap::new(),
        Shown::Decided => statuses(ports, &record.id, &open, &page).await?,
    };
    let mails = page.into_iter().zip(items).map(|(place, item)| {
        let rate = item
            .as_ref()
            .and_then(|item| rates.get(&bare_address(&item.from)));
        let status = statuses.get(place.id).copied();
        ReviewMail {
            status: status.unwrap_or(standing::status(place.stands)),
            reply: replies
                .get(&place.chunk.stored.record.job)
                .filter(|_| place.mail.proposal == Proposal::Reply)
                .cloned(),
            ..show(place, item.clone(), rate.copied())
        }
    });
    Ok(Review {
        total: queue.waiting().count() as u64,
        counts: queue.counts(),
        drafted: queue
            .mails()
            .filter(|it| it.stands == Stands::Drafted)
            .count() as u64,
        decided: queue.decided().count() as u64,
        filing,
        mails: mails.collect(),
        next_cursor,
        unreadable: queue.unreadable,
        dial: dial(ports, account).await?,
    })
}

/// Where mails are that somebody decided: those that a job was given may be somewhere else since.
async fn now(ports: &Ports, page: &[Place<'_>]) -> Result<Vec<ItemId>, Error> {
    let mut moved: BTreeMap<&JobId, HashMap<ItemId, ItemId>> = BTreeMap::new();
    let mut now = Vec::with_capacity(page.len());
    for place in page {
        let Some(Settled::Given(job)) = &place.mail.settled else {
            now.push(place.id.clone());
            continue;
        };
        if !moved.contains_key(job) {
            moved.insert(job, moved_by(ports, job).await?);
        }
        let since = moved.get(job).and_then(|moved| moved.get(&place.mail.id));
        now.push(since.unwrap_or(place.id).clone());
    }
    Ok(now)
}

/// How mails of a page stand, also by what became of replies to them.
async fn statuses(
    ports: &Ports,
    account: &AccountId,
    open: &Arc<dyn Account>,
    page: &[Place<'_>],
) -> Result<HashMap<ItemId, EmailStatus>, Error> {
    let of_queue = page
        .iter()
        .map(|place| (place.id.clone(), standing::status(place.stands)));
    let of_queue: HashMap<ItemId, EmailStatus> = of_queue.collect();
    let ids: Vec<ItemId> = of_queue.keys().cloned().collect();
    standing::answered(ports, account, open, &ids, of_queue).await
}

/// How many mails of an account wait for a person.
pub async fn size(ports: &Ports, account: &Owned<AccountRecord>) -> Result<ReviewSize, Error> {
    let account = &account.get().id;
    // First, as above.
    let filing = rows::filings(ports.table.as_ref(), account).await?;
    let queue = Queue::load(ports, account).await?;
    let total = queue.waiting().count() as u64;
    Ok(ReviewSize { total, filing })
}

fn show(
    place: Place<'_>,
    item: Option<Item>,
    rate: Option<bulkhead_shared::api::ReadRate>,
) -> ReviewMail {
    let Place {
        chunk,
        mail,
        id,
        stands,
        ..
    } = place;
    ReviewMail {
        id: id.clone(),
        status: standing::status(stands),
        class: mail.class.map(|class| class.name().to_owned()),
        percent: mail.percent,
        proposal: mail.proposal,
        reply: None,
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
    mail_of(&accounts::open(ports, account).await?)
}

fn mail_of(open: &Arc<dyn Account>) -> Result<Arc<dyn MailStore>, Error> {
    let unable = || CallError::Unsupported("This account has no mails.".to_owned());
    Ok(open.clone().mail().ok_or_else(unable)?)
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
