//! Why a connection could not be made or broke, for a person. The library's own words name hosts and
//! whatever stands in a certificate; these name nobody (invariant 10).

use std::io;

use tokio_rustls::rustls::{self, CertificateError};

/// As what follows "the connection broke: ".
pub(super) fn why(error: &io::Error) -> &'static str {
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return why_not_encrypted(error);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing answers at this port",
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "there is no way to the server from here"
        }
        io::ErrorKind::TimedOut => "it took too long",
        _ => "it was cut off",
    }
}

fn why_not_encrypted(error: &rustls::Error) -> &'static str {
    let rustls::Error::InvalidCertificate(error) = error else {
        return "the server does not speak TLS as we do; another port or kind of encryption may be right";
    };
    match error {
        CertificateError::UnknownIssuer => {
            "the server's certificate is signed by nobody who is trusted here"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the server's certificate is for another name"
        }
        _ => "the server's certificate is not valid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::ServerName;

    #[test]
    fn tells_what_a_person_can_act_on() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(why(&refused), "nothing answers at this port");
        let encrypted = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        let expired = rustls::Error::InvalidCertificate(CertificateError::Expired);
        assert_eq!(
            why(&encrypted(expired)),
            "the server's certificate has expired"
        );
        let plain = rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType);
        assert!(why(&encrypted(plain)).contains("another port"));
    }

    #[test]
    fn invariant_10_names_nobody() {
        let other = CertificateError::NotValidForNameContext {
            expected: ServerName::try_from("mail.ann.example").unwrap_or_else(|_| unreachable!()),
            presented: vec!["secret.example".to_owned()],
        };
        let error = rustls::Error::InvalidCertificate(other);
        let told = why(&io::Error::new(io::ErrorKind::InvalidData, error));
        assert_eq!(told, "the server's certificate is for another name");
    }
}
