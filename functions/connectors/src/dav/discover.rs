//! From what a person typed to address books: the well-known address, the person's principal, the
//! home of their address books (RFC 6764, section 6; RFC 6352, section 7).
//!
//! SRV records are not asked for: no resolver that could is in the tree.

use bulkhead_engine::ports::CallError;
use reqwest::Url;

use super::fault::Fault;
use super::href::{Book, path_of};
use super::http::{Answer, Ask, Http};
use super::xml::{self, Properties};

/// Homes that are looked into, most; nobody has more than a few.
const HOMES: usize = 10;

/// All address books of the person.
pub(super) async fn books(http: &Http) -> Result<Vec<Book>, CallError> {
    let found = match home(http).await {
        Ok(found) => found,
        Err(fault) => return Err(fault.as_call()),
    };
    let mut books = match found {
        Found::Book(book) => vec![*book],
        Found::Homes(homes) => {
            let mut books: Vec<Book> = Vec::new();
            for home in homes.iter().take(HOMES) {
                for book in in_home(http, home).await.map_err(|fault| fault.as_call())? {
                    if !books.iter().any(|known| known.url == book.url) {
                        books.push(book);
                    }
                }
            }
            books
        }
    };
    if books.is_empty() {
        return Err(CallError::Unsupported(
            "This account has no address book on that server.".to_owned(),
        ));
    }
    // The one for new contacts first: one that can be written to, and of those the server's first.
    books.sort_by_key(|book| !book.writable);
    Ok(books)
}

enum Found {
    Book(Box<Book>),
    Homes(Vec<Url>),
}

/// Asks the address that was given, then the well-known one, then the server's root.
async fn home(http: &Http) -> Result<Found, Fault> {
    let mut places = Vec::new();
    if http.start.path() != "/" {
        places.push(http.start.clone());
    }
    places.extend(["/.well-known/carddav", "/"].map(|path| at(&http.start, path)));
    let mut first_refusal = None;
    for place in places {
        match about(http, &place, "0").await {
            Ok(about) => {
                if let Some(found) = follow(http, about).await? {
                    return Ok(found);
                }
            }
            // Another place would refuse as well, or the server cannot be asked now.
            Err(fault) if fault.is_status(&[401]) || !matches!(fault, Fault::Status(_)) => {
                return Err(fault);
            }
            Err(fault) if fault.is_status(&[429, 500, 502, 503, 504]) => return Err(fault),
            Err(fault) => {
                first_refusal.get_or_insert(fault);
            }
        }
    }
    Err(first_refusal.unwrap_or_else(|| {
        Fault::Call(CallError::Unsupported(
            "There is no CardDAV server at this address.".to_owned(),
        ))
    }))
}

/// An address, and what the server says about it.
type About = (Url, String, Properties);

/// What an address leads to: itself, homes, or a principal that knows the homes.
async fn follow(http: &Http, about_place: Vec<About>) -> Result<Option<Found>, Fault> {
    let Some((url, path, properties)) = about_place.into_iter().next() else {
        return Ok(None);
    };
    if properties.is_book {
        return Ok(Some(Found::Book(Box::new(book(url, path, properties)))));
    }
    let mut homes = links(http, &url, &properties.homes);
    let principal = properties.principal.filter(|_| homes.is_empty());
    if let Some(principal) = principal {
        let principal = links(http, &url, &[principal]);
        for principal in &principal {
            let about = about(http, principal, "0").await?;
            for (url, _, properties) in about {
                homes.extend(links(http, &url, &properties.homes));
            }
        }
    }
    Ok((!homes.is_empty()).then_some(Found::Homes(homes)))
}

async fn in_home(http: &Http, home: &Url) -> Result<Vec<Book>, Fault> {
    let about = about(http, home, "1").await?;
    let books = about
        .into_iter()
        .filter(|(_, _, properties)| properties.is_book);
    Ok(books
        .map(|(url, path, properties)| book(url, path, properties))
        .collect())
}

/// The book as it is now.
pub(super) async fn again(http: &Http, book: &Book) -> Result<Book, Fault> {
    let about = about(http, &book.url, "0").await?;
    match about.into_iter().next() {
        Some((_, _, properties)) if properties.is_book => {
            Ok(self::book(book.url.clone(), book.path.clone(), properties))
        }
        _ => Err(Fault::Senseless("an address book is none any more")),
    }
}

async fn about(http: &Http, place: &Url, depth: &'static str) -> Result<Vec<About>, Fault> {
    let ask = Ask {
        method: "PROPFIND",
        url: place,
        depth: Some(depth),
        body: Some(("application/xml; charset=utf-8", xml::ABOUT.into())),
        condition: None,
    };
    let Answer {
        status, body, url, ..
    } = http.ask_along(ask).await?;
    if status != 207 {
        return Err(Fault::Senseless("it says nothing about an address book"));
    }
    let mut about = Vec::new();
    for response in xml::multistatus(&body)?.responses {
        if response.status.is_some_and(|status| status >= 300) {
            continue;
        }
        if let Some(link) = links(http, &url, std::slice::from_ref(&response.href)).pop() {
            let path = path_of(&url, &response.href);
            about.push((link, path, response.properties));
        }
    }
    Ok(about)
}

fn book(url: Url, path: String, properties: Properties) -> Book {
    let slash = |text: &str| match text.ends_with('/') {
        true => text.to_owned(),
        false => format!("{text}/"),
    };
    let mut with_slash = url;
    with_slash.set_path(&slash(with_slash.path()));
    // A whole address on another host of the owner: its path is what ids begin with.
    let path = match path.starts_with('/') && !path.starts_with("//") {
        true => slash(&path),
        false => with_slash.path().to_owned(),
    };
    let name = properties.name.unwrap_or_else(|| "Contacts".to_owned());
    Book {
        url: with_slash,
        path,
        name,
        writable: properties.writable.unwrap_or(true),
        sync_token: properties.sync_token,
    }
}

/// The addresses that may be followed.
fn links(http: &Http, base: &Url, hrefs: &[String]) -> Vec<Url> {
    let urls = hrefs.iter().filter_map(|href| base.join(href).ok());
    urls.filter(|url| http.follows(url)).collect()
}

fn at(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    url
}
