//! The model that a person chose, and which of their accounts' mails may be sent there. Whoever chose none, or has not
//! agreed for an account, has its mails told by what is built in.

mod agreed;
mod asked;
mod current;
mod estimate;

use bulkhead_shared::api::{AgreedAccount, ChooseModel, ChosenModel, ModelEndpoint};
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::problem::Invalid;
use serde_json::json;

use crate::audit::{self, Fact};
use crate::error::Error;
use crate::ports::{CallError, Expect, Ports, SealedFor, Span, Write};
use crate::records::store::{load_text, read_text, text_row};
use crate::records::{AgreedRecord, ModelAt, ModelRecord, model_name, names};

use current::{deployed_at, own};

pub use agreed::{agree, consent, withdraw};
pub(crate) use asked::{Asked, of_draft, opened, opened_to_write};
pub(crate) use estimate::{of_job, of_preview};

/// Who tells what this person's mails are about.
pub async fn chosen(ports: &Ports, user: &UserId) -> Result<ChosenModel, Error> {
    let own = own(ports, user).await?.map(|stored| stored.record);
    let deployed = deployed_at(ports);
    let at = own.as_ref().map(|record| &record.at).or(deployed.as_ref());
    let mut agreed = Vec::new();
    if let Some(at) = at {
        let given = all_agreed(ports, user).await?.into_iter();
        agreed.extend(
            given
                .filter(|given| given.to == *at)
                .map(|given| AgreedAccount {
                    account: given.account,
                    at: given.at,
                }),
        );
    }
    Ok(ChosenModel {
        name: model_name(at),
        agreed,
        endpoint: own.map(view),
        deployed: deployed.map(|at| at.named()),
    })
}

fn view(record: ModelRecord) -> ModelEndpoint {
    ModelEndpoint {
        named: record.at.named(),
        url: record.at.url,
        has_key: record.sealed.is_some(),
        requests_per_minute: record.requests_per_minute,
        side_by_side: record.side_by_side,
        mails_per_request: record.mails_per_request,
        chosen_at: record.chosen_at,
    }
}

/// Chooses an endpoint. Nobody is asked, and nothing is sent there before it is agreed to; what was agreed to for another
/// one does not count for this one.
pub async fn choose(
    ports: &Ports,
    user: &UserId,
    wanted: &ChooseModel,
) -> Result<ChosenModel, Error> {
    wanted.validate()?;
    match ports.endpoints.check(&wanted.url) {
        Ok(()) => {}
        Err(CallError::Unsupported(why)) => return Err(Invalid::new("url", why).into()),
        Err(error) => return Err(error.into()),
    }
    let known = own(ports, user).await?;
    let now = ports.clock.now();
    let at = ModelAt {
        url: wanted.url.clone(),
        model: wanted.model.clone(),
    };
    let kept = known.as_ref().map(|stored| &stored.record);
    let (seal, sealed) = match (&wanted.key, kept) {
        (Some(key), _) => {
            let seal = AccountId::new(now, ports.random.bits());
            let whose = SealedFor {
                owner: user,
                account: &seal,
            };
            let sealed = ports.sealer.seal(whose, key.as_bytes()).await?;
            (seal, Some(sealed))
        }
        // A key goes to the address that it was entered for, and to no other.
        (None, Some(kept)) if kept.at.url == at.url => (kept.seal.clone(), kept.sealed.clone()),
        (None, _) => (AccountId::new(now, ports.random.bits()), None),
    };
    let record = ModelRecord {
        seal,
        at,
        sealed,
        requests_per_minute: wanted.requests_per_minute,
        side_by_side: wanted.side_by_side,
        mails_per_request: wanted.mails_per_request,
        chosen_at: now,
    };
    let (version, expect) = match &known {
        Some(known) => (known.version + 1, Expect::Version(known.version)),
        None => (1, Expect::Absent),
    };
    let row = text_row(names::model(user), version, &record, None)?;
    let named = record.at.named();
    let facts = json!({ "model": named.model, "host": named.host });
    record_fact(
        ports,
        user,
        "model_chosen",
        None,
        facts,
        Write::Put(row, expect),
    )
    .await?;
    chosen(ports, user).await
}

/// Goes back to what is built in. The key is forgotten, and with it everything that was agreed to.
pub async fn forget(ports: &Ports, user: &UserId) -> Result<(), Error> {
    for given in all_agreed(ports, user).await? {
        let key = names::agreed(user, &given.account);
        ports
            .table
            .write(vec![Write::Delete(key, Expect::Anything)])
            .await?;
    }
    let Some(known) = own(ports, user).await? else {
        return Ok(());
    };
    let gone = Write::Delete(names::model(user), Expect::Version(known.version));
    record_fact(ports, user, "model_forgotten", None, json!({}), gone).await
}

/// Stores a row with the fact that it makes true.
async fn record_fact(
    ports: &Ports,
    user: &UserId,
    event: &str,
    account: Option<&AccountId>,
    facts: serde_json::Value,
    write: Write,
) -> Result<(), Error> {
    let fact = Fact {
        event: event.to_owned(),
        job: None,
        account,
        facts,
    };
    match audit::record(ports, user, fact, vec![write]).await {
        Err(error) if error.is_conflict() => Err(Error::NotPossible(
            "The settings changed in this moment; look again.",
        )),
        recorded => recorded,
    }
}

/// What was agreed to for an account.
async fn agreed_to(
    ports: &Ports,
    user: &UserId,
    account: &AccountId,
) -> Result<Option<AgreedRecord>, Error> {
    let stored = load_text(ports.table.as_ref(), &names::agreed(user, account)).await?;
    Ok(stored.map(|stored| stored.record))
}

async fn all_agreed(ports: &Ports, user: &UserId) -> Result<Vec<AgreedRecord>, Error> {
    let span = Span {
        partition: names::model(user).partition,
        from: names::AGREED_FROM.to_owned(),
        to: format!("{}~", names::AGREED_FROM),
        reverse: false,
        limit: None,
    };
    let rows = ports.table.range(&span).await?;
    rows.iter().map(|row| Ok(read_text(row)?.record)).collect()
}
