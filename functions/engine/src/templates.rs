//! Templates of mails that are kept with an account, each with all of its versions: whoever keeps one again under the
//! same name makes the next version, and those before stay.

use bulkhead_shared::api::{
    KeepTemplate, KeptName, KeptTemplate, KeptTemplates, check_template_name,
};
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::limits::{REPLY_BYTES, TEMPLATE_VERSIONS_MOST, TEMPLATES_MOST};
use bulkhead_shared::problem::Invalid;
use serde_json::json;

use crate::access::Owned;
use crate::audit::{self, Fact};
use crate::error::Error;
use crate::ports::{ATOMIC_WRITES_MOST, Expect, Ports, Span, Write};
use crate::records::store::{Stored, load_text, read_text, text_row};
use crate::records::{AccountRecord, TemplateRecord, TemplateVersionRecord, names};

/// The templates of an account, by their names.
pub async fn list(ports: &Ports, account: &Owned<AccountRecord>) -> Result<KeptTemplates, Error> {
    let span = Span {
        partition: names::templates_partition(&account.get().id),
        from: names::TEMPLATES_FROM.to_owned(),
        to: format!("{}~", names::TEMPLATES_FROM),
        reverse: false,
        limit: None,
    };
    let rows = ports.table.range(&span).await?;
    let templates = rows.iter().map(|row| Ok(called(read_text(row)?.record)));
    let mut templates = templates.collect::<Result<Vec<_>, Error>>()?;
    templates.sort_by_cached_key(|kept| (kept.name.to_lowercase(), kept.name.clone()));
    Ok(KeptTemplates { templates })
}

/// A version of a template; the newest one unless another is asked for.
pub async fn get(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    name: &str,
    version: Option<u32>,
) -> Result<KeptTemplate, Error> {
    let id = &account.get().id;
    let name = check_template_name(name)?;
    let known = find(ports, id, name).await?.ok_or(Error::NotFound)?.record;
    let version = version.unwrap_or(known.newest);
    let of_version = version_of(ports, id, name, version).await?;
    Ok(KeptTemplate {
        kept: called(known),
        ..of_version.ok_or(Error::NotFound)?
    })
}

/// Keeps a template: as its first version, or as the next one if it says something else than the newest.
pub async fn keep(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    wanted: &KeepTemplate,
) -> Result<KeptTemplate, Error> {
    let name = wanted.validate()?;
    let id = &account.get().id;
    let known = find(ports, id, name).await?;
    if let Some(Stored { record, .. }) = &known {
        let newest = version_of(ports, id, name, record.newest).await?;
        if let Some(newest) = newest.filter(|newest| newest.template == wanted.template) {
            return Ok(newest);
        }
    }
    check_room(ports, account, known.as_ref()).await?;
    let now = ports.clock.now();
    let record = TemplateRecord {
        name: name.to_owned(),
        newest: known.as_ref().map_or(0, |known| known.record.newest) + 1,
        at: now,
    };
    let version = TemplateVersionRecord {
        version: record.newest,
        at: now,
        template: wanted.template.clone(),
    };
    let (row_version, expect) = match &known {
        Some(known) => (known.version + 1, Expect::Version(known.version)),
        None => (1, Expect::Absent),
    };
    let head = text_row(names::template(id, name), row_version, &record, None)?;
    let key = names::template_version(id, name, record.newest);
    let body = text_row(key, 1, &version, None)?;
    let writes = vec![Write::Put(head, expect), Write::Put(body, Expect::Anything)];
    match ports.table.write(writes).await.map_err(Error::from) {
        Err(error) if error.is_conflict() => Err(Error::NotPossible(
            "The template changed in this moment; look again.",
        )),
        written => written.map(|()| KeptTemplate {
            kept: called(record),
            version: version.version,
            at: now,
            template: version.template,
        }),
    }
}

/// Forgets a template with all of its versions. One that is not kept stays forgotten.
pub async fn forget(
    ports: &Ports,
    user: &UserId,
    account: &Owned<AccountRecord>,
    name: &str,
) -> Result<(), Error> {
    let id = &account.get().id;
    let name = check_template_name(name)?;
    let Some(known) = find(ports, id, name).await? else {
        return Ok(());
    };
    let versions =
        (1..=known.record.newest).map(|version| names::template_version(id, name, version));
    let versions: Vec<_> = versions.collect();
    for some in versions.chunks(ATOMIC_WRITES_MOST) {
        let gone = some
            .iter()
            .map(|key| Write::Delete(key.clone(), Expect::Anything));
        ports.table.write(gone.collect()).await?;
    }
    let gone = Write::Delete(names::template(id, name), Expect::Anything);
    let fact = Fact {
        event: "template_forgotten".to_owned(),
        job: None,
        account: Some(id),
        facts: json!({ "versions": known.record.newest }),
    };
    audit::record(ports, user, fact, vec![gone]).await
}

/// The text of the newest version of a template, for a reply; what is wrong with it is told of this field.
pub(crate) async fn reply_text(
    ports: &Ports,
    account: &AccountId,
    name: &str,
    field: &str,
) -> Result<String, Error> {
    let name = name.trim();
    let known = find(ports, account, name).await?;
    let known = known.ok_or_else(|| Invalid::new(field, "No template of this name is kept."))?;
    let version = version_of(ports, account, name, known.record.newest).await?;
    let text = version
        .map(|version| version.template.text)
        .unwrap_or_default();
    match text.trim().is_empty() {
        true => Err(Invalid::new(field, "This template has no plain text.").into()),
        false if text.len() > REPLY_BYTES => {
            let text = format!("The text of this template has more than {REPLY_BYTES} bytes.");
            Err(Invalid::new(field, text).into())
        }
        false => Ok(text),
    }
}

async fn check_room(
    ports: &Ports,
    account: &Owned<AccountRecord>,
    known: Option<&Stored<TemplateRecord>>,
) -> Result<(), Error> {
    match known {
        Some(known) if known.record.newest < TEMPLATE_VERSIONS_MOST => Ok(()),
        Some(_) => {
            let text = format!(
                "It has {TEMPLATE_VERSIONS_MOST} versions, which is as many as are kept: keep it under another name."
            );
            Err(Invalid::new("name", text).into())
        }
        None if list(ports, account).await?.templates.len() < TEMPLATES_MOST => Ok(()),
        None => {
            let text = format!("{TEMPLATES_MOST} templates are kept already: forget one first.");
            Err(Invalid::new("name", text).into())
        }
    }
}

async fn find(
    ports: &Ports,
    account: &AccountId,
    name: &str,
) -> Result<Option<Stored<TemplateRecord>>, Error> {
    load_text(ports.table.as_ref(), &names::template(account, name)).await
}

/// A version as it is told, with nothing of what came after it.
async fn version_of(
    ports: &Ports,
    account: &AccountId,
    name: &str,
    version: u32,
) -> Result<Option<KeptTemplate>, Error> {
    let key = names::template_version(account, name, version);
    let stored = load_text::<TemplateVersionRecord>(ports.table.as_ref(), &key).await?;
    Ok(stored.map(|stored| KeptTemplate {
        kept: KeptName {
            name: name.to_owned(),
            newest: version,
            at: stored.record.at,
        },
        version,
        at: stored.record.at,
        template: stored.record.template,
    }))
}

fn called(record: TemplateRecord) -> KeptName {
    KeptName {
        name: record.name,
        newest: record.newest,
        at: record.at,
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;
