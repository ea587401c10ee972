//! People out of address books and mailboxes: each once, as rows of a table.

use std::collections::BTreeMap;

use bulkhead_shared::address::Mailbox;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::kinds::mail::Item;

use super::recipients::Recipients;

/// What is known of a contact besides, under the names that contacts have for it.
const CONTACT_COLUMNS: [&str; 2] = ["organisation", "position"];
/// What a contact calls an address that mails go to.
const MAIL: &str = "e-mail";
/// What is told of a contact is cut at so many characters, and half of an address is somebody else's.
const CUT: usize = 200;

/// People that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// What is known of each, by column; the address first, then the name.
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// How many there were without an address that mails can go to.
    pub without: usize,
    /// The place of each, by address without regard to case in the domain.
    known: BTreeMap<String, usize>,
}

impl Gathered {
    fn of(columns: &[&str]) -> Self {
        let columns = ["email", "name"].iter().chain(columns);
        Self {
            columns: columns.map(|&column| column.to_owned()).collect(),
            ..Self::default()
        }
    }

    /// None yet, of an address book.
    pub fn of_contacts() -> Self {
        Self::of(&CONTACT_COLUMNS)
    }

    /// None yet, of a mailbox.
    pub fn of_mails() -> Self {
        Self::of(&[])
    }

    /// A page of contacts, each with the first of its addresses.
    pub fn add_contacts(&mut self, contacts: &[Card]) {
        for contact in contacts {
            let all = |name: &str| {
                let facts = contact.facts.iter().filter(move |fact| fact.name == name);
                facts.map(|fact| fact.value.as_str()).collect::<Vec<_>>()
            };
            let whole = all(MAIL)
                .into_iter()
                .filter(|text| text.chars().count() < CUT);
            let mut mailboxes = whole.map(Mailbox::read);
            let Some(mailbox) = mailboxes.find_map(Result::ok) else {
                self.without += 1;
                continue;
            };
            // Where there is no name, an address stands for one.
            let name = Some(contact.title.as_str()).filter(|name| !name.contains('@'));
            let rest = CONTACT_COLUMNS
                .map(|name| all(name).first().copied().unwrap_or_default().to_owned());
            self.add(&mailbox, name.unwrap_or_default(), rest.into());
        }
    }

    /// A page of mails: whoever wrote them.
    pub fn add_mails(&mut self, mails: &[Item]) {
        for mail in mails {
            match Mailbox::read(&mail.from) {
                Ok(mailbox) => self.add(&mailbox, &mailbox.name, Vec::new()),
                Err(_) => self.without += 1,
            }
        }
    }

    /// Somebody who is there already gets a name from here, if there is none yet.
    fn add(&mut self, mailbox: &Mailbox, name: &str, rest: Vec<String>) {
        let name = name.trim();
        match self.known.get(&mailbox.address.key()) {
            Some(place) => {
                if let Some(known) = self.rows.get_mut(*place).and_then(|row| row.get_mut(1))
                    && known.is_empty()
                {
                    *known = name.to_owned();
                }
            }
            None => {
                self.known.insert(mailbox.address.key(), self.rows.len());
                let row = [mailbox.address.to_string(), name.to_owned()].into_iter();
                self.rows.push(row.chain(rest).collect());
            }
        }
    }

    /// The recipients with these added, and how many of them were there already. What is known of them goes into the
    /// columns that mean the same.
    pub fn added_to(&self, recipients: &Recipients) -> (Recipients, usize) {
        let Some(address) = recipients.address.filter(|_| !recipients.rows.is_empty()) else {
            let table = Recipients::of_table(self.columns.clone(), self.rows.clone());
            return (table, 0);
        };
        let mut next = recipients.clone();
        let place = |(column, known): (usize, &String)| match column {
            0 => Some(address),
            1 => recipients.name,
            _ => {
                let same = |other: &String| other.trim().eq_ignore_ascii_case(known);
                recipients.columns.iter().position(same)
            }
        };
        let places: Vec<Option<usize>> = self.columns.iter().enumerate().map(place).collect();
        let key = |text: &str| {
            Mailbox::read(text)
                .ok()
                .map(|mailbox| mailbox.address.key())
        };
        let there = recipients
            .rows
            .iter()
            .filter_map(|row| key(row.get(address)?));
        let there: std::collections::BTreeSet<String> = there.collect();
        let mut twice = 0;
        for row in &self.rows {
            if key(row.first().map_or("", String::as_str)).is_some_and(|key| there.contains(&key)) {
                twice += 1;
                continue;
            }
            let mut cells = vec![String::new(); recipients.columns.len()];
            for (place, cell) in places.iter().zip(row) {
                if let Some(into) = place.and_then(|place| cells.get_mut(place)) {
                    *into = cell.clone();
                }
            }
            next.rows.push(cells);
        }
        (next, twice)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn contact(title: &str, facts: &[(&str, &str)]) -> Card {
        let facts: Vec<_> = facts
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        serde_json::from_value(
            json!({"id": "/b/1.vcf", "title": title, "second": "", "facts": facts}),
        )
        .unwrap()
    }

    fn mail(from: &str) -> Item {
        let mail = json!({"id": "1", "from": from, "to": "", "subject": "", "date": "2026-01-01T00:00:00Z", "size": 1,
            "folder": "INBOX", "labels": [], "unread": false, "starred": false, "has_attachment": false});
        serde_json::from_value(mail).unwrap()
    }

    fn lines(rows: &[Vec<String>]) -> Vec<String> {
        rows.iter().map(|row| row.join("|")).collect()
    }

    #[test]
    fn contacts_are_there_once_each_with_what_is_known_of_them() {
        let mut found = Gathered::of_contacts();
        found.add_contacts(&[
            contact(
                "Lee, Ann",
                &[
                    ("e-mail", "not one"),
                    ("e-mail", "ann@Example.org"),
                    ("organisation", "Acme"),
                ],
            ),
            contact("Bo", &[("telephone", "1")]),
            contact("Ann again", &[("e-mail", "ann@example.ORG")]),
            contact("cy@example.org", &[("e-mail", "cy@example.org")]),
        ]);
        assert_eq!(found.columns, ["email", "name", "organisation", "position"]);
        assert_eq!(
            lines(&found.rows),
            ["ann@Example.org|Lee, Ann|Acme|", "cy@example.org|||"]
        );
        assert_eq!(found.without, 1);
    }

    #[test]
    fn whoever_wrote_is_there_once_with_a_name_from_any_of_the_mails() {
        let mut found = Gathered::of_mails();
        let mails = [
            "ann@example.org",
            "\"Lee, Ann\" <ann@EXAMPLE.org>",
            "Bo <bo@example.org>",
            "Mailer",
            "ANN@example.org",
        ];
        found.add_mails(&mails.map(mail));
        assert_eq!(
            lines(&found.rows),
            [
                "ann@example.org|Lee, Ann",
                "bo@example.org|Bo",
                "ANN@example.org|"
            ]
        );
        assert_eq!(found.without, 1);
    }

    #[test]
    fn people_are_added_to_a_table_in_its_own_columns_and_nobody_twice() {
        let mut found = Gathered::of_contacts();
        found.add_contacts(&[
            contact(
                "Ann",
                &[("e-mail", "ann@example.org"), ("organisation", "Acme")],
            ),
            contact(
                "Bo",
                &[("e-mail", "bo@example.org"), ("organisation", "Acme")],
            ),
        ]);
        let (new, twice) = found.added_to(&Recipients::default());
        assert_eq!(
            (new.address, new.name, new.rows.len(), twice),
            (Some(0), Some(1), 2, 0)
        );
        let table =
            Recipients::of_text("Organisation\tcity\temail\nX\tUlm\tAnn <ann@EXAMPLE.org>\n");
        let (next, twice) = found.added_to(&table);
        assert_eq!(
            lines(&next.rows),
            ["X|Ulm|Ann <ann@EXAMPLE.org>", "Acme||bo@example.org"]
        );
        assert_eq!(twice, 1);
    }
}
