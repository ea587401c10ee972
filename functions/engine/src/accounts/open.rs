//! Opening stored accounts, and keeping what that shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::Connection;
use bulkhead_shared::kinds::Kind;

use crate::error::Error;
use crate::ports::{self, Expect, Ports, SealedFor, Write};
use crate::records::store::{load_text, text_row};
use crate::records::{AccountRecord, names};
use crate::stores::{self, ItemStore};

/// Opens a stored account.
pub async fn open(
    ports: &Ports,
    account: &AccountRecord,
) -> Result<Arc<dyn ports::Account>, Error> {
    let plain = ports
        .sealer
        .unseal(account.sealed_for(), &account.sealed)
        .await?;
    let connection: Connection = serde_json::from_slice(&plain)?;
    let open = ports.connectors.open(&account.id, &connection).await?;
    if let Some(renewed) = open.renewed().filter(|renewed| *renewed != connection) {
        // Whatever is done with it next, even a look at it: the old ones may be worth nothing any more.
        keep(ports, account, Some(renewed), None).await?;
    }
    Ok(open)
}

/// Opens a stored account for its items of one kind.
pub(crate) async fn items(
    ports: &Ports,
    account: &AccountRecord,
    kind: Kind,
) -> Result<Arc<dyn ItemStore>, Error> {
    Ok(stores::of(open(ports, account).await?, kind)?)
}

/// Keeps what an open account can do now, and credentials that its provider has handed out meanwhile.
/// Asked where an account is used for more than reading; mostly there is nothing to write. Nothing is
/// kept if somebody else wrote the account meanwhile: they knew better.
pub(crate) async fn refresh(
    ports: &Ports,
    account: &AccountRecord,
    open: &Arc<dyn ports::Account>,
) -> Result<(), Error> {
    let stores = stores::abilities(open);
    let stores = (stores != account.stores).then_some(stores);
    let mut renewed = open.renewed();
    if renewed.is_some() {
        let plain = ports
            .sealer
            .unseal(account.sealed_for(), &account.sealed)
            .await?;
        renewed = renewed.filter(|renewed| serde_json::to_vec(renewed).ok() != Some(plain));
    }
    keep(ports, account, renewed, stores).await
}

async fn keep(
    ports: &Ports,
    account: &AccountRecord,
    renewed: Option<Connection>,
    stores: Option<BTreeMap<Kind, Abilities>>,
) -> Result<(), Error> {
    if renewed.is_none() && stores.is_none() {
        return Ok(());
    }
    let key = names::account(&account.owner, &account.id);
    let table = ports.table.as_ref();
    let Some(stored) = load_text::<AccountRecord>(table, &key).await? else {
        return Ok(());
    };
    if stored.record.sealed != account.sealed {
        return Ok(());
    }
    let sealed = match renewed {
        Some(connection) => seal(ports, account.sealed_for(), &connection).await?,
        None => stored.record.sealed.clone(),
    };
    let record = AccountRecord {
        stores: stores.unwrap_or_else(|| stored.record.stores.clone()),
        sealed,
        ..stored.record
    };
    let row = text_row(key, stored.version + 1, &record, None)?;
    let write = Write::Put(row, Expect::Version(stored.version));
    match table.write(vec![write]).await.map_err(Error::from) {
        Err(error) if error.is_conflict() => Ok(()),
        written => written,
    }
}

pub(super) async fn seal(
    ports: &Ports,
    whose: SealedFor<'_>,
    connection: &Connection,
) -> Result<Vec<u8>, Error> {
    let plain = serde_json::to_vec(connection)?;
    Ok(ports.sealer.seal(whose, &plain).await?)
}
