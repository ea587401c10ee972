//! The history grouped by family: a job with those that undo or retry it.

use bulkhead_shared::api::{Job, Relation};
use bulkhead_shared::ids::JobId;

/// A job and its descendants, oldest first, each with its depth below the root.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// The root first; the number is the depth.
    pub members: Vec<(usize, Job)>,
}

/// Groups a listing (newest first). A child whose parent is not in the listing starts a family of
/// its own. Families are ordered by their youngest member.
pub fn grouped(jobs: &[Job]) -> Vec<Family> {
    let parent_of = |job: &Job| {
        let parent = job.parent.as_ref()?;
        jobs.iter().find(|other| &other.id == parent)
    };
    let root_of = |job: &Job| -> JobId {
        let mut current = job;
        // A family is never deeper than the listing is long, whatever the server says.
        for _ in 0..jobs.len() {
            match parent_of(current) {
                Some(parent) => current = parent,
                None => break,
            }
        }
        current.id.clone()
    };
    let mut roots: Vec<JobId> = Vec::new();
    for job in jobs {
        let root = root_of(job);
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
        .into_iter()
        .map(|root| {
            let mut members = Vec::new();
            descend(jobs, &root, 0, &mut members);
            Family { members }
        })
        .collect()
}

/// What a job and those that tried again or went on with it have done together, and of how many; none where nothing
/// did so yet.
pub fn together(job: &Job, known: &[Job]) -> Option<(u64, u64)> {
    let goes_on = |job: &Job| matches!(job.relation, Some(Relation::Retry | Relation::Rest));
    let parent = job.parent.as_ref().filter(|_| goes_on(job));
    let first = match parent {
        Some(id) => known.iter().find(|other| &other.id == id)?,
        None => job,
    };
    let further = known.iter().filter(|other| {
        other.parent.as_ref() == Some(&first.id) && goes_on(other) && other.confirmed_at.is_some()
    });
    let further: Vec<u64> = further.map(|other| other.counts.succeeded).collect();
    let done = first.counts.succeeded + further.iter().sum::<u64>();
    (!further.is_empty()).then_some((done.min(first.total), first.total))
}

fn descend(jobs: &[Job], id: &JobId, depth: usize, members: &mut Vec<(usize, Job)>) {
    if depth > jobs.len() || members.len() > jobs.len() {
        return;
    }
    if let Some(job) = jobs.iter().find(|job| &job.id == id) {
        members.push((depth, job.clone()));
        let children = jobs
            .iter()
            .rev()
            .filter(|job| job.parent.as_ref() == Some(id));
        children.for_each(|child| descend(jobs, &child.id, depth + 1, members));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::state::families::tests_support::job;

    #[test]
    fn children_stand_under_their_parent_and_the_youngest_family_first() {
        let jobs = vec![
            job("und", 4, Some(("arc", 1))),
            job("trs", 3, None),
            job("arc", 2, Some(("arc", 1))),
            job("arc", 1, None),
        ];
        let families = grouped(&jobs);
        let shape: Vec<Vec<(usize, String)>> = families
            .iter()
            .map(|family| {
                let member = |(depth, job): &(usize, Job)| (*depth, job.id.to_string());
                family.members.iter().map(member).collect()
            })
            .collect();
        let id = |kind: &str, number: u64| tests_support::id(kind, number);
        assert_eq!(
            shape,
            vec![
                vec![(0, id("arc", 1)), (1, id("arc", 2)), (1, id("und", 4))],
                vec![(0, id("trs", 3))],
            ]
        );
    }

    #[test]
    fn a_child_whose_parent_is_on_another_page_stands_alone() {
        let families = grouped(&[job("und", 4, Some(("arc", 1)))]);
        assert_eq!(families.len(), 1);
        assert_eq!(families[0].members.len(), 1);
    }

    #[test]
    fn a_job_and_its_retries_have_one_total() {
        let mut first = job("arc", 1, None);
        (first.total, first.counts.succeeded) = (10, 7);
        let mut retry = job("arc", 2, Some(("arc", 1)));
        retry.relation = Some(Relation::Retry);
        (retry.total, retry.counts.succeeded) = (3, 2);
        assert_eq!(
            together(&first, &[first.clone(), retry.clone()]),
            None,
            "nobody has said yes to the retry"
        );
        retry.confirmed_at = Some(retry.created_at);
        let known = [first.clone(), retry.clone()];
        assert_eq!(together(&first, &known), Some((9, 10)));
        assert_eq!(together(&retry, &known), Some((9, 10)));
        assert_eq!(together(&first, &[first.clone()]), None);
    }

    #[test]
    fn every_job_is_listed_once() {
        let jobs = vec![
            job("und", 3, Some(("und", 2))),
            job("und", 2, Some(("arc", 1))),
            job("arc", 1, None),
        ];
        let families = grouped(&jobs);
        assert_eq!(families.len(), 1);
        let depths: Vec<usize> = families[0]
            .members
            .iter()
            .map(|(depth, _)| *depth)
            .collect();
        assert_eq!(depths, vec![0, 1, 2]);
    }
}

#[cfg(test)]
pub(super) mod tests_support {
    #![allow(clippy::unwrap_used)]

    use bulkhead_shared::api::Job;

    pub(in crate::state) fn id(kind: &str, number: u64) -> String {
        format!("{kind}_{number:026}")
    }

    pub(in crate::state) fn job(kind: &str, number: u64, parent: Option<(&str, u64)>) -> Job {
        serde_json::from_value(serde_json::json!({
            "id": id(kind, number),
            "account": "acc_01arz3ndektsv4rrffq69g5fav",
            "operation": {"type": "archive"}, "kind": "mail",
            "selection": {"kind": "ids", "count": 1},
            "state": "completed",
            "reason": null,
            "total": 1,
            "counts": {"pending": 0, "running": 0, "succeeded": 1, "failed": 0,
                       "skipped": 0, "cancelled": 0, "uncertain": 0},
            "version": 1,
            "chunks": {"done": 1, "current": 1, "total": 1},
            "rate_per_second": null,
            "eta": null,
            "settings": {"batch_size": 10, "parallel_chunks": 1, "stop_on_error": false,
                         "retry_failed": true, "max_retries": 2, "delay_between_batches": 0.0,
                         "brake": {"enabled": true, "percent": 50, "after": 100}, "undo_days": 7},
            "created_at": "2026-11-20T10:00:00Z",
            "confirmed_at": null, "started_at": null, "ended_at": null, "confirm_by": null,
            "undo_until": null, "results_until": null,
            "parent": parent.map(|(kind, number)| id(kind, number)),
            "relation": null, "children": [], "manifest_hash": null, "reasons": []
        }))
        .unwrap()
    }
}
