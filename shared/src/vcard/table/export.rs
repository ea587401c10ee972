//! A card as a row, under the headers that Google's own export has: most programs read those.

use super::columns::BETWEEN;
use crate::csv::guard;
use crate::vcard::edit::Name;
use crate::vcard::{Card, Property};

/// E-mail addresses and telephone numbers with a column of their own; further ones share the last.
const VALUES: usize = 3;
/// Addresses with columns of their own; further ones share the last, each part in the same order.
const ADDRESSES: usize = 2;
/// Street, city, PO box, region, postal code, country and extended address, by their places in ADR (RFC 6350, section
/// 6.3.1), in the order of their columns.
const ADDRESS_PARTS: [usize; 7] = [2, 3, 0, 4, 5, 6, 1];

/// The headers of a table of contacts.
pub const HEADER: [&str; 42] = [
    "First Name",
    "Middle Name",
    "Last Name",
    "Name Prefix",
    "Name Suffix",
    "Nickname",
    "File As",
    "Organization Name",
    "Organization Title",
    "Organization Department",
    "Birthday",
    "Notes",
    "Labels",
    "E-mail 1 - Label",
    "E-mail 1 - Value",
    "E-mail 2 - Label",
    "E-mail 2 - Value",
    "E-mail 3 - Label",
    "E-mail 3 - Value",
    "Phone 1 - Label",
    "Phone 1 - Value",
    "Phone 2 - Label",
    "Phone 2 - Value",
    "Phone 3 - Label",
    "Phone 3 - Value",
    "Address 1 - Label",
    "Address 1 - Street",
    "Address 1 - City",
    "Address 1 - PO Box",
    "Address 1 - Region",
    "Address 1 - Postal Code",
    "Address 1 - Country",
    "Address 1 - Extended Address",
    "Address 2 - Label",
    "Address 2 - Street",
    "Address 2 - City",
    "Address 2 - PO Box",
    "Address 2 - Region",
    "Address 2 - Postal Code",
    "Address 2 - Country",
    "Address 2 - Extended Address",
    "Website 1 - Value",
];

/// The card as a row under [`HEADER`]. Cells that a spreadsheet would run are guarded.
pub fn record(card: &Card) -> Vec<String> {
    let name = card.main("N").map(|name| name.parts(';'));
    let name = Name::of(&name.unwrap_or_default());
    let org = card.main("ORG").map(|org| org.parts(';'));
    let mut org = org.unwrap_or_default().into_iter();
    let organisation = org.next().unwrap_or_default();
    let units: Vec<String> = org.filter(|unit| !unit.is_empty()).collect();
    let categories = card
        .all("CATEGORIES")
        .flat_map(|property| property.parts(','));
    let categories: Vec<String> = categories.filter(|name| !name.is_empty()).collect();
    let mut cells = vec![
        name.given,
        name.additional,
        name.family,
        name.prefix,
        name.suffix,
        card.text("NICKNAME"),
        card.text("FN"),
        organisation,
        card.text("TITLE"),
        units.join(BETWEEN),
        card.text("BDAY"),
        card.text("NOTE"),
        categories.join(BETWEEN),
    ];
    values(card, "EMAIL", &mut cells);
    values(card, "TEL", &mut cells);
    addresses(card, &mut cells);
    let pages: Vec<String> = card.all("URL").map(Property::text_or_marks).collect();
    cells.push(pages.join(BETWEEN));
    cells.iter().map(|cell| guard(cell).into_owned()).collect()
}

fn values(card: &Card, name: &str, cells: &mut Vec<String>) {
    let all: Vec<&Property> = card.all(name).collect();
    for these in slots(&all, VALUES) {
        cells.push(label_of_first(card, these));
        let texts = these.iter().map(|property| property.text_or_marks());
        cells.push(texts.collect::<Vec<_>>().join(BETWEEN));
    }
}

fn addresses(card: &Card, cells: &mut Vec<String>) {
    let all: Vec<&Property> = card.all("ADR").collect();
    for these in slots(&all, ADDRESSES) {
        cells.push(label_of_first(card, these));
        let addresses: Vec<Vec<String>> = these.iter().map(|it| it.parts(';')).collect();
        for part in ADDRESS_PARTS {
            let parts = addresses
                .iter()
                .map(|it| it.get(part).map_or("", String::as_str));
            let parts: Vec<&str> = parts.collect();
            cells.push(match parts.iter().all(|part| part.is_empty()) {
                true => String::new(),
                false => parts.join(BETWEEN),
            });
        }
    }
}

/// What belongs into each of so many columns: one property, and into the last all that are left.
fn slots<'a>(all: &'a [&'a Property], columns: usize) -> impl Iterator<Item = &'a [&'a Property]> {
    (0..columns).map(move |index| {
        let these = match index + 1 == columns {
            true => all.get(index..),
            false => all.get(index..=index),
        };
        these.unwrap_or_default()
    })
}

fn label_of_first(card: &Card, these: &[&Property]) -> String {
    let first = these.first();
    first.map(|first| label(card, first)).unwrap_or_default()
}

/// What a value is called: the label beside it, or its types.
fn label(card: &Card, property: &Property) -> String {
    let beside = property.group.as_ref().and_then(|group| {
        let mut labels = card.all("X-ABLabel");
        labels.find(|label| label.group.as_ref() == Some(group))
    });
    if let Some(label) = beside {
        // Apple's own labels: `_$!<Home>!$_`.
        let text = label.text_or_marks();
        return text
            .trim_start_matches("_$!<")
            .trim_end_matches(">!$_")
            .to_owned();
    }
    let words = property
        .types()
        .into_iter()
        .filter_map(|kind| match kind.as_str() {
            "cell" => Some("Mobile"),
            "home" => Some("Home"),
            "work" => Some("Work"),
            "fax" => Some("Fax"),
            "pager" => Some("Pager"),
            "other" => Some("Other"),
            _ => None,
        });
    words.collect::<Vec<_>>().join(" ")
}
