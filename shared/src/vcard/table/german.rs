//! Headers that German programs and people write, as the English ones that say the same.

/// Whole headers, without signs and numbers.
const WHOLE: &[(&str, &str)] = &[
    ("vorname", "first name"),
    ("nachname", "last name"),
    ("familienname", "last name"),
    ("weitere vornamen", "middle name"),
    ("anrede", "prefix"),
    ("spitzname", "nickname"),
    ("anzeigename", "display name"),
    ("firma", "company"),
    ("unternehmen", "company"),
    ("abteilung", "department"),
    ("arbeitstitel", "position"),
    ("geburtstag", "birthday"),
    ("geburtsdatum", "birthday"),
    ("geburtsjahr", "birth year"),
    ("geburtsmonat", "birth month"),
    ("notiz", "notes"),
    ("notizen", "notes"),
    ("bemerkung", "notes"),
    ("kategorie", "category"),
    ("kategorien", "categories"),
    ("email adresse", "email address"),
    ("primäre email adresse", "primary email"),
    ("sekundäre email adresse", "secondary email"),
    ("webseite", "web page"),
];

/// What stands at work and at home.
const PARTS: &[(&str, &str)] = &[
    ("adresse", "address"),
    ("straße", "street"),
    ("strasse", "street"),
    ("postfach", "po box"),
    ("ort", "city"),
    ("stadt", "city"),
    ("bundesland", "state"),
    ("plz", "zip"),
    ("postleitzahl", "zip"),
    ("land", "country"),
    ("land region", "country"),
    ("tel", "phone"),
    ("telefon", "phone"),
    ("telefonnummer", "phone"),
    ("handy", "mobile"),
    ("mobiltelefon", "mobile"),
    ("mobilnummer", "mobile"),
    ("mobil tel nr", "mobile"),
    ("fax", "fax"),
    ("faxnummer", "fax"),
    ("fax nummer", "fax"),
    ("pager nummer", "pager"),
];

/// What says where, before or behind it.
const PLACES: &[(&str, &str)] = &[
    ("geschäftlich", "work"),
    ("dienstlich", "work"),
    ("privat", "home"),
];

/// The English header for a German one, both without signs and numbers; none if it is none of these.
pub(super) fn english(header: &str) -> Option<String> {
    if let Some(whole) = find(WHOLE, header).or_else(|| find(PARTS, header)) {
        return Some(whole.to_owned());
    }
    PLACES.iter().find_map(|(german, place)| {
        let part = header
            .strip_prefix(german)
            .or_else(|| header.strip_suffix(german))?;
        Some(format!("{place} {}", find(PARTS, part.trim())?))
    })
}

fn find(table: &[(&str, &'static str)], header: &str) -> Option<&'static str> {
    let found = table.iter().find(|(german, _)| *german == header);
    found.map(|(_, english)| *english)
}
