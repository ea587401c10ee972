//! A person decides about mails that wait.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use bulkhead_shared::api::{
    ConfirmBy, DecideReview, Item, NewJob, ReviewDecided, ReviewPick, ReviewVerdict, ToldBy,
};
use bulkhead_shared::class::Class;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::limits::REVIEWED_PER_REQUEST;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::proposal::Proposal;
use bulkhead_shared::selection::Selection;

use super::file::of_class;
use super::learn::{Learned, learn};
use super::queue::{Place, Queue, Stands, fits, in_order};
use super::rows;
use super::show::{items, mail};
use crate::access::Owned;
use crate::classes;
use crate::error::Error;
use crate::jobs::{draft, progress};
use crate::ports::{Key, MailStore, Ports};
use crate::records::store::load_job;
use crate::records::{AccountRecord, KeptClass, Settled, WaitingMail};

/// How often a write is tried again that somebody else was faster with.
const TRIES: u32 = 5;
const BY_HAND: &str = "You said so.";
const NO_TEXT: &str = "The job that looked at these mails was given nothing for replies to say.";

/// Notes what a person says of mails that wait, and hands those that something is to be done with to ordinary jobs,
/// unless `open_most` jobs of this person are open already. Asked again it comes to the same jobs.
pub async fn decide(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    wanted: &DecideReview,
    open_most: u32,
) -> Result<ReviewDecided, Error> {
    wanted.validate()?;
    let mail = mail(ports, account.get()).await?;
    let queue = Queue::load(ports, &account.get().id).await?;
    let picked = pick(&queue, wanted);
    let mut deciding = Deciding {
        ports,
        user,
        account: account.get(),
        mail,
        open_most,
        confirm: (!wanted.draft_only).then_some(ConfirmBy::IfReversible),
        decided: ReviewDecided {
            mails: 0,
            jobs: Vec::new(),
            gone: Vec::new(),
            settled: picked.settled,
            left: picked.left,
        },
    };
    let places = picked.places;
    match &wanted.verdict {
        ReviewVerdict::Accept {} => deciding.hand_over(places, |mail| mail.proposal).await?,
        ReviewVerdict::Instead { proposal } => deciding.hand_over(places, |_| *proposal).await?,
        ReviewVerdict::Class { class } => {
            let class = Class::named(class).unwrap_or(Class::Other);
            deciding.correct(places, class).await?;
        }
        ReviewVerdict::Dismiss {} => deciding.dismiss(places).await?,
        ReviewVerdict::Reopen {} => deciding.note(places, &Noted::Settled(None)).await?,
    }
    Ok(deciding.decided)
}

/// What a decision is about.
struct Picked<'a> {
    places: Vec<Place<'a>>,
    settled: Vec<ItemId>,
    left: u64,
}

fn pick<'a>(queue: &'a Queue, wanted: &DecideReview) -> Picked<'a> {
    let reopens = matches!(wanted.verdict, ReviewVerdict::Reopen {});
    let is_open = |place: &Place<'_>| (place.stands == Stands::Waits) != reopens;
    let (mut places, settled) = match &wanted.mails {
        ReviewPick::All { of } => {
            let all = queue.mails().filter(is_open);
            let all = all.filter(|place| fits(place.mail, of));
            (in_order(all), Vec::new())
        }
        ReviewPick::Ids { ids } => {
            let meant: HashSet<&ItemId> = ids.iter().collect();
            let all = queue.mails().filter(is_open);
            let places: Vec<_> = all.filter(|place| meant.contains(place.id)).collect();
            let open: HashSet<&ItemId> = places.iter().map(|place| place.id).collect();
            let settled = meant.difference(&open).copied().cloned().collect();
            (places, settled)
        }
    };
    let left = places.len().saturating_sub(REVIEWED_PER_REQUEST) as u64;
    places.truncate(REVIEWED_PER_REQUEST);
    Picked {
        places,
        settled,
        left,
    }
}

/// What is noted of a mail.
enum Noted {
    Settled(Option<Settled>),
    Class(Class),
}

impl Noted {
    fn apply(&self, mail: &mut WaitingMail, proposed_by: Option<&Operation>) {
        match self {
            Self::Settled(settled) => mail.settled = settled.clone(),
            Self::Class(class) => {
                mail.class = Some(*class);
                mail.percent = 100;
                mail.proposal = of_class(*class, proposed_by);
                mail.because = BY_HAND.to_owned();
                mail.settled = None;
            }
        }
    }
}

/// A decision that is being carried out.
struct Deciding<'a> {
    ports: &'a Ports,
    user: &'a UserId,
    account: &'a AccountRecord,
    mail: Arc<dyn MailStore>,
    open_most: u32,
    /// How jobs that are made of it are confirmed; none: they stay drafts.
    confirm: Option<ConfirmBy>,
    decided: ReviewDecided,
}

impl Deciding<'_> {
    /// Hands mails to a job for each thing that is to be done. Those that are gone are told, and stay as they are.
    async fn hand_over(
        &mut self,
        places: Vec<Place<'_>>,
        what: impl Fn(&WaitingMail) -> Proposal + Send,
    ) -> Result<(), Error> {
        let replies = places.iter().filter(|it| what(it.mail) == Proposal::Reply);
        let jobs = replies.map(|place| place.chunk.stored.record.job.clone());
        let replies = self.replies(jobs.collect()).await?;
        let (there, mails) = self.there(places).await?;
        let mut groups: BTreeMap<(Proposal, Option<JobId>), Vec<Place<'_>>> = BTreeMap::new();
        for place in there {
            let proposal = what(place.mail);
            // What a reply says, the job says that proposed it.
            let job = &place.chunk.stored.record.job;
            let job = (proposal == Proposal::Reply).then(|| job.clone());
            groups.entry((proposal, job)).or_default().push(place);
        }
        for ((proposal, proposed_by), places) in groups {
            let learned = Learned::of(&places, &mails);
            let operation = match &proposed_by {
                Some(job) => replies.get(job).cloned(),
                None => proposal.operation(),
            };
            let job = match operation {
                Some(operation) => Some(self.draft(operation, &places).await?),
                None => None,
            };
            let settled = match &job {
                Some(job) => Settled::Given(job.clone()),
                None => Settled::Left,
            };
            self.note(places, &Noted::Settled(Some(settled))).await?;
            let lessons = learned.accepted(proposal, job.as_ref(), self.ports.clock.now());
            learn(self.ports, &self.account.id, lessons).await?;
            if let Some(job) = job {
                let job = progress::job(self.ports, self.user, &job).await?;
                self.decided.jobs.push(job);
            }
        }
        Ok(())
    }

    /// Notes that they are of this class, also where lists show it and searches find by it.
    async fn correct(&mut self, places: Vec<Place<'_>>, class: Class) -> Result<(), Error> {
        let said = KeptClass {
            class,
            percent: Some(100),
            by: ToldBy::Person,
            at: self.ports.clock.now().as_second(),
        };
        let told = places.iter().map(|place| (place.id.clone(), said));
        let told: Vec<(ItemId, KeptClass)> = told.collect();
        // Where that cannot be kept nothing is noted either.
        classes::keep(self.ports, &self.account.id, &told).await?;
        self.note(places, &Noted::Class(class)).await
    }

    /// What drafts the replies that these jobs proposed; a fault of the request where one of them had no text for any.
    async fn replies(&self, jobs: HashSet<JobId>) -> Result<HashMap<JobId, Operation>, Error> {
        let mut replies = HashMap::new();
        for job in jobs {
            let proposed_by = self.proposer(&job).await?;
            let operation = proposed_by.and_then(|it| Proposal::Reply.operation_of(&it));
            let none = || Invalid::new("verdict.proposal", NO_TEXT);
            replies.insert(job, operation.ok_or_else(none)?);
        }
        Ok(replies)
    }

    /// The operation of a job that proposed something; none if it is not kept any more.
    async fn proposer(&self, job: &JobId) -> Result<Option<Operation>, Error> {
        let job = load_job(self.ports.table.as_ref(), job).await?;
        Ok(job.map(|job| job.record.operation.clone()))
    }

    async fn dismiss(&mut self, places: Vec<Place<'_>>) -> Result<(), Error> {
        let ids: Vec<ItemId> = places.iter().map(|place| place.id.clone()).collect();
        let mails = known(items(self.mail.as_ref(), &ids).await?);
        let lessons = Learned::of(&places, &mails).dismissed(self.ports.clock.now());
        let dismissed = Noted::Settled(Some(Settled::Dismissed));
        self.note(places, &dismissed).await?;
        learn(self.ports, &self.account.id, lessons).await
    }

    /// Those that are still where they were, and how a list shows them. The others are settled as gone.
    async fn there<'p>(
        &mut self,
        places: Vec<Place<'p>>,
    ) -> Result<(Vec<Place<'p>>, HashMap<ItemId, Item>), Error> {
        let ids: Vec<ItemId> = places.iter().map(|place| place.id.clone()).collect();
        let mails = known(items(self.mail.as_ref(), &ids).await?);
        let (there, gone): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|it| mails.contains_key(it.id));
        let ids: Vec<ItemId> = gone.iter().map(|place| place.id.clone()).collect();
        let noted = self.decided.mails;
        self.note(gone, &Noted::Settled(Some(Settled::Gone)))
            .await?;
        self.decided.mails = noted;
        self.decided.gone.extend(ids);
        Ok((there, mails))
    }

    async fn draft(&self, operation: Operation, places: &[Place<'_>]) -> Result<JobId, Error> {
        let mut text = format!("{} {}", self.account.id, operation.name().as_str());
        for Place { mail, id, .. } in places {
            // The same draft however often this is asked, as long as nothing came of the one before.
            let before = match &mail.settled {
                Some(Settled::Given(job)) => job.as_str(),
                _ => "",
            };
            text.push_str(&format!(" {id} {before}"));
        }
        if self.confirm.is_none() {
            text.push_str(" draft");
        }
        let key = format!("review-{}", sha256_hex(text.as_bytes()));
        let new = NewJob {
            account: self.account.id.clone(),
            operation,
            selection: Selection::Ids {
                ids: places.iter().map(|place| place.id.clone()).collect(),
            },
            options: JobOptions::default(),
            confirm: self.confirm,
        };
        draft::create(self.ports, self.user, Some(&key), new, self.open_most).await
    }

    /// Notes the same of all of them, a row after the other.
    async fn note(&mut self, places: Vec<Place<'_>>, noted: &Noted) -> Result<(), Error> {
        let mut by_row: BTreeMap<Key, HashMap<ItemId, ItemId>> = BTreeMap::new();
        for place in &places {
            let ids = by_row.entry(place.chunk.key.clone()).or_default();
            ids.insert(place.mail.id.clone(), place.id.clone());
        }
        for (key, ids) in by_row {
            self.note_in(&key, &ids, noted).await?;
        }
        self.decided.mails += places.len() as u64;
        Ok(())
    }

    async fn note_in(
        &self,
        key: &Key,
        ids: &HashMap<ItemId, ItemId>,
        noted: &Noted,
    ) -> Result<(), Error> {
        let mut tries = 0;
        loop {
            let Some(mut chunk) = rows::chunk(self.ports, key).await? else {
                // Its time is over, or it was erased.
                return Ok(());
            };
            let proposed_by = match noted {
                Noted::Class(_) => self.proposer(&chunk.stored.record.job).await?,
                Noted::Settled(_) => None,
            };
            for mail in &mut chunk.stored.record.mails {
                if let Some(now) = ids.get(&mail.id) {
                    // The job that takes it knows it by that.
                    mail.id = now.clone();
                    noted.apply(mail, proposed_by.as_ref());
                }
            }
            match rows::put(self.ports, &chunk).await {
                Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
                put => return put,
            }
        }
    }
}

fn known(items: Vec<Option<Item>>) -> HashMap<ItemId, Item> {
    let there = items.into_iter().flatten();
    there.map(|item| (item.id.clone(), item)).collect()
}
