//! The web server of a mailing list (RFC 8058): it keeps every request, and answers as its page's address says.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::dovecot::make_certificate;

/// A running one; it ends with the process. Its pages:
///
/// - `/200`, and so with every other status; `/429?2` says besides after how many seconds it may be asked again
/// - `/hang` takes a request and never answers
/// - `/cut` takes a request and hangs up
/// - `/long` answers 200 and sends without end
pub struct ListServer {
    /// Its port on 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    requests: Arc<Mutex<Vec<ListRequest>>>,
}

/// What it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRequest {
    /// Method, address and version.
    pub line: String,
    /// Fields with their names in small letters, in their order.
    pub fields: Vec<(String, String)>,
    pub body: String,
}

impl ListRequest {
    /// What a field says.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut named = self.fields.iter().filter(|(known, _)| known == name);
        named.next().map(|(_, value)| value.as_str())
    }
}

impl ListServer {
    /// Starts one.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_certificate(folder.path());
        let certificate = CertificateDer::from_pem_file(folder.path().join("cert.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.path().join("key.pem")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::default());
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, kept) = (Arc::clone(&config), Arc::clone(&kept));
                std::thread::spawn(move || {
                    // Who hangs up has no more to say.
                    let _ = answer(stream, config, &kept);
                });
            }
        });
        Self {
            port,
            folder,
            requests,
        }
    }

    /// The address of a page.
    pub fn page(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.port)
    }

    /// Its certificate in DER, for whoever is to trust it.
    pub fn certificate(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("cert.der")).unwrap()
    }

    /// The file with the same in PEM.
    pub fn certificate_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// All that it was asked, in this order.
    pub fn requests(&self) -> Vec<ListRequest> {
        lock(&self.requests).clone()
    }
}

fn answer(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    kept: &Mutex<Vec<ListRequest>>,
) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut reader = BufReader::new(StreamOwned::new(connection, stream));
    let request = read(&mut reader)?;
    let path = request
        .line
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    lock(kept).push(request);
    let (page, wait) = path.split_once('?').unwrap_or((&path, ""));
    let stream = reader.get_mut();
    match page {
        "/hang" => std::thread::sleep(Duration::from_secs(120)),
        "/cut" => {}
        "/long" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 4_096])?;
            }
        }
        page => {
            let status = page.trim_start_matches('/');
            let wait = match wait {
                "" => String::new(),
                wait => format!("Retry-After: {wait}\r\n"),
            };
            let text = format!(
                "HTTP/1.1 {status} Said\r\nLocation: /200\r\nSet-Cookie: a=b\r\n{wait}Content-Length: 2\r\nConnection: close\r\n\r\n\r\n"
            );
            stream.write_all(text.as_bytes())?;
            stream.conn.send_close_notify();
            stream.flush()?;
        }
    }
    Ok(())
}

fn read(reader: &mut impl BufRead) -> std::io::Result<ListRequest> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut fields = Vec::new();
    loop {
        let mut field = String::new();
        reader.read_line(&mut field)?;
        let Some((name, value)) = field.trim_end().split_once(':') else {
            break;
        };
        fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = ListRequest {
        line: line.trim_end().to_owned(),
        fields,
        body: String::new(),
    };
    let length = request
        .field("content-length")
        .and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Ok(request)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
