//! What is stored of rules: read and written.

use bulkhead_shared::ids::AccountId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::background::KEPT;
use crate::error::Error;
use crate::ports::{Expect, Key, Ports, Write};
use crate::records::store::{Stored, load_text, text_row};
use crate::records::{RuleRecord, RulesRecord, names};

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

/// Writes all rules, if nobody else did since this version. They last as long as the account.
pub(super) async fn put_list(
    ports: &Ports,
    account: &AccountId,
    record: &RulesRecord,
    version: u64,
) -> Result<(), Error> {
    let row = text_row(names::rules(account), version + 1, record, None)?;
    let expect = match version {
        0 => Expect::Absent,
        version => Expect::Version(version),
    };
    Ok(ports.table.write(vec![Write::Put(row, expect)]).await?)
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

/// Forgets the back-tests of rules that are gone.
pub(super) async fn forget_tests(
    ports: &Ports,
    account: &AccountId,
    rules: &[String],
) -> Result<(), Error> {
    if rules.is_empty() {
        return Ok(());
    }
    let gone = rules.iter().map(|rule| {
        let key = names::rule_test(account, rule);
        Write::Delete(key, Expect::Anything)
    });
    Ok(ports.table.write(gone.collect()).await?)
}
