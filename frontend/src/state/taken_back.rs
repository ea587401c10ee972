//! Whether what a job did was taken back since, as far as the known jobs tell.

use bulkhead_shared::api::{Job, Relation};

/// What became of a job's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// It stands.
    No,
    /// It is being taken back right now.
    UnderWay,
    /// It was taken back; all of it, or as much as could be.
    Yes,
}

/// What became of this job's work. An undo that was undone itself leaves the job standing again.
pub fn taken_back(job: &Job, known: &[Job]) -> TakenBack {
    descend(job, known, known.len())
}

fn descend(job: &Job, known: &[Job], depth: usize) -> TakenBack {
    let is_undo = |child: &&Job| {
        child.parent.as_ref() == Some(&job.id)
            && child.relation == Some(Relation::Undo)
            && child.confirmed_at.is_some()
    };
    let latest = known
        .iter()
        .filter(is_undo)
        .max_by_key(|job| job.created_at);
    let Some(undo) = latest.filter(|_| depth > 0) else {
        return TakenBack::No;
    };
    if !undo.state.is_ended() {
        return TakenBack::UnderWay;
    }
    match descend(undo, known, depth - 1) {
        TakenBack::No if undo.counts.succeeded > 0 => TakenBack::Yes,
        TakenBack::UnderWay => TakenBack::UnderWay,
        _ => TakenBack::No,
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::job::State;

    use super::*;
    use crate::state::families::tests_support;

    fn job(number: u64, undoes: Option<(&str, u64)>) -> Job {
        let kind = if undoes.is_some() { "und" } else { "arc" };
        let mut job = tests_support::job(kind, number, undoes);
        job.relation = undoes.map(|_| Relation::Undo);
        job.confirmed_at = Some(job.created_at);
        job
    }

    #[test]
    fn an_undo_takes_back_and_its_own_undo_restores() {
        let archive = job(1, None);
        let undo = job(2, Some(("arc", 1)));
        let again = job(3, Some(("und", 2)));
        let told = |known: &[Job]| taken_back(&archive, known);
        assert_eq!(told(std::slice::from_ref(&archive)), TakenBack::No);
        assert_eq!(told(&[undo.clone(), archive.clone()]), TakenBack::Yes);
        assert_eq!(
            told(&[again.clone(), undo.clone(), archive.clone()]),
            TakenBack::No
        );
        let mut running = undo.clone();
        running.state = State::Running;
        assert_eq!(told(&[running, archive.clone()]), TakenBack::UnderWay);
        let mut draft = undo.clone();
        draft.confirmed_at = None;
        assert_eq!(told(&[draft, archive.clone()]), TakenBack::No);
        let mut nothing = undo;
        nothing.counts.succeeded = 0;
        assert_eq!(told(&[nothing, archive.clone()]), TakenBack::No);
    }
}
