//! The commands that are used, each with the parameters that it is given. Written after Microsoft's public
//! reference of them (office-docs-powershell, `exchange-ps/exchange`).

use bulkhead_shared::kinds::mailbox::{Guid, Profile, Restoration};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fault::{Fault, Refusal};
use super::invoke::{Invoker, Parameters};
use super::objects::Object;
use super::{random, rules};
use bulkhead_engine::kinds::mailbox::Restored;

/// GUIDs in one filter: it stays far below the 10 kB that filters may have.
const FILTERED: usize = 20;

fn parameters(value: Value) -> Parameters {
    match value {
        Value::Object(parameters) => parameters,
        _ => Parameters::new(),
    }
}

/// One object, or none where what the command names is not there.
fn one(found: Result<Vec<Object>, Fault>) -> Result<Option<Object>, Fault> {
    match found {
        Ok(objects) => Ok(objects.into_iter().next()),
        Err(Fault::Refused(Refusal::NotFound)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

impl Invoker {
    async fn of_one(&self, command: &str, value: Value) -> Result<Option<Object>, Fault> {
        one(self.run(command, parameters(value)).await)
    }

    /// All mailboxes, inactive ones too. Without `ResultSize` there are a thousand of them.
    pub(super) async fn all_mailboxes(&self) -> Result<Vec<Object>, Fault> {
        let value = json!({ "IncludeInactiveMailbox": true, "ResultSize": "Unlimited" });
        self.run("Get-Mailbox", parameters(value)).await
    }

    /// The inactive ones.
    pub(super) async fn some_inactive(&self) -> Result<Vec<Object>, Fault> {
        let value = json!({ "InactiveMailboxOnly": true, "ResultSize": "Unlimited" });
        self.run("Get-Mailbox", parameters(value)).await
    }

    /// Whether restore requests are this application's business.
    pub(super) async fn may_restore(&self) -> Result<(), Fault> {
        let value = json!({ "ResultSize": 1 });
        let found = self
            .run("Get-MailboxRestoreRequest", parameters(value))
            .await;
        one(found).map(drop)
    }

    /// Mailboxes of these GUIDs, in no order.
    pub(super) async fn mailboxes(&self, guids: &[Guid]) -> Result<Vec<Object>, Fault> {
        let mut found = Vec::new();
        for guids in guids.chunks(FILTERED) {
            let terms = guids
                .iter()
                .map(|guid| format!("ExchangeGuid -eq '{guid}'"));
            let filter = terms.collect::<Vec<_>>().join(" -or ");
            let value = json!({
                "Filter": filter,
                "IncludeInactiveMailbox": true,
                "ResultSize": "Unlimited",
            });
            found.extend(self.run("Get-Mailbox", parameters(value)).await?);
        }
        Ok(found)
    }

    /// The mailbox in use of this name.
    pub(super) async fn named(&self, name: &str) -> Result<Option<Object>, Fault> {
        self.of_one("Get-Mailbox", json!({ "Identity": name }))
            .await
    }

    pub(super) async fn person(&self, upn: &str) -> Result<Option<Object>, Fault> {
        self.of_one("Get-User", json!({ "Identity": upn })).await
    }

    pub(super) async fn statistics(&self, guid: &Guid) -> Result<Option<Object>, Fault> {
        let value = json!({ "Identity": guid, "IncludeSoftDeletedRecipients": true });
        self.of_one("Get-MailboxStatistics", value).await
    }

    /// Makes an inactive mailbox an active one. Whose it becomes sets a password of their own.
    pub(super) async fn recover(&self, inactive: &Object, to: &Profile) -> Result<(), Fault> {
        let password = random::password().map_err(|_| Fault::NotSent("nothing random is here"))?;
        let name = super::objects::text(inactive, "DistinguishedName");
        let mut value = parameters(json!({
            "InactiveMailbox": name,
            "Name": to.name(),
            "DisplayName": to.name(),
            "MicrosoftOnlineServicesID": to.upn,
            "Password": password,
            "ResetPasswordOnNextLogon": true,
        }));
        for (name, text) in [("FirstName", &to.first_name), ("LastName", &to.last_name)] {
            if !text.is_empty() {
                value.insert(name.to_owned(), json!(text));
            }
        }
        self.run("New-Mailbox", value).await.map(drop)
    }

    /// Sets what `New-Mailbox` does not.
    pub(super) async fn complete(&self, to: &Profile) -> Result<(), Fault> {
        if !to.smtp.eq_ignore_ascii_case(&to.upn) {
            let value = json!({ "Identity": to.upn, "WindowsEmailAddress": to.smtp });
            self.run("Set-Mailbox", parameters(value)).await?;
        }
        let mut value = Parameters::new();
        for (name, text) in [("Department", &to.department), ("Company", &to.company)] {
            if !text.is_empty() {
                value.insert(name.to_owned(), json!(text));
            }
        }
        if value.is_empty() {
            return Ok(());
        }
        value.insert("Identity".to_owned(), json!(to.upn));
        self.run("Set-User", value).await.map(drop)
    }

    /// Deletes the person of a mailbox, which a hold then keeps.
    pub(super) async fn remove(&self, guid: &Guid) -> Result<(), Fault> {
        let value = json!({ "Identity": guid, "Confirm": false });
        self.run("Remove-Mailbox", parameters(value))
            .await
            .map(drop)
    }

    /// Asks for a restore. Exchange does it in its own time.
    pub(super) async fn request(
        &self,
        restoration: &Restoration,
        target: &Guid,
        how: &Restored,
        tag: &str,
    ) -> Result<(), Fault> {
        let mut value = parameters(json!({
            "Name": name(restoration),
            "BatchName": format!("bulkhead-{tag}"),
            "SourceMailbox": restoration.source,
            "TargetMailbox": target,
            "ConflictResolutionOption": rules::option(how.rule),
            "AllowLegacyDNMismatch": true,
        }));
        if let Some(folder) = &how.folder {
            value.insert("TargetRootFolder".to_owned(), json!(folder));
        }
        match self.run("New-MailboxRestoreRequest", value).await {
            // It was taken in, and its answer lost.
            Err(Fault::Refused(Refusal::Exists)) => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// How a restore is that was asked for; none if it was not.
    pub(super) async fn requested(
        &self,
        restoration: &Restoration,
    ) -> Result<Option<Object>, Fault> {
        let value = json!({ "Name": name(restoration) });
        let Some(request) = self.of_one("Get-MailboxRestoreRequest", value).await? else {
            return Ok(None);
        };
        let id = super::objects::text(&request, "RequestGuid");
        let told = self.of_one(
            "Get-MailboxRestoreRequestStatistics",
            json!({ "Identity": id }),
        );
        // It may be cleared away between the two.
        Ok(told.await?.or(Some(request)))
    }

    /// Clears a request away, so that another one can be made.
    pub(super) async fn forget(&self, request: &Object) -> Result<(), Fault> {
        let id = super::objects::text(request, "RequestGuid");
        let value = json!({ "Identity": id, "Confirm": false });
        let removed = self
            .run("Remove-MailboxRestoreRequest", parameters(value))
            .await;
        one(removed).map(drop)
    }
}

/// A request's name, always the same for a restore: so it is found again, and asked for once.
fn name(restoration: &Restoration) -> String {
    let text = format!("{}>{}", restoration.source, restoration.target).to_lowercase();
    let digits = Sha256::digest(text.as_bytes());
    let digits = digits.iter().take(12).map(|byte| format!("{byte:02x}"));
    format!("bulkhead-{}", digits.collect::<String>())
}
