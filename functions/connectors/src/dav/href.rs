//! Addresses of cards: kept as the server gave them, compared by what they mean.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::ids::ItemId;
use percent_encoding::percent_decode_str;
use reqwest::Url;

use super::fault::Fault;

/// Characters of a name that we give, most: what any server's file system takes.
const NAME_CHARACTERS: usize = 100;

/// An address book.
#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) url: Url,
    /// The path as the server gave it, with a slash at its end.
    pub(super) path: String,
    pub(super) name: String,
    pub(super) writable: bool,
    /// Stays the same as long as nothing in the book changed; none where the server has no such thing.
    pub(super) sync_token: Option<String>,
}

impl Book {
    /// The address of a card in this book; none if the id is not one of a card in it. Ids come from
    /// outside: one that led elsewhere would carry the credentials there.
    pub(super) fn url_of(&self, id: &ItemId) -> Option<Url> {
        let name = name_in(&self.path, id.as_str())?;
        let url = self.url.join(id.as_str()).ok()?;
        let is_here = url.origin() == self.url.origin()
            && name_in(self.url.path(), url.path()).as_deref() == Some(&name)
            && url.query().is_none()
            && url.fragment().is_none();
        is_here.then_some(url)
    }

    /// The id of what the server calls `href`; none if that is not a card in this book.
    pub(super) fn id_of(&self, href: &str) -> Result<Option<ItemId>, Fault> {
        let path = path_of(&self.url, href);
        if name_in(&self.path, &path).is_none() {
            return Ok(None);
        }
        match ItemId::try_from(path) {
            Ok(id) if self.url_of(&id).is_some() => Ok(Some(id)),
            // It is there, and we could not name it: to leave it out would say that it is not.
            _ => Err(Fault::Call(CallError::Unsupported(
                "A card in this address book has an address that we cannot keep.".to_owned(),
            ))),
        }
    }

    /// The id of a card that is to be made here: named by its UID where that can stand in any address,
    /// by a hash of it otherwise.
    pub(super) fn new_id(&self, uid: &str) -> Result<ItemId, CallError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_plain = (1..=NAME_CHARACTERS).contains(&uid.len()) && uid.bytes().all(plain);
        let name = match is_plain {
            true => uid.to_owned(),
            false => sha256_hex(uid.as_bytes()),
        };
        let id = format!("{}{name}.vcf", self.path);
        let id = ItemId::try_from(id)
            .ok()
            .filter(|id| self.url_of(id).is_some());
        id.ok_or_else(|| {
            CallError::Unsupported("This address book's own address is too long.".to_owned())
        })
    }
}

/// The path that an href means, otherwise as it stood: servers give paths, whole addresses, and names
/// relative to the collection.
pub(super) fn path_of(base: &Url, href: &str) -> String {
    let href = href.trim();
    if href.starts_with('/') && !href.starts_with("//") {
        return href.to_owned();
    }
    let Ok(url) = base.join(href) else {
        return href.to_owned();
    };
    if url.origin() != base.origin() {
        return href.to_owned();
    }
    // What stands after the host, as it stood, if it is a whole address.
    let after = href
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    after.map_or_else(|| url.path().to_owned(), str::to_owned)
}

/// What an address means: `%40` and `@` are the same, and servers use one here and the other there.
pub(super) fn meaning(path: &str) -> Vec<u8> {
    percent_decode_str(path).collect()
}

/// The name of a card in a collection, decoded; none if it is not directly in it.
fn name_in(collection: &str, path: &str) -> Option<Vec<u8>> {
    let (collection, path) = (meaning(collection), meaning(path));
    let name = path.strip_prefix(collection.as_slice())?;
    let is_name = !name.is_empty()
        && !name.contains(&b'/')
        && !name.contains(&b'\\')
        && name != b"."
        && name != b"..";
    is_name.then(|| name.to_vec())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn book() -> Book {
        Book {
            url: Url::parse("https://dav.example/dav/ann%40x.org/people/").unwrap(),
            path: "/dav/ann%40x.org/people/".to_owned(),
            name: "People".to_owned(),
            writable: true,
            sync_token: None,
        }
    }

    #[test]
    fn the_same_address_however_it_is_written() {
        let book = book();
        for href in [
            "/dav/ann%40x.org/people/a%20b.vcf",
            "/dav/ann@x.org/people/a%20b.vcf",
            "https://dav.example/dav/ann%40x.org/people/a%20b.vcf",
            "https://dav.example:443/dav/ann@x.org/people/a%20b.vcf",
            "a%20b.vcf",
        ] {
            let id = book.id_of(href).unwrap().unwrap();
            assert!(
                meaning(id.as_str()) == b"/dav/ann@x.org/people/a b.vcf",
                "{href}: {id}"
            );
            assert!(book.url_of(&id).is_some(), "{href}");
        }
        let id = book
            .id_of("/dav/ann@x.org/people/{cb4-ü}.vcf")
            .unwrap()
            .unwrap();
        assert_eq!(id.as_str(), "/dav/ann@x.org/people/{cb4-ü}.vcf");
        assert_eq!(
            book.url_of(&id).unwrap().as_str(),
            "https://dav.example/dav/ann@x.org/people/%7Bcb4-%C3%BC%7D.vcf"
        );
    }

    #[test]
    fn nothing_leads_out_of_the_book() {
        let book = book();
        for id in [
            "//evil.example/dav/ann%40x.org/people/a.vcf",
            "https://evil.example/dav/ann%40x.org/people/a.vcf",
            "/dav/ann%40x.org/people/",
            "/dav/ann%40x.org/people/../other/a.vcf",
            "/dav/ann%40x.org/people/..%2fother.vcf",
            "/dav/ann%40x.org/people/%2e%2e",
            "/dav/ann%40x.org/people/..",
            "/dav/ann%40x.org/people/.",
            "/dav/ann%40x.org/people/sub/a.vcf",
            "/dav/ann%40x.org/people/a\\..\\..\\b",
            "/dav/ann%40x.org/people/a?b",
            "/dav/ann%40x.org/people/a#b",
            "/dav/bob/people/a.vcf",
            "\\\\evil.example\\a",
            "s17",
        ] {
            let id: ItemId = id.parse().unwrap();
            assert!(book.url_of(&id).is_none(), "{id}");
        }
    }

    #[test]
    fn a_new_card_has_the_same_address_each_time() {
        let id = |uid: &str| book().new_id(uid).unwrap();
        assert_eq!(id("job-1").as_str(), "/dav/ann%40x.org/people/job-1.vcf");
        for uid in ["", "../x", "urn:uuid:1/ä", &"x".repeat(300)] {
            assert_eq!(id(uid), id(uid));
            assert_eq!(
                id(uid).as_str().len(),
                "/dav/ann%40x.org/people/.vcf".len() + 64
            );
        }
    }
}
