//! What has to be known of a mailbox before its mails are looked at for a rule.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bulkhead_shared::api::{LookFor, Role};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::operations::{MailTarget, Target};
use bulkhead_shared::outcome::ItemResult;
use bulkhead_shared::query::Query;
use bulkhead_shared::rules::RuleWords;
use jiff::Timestamp;

use super::arrived::Arrived;
use super::judge::{Known, Sure, is_of_sender, sure};
use crate::classes;
use crate::error::Error;
use crate::people::people;
use crate::ports::{Account, MailStore, Ports};
use crate::records::{AccountRecord, RuleRecord};
use crate::scan;

/// Mails in one page.
pub(super) const PAGE: u32 = 200;

/// A rule before this one, with what it finds now.
struct Earlier {
    rule: RuleWords,
    found: HashSet<ItemId>,
}

/// What somebody looks for.
pub(super) struct Sought {
    pub(super) wanted: LookFor,
    /// Ages are counted from there.
    pub(super) now: Timestamp,
    /// Only mails that came since.
    pub(super) since: Option<Timestamp>,
}

impl Sought {
    /// This search for mails that came since.
    pub(super) fn narrowed(&self, query: Query) -> Query {
        match self.since {
            Some(since) => Query::All(vec![query, Arrived::term(since)]),
            None => query,
        }
    }
}

/// What is known.
pub(super) struct Sight {
    pub(super) wanted: LookFor,
    pub(super) rule: RuleWords,
    pub(super) target: MailTarget,
    /// The folder that the operation names, where it names one.
    pub(super) folder: Option<String>,
    /// What folders that have a role are for.
    roles: HashMap<String, Role>,
    pub(super) known: Known,
    /// The headers were read, so it is known who was ever answered.
    pub(super) knows_answered: bool,
    /// What the rule finds as things are.
    pub(super) found: HashSet<ItemId>,
    earlier: Vec<Earlier>,
}

impl Sight {
    /// What is known of an account for a rule. Of a run also what rules before it have; of a test what it finds now.
    pub(super) async fn of(
        ports: &Ports,
        account: &AccountRecord,
        open: Arc<dyn Account>,
        rule: &RuleWords,
        sought: &Sought,
        before: &[RuleRecord],
    ) -> Result<Option<Self>, Error> {
        let Some(mail) = open.clone().mail() else {
            return Ok(None);
        };
        let Some(Target::Mail(target)) = rule.operation.target() else {
            return Ok(None);
        };
        let mail = mail.as_ref();
        let folder = match &target {
            MailTarget::Into(role) => Some(mail.target_for(*role).await?.name),
            MailTarget::IntoFolder { name, .. } => Some(mail.folder_named(name).await?),
            MailTarget::Flags { .. } | MailTarget::Reply => None,
        };
        let folders = mail.folders().await?.folders.into_iter();
        let roles = folders.filter_map(|folder| Some((folder.name, folder.role?)));
        let answered = answered(ports, account, rule).await?;
        let (wanted, now) = (sought.wanted, sought.now);
        let mut sight = Self {
            wanted,
            rule: rule.clone(),
            target,
            folder,
            roles: roles.collect(),
            knows_answered: answered.is_some(),
            known: Known {
                people: match rule.hides() {
                    true => people(open).await?,
                    false => HashSet::new(),
                },
                answered: answered.unwrap_or_default(),
            },
            found: HashSet::new(),
            earlier: Vec::new(),
        };
        match wanted {
            LookFor::Test => sight.found = all(ports, account, mail, rule.query(), now).await?,
            LookFor::Run => {
                for before in before.iter().filter(|it| it.on_since.is_some()) {
                    let query = before.rule.query().map(|query| sought.narrowed(query));
                    sight.earlier.push(Earlier {
                        found: all(ports, account, mail, query, now).await?,
                        rule: before.rule.clone(),
                    });
                }
            }
        }
        Ok(Some(sight))
    }

    /// Whether mails of this folder are none that came to a person: what they wrote, and what is spam.
    pub(super) fn is_apart(&self, folder: &str) -> bool {
        let role = self.roles.get(folder);
        matches!(role, Some(Role::Sent | Role::Drafts | Role::Spam))
    }

    /// Whether it has to be told what mails are about.
    pub(super) fn needs_classes(&self) -> bool {
        self.rules().any(|rule| !rule.classes.is_empty())
    }

    /// Whether it matters who sent a mail.
    pub(super) fn needs_senders(&self) -> bool {
        self.rule.hides() || self.rules().any(|rule| !rule.senders.is_empty())
    }

    /// This rule and those before it.
    fn rules(&self) -> impl Iterator<Item = &RuleWords> {
        let earlier = self.earlier.iter().map(|earlier| &earlier.rule);
        std::iter::once(&self.rule).chain(earlier)
    }

    /// Whether a rule before this one has this mail.
    pub(super) fn is_taken(&self, id: &ItemId, sender: &str, said: Option<&ItemResult>) -> bool {
        self.earlier.iter().any(|earlier| {
            let rule = &earlier.rule;
            let enough = match sure(rule, said) {
                Sure::Percent(percent) => percent >= rule.percent,
                Sure::Other | Sure::Untold => false,
            };
            enough && is_of_sender(rule, sender) && earlier.found.contains(id)
        })
    }
}

/// All that a search finds.
async fn all(
    ports: &Ports,
    account: &AccountRecord,
    mail: &dyn MailStore,
    query: Option<Query>,
    now: Timestamp,
) -> Result<HashSet<ItemId>, Error> {
    let mut found = HashSet::new();
    let Some(query) = query else {
        return Ok(found);
    };
    let query = classes::knowing(ports, &account.id, query).await?;
    let mut cursor: Option<String> = None;
    loop {
        let most = mail.abilities().page_items;
        let page = mail.matches(&query, now, cursor.as_deref(), most).await?;
        found.extend(page.matches.into_iter().map(|found| found.id));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}

/// Who was ever answered, by the headers that were read; none if they never were.
async fn answered(
    ports: &Ports,
    account: &AccountRecord,
    rule: &RuleWords,
) -> Result<Option<HashSet<String>>, Error> {
    if !rule.hides() {
        return Ok(Some(HashSet::new()));
    }
    let folders = scan::scanned(ports, account).await?;
    Ok(folders.map(|folders| {
        let mut answered = HashSet::new();
        for folder in &folders {
            let mails = folder.mails.iter().filter(|mail| mail.answered);
            let senders = mails.filter_map(|mail| folder.senders.get(mail.sender as usize));
            answered.extend(senders.map(|sender| sender.address.clone()));
        }
        answered.remove("");
        answered
    }))
}
