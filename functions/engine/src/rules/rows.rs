//! What is stored of rules: read and written.

use bulkhead_shared::ids::AccountId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::background::KEPT;
use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{ArrivedRecord, FoundRecord, RuleRecord, RulesRecord, names};

/// What somebody is told whose rule is gone.
pub(super) const NO_SUCH_RULE: &str = "This rule is no longer there.";

/// All rules with the version of their row, which is 0 as long as there are none.
pub(super) async fn list(ports: &Ports, account: &AccountId) -> Result<Stored<RulesRecord>, Error> {
    let stored = load_text(ports.table.as_ref(), &names::rules(account)).await?;
    Ok(stored.unwrap_or(Stored {
        record: RulesRecord::default(),
        version: 0,
    }))
}

/// One of them.
pub(super) fn find<'a>(rules: &'a RulesRecord, id: &str) -> Option<&'a RuleRecord> {
    rules.rules.iter().find(|rule| rule.id == id)
}

/// Writes all rules, if nobody else did since this version, and in one with them what else there is. They last as
/// long as the account.
pub(super) async fn put_list(
    ports: &Ports,
    account: &AccountId,
    record: &RulesRecord,
    version: u64,
    besides: Option<Write>,
) -> Result<(), Error> {
    let row = text_row(names::rules(account), version + 1, record, None)?;
    let expect = match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    let writes = std::iter::once(Write::Put(row, expect)).chain(besides);
    Ok(ports.table.write(writes.collect()).await?)
}

/// A record that is there or not.
pub(super) async fn get<T: DeserializeOwned>(ports: &Ports, key: &Key) -> Result<Option<T>, Error> {
    let stored = load_text::<T>(ports.table.as_ref(), key).await?;
    Ok(stored.map(|stored| stored.record))
}

/// Writes records in place of whatever was there.
pub(super) async fn put<T: Serialize>(ports: &Ports, key: Key, record: &T) -> Result<(), Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let row = text_row(key, 1, record, expires)?;
    let write = Write::Put(row, Expect::Anything);
    Ok(ports.table.write(vec![write]).await?)
}

/// Writes what a run found, and in one with it which new mails were judged. That lasts as long as the account: what is
/// forgotten would be judged again.
pub(super) async fn put_found(
    ports: &Ports,
    account: &AccountId,
    found: &FoundRecord,
    arrived: Option<&ArrivedRecord>,
) -> Result<(), Error> {
    let expires = Some(ports.clock.now() + KEPT);
    let mut rows = vec![text_row(names::rule_found(account), 1, found, expires)?];
    if let Some(arrived) = arrived {
        let key = names::rule_arrived(account, &found.rule);
        rows.push(text_row(key, 1, arrived, None)?);
    }
    let writes = rows
        .into_iter()
        .map(|row| Write::Put(row, Expect::Anything));
    Ok(ports.table.write(writes.collect()).await?)
}

/// Forgets the back-tests of rules that are gone, and which mails they judged.
pub(super) async fn forget(
    ports: &Ports,
    account: &AccountId,
    rules: &[String],
) -> Result<(), Error> {
    if rules.is_empty() {
        return Ok(());
    }
    let gone = rules.iter().flat_map(|rule| {
        [
            names::rule_test(account, rule),
            names::rule_arrived(account, rule),
        ]
    });
    let gone = gone.map(|key| Write::Delete(key, Expect::Anything));
    Ok(ports.table.write(gone.collect()).await?)
}
