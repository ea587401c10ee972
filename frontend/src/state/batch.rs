//! Mails picked for a batch: the limits of the batch API, and what is said when they are near.

use std::rc::Rc;

use bulkhead_shared::api::{CLASSIFY_MOST, EmailId};
use yew::Reducible;

/// Mails that are picked, in the order in which they were.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picked {
    ids: Vec<EmailId>,
    /// Whether the last pick was more than a batch takes.
    pub is_trimmed: bool,
}

/// What changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Picks a mail, or lets it go.
    Toggle(EmailId),
    /// These and no others; what is beyond the most that any batch takes is left out.
    These(Vec<EmailId>),
    /// The first so many of those that are picked.
    First(usize),
}

impl Picked {
    /// The ids.
    pub fn ids(&self) -> &[EmailId] {
        &self.ids
    }

    /// Whether a mail is.
    pub fn has(&self, id: EmailId) -> bool {
        self.ids.contains(&id)
    }

    /// Whether so many may be asked for at once.
    pub fn fits(&self, most: usize) -> bool {
        !self.ids.is_empty() && self.ids.len() <= most
    }

    /// Whether the limit is near, or reached.
    pub fn is_near(&self, most: usize) -> bool {
        self.ids.len() <= most && self.ids.len() * 10 >= most * 9
    }
}

impl Reducible for Picked {
    type Action = Pick;

    fn reduce(self: Rc<Self>, pick: Pick) -> Rc<Self> {
        let mut ids = self.ids.clone();
        let mut is_trimmed = false;
        match pick {
            Pick::Toggle(id) => match ids.iter().position(|known| *known == id) {
                Some(place) => {
                    ids.remove(place);
                }
                None if ids.len() < CLASSIFY_MOST => ids.push(id),
                None => is_trimmed = true,
            },
            Pick::These(these) => {
                is_trimmed = these.len() > CLASSIFY_MOST;
                ids = these;
                ids.truncate(CLASSIFY_MOST);
            }
            Pick::First(most) => ids.truncate(most),
        }
        Rc::new(Self { ids, is_trimmed })
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::api::PROCESS_MOST;

    use super::*;

    fn ids(count: u128) -> Vec<EmailId> {
        (0..count).map(EmailId).collect()
    }

    fn after(picks: impl IntoIterator<Item = Pick>) -> Rc<Picked> {
        let start = Rc::new(Picked::default());
        picks
            .into_iter()
            .fold(start, |picked, pick| picked.reduce(pick))
    }

    #[test]
    fn no_more_is_picked_than_any_batch_takes() {
        let all = after([Pick::These(ids(120))]);
        assert_eq!((all.ids().len(), all.is_trimmed), (100, true));
        let more = all.reduce(Pick::Toggle(EmailId(500)));
        assert_eq!((more.ids().len(), more.is_trimmed), (100, true));
        let one_less = more.reduce(Pick::Toggle(EmailId(7)));
        assert_eq!((one_less.ids().len(), one_less.is_trimmed), (99, false));
    }

    #[test]
    fn limits_are_told_before_they_are_passed() {
        for (count, fits, near) in [
            (0, false, false),
            (44, true, false),
            (45, true, true),
            (50, true, true),
            (51, false, false),
        ] {
            let picked = after([Pick::These(ids(count))]);
            assert_eq!(
                (picked.fits(PROCESS_MOST), picked.is_near(PROCESS_MOST)),
                (fits, near),
                "{count}"
            );
        }
        let trimmed = after([Pick::These(ids(80)), Pick::First(PROCESS_MOST)]);
        assert!(
            trimmed.fits(PROCESS_MOST) && trimmed.has(EmailId(49)) && !trimmed.has(EmailId(50))
        );
    }

    #[test]
    fn a_mail_is_picked_and_let_go() {
        let id = EmailId(3);
        assert!(after([Pick::Toggle(id)]).has(id));
        assert!(!after([Pick::Toggle(id), Pick::Toggle(id)]).has(id));
    }
}
