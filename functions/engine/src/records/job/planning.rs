//! What a planner notes of a job while its selection is frozen.

use bulkhead_shared::api::{KeptOut, TouchedFolder, UndoPreview};
use bulkhead_shared::hash::{HashSoFar, ManifestHash};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::job::State;
use bulkhead_shared::unsearched::Unsearched;
use jiff::Timestamp;

use crate::ports::Facts;

use super::SCHEMA_OF_MODEL;
use super::{EarlierRows, Guard, JobFields, JobRecord, PutDown, UnreadableWhy};

/// Folders that a job's row names: more than a preview shows, and the row stays small.
const FOLDERS_NAMED: usize = 50;
/// Planners in a row that may die without having stored a page, before the plan is given up.
const ATTEMPTS: u32 = 5;
/// What a program has to know that finds rows of several planners.
const SCHEMA_OF_EARLIER: u32 = 2;
/// Generations of rows that a planner has: one for what it gathers page by page, and the next one for what is
/// made of that in the end.
const GENERATIONS: u32 = 2;

/// What came of the attempt to take a job for planning.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// There is nothing to plan, or another planner is at it or it is too early: then until when.
    No(Option<Timestamp>),
    /// All planners before died without a word.
    TooOften,
    /// It is this planner's: it goes on there, or begins.
    At(Option<PutDown>),
}

/// What a page told besides its items.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The folder of each of its items, where that is known.
    pub(crate) folders: Vec<String>,
    /// What was told of each of its mails.
    pub(crate) facts: Vec<(ItemId, Facts)>,
    /// Mails of it that are no part of the job.
    pub(crate) kept_out: KeptOut,
    /// What could not be searched; the same may be told more than once.
    pub(crate) unsearched: Vec<Unsearched>,
    /// For an undo: what these items look like now.
    pub(crate) undo: Option<UndoPreview>,
    /// Items that belong to it and are not in it, where their records are not just damaged.
    pub(crate) unreadable_why: UnreadableWhy,
}

/// Items that are stored, in rows of the job's generation but for the earlier ones.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) total: u64,
    pub(crate) hash: ManifestHash,
    pub(crate) hash_so_far: HashSoFar,
    pub(crate) earlier: Vec<EarlierRows>,
}

impl JobRecord {
    /// A planner takes it, until this time unless it says something before. It goes on after the last page
    /// that another one stored. Unless that one put its work down in order, it may only sleep, and write still:
    /// so what follows has a generation of rows of its own.
    pub(crate) fn take_for_planning(&mut self, until: Timestamp, now: Timestamp) -> Taken {
        let job = &mut self.0;
        if job.state != State::Planning {
            return Taken::No(None);
        }
        if let Some(until) = job.planning_until.filter(|until| *until > now) {
            return Taken::No(Some(until));
        }
        let stored_as = job.generation;
        let in_order = job
            .put_down
            .as_ref()
            .is_some_and(|put_down| !put_down.taken);
        if !in_order {
            if job.plan_attempts >= ATTEMPTS {
                return Taken::TooOften;
            }
            job.plan_attempts += 1;
            job.generation += GENERATIONS;
        }
        match &mut job.put_down {
            Some(put_down) => {
                put_down.generation.get_or_insert(stored_as);
                put_down.taken = true;
            }
            None => {
                job.rows_are(Vec::new());
                job.total = 0;
                job.undo_preview = None;
                job.groups = None;
                job.unreadable_why = UnreadableWhy::default();
                job.unsearched = Vec::new();
                job.folders = Vec::new();
                job.elsewhere = 0;
                job.summary = None;
                job.guard.iter_mut().for_each(Guard::forget);
            }
        }
        job.planning_until = Some(until);
        Taken::At(job.put_down.clone())
    }

    /// What was put down is not to be had as it was: the next planner begins anew.
    pub(crate) fn forget_put_down(&mut self) {
        self.0.put_down = None;
        self.0.planning_until = None;
    }

    /// The account's sync token before anything of it was read.
    pub(crate) fn read_from(&mut self, sync_token: Option<String>) {
        self.0.sync_token = sync_token;
    }

    /// A page was read.
    pub(crate) fn found(&mut self, found: Found) {
        for folder in &found.folders {
            self.0.touches(folder);
        }
        for (id, facts) in found.facts {
            self.0.summary.get_or_insert_default().add(&id, facts);
        }
        if let Some(guard) = &mut self.0.guard {
            guard.keeps_out(found.kept_out);
        }
        for one in found.unsearched {
            let job = &mut self.0;
            if !job.unsearched.contains(&one) && job.unsearched.len() < FOLDERS_NAMED {
                job.unsearched.push(one);
            }
        }
        if let Some(more) = found.undo {
            let seen = self.0.undo_preview.get_or_insert_default();
            seen.can_go_back += more.can_go_back;
            seen.changed_since += more.changed_since;
            seen.gone += more.gone;
            seen.unanswered += more.unanswered;
            seen.unclear += more.unclear;
        }
        self.0.unreadable_why += found.unreadable_why;
    }

    /// So many items cannot be read, of all that belong to it.
    pub(crate) fn leave_out(&mut self, unreadable: u64) {
        self.0.unreadable = unreadable;
    }

    /// So many rows are left out, because their addresses get no mail.
    pub(crate) fn suppress(&mut self, rows: u64) {
        self.0.suppressed = rows;
    }

    /// Its items are duplicates in so many groups.
    pub(crate) fn grouped(&mut self, groups: u64) {
        self.0.groups = Some(groups);
    }

    /// All items before this page are stored. Whoever goes on begins there, also if this planner dies.
    pub(crate) fn reached(&mut self, gathered: Gathered, cursor: Option<String>) {
        self.0.plan_attempts = 1;
        self.0.plan_troubles = 0;
        self.0.total = gathered.total;
        self.0.rows_are(gathered.earlier);
        self.0.put_down = Some(PutDown {
            cursor,
            generation: Some(self.generation),
            hash: Some(gathered.hash),
            hash_so_far: Some(gathered.hash_so_far),
            taken: true,
        });
    }

    /// The provider could not be reached, or what was put down could not be read back in time. Says whether
    /// that is one time too many.
    pub(crate) fn plan_trouble(&mut self) -> bool {
        self.0.plan_troubles += 1;
        self.0.plan_troubles >= ATTEMPTS
    }

    /// Trouble of the moment stopped the planner: that is no attempt. What it wrote last may arrive yet.
    pub(crate) fn plan_interrupted(&mut self) {
        self.0.plan_attempts = self.plan_attempts.saturating_sub(1);
        self.0.planning_until = None;
    }

    /// The planner that has it puts its work down in order, after the last page that was stored. None takes it
    /// before `until`.
    pub(crate) fn put_down(&mut self, until: Option<Timestamp>) {
        self.0.put_down.get_or_insert_default().taken = false;
        self.0.planning_until = until;
    }

    /// Whoever had it is gone: another planner may take it at once.
    pub(crate) fn take_from_planner(&mut self) {
        self.0.planning_until = None;
    }
}

impl JobFields {
    /// Notes which of its rows are of earlier planners.
    pub(super) fn rows_are(&mut self, earlier: Vec<EarlierRows>) {
        let of_rows = match earlier.is_empty() {
            true => 0,
            false => SCHEMA_OF_EARLIER,
        };
        self.schema = match self.model {
            Some(_) => SCHEMA_OF_MODEL.max(of_rows),
            None => of_rows,
        };
        self.earlier = earlier;
    }

    /// Notes the folder of an item that was frozen, in the manifest's order.
    fn touches(&mut self, folder: &str) {
        let room = self.folders.len() < FOLDERS_NAMED;
        match self.folders.iter_mut().rfind(|known| known.name == folder) {
            Some(known) => known.items += 1,
            None if room => self.folders.push(TouchedFolder {
                name: folder.to_owned(),
                items: 1,
                seen_by_others: false,
            }),
            None => self.elsewhere += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{after_noon, drafted, hash, noon};
    use super::*;
    use bulkhead_shared::hash::Hasher;
    use bulkhead_shared::unsearched::UnsearchedWhy;

    fn takes(job: &mut JobRecord, now: i64) -> Taken {
        job.take_for_planning(after_noon(now + 60), after_noon(now))
    }

    fn so_far(job: &JobRecord) -> HashSoFar {
        Hasher::new(&job.account, &job.operation, &job.settings).so_far()
    }

    fn gathered(job: &JobRecord, total: u64) -> Gathered {
        Gathered {
            total,
            hash: hash(),
            hash_so_far: so_far(job),
            earlier: Vec::new(),
        }
    }

    #[test]
    fn a_planner_has_a_job_to_the_instant_and_rows_of_its_own() {
        let mut job = drafted();
        assert_eq!(takes(&mut job, 0), Taken::At(None));
        assert_eq!((job.generation, job.plan_attempts), (2, 1));
        assert_eq!(job.planning_until, Some(after_noon(60)));
        assert_eq!(takes(&mut job, 59), Taken::No(Some(after_noon(60))));
        assert_eq!(takes(&mut job, 60), Taken::At(None));
        assert_eq!((job.generation, job.plan_attempts), (4, 2));
        job.take_from_planner();
        assert_eq!(takes(&mut job, 61), Taken::At(None));
        let _ = job.freeze(0, 4, 6, Vec::new(), hash(), noon()).unwrap();
        assert_eq!(takes(&mut job, 500), Taken::No(None));
        assert_eq!((job.planning_until, &job.put_down), (None, &None));
    }

    #[test]
    fn after_five_planners_that_died_without_a_page_there_is_no_sixth() {
        let mut job = drafted();
        for attempt in 0..5 {
            assert_eq!(takes(&mut job, attempt * 60), Taken::At(None), "{attempt}");
        }
        assert_eq!(takes(&mut job, 300), Taken::TooOften);
        // What stopped it was trouble of the moment: that was no attempt.
        job.plan_interrupted();
        assert_eq!((job.plan_attempts, job.planning_until), (4, None));
        assert_eq!(takes(&mut job, 300), Taken::At(None));
    }

    #[test]
    fn who_goes_on_begins_behind_the_last_page_that_was_stored() {
        let mut job = drafted();
        let _ = takes(&mut job, 0);
        let _ = takes(&mut job, 60);
        job.plan_trouble();
        job.reached(gathered(&job, 7), Some("page 2".to_owned()));
        assert_eq!((job.total, job.plan_attempts, job.plan_troubles), (7, 1, 0));
        let put_down = |taken| PutDown {
            cursor: Some("page 2".to_owned()),
            generation: Some(4),
            hash: Some(hash()),
            hash_so_far: Some(so_far(&drafted())),
            taken,
        };
        assert_eq!(job.put_down, Some(put_down(true)));
        // It died: the next one has rows of its own, and what was stored stays.
        assert_eq!(takes(&mut job, 120), Taken::At(Some(put_down(true))));
        assert_eq!((job.generation, job.plan_attempts, job.total), (6, 2, 7));
        // It puts its work down in order: the next one goes on with the same rows.
        job.put_down(Some(after_noon(150)));
        assert_eq!(job.put_down, Some(put_down(false)));
        assert_eq!(takes(&mut job, 149), Taken::No(Some(after_noon(150))));
        assert_eq!(takes(&mut job, 150), Taken::At(Some(put_down(true))));
        assert_eq!((job.generation, job.plan_attempts), (6, 2));
        job.forget_put_down();
        assert_eq!((&job.put_down, job.planning_until), (&None, None));
        assert_eq!(takes(&mut job, 150), Taken::At(None));
        assert_eq!((job.generation, job.total), (8, 0));
    }

    #[test]
    fn what_was_put_down_before_anything_was_stored_is_of_the_rows_that_were_there() {
        let mut job = drafted();
        let _ = takes(&mut job, 0);
        job.put_down(None);
        let in_order = PutDown {
            generation: Some(2),
            taken: true,
            ..PutDown::default()
        };
        assert_eq!(takes(&mut job, 1), Taken::At(Some(in_order)));
        assert_eq!((job.generation, job.plan_attempts), (2, 1));
    }

    #[test]
    fn a_provider_that_cannot_be_reached_five_times_in_a_row_is_given_up() {
        let mut job = drafted();
        let troubles: Vec<bool> = (0..6).map(|_| job.plan_trouble()).collect();
        assert_eq!(troubles, [false, false, false, false, true, true]);
    }

    fn folders(job: &JobRecord) -> Vec<(&str, u64)> {
        let folders = job.folders.iter();
        folders.map(|it| (it.name.as_str(), it.items)).collect()
    }

    #[test]
    fn fifty_folders_are_named_and_of_the_others_the_items_are_counted() {
        let mut job = drafted();
        let found = |folders: &[&str]| Found {
            folders: folders.iter().map(|&it| it.to_owned()).collect(),
            ..Found::default()
        };
        job.found(found(&["a", "b", "a"]));
        job.found(found(&["b", "b"]));
        assert_eq!(folders(&job), [("a", 2), ("b", 3)]);
        let more: Vec<String> = (0..50).map(|number| format!("f{number}")).collect();
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        job.found(found(&more));
        assert_eq!((job.folders.len(), job.elsewhere), (50, 2));
        assert_eq!(job.folders[49].name, "f47");
        job.found(found(&["f49", "a", "f49"]));
        assert_eq!(folders(&job)[0], ("a", 3));
        assert_eq!((job.folders.len(), job.elsewhere), (50, 4));
    }

    #[test]
    fn what_pages_tell_is_added_up_and_told_once() {
        let mut job = drafted();
        job.0.guard = Some(Guard::default());
        let unsearched = |folder: &str| Unsearched {
            folder: folder.to_owned(),
            why: UnsearchedWhy::Forbidden,
            items: None,
        };
        let page = |names: &[&str]| Found {
            kept_out: KeptOut {
                starred: 1,
                answered: 2,
                of_senders: 3,
                labelled: 4,
            },
            unsearched: names.iter().map(|name| unsearched(name)).collect(),
            undo: Some(UndoPreview {
                can_go_back: 1,
                changed_since: 2,
                gone: 3,
                unanswered: 4,
                unclear: 5,
            }),
            unreadable_why: UnreadableWhy {
                newer: 1,
                missing: 2,
            },
            ..Found::default()
        };
        job.found(page(&["a", "b", "a"]));
        job.found(page(&["b"]));
        let kept_out = KeptOut {
            starred: 2,
            answered: 4,
            of_senders: 6,
            labelled: 8,
        };
        assert_eq!(job.guard.as_ref().unwrap().kept_out, kept_out);
        assert_eq!(job.unsearched, ["a", "b"].map(unsearched));
        let undo = UndoPreview {
            can_go_back: 2,
            changed_since: 4,
            gone: 6,
            unanswered: 8,
            unclear: 10,
        };
        assert_eq!(job.undo_preview, Some(undo));
        let why = UnreadableWhy {
            newer: 2,
            missing: 4,
        };
        assert_eq!(job.unreadable_why, why);
        let many: Vec<String> = (0..60).map(|number| format!("f{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        job.found(page(&many));
        assert_eq!(job.unsearched.len(), 50);
        // A planner that begins anew counts anew.
        assert_eq!(takes(&mut job, 0), Taken::At(None));
        assert_eq!(job.guard.as_ref().unwrap().kept_out, KeptOut::default());
        assert_eq!((job.unsearched.len(), &job.undo_preview), (0, &None));
        assert_eq!(job.unreadable_why, UnreadableWhy::default());
    }

    #[test]
    fn what_a_planner_notes_is_what_the_record_says() {
        let mut job = drafted();
        job.read_from(Some("token".to_owned()));
        job.leave_out(3);
        job.suppress(4);
        job.grouped(5);
        assert_eq!(job.sync_token.as_deref(), Some("token"));
        assert_eq!(
            (job.unreadable, job.suppressed, job.groups),
            (3, 4, Some(5))
        );
    }
}
