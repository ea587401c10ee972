//! What a column holds, by its header.

use super::german;

/// What Google puts between several values in one cell.
pub(super) const BETWEEN: &str = " ::: ";
/// The same without its blanks, which are lost where nothing stands beside it.
pub(super) const BARE_BETWEEN: &str = ":::";

/// A property that may be there several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Email,
    Telephone,
    Website,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    FullName,
    /// A part of N, by its place there.
    NamePart(usize),
    Nickname,
    /// Which one it is.
    Organisation(String),
    /// Of which organisation.
    Department(String),
    Title,
    Birthday,
    /// Year, month or day of it, by its place.
    BirthdayPart(usize),
    Note,
    Categories,
    /// A value, and which one of its kind it is.
    Value(Kind, String),
    /// What kind of value the one with this name is.
    Label(Kind, String),
    /// A part of an address, by its place in ADR, or a further line of it.
    Address(String, usize),
    AddressLabel(String),
    /// Says nothing that another column does not.
    Ignored,
    Unknown,
}

/// The columns of a table. Outlook's `Title` is what stands before a name, everybody else's a position; beside a
/// `Vorname` and no other last name a `Name` is that.
pub(super) fn of(headers: &[String]) -> Vec<Column> {
    let plain: Vec<(String, String)> = headers.iter().map(|name| plain(name)).collect();
    let has = |wanted: &str| plain.iter().any(|(name, _)| name == wanted);
    let is_outlook = has("job title");
    let is_day = has("birth month") || has("geburtsmonat");
    let is_last_name = has("vorname") && !has("nachname") && !has("familienname");
    let columns = plain.iter().map(|(name, number)| {
        let name = german::english(name).unwrap_or_else(|| name.clone());
        match name.as_str() {
            "title" if is_outlook => return Column::NamePart(3),
            "birthday" if is_day => return Column::BirthdayPart(2),
            "name" if is_last_name => return Column::NamePart(0),
            _ => {}
        }
        single(&name, number)
            .or_else(|| google(&name, number))
            .or_else(|| outlook(&name, number))
            .unwrap_or(Column::Unknown)
    });
    columns.collect()
}

/// A header in lower case without signs, and the number in it.
fn plain(header: &str) -> (String, String) {
    let header = header.to_lowercase().replace("e-mail", "email");
    let words = header.split(|c: char| !c.is_alphanumeric());
    let (mut names, mut number) = (Vec::new(), String::new());
    for word in words.filter(|word| !word.is_empty()) {
        match word.bytes().all(|byte| byte.is_ascii_digit()) {
            true => number = word.to_owned(),
            false => names.push(word),
        }
    }
    (names.join(" "), number)
}

fn single(name: &str, number: &str) -> Option<Column> {
    Some(match name {
        "name" | "full name" | "display name" | "file as" => Column::FullName,
        "last name" | "family name" | "surname" | "lastname" => Column::NamePart(0),
        "first name" | "given name" | "firstname" | "forename" => Column::NamePart(1),
        "middle name" | "additional name" => Column::NamePart(2),
        "name prefix" | "prefix" => Column::NamePart(3),
        "name suffix" | "suffix" => Column::NamePart(4),
        "nickname" | "nick name" => Column::Nickname,
        "organization name" | "organisation name" | "company" | "company name" | "organization"
        | "organisation" | "org" => Column::Organisation(number.to_owned()),
        "organization department" | "organisation department" | "department" => {
            Column::Department(number.to_owned())
        }
        "organization title" | "organisation title" | "job title" | "title" | "position" => {
            Column::Title
        }
        "birthday" | "date of birth" => Column::Birthday,
        "birth year" => Column::BirthdayPart(0),
        "birth month" => Column::BirthdayPart(1),
        "birth day" => Column::BirthdayPart(2),
        "notes" | "note" | "comment" => Column::Note,
        "labels" | "group membership" | "categories" | "category" | "groups" | "tags" => {
            Column::Categories
        }
        "email display name" => Column::Ignored,
        _ => return None,
    })
}

fn google(name: &str, number: &str) -> Option<Column> {
    let slot = || format!("g{number}");
    let (first, rest) = name.split_once(' ')?;
    let kind = match first {
        "email" => Some(Kind::Email),
        "phone" => Some(Kind::Telephone),
        "website" => Some(Kind::Website),
        _ => None,
    };
    Some(match (first, kind, rest) {
        (_, Some(kind), "value") => Column::Value(kind, slot()),
        (_, Some(kind), "label" | "type") => Column::Label(kind, slot()),
        ("address", _, "label" | "type") => Column::AddressLabel(slot()),
        ("address", _, "formatted") => Column::Ignored,
        ("address", _, part) => Column::Address(slot(), address_part(part)?),
        _ => return None,
    })
}

fn outlook(name: &str, number: &str) -> Option<Column> {
    let (kind, label) = match name {
        "email" | "email address" | "mail" | "primary email" | "secondary email" => {
            (Kind::Email, "")
        }
        "phone" | "telephone" | "phone number" | "primary phone" | "other phone" | "tel" => {
            (Kind::Telephone, "")
        }
        "business phone" | "work phone" | "company main phone" => (Kind::Telephone, "work"),
        "home phone" => (Kind::Telephone, "home"),
        "mobile phone" | "mobile" | "mobile number" | "cell" | "cell phone" => {
            (Kind::Telephone, "mobile")
        }
        "business fax" | "work fax" | "fax" | "fax number" => (Kind::Telephone, "work fax"),
        "home fax" => (Kind::Telephone, "home fax"),
        "pager" | "pager number" => (Kind::Telephone, "pager"),
        "web page" | "website" | "url" | "web" => (Kind::Website, ""),
        _ => return outlook_address(name),
    };
    Some(Column::Value(kind, format!("{label}#{number}{name}")))
}

fn outlook_address(name: &str) -> Option<Column> {
    if let Some(part) = address_part(name) {
        return Some(Column::Address("#".to_owned(), part));
    }
    let (label, part) = name.split_once(' ')?;
    let label = match label {
        "business" | "work" => "work#",
        "home" => "home#",
        "other" => "#",
        _ => return None,
    };
    Some(Column::Address(label.to_owned(), address_part(part)?))
}

/// The place of a part in ADR (RFC 6350, section 6.3.1).
fn address_part(name: &str) -> Option<usize> {
    Some(match name {
        "po box" => 0,
        "extended address" => 1,
        "street" | "street address" | "address" => 2,
        "city" | "town" => 3,
        "region" | "state" | "province" => 4,
        "postal code" | "zip" | "zip code" | "zipcode" | "postcode" => 5,
        "country" | "country region" => 6,
        _ => return None,
    })
}
