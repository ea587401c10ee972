//! Opening stored accounts, and keeping what that shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::api::Connection;
use bulkhead_shared::kinds::Kind;

use crate::error::Error;
use crate::ports::{self, Expect, Ports, SealedFor, Write};
use crate::records::pace::Paces;
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
        let learned = Learned {
            renewed: Some(renewed),
            ..Learned::default()
        };
        keep(ports, account, learned).await?;
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

/// What an open account showed that is worth keeping.
#[derive(Default)]
struct Learned {
    /// Credentials that its provider handed out anew.
    renewed: Option<Connection>,
    /// What can be done with it.
    stores: Option<BTreeMap<Kind, Abilities>>,
    /// How many items go into a call.
    paces: Option<Paces>,
}

/// Keeps what an open account can do now, and credentials that its provider has handed out meanwhile. Asked where
/// an account is used for more than reading.
pub(crate) async fn refresh(
    ports: &Ports,
    account: &AccountRecord,
    open: &Arc<dyn ports::Account>,
) -> Result<(), Error> {
    remember(ports, account, open, &account.paces).await
}

/// Keeps what an open account can do now, how fast it is, and credentials that its provider has handed out
/// meanwhile. Mostly there is nothing to write. Nothing is kept if somebody else wrote the account meanwhile: they
/// knew better.
pub(crate) async fn remember(
    ports: &Ports,
    account: &AccountRecord,
    open: &Arc<dyn ports::Account>,
    paces: &Paces,
) -> Result<(), Error> {
    let stores = stores::abilities(open);
    let mut learned = Learned {
        renewed: open.renewed(),
        stores: (stores != account.stores).then_some(stores),
        paces: (*paces != account.paces).then(|| paces.clone()),
    };
    if learned.renewed.is_some() {
        let plain = ports
            .sealer
            .unseal(account.sealed_for(), &account.sealed)
            .await?;
        let is_new = |renewed: &Connection| serde_json::to_vec(renewed).ok() != Some(plain);
        learned.renewed = learned.renewed.filter(is_new);
    }
    keep(ports, account, learned).await
}

async fn keep(ports: &Ports, account: &AccountRecord, learned: Learned) -> Result<(), Error> {
    let Learned {
        renewed,
        stores,
        paces,
    } = learned;
    if renewed.is_none() && stores.is_none() && paces.is_none() {
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
        paces: paces.unwrap_or_else(|| stored.record.paces.clone()),
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
