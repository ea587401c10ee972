//! A plain WebDAV client: somebody else who uses the same address book.

use bulkhead_cloud::http_client;
use reqwest::{Client, Method, Response};

/// Somebody signed in on a server of this machine.
pub struct DavClient {
    /// Where the server is, without a path.
    pub server: String,
    /// Whose address book it is.
    pub user: String,
    pub password: String,
    /// The address book's path, with a slash at its end.
    pub book: String,
    http: Client,
}

impl DavClient {
    /// Nothing is asked yet.
    pub fn new(port: u16, user: &str, password: &str, book: &str) -> Self {
        Self {
            server: format!("http://127.0.0.1:{port}"),
            user: user.to_owned(),
            password: password.to_owned(),
            book: book.to_owned(),
            http: http_client::plain(),
        }
    }

    /// Asks for a path of the server.
    pub async fn ask(&self, method: &str, path: &str, body: Vec<u8>) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{path}", self.server));
        let request = request.basic_auth(&self.user, Some(&self.password));
        let content_type = match body.first() {
            Some(b'<') => "application/xml; charset=utf-8",
            _ => "text/vcard; charset=utf-8",
        };
        let request = request.header("Content-Type", content_type);
        request.body(body).send().await.unwrap()
    }

    /// Writes a card, whatever is there.
    pub async fn put(&self, path: &str, card: Vec<u8>) {
        let status = self.ask("PUT", path, card).await.status();
        assert!(status.is_success(), "PUT {path}: {status}");
    }

    /// Deletes a card, which is there.
    pub async fn delete(&self, path: &str) {
        let status = self.ask("DELETE", path, Vec::new()).await.status();
        assert!(status.is_success(), "DELETE {path}: {status}");
    }

    /// A card's bytes; none if it is not there.
    pub async fn get(&self, path: &str) -> Option<Vec<u8>> {
        let answer = self.ask("GET", path, Vec::new()).await;
        if answer.status() == 404 {
            return None;
        }
        assert!(answer.status().is_success(), "GET {path}");
        Some(answer.bytes().await.unwrap().to_vec())
    }

    /// Makes an empty address book at a path.
    pub async fn make_book(&self, path: &str) {
        let body = "<create xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><set><prop>\
                    <resourcetype><collection/><C:addressbook/></resourcetype>\
                    <displayname>People</displayname></prop></set></create>";
        let status = self.ask("MKCOL", path, body.into()).await.status();
        assert!(status.is_success(), "MKCOL {path}: {status}");
    }
}
