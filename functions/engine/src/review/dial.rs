//! How sure a proposal has to be for a person.

use bulkhead_shared::api::ReviewDial;

use crate::access::Owned;
use crate::error::Error;
use crate::ports::{Expect, Ports, Write};
use crate::records::store::{load_text, text_row};
use crate::records::{AccountRecord, DialRecord, names};

/// What its owner has set for an account; nine in ten as long as that is nothing.
pub async fn dial(ports: &Ports, account: &Owned<AccountRecord>) -> Result<ReviewDial, Error> {
    let key = names::dial(&account.get().id);
    let stored = load_text::<DialRecord>(ports.table.as_ref(), &key).await?;
    Ok(
        stored.map_or_else(ReviewDial::default, |stored| ReviewDial {
            certainty: stored.record.certainty,
            then: stored.record.then,
        }),
    )
}

/// Sets it, for jobs that are drafted from now on.
pub async fn set_dial(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    wanted: &ReviewDial,
) -> Result<(), Error> {
    wanted.validate()?;
    let record = DialRecord {
        certainty: wanted.certainty,
        then: wanted.then,
    };
    let row = text_row(names::dial(&account.get().id), 1, &record, None)?;
    let write = Write::Put(row, Expect::Anything);
    Ok(ports.table.write(vec![write]).await?)
}
