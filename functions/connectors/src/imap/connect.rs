//! From a host's name to a signed-in session: address, TLS, greeting, sign-in, what the server can do.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::{ImapConnection, Security};
use imap_codec::GreetingCodec;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::response::{Code, Data, GreetingKind, StatusKind};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::capabilities::Capabilities;
use super::fault::{Fault, Refusal};
use super::reach::Reach;
use super::session::{End, Session, Told};
use super::wire::{Duplex, Wire};
use super::words::Words;

/// The longest that reaching the server, or signing in, may take.
const CONNECT_MOST: Duration = Duration::from_secs(20);

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
    within: Reach,
    tls: &Arc<ClientConfig>,
) -> Result<Session, Fault> {
    let mut session = timeout(CONNECT_MOST, reach(to, within, tls))
        .await
        .map_err(|_| Fault::Silent)??;
    timeout(CONNECT_MOST, sign_in(&mut session, to))
        .await
        .map_err(|_| Fault::Silent)??;
    Ok(session)
}

async fn reach(
    to: &ImapConnection,
    within: Reach,
    tls: &Arc<ClientConfig>,
) -> Result<Session, Fault> {
    let addresses = tokio::net::lookup_host((to.host.as_str(), to.port)).await;
    let addresses = addresses.map_err(|_| Fault::NoSuchHost)?;
    let addresses = within.permitted(addresses, to.security)?;
    let socket = TcpStream::connect(addresses.as_slice()).await?;
    socket.set_nodelay(true)?;
    let mut stream: Box<dyn Duplex> = Box::new(socket);
    if to.security == Security::Tls {
        stream = encrypt(stream, &to.host, tls).await?;
    }
    let mut session = Session::new(Wire::new(stream));
    greeting(&mut session).await?;
    if to.security == Security::StartTls {
        session.tell(Words::new("STARTTLS")).await?.ok()?;
        let stream = session.wire.into_stream().ok_or(Fault::Senseless)?;
        session = Session::new(Wire::new(encrypt(stream, &to.host, tls).await?));
    }
    Ok(session)
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
    match GreetingCodec::default().decode(&raw) {
        Ok((_, greeting)) if greeting.kind == GreetingKind::Ok => Ok(()),
        // PREAUTH would skip STARTTLS and the sign-in: nothing a server on the internet should say.
        Ok((_, greeting)) if greeting.kind == GreetingKind::PreAuth => Err(Fault::Senseless),
        Ok(_) => Err(Fault::Closed),
        Err(_) => Err(Fault::Senseless),
    }
}

async fn sign_in(session: &mut Session, to: &ImapConnection) -> Result<(), Fault> {
    session.can = ask_capabilities(session).await?;
    let can = session.can;
    let plain = || STANDARD.encode(format!("\0{}\0{}", to.user, to.password));
    let words = if can.auth_plain && can.sasl_ir {
        Words::new("AUTHENTICATE PLAIN ").plain(&plain())
    } else if can.auth_plain {
        Words::new("AUTHENTICATE PLAIN").on_request(&plain())
    } else if can.login_disabled {
        return Err(Fault::Call(CallError::Unsupported(
            "This mail server takes no password on this kind of connection.".to_owned(),
        )));
    } else {
        Words::new("LOGIN ")
            .text(&to.user)
            .plain(" ")
            .text(&to.password)
    };
    let end = session.tell(words).await?;
    refused_sign_in(&end)?;
    session.can = match &end.code {
        Some(Code::Capability(list)) => Capabilities::of(list.as_ref()),
        _ => ask_capabilities(session).await?,
    };
    session.can.x_guid = !session.can.objectid && is_dovecot(session).await?;
    if session.can.qresync {
        // One VANISHED for a whole MOVE instead of an EXPUNGE for each message.
        session.tell(Words::new("ENABLE QRESYNC")).await?;
    }
    Ok(())
}

/// Dovecot has its own name for a message, X-GUID, and announces it nowhere.
async fn is_dovecot(session: &mut Session) -> Result<bool, Fault> {
    let mut is_dovecot = false;
    session
        .run(Words::new("ID NIL"), &mut |told| {
            if let Told::Data(Data::Id {
                parameters: Some(pairs),
            }) = told
            {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
                is_dovecot = pairs.iter().any(|(key, value)| {
                    let value = value.0.as_ref().map(|value| text(value.as_ref()));
                    text(key.as_ref()) == "name"
                        && value.is_some_and(|value| value.starts_with("dovecot"))
                });
            }
        })
        .await?;
    Ok(is_dovecot)
}

fn refused_sign_in(end: &End) -> Result<(), Fault> {
    match end.refusal() {
        None => Ok(()),
        Some(refusal @ (Refusal::Passing | Refusal::Throttled)) => {
            Err(Fault::Call(refusal.as_call()))
        }
        Some(_) if end.kind == StatusKind::Bad => Err(Fault::Senseless),
        Some(_) => Err(Fault::Call(CallError::SignIn)),
    }
}

async fn ask_capabilities(session: &mut Session) -> Result<Capabilities, Fault> {
    let mut can = Capabilities::default();
    let end = session
        .run(Words::new("CAPABILITY"), &mut |told| {
            if let Told::Data(Data::Capability(list)) = told {
                can = Capabilities::of(list.as_ref());
            }
        })
        .await?;
    end.ok()?;
    Ok(can)
}
