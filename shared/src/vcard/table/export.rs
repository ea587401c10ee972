//! A card as a row, under the headers that Google's own export has: most programs read those.

use super::columns::BETWEEN;
use crate::csv::guard;
use crate::vcard::edit::Name;
use crate::vcard::{Card, Property};

/// E-mail addresses and telephone numbers with a column of their own; further ones share the last.
const VALUES: usize = 3;
/// Addresses with columns of their own.
const ADDRESSES: usize = 2;

/// The headers of a table of contacts.
pub const HEADER: [&str; 38] = [
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
    "Address 1 - Region",
    "Address 1 - Postal Code",
    "Address 1 - Country",
    "Address 2 - Label",
    "Address 2 - Street",
    "Address 2 - City",
    "Address 2 - Region",
    "Address 2 - Postal Code",
    "Address 2 - Country",
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
    for index in 0..VALUES {
        let these = match index + 1 {
            VALUES => all.get(index..),
            _ => all.get(index..=index),
        };
        let these = these.unwrap_or_default();
        let texts: Vec<String> = these
            .iter()
            .map(|property| property.text_or_marks())
            .collect();
        cells.push(
            these
                .first()
                .map(|first| label(card, first))
                .unwrap_or_default(),
        );
        cells.push(texts.join(BETWEEN));
    }
}

fn addresses(card: &Card, cells: &mut Vec<String>) {
    let all: Vec<&Property> = card.all("ADR").collect();
    for index in 0..ADDRESSES {
        let address = all.get(index);
        let parts = address
            .map(|address| address.parts(';'))
            .unwrap_or_default();
        cells.push(
            address
                .map(|address| label(card, address))
                .unwrap_or_default(),
        );
        // Street, city, region, postal code, country: the last five of seven.
        for part in 2..7 {
            cells.push(parts.get(part).cloned().unwrap_or_default());
        }
    }
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
