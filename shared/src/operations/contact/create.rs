//! Made in an address book, each of a vCard or of the cells of a table.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kinds::Kind;
use crate::operations::{About, Aspect, ContactTarget, OperationSpec, Target, Task};
use crate::vcard::{Card, table};
use crate::words;

/// Made in an address book, each of a row: a vCard as a text, or an object of a table's columns. One whose
/// card brings an id that is there already is not made again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateContacts {
    /// The address book; the account's first one if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
}

impl OperationSpec for CreateContacts {
    const ABOUT: About = About {
        name: "create_contacts",
        prefix: "crc",
        kind: Some(Kind::Contact),
        task: Task::Change,
        aspect: Aspect::Existence,
        label: Says(words::create_contacts_label),
        order: words::create_contacts_order,
        report: words::create_contacts_report,
        icon: "M12 5v14M5 12h14",
        keys: &[],
        fields: &[],
    };
    const MAKES_ITEMS: bool = true;

    fn input(&self, row: &Value) -> Result<Vec<u8>, String> {
        let card = match row {
            Value::String(text) => Card::read(text.as_bytes())
                .map_err(|error| words::create_contacts_no_card(&error.to_string()))?,
            Value::Object(cells) => {
                let cells = cells.iter().map(|(header, cell)| match cell {
                    Value::String(text) => Ok((header.clone(), text.clone())),
                    _ => Err(words::operation_is_text(header)),
                });
                let cells: Vec<(String, String)> = cells.collect::<Result<_, _>>()?;
                table::card(&cells)
                    .map_err(|error| words::create_contacts_no_contact(&error.to_string()))?
            }
            _ => return Err(words::create_contacts_no_row().to_owned()),
        };
        Ok(card.for_server())
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Contact(ContactTarget::New {
            book: self.book.clone(),
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn made(row: &Value) -> Result<String, String> {
        let made = CreateContacts::default().input(row)?;
        Ok(String::from_utf8(made).unwrap())
    }

    #[test]
    fn a_card_stays_as_it_is_and_one_of_old_is_written_anew() {
        let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nX-Y:z\r\nEND:VCARD\r\n";
        assert_eq!(made(&json!(card)).unwrap(), card);
        let old = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Jo\nTEL;CELL:1\nEND:VCARD";
        let made = made(&json!(old)).unwrap();
        assert!(made.contains("VERSION:3.0\r\n"), "{made}");
        assert!(
            made.contains("N:Müller;Jo\r\n") && made.contains("FN:Jo Müller\r\n"),
            "{made}"
        );
        assert!(made.contains("TEL;TYPE=CELL:1\r\n"), "{made}");
    }

    /// Cards that people reported because a program lost something of them.
    #[test]
    fn cards_that_others_stumbled_over_say_all_they_said() {
        let card = |version: &str, lines: &str| {
            format!("BEGIN:VCARD\nVERSION:{version}\n{lines}\nEND:VCARD\n")
        };
        let cases = [
            // Encoded letter by letter, as Android does it.
            (
                card(
                    "2.1",
                    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=43=65=70=6C;=4D=61=74=C4=9B=6A;;;",
                ),
                vec!["N:Cepl;Matěj;;;\r\n", "FN:Matěj Cepl\r\n"],
            ),
            // Without a name for the parameter, and the version last.
            (
                "begin:vcard\nfn;quoted-printable:D=C3=BCmmy GmbH\nversion:2.1\nend:vcard\n"
                    .to_owned(),
                vec!["VERSION:3.0\r\n", "fn:Dümmy GmbH\r\n"],
            ),
            // A soft line break inside of a name.
            (
                card(
                    "2.1",
                    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=86=D0=B3=D0=BE=D1=80=20=D0=97=\n=D0=B0;x",
                ),
                vec!["FN:Ігор За"],
            ),
            (
                card(
                    "2.1",
                    "FN:Max\nADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;=54=65=73=74=73=74=72=61=C3=9F=65=20=34=32;;;;",
                ),
                vec!["ADR;TYPE=HOME:;;Teststraße 42;;;;\r\n"],
            ),
            // Encoded as in 2.1 under the name of 3.0: servers refuse that.
            (
                card(
                    "3.0",
                    "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=B6rg\nX-Y:z",
                ),
                vec!["FN:Jörg\r\n", "X-Y:z\r\n"],
            ),
            // Neither FN nor N.
            (
                card(
                    "3.0",
                    "item1.EMAIL;type=INTERNET:a@x.example\nitem1.X-ABLabel:Boat",
                ),
                vec![
                    "FN:a@x.example\r\n",
                    "item1.EMAIL;type=INTERNET:a@x.example\n",
                ],
            ),
            // Commas of an address are not escaped twice.
            (
                card("3.0", "FN:A\nN:A;;;;\nNOTE:a\\, b"),
                vec!["NOTE:a\\, b\n"],
            ),
        ];
        for (card, expected) in cases {
            let made = made(&json!(card)).unwrap();
            for line in expected {
                assert!(made.contains(line), "{line} in {made}");
            }
            assert!(!made.to_uppercase().contains("QUOTED-PRINTABLE"), "{made}");
        }
    }

    #[test]
    fn a_row_of_a_table_is_a_contact_by_its_headers() {
        let made = made(&json!({"First Name": "Ann", "Last Name": "Lee", "E-mail": "a@x.example"}));
        let made = made.unwrap();
        assert!(made.contains("FN:Ann Lee\r\n") && made.contains("EMAIL:a@x.example\r\n"));
        assert!(
            !made.contains("UID"),
            "it gets its id from job and row: {made}"
        );
    }

    #[test]
    fn what_is_no_contact_is_told_in_a_sentence() {
        for (row, told) in [
            (
                json!("no card"),
                "No vCard: line 1: a card has to begin with BEGIN:VCARD.",
            ),
            (
                json!({"Website": "x"}),
                "No contact: this row has no name, organisation, e-mail address or telephone number.",
            ),
            (json!({"First Name": 1}), "“First Name” has to be a text."),
            (
                json!({"Name": "A", "Shoe size": "43"}),
                "No contact: no field of a contact is called “Shoe size”.",
            ),
            (
                json!(7),
                "A row is a vCard as a text, or an object of columns.",
            ),
        ] {
            assert_eq!(made(&row).unwrap_err(), told);
        }
    }
}
