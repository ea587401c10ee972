//! Making a draft: one of our jobs, of what its words ask for.

use bulkhead_engine::accounts;
use bulkhead_engine::jobs::{draft as jobs, preview, progress, results, rows};
use bulkhead_engine::ports::Ports;
use bulkhead_shared::api::{
    Account, BulkDraft, BulkDraftOptions, BulkItem, BulkItemStatus, BulkMetadata, BulkOperation,
    BulkType, NewBulkDraft, NewJob, PreviewMode,
};
use bulkhead_shared::ids::{ItemId, JobId, UserId};
use bulkhead_shared::kinds::{Card, Kind};
use bulkhead_shared::operations::{
    BulkSend, CreateContacts, DeleteContacts, Operation, UpdateContacts,
};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::selection::Selection;
use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::words;

/// Items that a draft shows unless all are asked for.
const SAMPLE: usize = 3;
/// Batches side by side unless the request says otherwise.
const PARALLEL_BATCHES: u32 = 2;
/// Items of a page while all are read.
const PAGE: u32 = 500;

/// Drafts it, unless `open_most` jobs of this person are open already. Nothing is touched.
pub async fn draft(
    ports: &Ports,
    user: &UserId,
    key: Option<&str>,
    new: NewBulkDraft,
    open_most: u32,
) -> Result<BulkDraft, Fault> {
    let account = account_for(ports, user, new.kind).await?;
    let sender = match new.kind {
        BulkType::BulkEmail => accounts::own_address(ports, user, &account.id).await?,
        _ => None,
    };
    let (operation, selection) = meant(&new, sender.as_deref())?;
    let job = NewJob {
        account: account.id,
        operation,
        selection,
        options: options(&new.options),
        confirm: None,
    };
    let id = jobs::create(ports, user, key, job, open_most).await?;
    shown(ports, user, &id, &new).await
}

/// The account with such items that was connected first.
async fn account_for(ports: &Ports, user: &UserId, kind: BulkType) -> Result<Account, Fault> {
    let (kind, lacks) = match kind {
        BulkType::BulkEmail => (
            Kind::Recipient,
            "Connect a mailbox with a server for sending first.",
        ),
        BulkType::BulkContact => (Kind::Contact, "Connect a server of contacts first."),
        BulkType::BulkCalendar => {
            return Err(Fault::NotConnected("Calendars cannot be connected yet."));
        }
        BulkType::BulkCrm => {
            return Err(Fault::NotConnected("No CRM system can be connected yet."));
        }
    };
    let all = accounts::list(ports, user).await?.accounts;
    let mut able = all
        .into_iter()
        .filter(|account| account.abilities(kind).is_some());
    able.next().ok_or(Fault::NotConnected(lacks))
}

/// What is asked for, in our words.
fn meant(new: &NewBulkDraft, sender: Option<&str>) -> Result<(Operation, Selection), Invalid> {
    use {BulkOperation as Op, BulkType as Type};
    let parameters = || new.items.iter().map(|item| item.parameters.clone());
    match (new.kind, new.operation) {
        (Type::BulkEmail, Op::BulkSend) => Ok((
            Operation::BulkSend(mail(new, sender)?),
            Selection::Rows {
                rows: parameters().collect(),
            },
        )),
        (Type::BulkContact, Op::BulkCreate) => Ok((
            Operation::CreateContacts(CreateContacts::default()),
            Selection::Rows {
                rows: parameters().collect(),
            },
        )),
        (Type::BulkContact, Op::BulkDelete) => {
            Ok((Operation::DeleteContacts(DeleteContacts {}), picked(new)?))
        }
        (Type::BulkContact, Op::BulkUpdate) => {
            Ok((Operation::UpdateContacts(update(new)?), picked(new)?))
        }
        (Type::BulkEmail, _) => Err(Invalid::new("operation", "Mails are for bulk_send.")),
        (Type::BulkContact, Op::BulkSend) => {
            let text = "Contacts are for bulk_create, bulk_update and bulk_delete.";
            Err(Invalid::new("operation", text))
        }
        (Type::BulkCalendar | Type::BulkCrm, _) => {
            Err(Invalid::new("type", "There is no account with such items."))
        }
    }
}

/// Each mail brings its own subject and text.
fn mail(new: &NewBulkDraft, sender: Option<&str>) -> Result<BulkSend, Invalid> {
    let first = new.items.first();
    let from = first.and_then(|item| item.parameters["from"].as_str());
    let from = from.or(sender).ok_or_else(|| {
        let text = "Name who sends them: the account does not tell its address.";
        Invalid::new("items[0].parameters.from", text)
    })?;
    for (index, item) in new.items.iter().enumerate() {
        for part in ["subject", "body"] {
            let text = item.parameters[part].as_str().unwrap_or_default();
            if text.trim().is_empty() {
                let field = format!("items[{index}].parameters.{part}");
                return Err(Invalid::new(
                    field,
                    format!("“{part}”: There is nothing in it."),
                ));
            }
        }
    }
    let send = json!({"from": from, "subject": "{{ subject }}", "text": "{{ body }}"});
    serde_json::from_value(send).map_err(|error| Invalid::new("operation", error.to_string()))
}

/// The same change of all of them.
fn update(new: &NewBulkDraft) -> Result<UpdateContacts, Invalid> {
    let changes = |item: &Value| -> Map<String, Value> {
        let fields = item.as_object().into_iter().flatten();
        let fields = fields.filter(|(name, _)| *name != "id");
        fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    let first = new.items.first().map(|item| changes(&item.parameters));
    let first = first.unwrap_or_default();
    let others = new.items.iter().map(|item| changes(&item.parameters));
    if let Some(other) = others.into_iter().position(|other| other != first) {
        let text = "An update changes the same of all its items: make a draft for each change.";
        return Err(Invalid::new(format!("items[{other}].parameters"), text));
    }
    serde_json::from_value(Value::Object(first))
        .map_err(|error| Invalid::new("items[0].parameters", error.to_string()))
}

/// Items that are there, by their ids.
fn picked(new: &NewBulkDraft) -> Result<Selection, Invalid> {
    let ids = new.items.iter().enumerate().map(|(index, item)| {
        let id = item.parameters["id"]
            .as_str()
            .and_then(|id| id.parse().ok());
        id.ok_or_else(|| {
            let field = format!("items[{index}].parameters.id");
            Invalid::new(field, "Name the contact by its id.")
        })
    });
    let ids: Vec<ItemId> = ids.collect::<Result<_, Invalid>>()?;
    Ok(Selection::Ids { ids })
}

fn options(wanted: &BulkDraftOptions) -> JobOptions {
    JobOptions {
        batch_size: wanted.batch_size,
        parallel_chunks: Some(wanted.parallel_batches.unwrap_or(PARALLEL_BATCHES)),
        retry_failed: wanted.retry_failed,
        ..JobOptions::default()
    }
}

/// The draft in its words.
async fn shown(
    ports: &Ports,
    user: &UserId,
    id: &JobId,
    new: &NewBulkDraft,
) -> Result<BulkDraft, Fault> {
    let job = progress::job(ports, user, id).await?;
    let seen = preview::preview(ports, user, id).await?;
    let cards = match new.options.preview_mode {
        PreviewMode::Sample => seen.sample.iter().take(SAMPLE).cloned().map(Some).collect(),
        PreviewMode::Full => all(ports, user, id).await?,
    };
    let left_out = rows::left_out(ports, user, id).await?.rows;
    let is_sent = |place: usize| !left_out.iter().any(|left| left.row as usize == place + 1);
    let numbered = new.items.iter().enumerate();
    let sent = numbered
        .filter(|(place, _)| is_sent(*place))
        .map(|(_, item)| item);
    let items = cards.into_iter().zip(sent).map(|(card, item)| BulkItem {
        id: card
            .as_ref()
            .map(|card| card.id.to_string())
            .unwrap_or_default(),
        parameters: item.parameters.clone(),
        preview: card.as_ref().map(line).unwrap_or_default(),
        status: BulkItemStatus::Pending,
        error: None,
        execution_time: None,
    });
    let out = left_out.iter().filter_map(|left| {
        let item = new.items.get((left.row as usize).checked_sub(1)?)?;
        Some(BulkItem {
            id: left.address.clone(),
            parameters: item.parameters.clone(),
            preview: format!("{} - left out", left.address),
            status: BulkItemStatus::Failed,
            error: Some(format!("It gets no mail: {}.", left.why.label())),
            execution_time: None,
        })
    });
    let items = items.chain(out);
    Ok(BulkDraft {
        draft_id: id.to_string(),
        id: id.to_string(),
        session_id: new.session_id.clone(),
        kind: new.kind,
        operation: new.operation,
        items: items.collect(),
        metadata: BulkMetadata {
            total_count: job.total,
            batch_size: job.settings.batch_size,
            risk_level: seen.risk.level,
            estimated_duration: seen.seconds.most,
            created_at: job.created_at,
            started_at: job.started_at,
            completed_at: job.ended_at,
        },
        status: words::status(job.state),
    })
}

async fn all(ports: &Ports, user: &UserId, id: &JobId) -> Result<Vec<Option<Card>>, Fault> {
    let (mut cards, mut cursor) = (Vec::new(), None);
    loop {
        let page = results::items(ports, user, id, None, cursor.as_deref(), PAGE).await?;
        cards.extend(page.items.into_iter().map(|item| item.card));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(cards);
        }
    }
}

/// An item in a line, with its opening words: `john@company.com - "Thanks for…"`.
fn line(card: &Card) -> String {
    let opening = card.facts.iter().find(|fact| fact.name == "begins");
    let words = opening.map_or(&card.second, |fact| &fact.value);
    let address = card.facts.iter().find(|fact| fact.name == "address");
    let who = address.map_or(&card.title, |fact| &fact.value);
    format!("{who} - \"{words}\"")
}
