//! What jobs have cleared away, put together by month, by search and by sender.

use std::collections::BTreeMap;

use bulkhead_shared::api::{Job, SelectionSummary};
use bulkhead_shared::operations::Operation;
use jiff::Timestamp;

/// A year, and a month of it from 0 to 11.
pub type Month = (u32, u32);

/// Mails cleared away in each month in which there were some, the latest first.
pub fn by_month(jobs: &[Job], month_of: impl Fn(Timestamp) -> Month) -> Vec<(Month, u64)> {
    let mut months = BTreeMap::new();
    for job in jobs.iter().filter(|job| clears(job)) {
        let at = job.ended_at.unwrap_or(job.created_at);
        *months.entry(month_of(at)).or_insert(0) += job.counts.succeeded;
    }
    months.into_iter().rev().collect()
}

/// Mails cleared away by each search, the most first. What was picked by hand is no search.
pub fn by_search(jobs: &[Job]) -> Vec<(String, u64)> {
    let mut searches = BTreeMap::new();
    for job in jobs.iter().filter(|job| clears(job)) {
        if let SelectionSummary::Query { query, .. } = &job.selection {
            let query = query.trim().to_owned();
            *searches.entry(query).or_insert(0) += job.counts.succeeded;
        }
    }
    let mut searches: Vec<(String, u64)> = searches.into_iter().collect();
    searches.sort_by_key(|(_, mails)| std::cmp::Reverse(*mails));
    searches
}

/// Mails of a sender that were cleared away, at least, the most first: a job remembers those with the most mails.
pub fn by_sender(jobs: &[Job]) -> Vec<(String, u64)> {
    let mut senders: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    for job in jobs.iter().filter(|job| clears(job)) {
        let rest = job.total.saturating_sub(job.counts.succeeded);
        for sender in job.senders.iter().filter(|it| !it.address.is_empty()) {
            let name = match sender.name.as_str() {
                "" => sender.address.as_str(),
                name => name,
            };
            let (_, mails) = senders.entry(&sender.address).or_insert((name, 0));
            *mails += sender.mails.saturating_sub(rest);
        }
    }
    let mut senders: Vec<(String, u64)> = senders
        .into_values()
        .filter(|(_, mails)| *mails > 0)
        .map(|(name, mails)| (name.to_owned(), mails))
        .collect();
    senders.sort_by_key(|(_, mails)| std::cmp::Reverse(*mails));
    senders
}

fn clears(job: &Job) -> bool {
    let away = matches!(
        job.operation,
        Operation::Archive(_) | Operation::Trash(_) | Operation::Move(_)
    );
    away && job.counts.succeeded > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::families::tests_support;
    use bulkhead_shared::api::TopSender;

    fn job(number: u64, mails: u64, query: Option<&str>) -> Job {
        let mut job = tests_support::job("arc", number, None);
        job.counts.succeeded = mails;
        job.ended_at = Some(job.created_at);
        job.selection = match query {
            Some(query) => SelectionSummary::Query {
                query: query.to_owned(),
                except: 0,
            },
            None => SelectionSummary::Ids { count: mails },
        };
        job
    }

    #[test]
    fn mails_are_counted_by_month_and_by_search() {
        let jobs = [
            job(1, 5, Some("from:shop ")),
            job(2, 7, Some("from:bank")),
            job(3, 4, Some("from:shop")),
            job(4, 100, None),
            job(5, 0, Some("from:nobody")),
        ];
        assert_eq!(
            by_month(&jobs, |_| (2026, 10)),
            vec![((2026, 10), 116)],
            "one month has all of them"
        );
        assert_eq!(
            by_search(&jobs),
            vec![("from:shop".to_owned(), 9), ("from:bank".to_owned(), 7)]
        );
        assert_eq!(by_month(&[], |_| (2026, 10)), vec![]);
    }

    #[test]
    fn of_a_sender_only_what_surely_went_is_counted() {
        let from = |mut job: Job, senders: &[(&str, u64)]| {
            let senders = senders.iter().map(|&(address, mails)| TopSender {
                name: String::new(),
                address: address.to_owned(),
                mails,
            });
            job.senders = senders.collect();
            job
        };
        let whole = from(job(1, 10, None), &[("shop", 6), ("bank", 3), ("", 1)]);
        let mut part = from(job(2, 4, None), &[("shop", 5), ("ann", 2)]);
        part.total = 7;
        let none = from(job(3, 0, None), &[("shop", 9)]);
        let mut whole = whole;
        whole.total = 10;
        assert_eq!(
            by_sender(&[whole, part, none]),
            vec![("shop".to_owned(), 8), ("bank".to_owned(), 3)],
            "of the five of the second at least two went, and perhaps none of ann's"
        );
    }
}
