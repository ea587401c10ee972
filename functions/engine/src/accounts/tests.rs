//! What a connection may be, which two are the same place, and what an account is called.

use super::*;
use bulkhead_shared::api::{AccessToken, DavConnection, ExchangeConnection, ImapConnection, OAuth};
use jiff::Timestamp;

fn dav(url: &str) -> Connection {
    Connection::Dav(DavConnection {
        url: url.to_owned(),
        user: "ann".to_owned(),
        password: "secret".to_owned(),
    })
}

fn imap() -> ImapConnection {
    ImapConnection {
        host: "mail.x.example".to_owned(),
        port: 993,
        security: Security::Tls,
        user: "ann".to_owned(),
        credentials: Credentials::Password("secret".to_owned()),
        submission: None,
    }
}

fn exchange() -> ExchangeConnection {
    ExchangeConnection {
        tenant: "contoso.onmicrosoft.com".to_owned(),
        client_id: "00000000-Aa".to_owned(),
        certificate: "-----BEGIN\n\tx\r\n".to_owned(),
        private_key: "-----BEGIN\nkey".to_owned(),
    }
}

fn oauth() -> OAuth {
    OAuth {
        token_endpoint: "https://x.example/token".to_owned(),
        client_id: "bulkhead".to_owned(),
        client_secret: Some("s".to_owned()),
        refresh_token: "r".to_owned(),
        access: Some(AccessToken {
            token: "t".to_owned(),
            until: Timestamp::UNIX_EPOCH,
        }),
    }
}

/// The field that a connection is refused for; none if it is taken.
fn refused(connection: Connection) -> Option<String> {
    let new = NewAccount {
        name: None,
        connection,
    };
    validate(&new).err().map(|invalid| invalid.field)
}

fn imap_with(change: impl FnOnce(&mut ImapConnection)) -> Connection {
    let mut connection = imap();
    change(&mut connection);
    Connection::Imap(connection)
}

#[test]
fn a_text_of_a_connection_is_there_fits_and_has_no_control_character() {
    type Change = fn(String) -> Connection;
    let texts: [(&str, usize, Change); 14] = [
        ("host", 255, |text| imap_with(|it| it.host = text)),
        ("user", 255, |text| imap_with(|it| it.user = text)),
        ("password", 255, |text| {
            imap_with(|it| it.credentials = Credentials::Password(text))
        }),
        ("submission.host", 255, |text| {
            imap_with(|it| it.submission = Some(submission(&text, 465, None)))
        }),
        ("oauth.token_endpoint", 255, |text| {
            with_oauth(|it| it.token_endpoint = text)
        }),
        ("oauth.client_id", 255, |text| {
            with_oauth(|it| it.client_id = text)
        }),
        ("oauth.client_secret", 255, |text| {
            with_oauth(|it| it.client_secret = Some(text))
        }),
        ("oauth.refresh_token", 8_192, |text| {
            with_oauth(|it| it.refresh_token = text)
        }),
        ("oauth.access.token", 8_192, |text| {
            with_oauth(|it| {
                let until = Timestamp::UNIX_EPOCH;
                it.access = Some(AccessToken { token: text, until });
            })
        }),
        ("url", 255, |url| dav(&url)),
        ("user", 255, |user| with_dav(|it| it.user = user)),
        ("password", 255, |text| with_dav(|it| it.password = text)),
        ("tenant", 255, |text| with_exchange(|it| it.tenant = text)),
        ("client_id", 255, |text| {
            with_exchange(|it| it.client_id = text)
        }),
    ];
    for (field, most, change) in texts {
        let at = Some(format!("connection.{field}"));
        for (text, fits) in [
            ("a".to_owned(), true),
            ("a".repeat(most), true),
            ("a".repeat(most + 1), false),
            (String::new(), false),
            ("a\nb".to_owned(), false),
        ] {
            let expected = if fits { None } else { at.clone() };
            assert_eq!(refused(change(text)), expected, "{field}");
        }
    }
}

fn with_dav(change: impl FnOnce(&mut DavConnection)) -> Connection {
    let Connection::Dav(mut connection) = dav("dav.x.example") else {
        panic!("it is one")
    };
    change(&mut connection);
    Connection::Dav(connection)
}

fn with_exchange(change: impl FnOnce(&mut ExchangeConnection)) -> Connection {
    let mut connection = exchange();
    change(&mut connection);
    Connection::Exchange(connection)
}

fn with_oauth(change: impl FnOnce(&mut OAuth)) -> Connection {
    let mut oauth = oauth();
    change(&mut oauth);
    imap_with(|it| it.credentials = Credentials::OAuth(oauth))
}

fn submission(host: &str, port: u16, per_minute: Option<u32>) -> Submission {
    Submission {
        host: host.to_owned(),
        port,
        security: Security::Tls,
        per_minute,
    }
}

#[test]
fn a_port_a_pace_and_a_key_are_what_they_can_be() {
    let nothing = None::<&str>;
    let without = with_oauth(|it| {
        it.client_secret = None;
        it.access = None;
    });
    assert_eq!(refused(without).as_deref(), nothing);
    assert_eq!(refused(Connection::Sandbox {}).as_deref(), nothing);
    for (port, field) in [(0, Some("connection.port")), (1, None), (u16::MAX, None)] {
        assert_eq!(refused(imap_with(|it| it.port = port)).as_deref(), field);
        let mut cyrus = imap();
        cyrus.port = port;
        assert_eq!(refused(Connection::Cyrus(cyrus)).as_deref(), field);
    }
    let (port, pace) = (
        Some("connection.submission.port"),
        Some("connection.submission.per_minute"),
    );
    for (submission, field) in [
        (submission("x", 0, None), port),
        (submission("x", 1, Some(1)), None),
        (submission("x", 587, Some(0)), pace),
        (submission("x", 587, Some(10_000)), None),
        (submission("x", 587, Some(10_001)), pace),
    ] {
        let connection = imap_with(|it| it.submission = Some(submission.clone()));
        assert_eq!(refused(connection).as_deref(), field, "{submission:?}");
    }
    for (text, fits) in [
        ("a".repeat(8_192), true),
        ("a".repeat(8_193), false),
        (" \n".to_owned(), false),
        ("a\u{0}b".to_owned(), false),
        ("-----BEGIN\r\n\tx".to_owned(), true),
    ] {
        let of = |field: &str| (!fits).then(|| field.to_owned());
        let certificate = with_exchange(|it| it.certificate = text.clone());
        assert_eq!(refused(certificate), of("connection.certificate"));
        let key = with_exchange(|it| it.private_key = text.clone());
        assert_eq!(refused(key), of("connection.private_key"));
    }
}

#[test]
fn a_name_is_one_to_a_hundred_characters_and_an_address_has_an_at() {
    for (name, fits) in [
        (None, true),
        (Some("Ü".repeat(100)), true),
        (Some("Ü".repeat(101)), false),
        (Some(" ".to_owned()), false),
    ] {
        assert_eq!(check_name(name.as_deref()).is_ok(), fits, "{name:?}");
    }
    let long = |bytes: usize| format!("{}@x.example", "a".repeat(bytes - "@x.example".len()));
    for (address, told) in [
        (" ann@x.example ", Some("ann@x.example")),
        ("ann", None),
        (&long(320), Some(&*long(320))),
        (&long(321), None),
    ] {
        assert_eq!(check_address(address).ok(), told, "{address}");
    }
}

#[test]
fn an_address_book_is_the_same_however_its_address_is_written() {
    let one = place(&dav("dav.Example.org"));
    for same in ["https://dav.example.org/", "HTTPS://DAV.example.org"] {
        assert_eq!(place(&dav(same)), one, "{same}");
    }
    for other in ["http://dav.example.org", "dav.example.org/Ann"] {
        assert_ne!(place(&dav(other)), one, "{other}");
    }
    assert_ne!(place(&dav("h/Ann")), place(&dav("h/ann")));
}

#[test]
fn a_place_is_a_server_and_who_signs_in_there_and_stays_written_as_it_is() {
    let upper = |connection: &mut ImapConnection| connection.host.make_ascii_uppercase();
    for (connection, stored) in [
        (Connection::Sandbox {}, "sandbox"),
        (imap_with(|_| ()), "imap mail.x.example 993 ann"),
        (imap_with(upper), "imap mail.x.example 993 ann"),
        (
            imap_with(|it| it.user = "Ann".to_owned()),
            "imap mail.x.example 993 Ann",
        ),
        (Connection::Cyrus(imap()), "cyrus mail.x.example 993 ann"),
        (dav("dav.x.example/a/"), "dav https://dav.x.example a ann"),
        (
            Connection::Exchange(exchange()),
            "exchange contoso.onmicrosoft.com 00000000-aa",
        ),
    ] {
        assert_eq!(place(&connection), stored);
    }
}

#[test]
fn an_account_without_a_name_is_called_after_who_signs_in_where() {
    let plain = |connection: &mut ImapConnection| connection.security = Security::None;
    for (connection, name) in [
        (Connection::Sandbox {}, "Sandbox".to_owned()),
        (imap_with(|_| ()), "ann@mail.x.example".to_owned()),
        (
            imap_with(|it| it.user = "ann@y.example".to_owned()),
            "ann@y.example".to_owned(),
        ),
        (
            imap_with(plain),
            "ann@mail.x.example (not encrypted)".to_owned(),
        ),
        (imap_with(|it| it.user = "a".repeat(101)), "a".repeat(100)),
        (dav("dav.example.org/x"), "ann@dav.example.org".to_owned()),
        (
            dav("http://localhost:80/"),
            "ann@localhost:80 (not encrypted)".to_owned(),
        ),
        (
            Connection::Exchange(exchange()),
            "contoso.onmicrosoft.com".to_owned(),
        ),
        (
            with_exchange(|it| it.tenant = "t".repeat(101)),
            "t".repeat(100),
        ),
    ] {
        assert_eq!(default_name(&connection), name);
    }
}

#[test]
fn only_of_an_address_a_mail_server_is_looked_for() {
    use crate::testing::mailbox::MemoryMailbox;
    use crate::testing::stage::Stage;
    futures::executor::block_on(async {
        let stage = Stage::new(MemoryMailbox::new(0)).await.unwrap();
        let find = async |address: &str| {
            let wanted = MailAddress {
                address: address.to_owned(),
            };
            discover(&stage.ports, &wanted).await
        };
        // Nothing is known here of any.
        assert_eq!(
            find(" ann@x.example ").await.unwrap(),
            Discovered::default()
        );
        let long = format!("ann@{}", "x".repeat(317));
        for odd in ["", "ann", long.as_str()] {
            let Err(Error::Invalid(refused)) = find(odd).await else {
                panic!("{odd} is no address");
            };
            assert_eq!(refused.field, "address");
        }
    });
}
