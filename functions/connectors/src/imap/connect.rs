//! From a host's name to a signed-in session: address, TLS, greeting, sign-in.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{ImapConnection, Security};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::fault::Fault;
use super::reach::{Reach, Service};
use super::refused::busy;
use super::session::Session;
use super::sign_in::{Secret, sign_in};
use super::status;
use super::talk;
use super::wire::{Duplex, Wire};
use super::words::Words;

/// The longest that reaching the server may take, and the longest that signing in may: together less
/// than a function that answers a person has.
const REACH_MOST: Duration = Duration::from_secs(10);
const SIGN_IN_MOST: Duration = Duration::from_secs(15);
/// Of a host's addresses, those that are tried; each gets its part of the time.
const ADDRESSES_TRIED: usize = 3;

/// What this machine trusts. On some it is hundreds of files, so it is read for the first account only.
static ROOTS: LazyLock<RootCertStore> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
});

/// TLS that trusts what this machine trusts, and `extra` besides.
pub(crate) fn tls(extra: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, CallError> {
    let mut roots = ROOTS.clone();
    roots.add_parsable_certificates(extra.iter().cloned());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| CallError::Unavailable("TLS cannot be set up here".to_owned()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// A new signed-in session.
pub(super) async fn connect(
    to: &ImapConnection,
    secret: Secret<'_>,
    within: Reach,
    tls: &Arc<ClientConfig>,
) -> Result<Session, Fault> {
    let mut session = timeout(REACH_MOST, reach(to, within, tls))
        .await
        .map_err(|_| Fault::Silent)??;
    timeout(SIGN_IN_MOST, sign_in(&mut session, to, secret))
        .await
        .map_err(|_| Fault::Silent)??;
    Ok(session)
}

async fn reach(
    to: &ImapConnection,
    within: Reach,
    tls: &Arc<ClientConfig>,
) -> Result<Session, Fault> {
    let service = Service::Mailbox;
    let stream = open(&to.host, to.port, to.security, service, within, tls).await?;
    let mut session = Session::new(Wire::new(stream));
    greeting(&mut session).await?;
    if to.security == Security::StartTls {
        session.tell(Words::new("STARTTLS")).await?.ok()?;
        let stream = session.wire.into_stream().ok_or(Fault::Senseless)?;
        session = Session::new(Wire::new(encrypt(stream, &to.host, tls).await?));
    }
    Ok(session)
}

/// A connection to a server that sends mails, encrypted where that begins with its first byte.
pub(crate) async fn stream(
    host: &str,
    port: u16,
    security: Security,
    within: Reach,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Duplex>, CallError> {
    let opening = open(host, port, security, Service::Sending, within, tls);
    let opened = timeout(REACH_MOST, opening).await;
    Ok(opened.map_err(|_| Fault::Silent)??)
}

/// The same connection, encrypted from here on.
pub(crate) async fn encrypted(
    stream: Box<dyn Duplex>,
    host: &str,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Duplex>, CallError> {
    let encrypted = timeout(REACH_MOST, encrypt(stream, host, tls)).await;
    Ok(encrypted.map_err(|_| Fault::Silent)??)
}

async fn open(
    host: &str,
    port: u16,
    security: Security,
    service: Service,
    within: Reach,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Duplex>, Fault> {
    let addresses = tokio::net::lookup_host((host, port)).await;
    let addresses = addresses.map_err(|_| Fault::NoSuchHost)?;
    let socket = first_to_answer(&within.permitted(addresses, security, service)?).await?;
    socket.set_nodelay(true)?;
    match security {
        Security::Tls => encrypt(Box::new(socket), host, tls).await,
        Security::StartTls | Security::None => Ok(Box::new(socket)),
    }
}

/// Connects to the first address that answers: one that is silent does not use up the others' time.
async fn first_to_answer(addresses: &[SocketAddr]) -> Result<TcpStream, Fault> {
    let tried = addresses.len().clamp(1, ADDRESSES_TRIED);
    let each = REACH_MOST / u32::try_from(tried + 1).unwrap_or(1);
    let mut fault = Fault::NoSuchHost;
    for address in addresses.iter().take(ADDRESSES_TRIED) {
        fault = match timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => return Ok(socket),
            Ok(Err(error)) => error.into(),
            Err(_) => Fault::Silent,
        };
    }
    Err(fault)
}

async fn encrypt(
    stream: Box<dyn Duplex>,
    host: &str,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Duplex>, Fault> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        Fault::Call(CallError::Unsupported(
            "The mail server's name is no valid host name.".to_owned(),
        ))
    })?;
    let connector = TlsConnector::from(Arc::clone(tls));
    Ok(Box::new(connector.connect(name, stream).await?))
}

async fn greeting(session: &mut Session) -> Result<(), Fault> {
    let raw = session.wire.response().await?;
    let rest = raw.strip_prefix(b"* ").ok_or(Fault::Senseless)?;
    let greeting = status::read(rest).ok_or(Fault::Senseless)?;
    let name = rest.get(..3).unwrap_or_default();
    if name.eq_ignore_ascii_case(b"OK ") || name.eq_ignore_ascii_case(b"OK\r") {
        return Ok(());
    }
    if !name.eq_ignore_ascii_case(b"BYE") {
        // PREAUTH would skip STARTTLS and the sign-in: nothing a server on the internet should say.
        return Err(Fault::Senseless);
    }
    let text = &greeting.text;
    Err(
        if talk::is_too_much(text) || talk::is_of_connections(text) {
            Fault::Call(busy(text))
        } else {
            Fault::Closed
        },
    )
}
