//! Which endpoint counts for a person at this moment: the one that they chose, or else the one of the deployment.

use bulkhead_shared::ids::{AccountId, UserId};
use jiff::Timestamp;

use crate::error::Error;
use crate::ports::{DeployedModel, Ports, SealError};
use crate::records::store::{Stored, load_text};
use crate::records::{ModelAt, ModelRecord, names};

/// An endpoint that may be asked, once that is agreed to.
pub(super) struct Current {
    pub(super) record: ModelRecord,
    /// The deployment chose it, and has its key.
    deployed: Option<DeployedModel>,
}

/// The one that this person chose.
pub(super) async fn own(
    ports: &Ports,
    user: &UserId,
) -> Result<Option<Stored<ModelRecord>>, Error> {
    load_text(ports.table.as_ref(), &names::model(user)).await
}

/// The endpoint that counts for this person; none where nobody is asked.
pub(super) async fn current(ports: &Ports, user: &UserId) -> Result<Option<Current>, Error> {
    if let Some(own) = own(ports, user).await? {
        return Ok(Some(Current {
            record: own.record,
            deployed: None,
        }));
    }
    Ok(ports.deployed.as_ref().map(|deployed| Current {
        record: record_of(deployed),
        deployed: Some(deployed.clone()),
    }))
}

/// Where the deployment's model is.
pub(super) fn deployed_at(ports: &Ports) -> Option<ModelAt> {
    Some(record_of(ports.deployed.as_ref()?).at)
}

/// As if a person had chosen it, without its key: that belongs to nobody.
fn record_of(deployed: &DeployedModel) -> ModelRecord {
    let wanted = deployed.get();
    ModelRecord {
        seal: AccountId::new(Timestamp::UNIX_EPOCH, 0),
        at: ModelAt {
            url: wanted.url.clone(),
            model: wanted.model.clone(),
        },
        sealed: None,
        requests_per_minute: wanted.requests_per_minute,
        side_by_side: wanted.side_by_side,
        mails_per_request: wanted.mails_per_request,
        chosen_at: Timestamp::UNIX_EPOCH,
    }
}

impl Current {
    /// The key to it. That of the deployment goes to nowhere else than where it is configured for.
    pub(super) async fn key(&self, ports: &Ports, owner: &UserId) -> Result<Option<String>, Error> {
        if let Some(deployed) = &self.deployed {
            return Ok(deployed.get().key.clone());
        }
        let Some(sealed) = &self.record.sealed else {
            return Ok(None);
        };
        let plain = ports
            .sealer
            .unseal(self.record.sealed_for(owner), sealed)
            .await?;
        let key = String::from_utf8(plain).map_err(|_| SealError::Broken)?;
        Ok(Some(key))
    }
}
