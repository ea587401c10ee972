//! What is known of mails that somebody looked at, where a search asks what mails are about.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::class::Class;
use crate::ids::ItemId;

/// What each mail is about that was looked at, by its id. Of the others nothing is known: a mail that nobody looked at
/// matches neither a class nor its opposite. Every `class:` of a search has the same.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Looked(Arc<Known>);

#[derive(Default, PartialEq, Eq)]
struct Known {
    /// Counts up with what is known.
    revision: u64,
    classes: HashMap<ItemId, Class>,
}

impl Looked {
    /// What is known, with a number that is another one as soon as something else is.
    pub fn new(revision: u64, classes: HashMap<ItemId, Class>) -> Self {
        Self(Arc::new(Known { revision, classes }))
    }

    /// Whether a mail is of this class, or, where none is wanted, was not looked at; none where nobody knows.
    pub fn tells(&self, wanted: Option<Class>, id: &ItemId) -> Option<bool> {
        let known = self.0.classes.get(id);
        match wanted {
            Some(class) => known.map(|known| *known == class),
            None => Some(known.is_none()),
        }
    }

    /// All mails that were looked at, in no order.
    pub fn mails(&self) -> impl Iterator<Item = (&ItemId, Class)> {
        self.0.classes.iter().map(|(id, class)| (id, *class))
    }
}

/// Short, because it may be a hundred thousand mails: two that read alike are alike.
impl fmt::Debug for Looked {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Known { revision, classes } = self.0.as_ref();
        write!(to, "Looked({revision}, {} mails)", classes.len())
    }
}
