//! Connected accounts. Credentials are sealed on their way in and never leave again.

mod open;

use bulkhead_shared::address::Mailbox;
use bulkhead_shared::api::{
    Account, AccountKind, AccountTest, Accounts, Connection, Consent, Credentials, Discovered,
    ImportReport, MailAddress, NewAccount, Security, Submission,
};
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::limits;
use bulkhead_shared::problem::Invalid;
use serde_json::{Value, json};

use crate::access::{self, Owned};
use crate::audit::{self, Fact};
use crate::error::Error;
use crate::limits::tries;
use crate::ports::{CallError, Expect, Ports, SealedFor, Span, Write};
use crate::records::store::{Stored, erase, load_text, read_text, text_row};
use crate::records::{AccountRecord, AtPlace, names};
use crate::stores;

pub use open::open;
use open::seal;
pub(crate) use open::{items, refresh, remember};

/// All accounts of a person, in the order they were connected. No provider is asked: what they can do
/// is as it was when each was last opened.
pub async fn list(ports: &Ports, user: &UserId) -> Result<Accounts, Error> {
    let records = records(ports, user).await?;
    let accounts = records.into_iter().map(|stored| view(ports, stored.record));
    Ok(Accounts {
        accounts: accounts.collect(),
    })
}

/// One account as its owner sees it.
pub fn get(ports: &Ports, account: Owned<AccountRecord>) -> Account {
    view(ports, account.into_inner())
}

fn view(ports: &Ports, record: AccountRecord) -> Account {
    // What was kept before there was another kind says nothing of that one.
    let mut stores = ports.connectors.least_abilities(record.kind);
    stores.extend(record.stores);
    Account {
        id: record.id,
        name: record.name,
        kind: record.kind,
        stores,
        created_at: record.created_at,
    }
}

async fn records(ports: &Ports, user: &UserId) -> Result<Vec<Stored<AccountRecord>>, Error> {
    let span = Span {
        partition: format!("USER#{user}"),
        from: names::ACCOUNTS_FROM.to_owned(),
        to: format!("{}~", names::ACCOUNTS_FROM),
        reverse: false,
        limit: None,
    };
    ports
        .table
        .range(&span)
        .await?
        .iter()
        .map(read_text)
        .collect()
}

/// Whether this place is connected already, with whatever credentials.
pub async fn is_connected(
    ports: &Ports,
    user: &UserId,
    connection: &Connection,
) -> Result<bool, Error> {
    let place = sha256_hex(place(connection).as_bytes());
    let known = records(ports, user).await?;
    Ok(known.iter().any(|stored| stored.record.place == place))
}

/// What is known of a place that is to be connected.
struct Known {
    /// The account that is there already.
    account: Option<Stored<AccountRecord>>,
    /// The version of the row that names the account of this place; none if there is no such row.
    named: Option<u64>,
}

/// An account that was connected before there were such rows is found by its connection alone.
async fn known(ports: &Ports, user: &UserId, place: &str) -> Result<Known, Error> {
    // Read before the accounts: whoever connects after this read either shows among them or in the row.
    let named = load_text::<AtPlace>(ports.table.as_ref(), &names::at_place(user, place)).await?;
    let mut records = records(ports, user).await?.into_iter();
    Ok(Known {
        account: records.find(|stored| stored.record.place == place),
        named: named.map(|named| named.version),
    })
}

/// Connects an account: tested first, kept only if the test passes. Connecting the same place
/// again renews its credentials and keeps its id. Jobs that waited for it are `jobs::sign_in`'s.
pub async fn create(ports: &Ports, user: &UserId, new: NewAccount) -> Result<Account, Error> {
    validate(&new)?;
    let place = sha256_hex(place(&new.connection).as_bytes());
    loop {
        let known = known(ports, user, &place).await?;
        let id = match &known.account {
            Some(stored) => stored.record.id.clone(),
            None => AccountId::new(ports.clock.now(), ports.random.bits()),
        };
        match connect_as(ports, user, &id, &new, &place, known).await {
            // Somebody connected the same place meanwhile, or wrote its account: look again.
            Err(error) if error.is_conflict() => ports.connectors.close(&id).await,
            connected => return connected,
        }
    }
}

async fn connect_as(
    ports: &Ports,
    user: &UserId,
    id: &AccountId,
    new: &NewAccount,
    place: &str,
    known: Known,
) -> Result<Account, Error> {
    let now = ports.clock.now();
    ports.connectors.close(id).await;
    let open = ports.connectors.open(id, &new.connection).await?;
    open.test().await?;
    // A consent may have another name by now.
    let connection = open.renewed().unwrap_or_else(|| new.connection.clone());
    let whose = SealedFor {
        owner: user,
        account: id,
    };
    let name = new.name.clone();
    let record = AccountRecord {
        id: id.clone(),
        name: name.unwrap_or_else(|| default_name(&new.connection)),
        kind: kind(&new.connection),
        sealed: seal(ports, whose, &connection).await?,
        stores: stores::abilities(&open),
        paces: known
            .account
            .as_ref()
            .map(|it| it.record.paces.clone())
            .unwrap_or_default(),
        owner: user.clone(),
        place: place.to_owned(),
        created_at: known
            .account
            .as_ref()
            .map_or(now, |it| it.record.created_at),
    };
    let fact = Fact {
        event: "account_connected".to_owned(),
        job: None,
        account: Some(id),
        facts: json!({ "kind": record.kind, "renewed": known.account.is_some() }),
    };
    audit::record(ports, user, fact, writes(&record, &known)?).await?;
    Ok(view(ports, record))
}

/// The account, and the row that names it where it is the first one of its place.
fn writes(record: &AccountRecord, known: &Known) -> Result<Vec<Write>, Error> {
    let key = names::account(&record.owner, &record.id);
    if let Some(stored) = &known.account {
        let row = text_row(key, stored.version + 1, record, None)?;
        return Ok(vec![Write::Put(row, Expect::Version(stored.version))]);
    }
    let at_place = AtPlace {
        account: record.id.clone(),
    };
    let named = names::at_place(&record.owner, &record.place);
    let named = text_row(named, known.named.unwrap_or(0) + 1, &at_place, None)?;
    let expect = known.named.map_or(Expect::Absent, Expect::Version);
    Ok(vec![
        Write::Put(text_row(key, 1, record, None)?, Expect::Absent),
        Write::Put(named, expect),
    ])
}

/// Bytes of an address, most (RFC 5321, section 4.5.3.1).
const ADDRESS_BYTES: usize = 320;

/// Finds the mail server of an address.
pub async fn discover(ports: &Ports, wanted: &MailAddress) -> Result<Discovered, Error> {
    let address = check_address(&wanted.address)?;
    Ok(ports.connectors.discover(address).await)
}

fn check_address(address: &str) -> Result<&str, Invalid> {
    let address = address.trim();
    if !address.contains('@') || address.len() > ADDRESS_BYTES {
        return Err(Invalid::new(
            "address",
            format!(
                "Has to be an address such as ann@example.com, of at most {ADDRESS_BYTES} bytes."
            ),
        ));
    }
    Ok(address)
}

/// Connects an account as a person asks for it: one of their tries.
pub async fn connect(ports: &Ports, user: &UserId, new: NewAccount) -> Result<Account, Error> {
    validate(&new)?;
    count_try(ports, user, &new.connection).await?;
    create(ports, user, new).await
}

/// Connects a mailbox by a consent that was just given: one of this person's tries. The code is traded
/// before anything else is asked, because it is good once.
pub async fn connect_by_consent(
    ports: &Ports,
    user: &UserId,
    consent: Consent,
) -> Result<Account, Error> {
    check_name(consent.name.as_deref())?;
    check_address(&consent.address)?;
    for (field, text) in [
        ("code", &consent.code),
        ("verifier", &consent.verifier),
        ("redirect_uri", &consent.redirect_uri),
    ] {
        check_field(field, text, TOKEN_BYTES)?;
    }
    count(
        ports,
        user,
        json!({ "kind": AccountKind::Imap, "by": "consent" }),
    )
    .await?;
    let connection = ports.connectors.consented(&consent).await?;
    let connection = Connection::Imap(connection);
    let name = consent.name;
    create(ports, user, NewAccount { name, connection }).await
}

/// Tries a connection without keeping it: one of this person's tries.
pub async fn try_connection(
    ports: &Ports,
    user: &UserId,
    new: &NewAccount,
) -> Result<AccountTest, Error> {
    validate(new)?;
    count_try(ports, user, &new.connection).await?;
    let id = AccountId::new(ports.clock.now(), ports.random.bits());
    let tested = match ports.connectors.open(&id, &new.connection).await {
        Ok(open) => open.test().await,
        Err(error) => Err(error),
    };
    ports.connectors.close(&id).await;
    Ok(answer(tested))
}

/// Counts a try, and records it before it is made: also one that never comes back was made.
async fn count_try(ports: &Ports, user: &UserId, connection: &Connection) -> Result<(), Error> {
    let facts = match connection {
        // No server is asked.
        Connection::Sandbox {} => return Ok(()),
        Connection::Imap(imap) | Connection::Cyrus(imap) => {
            json!({ "kind": kind(connection), "port": imap.port, "security": imap.security })
        }
        Connection::Dav(_) | Connection::Exchange(_) => json!({ "kind": kind(connection) }),
    };
    count(ports, user, facts).await
}

async fn count(ports: &Ports, user: &UserId, facts: Value) -> Result<(), Error> {
    tries::take(ports, user).await?;
    let fact = Fact {
        event: "connection_tried".to_owned(),
        job: None,
        account: None,
        facts,
    };
    audit::record(ports, user, fact, Vec::new()).await
}

/// Records that a file of mail was taken into an account.
pub async fn imported(
    ports: &Ports,
    user: &UserId,
    id: &AccountId,
    report: &ImportReport,
) -> Result<(), Error> {
    let fact = Fact {
        event: "mail_imported".to_owned(),
        job: None,
        account: Some(id),
        facts: json!({ "imported": report.imported, "left_out": report.left_out }),
    };
    audit::record(ports, user, fact, Vec::new()).await
}

/// Tries a connected account.
pub async fn test(ports: &Ports, account: &Owned<AccountRecord>) -> Result<AccountTest, Error> {
    match open(ports, account.get()).await {
        Ok(open) => {
            let tested = open.test().await;
            refresh(ports, account.get(), &open).await?;
            Ok(answer(tested))
        }
        Err(Error::Provider(error)) => Ok(answer(Err(error))),
        Err(error) => Err(error),
    }
}

fn answer(tested: Result<String, CallError>) -> AccountTest {
    match tested {
        Ok(message) => AccountTest { ok: true, message },
        Err(error) => AccountTest {
            ok: false,
            message: error.to_string(),
        },
    }
}

/// Forgets an account with its credentials. Its jobs stay in the history.
pub async fn delete(
    ports: &Ports,
    user: &UserId,
    account: Owned<AccountRecord>,
) -> Result<(), Error> {
    let record = account.into_inner();
    // First, so that nothing is left of it should this break off.
    erase_files(ports, &record.id).await?;
    for partition in [
        names::scan_partition(&record.id),
        names::advice_partition(&record.id),
        names::review_partition(&record.id),
        names::classes_partition(&record.id),
        names::rules_partition(&record.id),
        names::bounces_partition(&record.id),
        names::suppressed_partition(&record.id),
        names::unsubscribed_partition(&record.id),
        names::replied_partition(&record.id),
        names::templates_partition(&record.id),
    ] {
        erase(ports.table.as_ref(), partition).await?;
    }
    let gone = [
        names::agreed(user, &record.id),
        names::account(user, &record.id),
        names::at_place(user, &record.place),
    ];
    let gone = gone.map(|key| Write::Delete(key, Expect::Anything));
    let fact = Fact {
        event: "account_deleted".to_owned(),
        job: None,
        account: Some(&record.id),
        facts: json!({}),
    };
    audit::record(ports, user, fact, gone.into()).await?;
    ports.connectors.close(&record.id).await;
    Ok(())
}

/// Removes the files that were kept to go along with its mails, each before what says that it is kept.
async fn erase_files(ports: &Ports, account: &AccountId) -> Result<(), Error> {
    let table = ports.table.as_ref();
    let partition = names::files_partition(account);
    let span = Span {
        partition: partition.clone(),
        from: names::FILES_FROM.to_owned(),
        to: format!("{}~", names::FILES_FROM),
        reverse: false,
        limit: None,
    };
    for row in table.range(&span).await? {
        if let Some(sha256) = row.key.sort.strip_prefix(names::FILES_FROM) {
            erase(table, names::file_piece(account, sha256, 0).partition).await?;
        }
    }
    erase(table, partition).await
}

fn validate(new: &NewAccount) -> Result<(), Invalid> {
    check_name(new.name.as_deref())?;
    match &new.connection {
        Connection::Sandbox {} => Ok(()),
        Connection::Imap(imap) | Connection::Cyrus(imap) => {
            check_text("host", &imap.host, NAME_BYTES)?;
            check_text("user", &imap.user, NAME_BYTES)?;
            check_credentials(&imap.credentials)?;
            if imap.port == 0 {
                return Err(Invalid::new(
                    "connection.port",
                    "0 is out of range: 1 to 65535.",
                ));
            }
            imap.submission.as_ref().map_or(Ok(()), check_submission)
        }
        Connection::Dav(dav) => {
            check_text("url", &dav.url, NAME_BYTES)?;
            check_text("user", &dav.user, NAME_BYTES)?;
            check_text("password", &dav.password, NAME_BYTES)
        }
        Connection::Exchange(exchange) => {
            check_text("tenant", &exchange.tenant, NAME_BYTES)?;
            check_text("client_id", &exchange.client_id, NAME_BYTES)?;
            check_pem("certificate", &exchange.certificate)?;
            check_pem("private_key", &exchange.private_key)
        }
    }
}

fn check_name(name: Option<&str>) -> Result<(), Invalid> {
    let is_one =
        |name: &str| !name.trim().is_empty() && name.chars().count() <= limits::ACCOUNT_NAME_CHARS;
    if name.is_none_or(is_one) {
        return Ok(());
    }
    Err(Invalid::new(
        "name",
        format!("A name has 1 to {} characters.", limits::ACCOUNT_NAME_CHARS),
    ))
}

fn check_submission(submission: &Submission) -> Result<(), Invalid> {
    check_text("submission.host", &submission.host, NAME_BYTES)?;
    if submission.port == 0 {
        let text = "0 is out of range: 1 to 65535.";
        return Err(Invalid::new("connection.submission.port", text));
    }
    if submission
        .per_minute
        .is_some_and(|most| !limits::SENT_PER_MINUTE.contains(&most))
    {
        let (least, most) = (
            limits::SENT_PER_MINUTE.start(),
            limits::SENT_PER_MINUTE.end(),
        );
        let text = format!("It is out of range: {least} to {most}.");
        return Err(Invalid::new("connection.submission.per_minute", text));
    }
    Ok(())
}

fn check_credentials(credentials: &Credentials) -> Result<(), Invalid> {
    let oauth = match credentials {
        Credentials::Password(password) => return check_text("password", password, NAME_BYTES),
        Credentials::OAuth(oauth) => oauth,
    };
    check_text("oauth.token_endpoint", &oauth.token_endpoint, NAME_BYTES)?;
    check_text("oauth.client_id", &oauth.client_id, NAME_BYTES)?;
    if let Some(secret) = &oauth.client_secret {
        check_text("oauth.client_secret", secret, NAME_BYTES)?;
    }
    check_text("oauth.refresh_token", &oauth.refresh_token, TOKEN_BYTES)?;
    match &oauth.access {
        Some(access) => check_text("oauth.access.token", &access.token, TOKEN_BYTES),
        None => Ok(()),
    }
}

/// Bytes of a name or password, most.
const NAME_BYTES: usize = 255;
/// Bytes of a token, most: Microsoft's have up to about 2,500.
const TOKEN_BYTES: usize = 8_192;

fn check_text(field: &str, value: &str, most: usize) -> Result<(), Invalid> {
    check_field(&format!("connection.{field}"), value, most)
}

fn check_field(field: &str, value: &str, most: usize) -> Result<(), Invalid> {
    if value.is_empty() || value.len() > most || value.chars().any(char::is_control) {
        return Err(Invalid::new(
            field,
            format!("Has to have 1 to {most} characters, none of them a control character."),
        ));
    }
    Ok(())
}

/// A certificate or key has lines. What is in it is looked at by who signs with it.
fn check_pem(field: &str, value: &str) -> Result<(), Invalid> {
    let is_control = |letter: char| letter.is_control() && !letter.is_whitespace();
    if value.trim().is_empty() || value.len() > TOKEN_BYTES || value.chars().any(is_control) {
        return Err(Invalid::new(
            format!("connection.{field}"),
            format!("Has to be a text in PEM of at most {TOKEN_BYTES} characters."),
        ));
    }
    Ok(())
}

fn kind(connection: &Connection) -> AccountKind {
    match connection {
        Connection::Sandbox {} => AccountKind::Sandbox,
        Connection::Imap(_) => AccountKind::Imap,
        Connection::Dav(_) => AccountKind::Dav,
        Connection::Cyrus(_) => AccountKind::Cyrus,
        Connection::Exchange(_) => AccountKind::Exchange,
    }
}

/// The address of whoever signs in by their address; sealed like the rest of the connection, so it is told to
/// nobody but its owner.
pub async fn own_address(
    ports: &Ports,
    user: &UserId,
    id: &AccountId,
) -> Result<Option<String>, Error> {
    let record = access::account(ports, user, id).await?.into_inner();
    let plain = ports
        .sealer
        .unseal(record.sealed_for(), &record.sealed)
        .await?;
    let Connection::Imap(imap) = serde_json::from_slice(&plain)? else {
        return Ok(None);
    };
    let mailbox = Mailbox::read(&imap.user).ok();
    Ok(mailbox.map(|mailbox| mailbox.address.to_string()))
}

fn place(connection: &Connection) -> String {
    match connection {
        Connection::Sandbox {} => "sandbox".to_owned(),
        Connection::Imap(imap) => format!(
            "imap {} {} {}",
            imap.host.to_lowercase(),
            imap.port,
            imap.user
        ),
        Connection::Dav(dav) => {
            let (server, path) = server_and_path(&dav.url);
            format!("dav {server} {path} {}", dav.user)
        }
        Connection::Cyrus(imap) => format!(
            "cyrus {} {} {}",
            imap.host.to_lowercase(),
            imap.port,
            imap.user
        ),
        Connection::Exchange(exchange) => format!(
            "exchange {} {}",
            exchange.tenant.to_lowercase(),
            exchange.client_id.to_lowercase()
        ),
    }
}

/// The server of a web address, with `https` unless it says otherwise, and the path on it. A slash at the
/// end means nothing.
fn server_and_path(url: &str) -> (String, &str) {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let server = format!("{scheme}://{host}").to_lowercase();
    (server, path.trim_end_matches('/'))
}

fn default_name(connection: &Connection) -> String {
    match connection {
        Connection::Sandbox {} => "Sandbox".to_owned(),
        Connection::Imap(imap) | Connection::Cyrus(imap) => {
            named_after(&imap.user, &imap.host, imap.security != Security::None)
        }
        Connection::Dav(dav) => {
            let (server, _) = server_and_path(&dav.url);
            let (scheme, host) = server.split_once("://").unwrap_or(("", &server));
            named_after(&dav.user, host, scheme == "https")
        }
        Connection::Exchange(exchange) => exchange
            .tenant
            .chars()
            .take(limits::ACCOUNT_NAME_CHARS)
            .collect(),
    }
}

fn named_after(user: &str, host: &str, is_encrypted: bool) -> String {
    let user = if user.contains('@') {
        user.to_owned()
    } else {
        format!("{user}@{host}")
    };
    let unsafe_note = if is_encrypted { "" } else { " (not encrypted)" };
    format!("{user}{unsafe_note}")
        .chars()
        .take(limits::ACCOUNT_NAME_CHARS)
        .collect()
}

#[cfg(test)]
mod tests;
