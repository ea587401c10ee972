//! Real-looking contacts from a seed and a number: the same seed gives the same address book.
//!
//! They are what phones and providers write: groups with labels, unknown properties, folded notes,
//! numbers in every spelling. All addresses are on domains reserved for examples (RFC 2606), all
//! numbers are ones that no network gives out.

use super::super::generate::{Dice, words};

pub(in super::super) const GIVEN: [&str; 24] = [
    "Anna", "Bob", "Chloé", "David", "Elena", "Farid", "Grace", "Henrik", "Isabel", "Jonas",
    "Keiko", "Łukasz", "Mia", "Niamh", "Oscar", "Priya", "Quentin", "Rosa", "Samuel", "Tomás",
    "Uma", "Viktor", "Wei", "Zoë",
];
pub(in super::super) const FAMILY: [&str; 26] = [
    "Kowalska",
    "Tanner",
    "Durand",
    "Okafor",
    "Petrova",
    "Haddad",
    "Lin",
    "Sørensen",
    "Ortega",
    "Müller",
    "Tanaka",
    "Nowak",
    "Schneider",
    "O'Brien",
    "Lindqvist",
    "Raman",
    "Moreau",
    "Bianchi",
    "Adeyemi",
    "Silva",
    "Patel",
    "Horváth",
    "Zhang",
    "Fischer",
    "Garcia-Lopez",
    "Šimić",
];
const COMPANIES: [(&str, &str); 8] = [
    ("Acme\\, Inc.", "acme.example"),
    ("Northwind Traders", "northwind.example"),
    ("Käse & Söhne GmbH", "kaese.example"),
    ("Blue Harbor", "harbor.example"),
    ("Fabrikam", "fabrikam.example"),
    ("Tidewater\\; Partners", "tidewater.example"),
    ("Contoso", "contoso.example"),
    ("山田商店", "yamada.example"),
];
const UNITS: [&str; 5] = ["Research", "Sales", "Support", "Finance", "Operations"];
const POSITIONS: [&str; 7] = [
    "Engineer",
    "Head of Sales",
    "Accountant",
    "Designer",
    "Director",
    "Assistant",
    "Researcher",
];
const CATEGORIES: [&str; 6] = [
    "Friends",
    "Work",
    "Family",
    "Suppliers",
    "Press",
    "Old school",
];

/// One in so many is an exact duplicate of an earlier one.
const DUPLICATES: u32 = 20;

/// The name of a contact's file, and its card.
pub(super) fn contact(seed: u64, index: u32) -> (String, String) {
    let mut dice = Dice::new(seed ^ 0xc0_47ac, index);
    let number = dice.bits();
    let uid = format!("{number:016x}-{index}");
    let original = match index > 0 && dice.below(DUPLICATES) == 0 {
        true => dice.below(index),
        false => index,
    };
    let lines = said(Dice::new(seed ^ 0x0ca4d, original), original);
    let card = format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\n{lines}END:VCARD\r\n");
    (uid, card)
}

/// All of a card that is about somebody.
fn said(mut dice: Dice, number: u32) -> String {
    let (given, family) = (dice.pick(&GIVEN), dice.pick(&FAMILY));
    let (company, domain) = dice.pick(&COMPANIES);
    let mut lines = vec![
        format!("N:{family};{given};;;"),
        format!("FN:{given} {family}"),
    ];
    if dice.percent(70) {
        lines.push(format!("ORG:{company};{}", dice.pick(&UNITS)));
        lines.push(format!("TITLE:{}", dice.pick(&POSITIONS)));
        lines.push(format!("EMAIL;TYPE=work:p{number}@{domain}"));
    }
    if dice.percent(60) {
        lines.push(format!("EMAIL;TYPE=home:p{number}@example.org"));
    }
    if dice.percent(80) {
        lines.push(format!("TEL;TYPE=cell:{}", telephone(&mut dice)));
    }
    if dice.percent(30) {
        lines.push(format!("TEL;TYPE=work:{}", telephone(&mut dice)));
    }
    if dice.percent(20) {
        lines.push(format!("item1.TEL:{}", telephone(&mut dice)));
        lines.push("item1.X-ABLabel:Boat".to_owned());
    }
    if dice.percent(40) {
        let city = dice.pick(words::CITIES);
        lines.push(format!(
            "ADR;TYPE=home:;;Main Street {};{city};;;",
            number % 90 + 1
        ));
    }
    if dice.percent(50) {
        lines.push(format!("CATEGORIES:{}", dice.pick(&CATEGORIES)));
    }
    if dice.percent(15) {
        let (month, day) = (dice.between(1, 12), dice.between(1, 28));
        lines.push(format!(
            "BDAY:{}-{month:02}-{day:02}",
            dice.between(1950, 2005)
        ));
    }
    if dice.percent(25) {
        lines.push(format!("NOTE:{}", note(&mut dice)));
    }
    if dice.percent(10) {
        lines.push(format!(
            "X-CUSTOM;X-SOURCE=\"import: {number}\":kept as it is"
        ));
    }
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

/// In the spellings that people use.
fn telephone(dice: &mut Dice) -> String {
    let digits = format!("{:04}", dice.below(10_000));
    match dice.below(5) {
        0 => format!("+49 30 23125 {digits}"),
        1 => format!("0049 30 23125-{digits}"),
        2 => format!("030/23125 {digits}"),
        3 => format!("+1 (555) 010-{digits}"),
        _ => format!("+44 20 7946 {digits}"),
    }
}

/// Longer than a line, folded as Apple does it: at 75 bytes, here inside of a word.
fn note(dice: &mut Dice) -> String {
    let first = dice.pick(words::SENTENCES);
    let second = dice.pick(words::SENTENCES);
    let text = format!("{first}\\n{second}").replace([',', ';'], "\\,");
    let mut folded = String::new();
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % 60 == 0 {
            folded.push_str("\r\n ");
        }
        folded.push(character);
    }
    folded
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_shared::vcard::{Card, content_key};
    use std::collections::BTreeMap;

    #[test]
    fn two_thousand_readable_contacts_with_some_duplicates() {
        let mut said: BTreeMap<_, u32> = BTreeMap::new();
        let mut uids = std::collections::BTreeSet::new();
        for index in 0..2_000 {
            let (uid, text) = contact(7, index);
            assert_eq!((uid.clone(), text.clone()), contact(7, index));
            let card = Card::read(text.as_bytes()).unwrap();
            assert_eq!(card.unreadable_lines(), 0, "{text}");
            assert_eq!(card.uid(), Some(uid.clone()));
            assert!(uids.insert(uid));
            *said.entry(content_key(&card)).or_default() += 1;
        }
        let duplicates = 2_000 - said.len();
        assert!((50..200).contains(&duplicates), "{duplicates}");
        assert_ne!(contact(7, 3), contact(8, 3));
    }
}
