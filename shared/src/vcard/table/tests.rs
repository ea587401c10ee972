#![allow(clippy::unwrap_used)]

use super::*;
use crate::vcard::content_key;

fn cards(csv: &str) -> Vec<Result<Card, RowError>> {
    let table = Table::read(csv.as_bytes()).unwrap();
    (0..table.rows())
        .map(|index| table.card(index, "u").unwrap())
        .collect()
}

fn lines(csv: &str) -> Vec<String> {
    let bytes = cards(csv).remove(0).unwrap().bytes();
    let text = String::from_utf8(bytes).unwrap().replace("\r\n ", "");
    text.lines()
        .skip(3)
        .map(str::to_owned)
        .filter(|line| line != "END:VCARD")
        .collect()
}

#[test]
fn google_as_it_is_and_as_it_was() {
    let new = "First Name,Last Name,File As,Organization Name,Organization Department,Labels,\
        E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,\
        Address 1 - Formatted,Address 1 - Street,Address 1 - City,Photo\n\
        Ann,Lee,,Acme,Lab,work ::: * myContacts,* Home,a@x ::: b@x,Mobile,'+49 1,Desk 5,\"S, C\",S,C,http://p\n";
    assert_eq!(
        lines(new),
        [
            "FN:Ann Lee",
            "N:Lee;Ann;;;",
            "ORG:Acme;Lab",
            "CATEGORIES:work,myContacts",
            "EMAIL;TYPE=home:a@x",
            "EMAIL;TYPE=home:b@x",
            "TEL;TYPE=cell:+49 1",
            "item1.ADR:;;S;C;;;",
            "item1.X-ABLabel:Desk 5",
        ]
    );
    assert_eq!(Table::read(new.as_bytes()).unwrap().unknown, ["Photo"]);
    let old = "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,\
        Organization 1 - Name,Organization 1 - Title\nAnn Lee,Ann,Lee,* a ::: b,Work,a@x,Acme,Head\n";
    assert_eq!(
        lines(old),
        [
            "FN:Ann Lee",
            "N:Lee;Ann;;;",
            "ORG:Acme",
            "CATEGORIES:a,b",
            "TITLE:Head",
            "EMAIL;TYPE=work:a@x"
        ]
    );
}

#[test]
fn outlook() {
    let csv = "Title,First Name,Last Name,Suffix,Company,Department,Job Title,Business Street,\
        Business Country/Region,Home Street,Business Phone,Mobile Phone,Business Fax,E-mail Address,\
        E-mail Display Name,E-mail 2 Address,Birthday,Categories,Notes\n\
        Dr.,Ann,Lee,,Acme,Lab,Head,S 1,Germany,H 2,1,2,3,a@x,Ann,b@x,0/0/00,Red;Blue,\"one\ntwo\"\n";
    assert_eq!(
        lines(csv),
        [
            "FN:Dr. Ann Lee",
            "N:Lee;Ann;;Dr.;",
            "ORG:Acme;Lab",
            "TITLE:Head",
            "CATEGORIES:Red,Blue",
            "NOTE:one\\ntwo",
            "TEL;TYPE=work:1",
            "TEL;TYPE=cell:2",
            "TEL;TYPE=work;TYPE=fax:3",
            "EMAIL:a@x",
            "EMAIL:b@x",
            "ADR;TYPE=work:;;S 1;;;;Germany",
            "ADR;TYPE=home:;;H 2;;;;",
        ]
    );
}

/// Outlook's further lines of a street came instead of the first one, and of several organisations the last.
#[test]
fn of_what_stands_in_several_columns_nothing_is_lost() {
    let csv = "Name,Business Street,Business Street 2,Business Street 3,Business City,\
        Organization 1 - Name,Organization 1 - Department,Organization 2 - Name,Company,Address 1 - Type,\
        Address 1 - Street,Address 1 - City,Work Street\n\
        Ann,House,,Road 1,Bonn,Acme,Lab,Bee,Cee,Home,A ::: B,C ::: D,Road 1\n";
    assert_eq!(
        lines(csv),
        [
            "FN:Ann",
            "ORG:Acme;Lab",
            "ORG:Bee",
            "ORG:Cee",
            "ADR;TYPE=work:;;House\\nRoad 1;Bonn;;;",
            "ADR;TYPE=home:;;A;C;;;",
            "ADR;TYPE=home:;;B;D;;;",
            "N:Ann;;;;"
        ]
    );
}

#[test]
fn thunderbird_in_english_and_in_german() {
    let english = "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,\
        Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,\
        Home ZipCode,Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,\
        Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Notes\n";
    let german = "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Messenger-Name,\
        Tel. dienstlich,Tel. privat,Fax-Nummer,Pager-Nummer,Mobil-Tel.-Nr.,Privat: Adresse,Privat: Adresse 2,\
        Privat: Ort,Privat: Bundesland,Privat: PLZ,Privat: Land,Dienstlich: Adresse,Dienstlich: Adresse 2,\
        Dienstlich: Ort,Dienstlich: Bundesland,Dienstlich: PLZ,Dienstlich: Land,Arbeitstitel,Abteilung,Organisation,\
        Webseite 1,Webseite 2,Geburtsjahr,Geburtsmonat,Geburtstag,Benutzerdef. 1,Notizen\n";
    let row = "Ann,Lee,Ann Lee,Bo,a@x,b@x,,1,2,3,4,5,Road 1,House,Bonn,NW,53111,DE,Way 2,,Ulm,,,,Head,Lab,Acme,u1,u2,\
        1990,4,2,,n\n";
    for (headers, unknown) in [
        (english, ["Screen Name", "Custom 1"]),
        (german, ["Messenger-Name", "Benutzerdef. 1"]),
    ] {
        let csv = format!("{headers}{row}");
        assert_eq!(
            lines(&csv),
            [
                "FN:Ann Lee",
                "N:Lee;Ann;;;",
                "ORG:Acme;Lab",
                "NICKNAME:Bo",
                "TITLE:Head",
                "NOTE:n",
                "BDAY:1990-04-02",
                "EMAIL:a@x",
                "EMAIL:b@x",
                "TEL;TYPE=work:1",
                "TEL;TYPE=home:2",
                "TEL;TYPE=work;TYPE=fax:3",
                "TEL;TYPE=pager:4",
                "TEL;TYPE=cell:5",
                "URL:u1",
                "URL:u2",
                "ADR;TYPE=home:;;Road 1\\nHouse;Bonn;NW;53111;DE",
                "ADR;TYPE=work:;;Way 2;Ulm;;;",
            ]
        );
        assert_eq!(Table::read(csv.as_bytes()).unwrap().unknown, unknown);
    }
    let born = |cells: &str| {
        let mut cards = cards(&format!(
            "Name,Birth Year,Birth Month,Birth Day\nA,{cells}\n"
        ));
        cards.remove(0).map(|card| card.text("BDAY"))
    };
    assert_eq!(born(",4,2").unwrap(), "--04-02");
    assert_eq!(born(",,").unwrap(), "");
    for cells in ["1990,,", "1990,4,", ",4,", ",,2", "1990,13,1", "90,4,2"] {
        let header = "Birth Year".to_owned();
        assert_eq!(born(cells), Err(RowError::NotADate(header)), "{cells}");
    }
}

#[test]
fn outlook_and_peoples_own_tables_in_german() {
    let csv = "Anrede;Vorname;Nachname;Firma;Position;Straße geschäftlich;Ort geschäftlich;\
        Postleitzahl geschäftlich;Land/Region geschäftlich;Telefon geschäftlich;Telefon (privat);Mobiltelefon;\
        Fax geschäftlich;E-Mail-Adresse;Geburtstag;Kategorien;Notizen\n\
        Dr.;Ann;Lee;Acme;Head;Weg 1;Bonn;53111;DE;1;2;3;4;a@x;2.4.1990;Rot;n\n";
    assert_eq!(
        lines(csv),
        [
            "FN:Dr. Ann Lee",
            "N:Lee;Ann;;Dr.;",
            "ORG:Acme",
            "TITLE:Head",
            "BDAY:1990-04-02",
            "CATEGORIES:Rot",
            "NOTE:n",
            "TEL;TYPE=work:1",
            "TEL;TYPE=home:2",
            "TEL;TYPE=cell:3",
            "TEL;TYPE=work;TYPE=fax:4",
            "EMAIL:a@x",
            "ADR;TYPE=work:;;Weg 1;Bonn;;53111;DE",
        ]
    );
    let own = "Name;Vorname;Handy;Straße;PLZ;Ort\nLee;Ann;1;Weg 1;53111;Bonn\n";
    assert_eq!(
        lines(own),
        [
            "FN:Ann Lee",
            "N:Lee;Ann;;;",
            "TEL;TYPE=cell:1",
            "ADR:;;Weg 1;Bonn;;53111;",
        ]
    );
}

/// owncloud contacts #574, #817, #818, #819, #820 and #827: what a table of Google's came in as.
#[test]
fn what_others_made_of_googles_tables() {
    let csv = "Name,Given Name,Family Name,Yomi Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,\
        Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Phone 3 - Type,Phone 3 - Value,Address 1 - Type,\
        Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,\
        Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address\n\
        Имя Фамилия,Имя,Фамилия,,* My Contacts ::: School,* ,a@x ::: b@x,Mobile,+7 1,Home,2 ::: 3,Work,4,Home,\
        \"R 1\nB, NW 5 ::: R 2\nC, NW 6\",R 1 ::: R 2,B ::: C, ::: 7,NW ::: NW,5 ::: 6,DE ::: DE,\n";
    assert_eq!(
        lines(csv),
        [
            "FN:Имя Фамилия",
            "N:Фамилия;Имя;;;",
            "CATEGORIES:My Contacts,School",
            "EMAIL:a@x",
            "EMAIL:b@x",
            "TEL;TYPE=cell:+7 1",
            "TEL;TYPE=home:2",
            "TEL;TYPE=home:3",
            "TEL;TYPE=work:4",
            "ADR;TYPE=home:;;R 1;B;NW;5;DE",
            "ADR;TYPE=home:7;;R 2;C;NW;6;DE",
        ]
    );
}

#[test]
fn peoples_own_tables() {
    assert_eq!(
        lines("\u{feff}Name;E-Mail;Telephone;Title;City\nAnn;a@x;1;Head;Bonn\n;;;;\n"),
        [
            "FN:Ann",
            "TITLE:Head",
            "EMAIL:a@x",
            "TEL:1",
            "ADR:;;;Bonn;;;",
            "N:Ann;;;;"
        ]
    );
    assert_eq!(cards("email\na@x\n\n,\n").len(), 1);
    assert_eq!(lines("company\tphone\nAcme\t1\n")[0], "ORG:Acme");
}

#[test]
fn a_table_that_excel_saved_as_csv_is_read_with_its_umlauts() {
    let table = Table::read(b"Name;Phone\r\nM\xfcller;1\r\n").unwrap();
    let card = table.card(0, "u").unwrap().unwrap();
    assert_eq!(card.text("FN"), "Müller");
    assert!(
        table
            .recognised
            .to_string()
            .starts_with("Windows-1252, semicolons")
    );
}

#[test]
fn dates_are_read_to_the_day_and_those_that_could_be_two_are_refused() {
    let date = |cell: &str| {
        let mut cards = cards(&format!("Name,Birthday\nA,{cell}\n"));
        cards.remove(0).map(|card| card.text("BDAY"))
    };
    for (cell, expected) in [
        ("1990-04-12", "1990-04-12"),
        ("19900412", "1990-04-12"),
        ("4/13/1990", "1990-04-13"),
        ("13/4/1990", "1990-04-13"),
        ("12.4.1990", "1990-04-12"),
        ("--04-12", "--04-12"),
        ("0/0/00", ""),
        ("1990/1/2", "1990-01-02"),
        ("1990-12-31", "1990-12-31"),
        ("12/13/1990", "1990-12-13"),
        ("31/12/1990", "1990-12-31"),
        ("4/4/1990", "1990-04-04"),
        ("12-12-1990", "1990-12-12"),
        ("4.5.1990", "1990-05-04"),
        ("19901231", "1990-12-31"),
        ("--0412", "--0412"),
        ("0/0/0000", ""),
    ] {
        assert_eq!(date(cell).unwrap(), expected, "{cell}");
    }
    for cell in [
        "4/5/1990",
        "1990",
        "April",
        "1990-13-01",
        "1/2/90",
        "1990-1a-01",
        "ééééé",
        "13/2/90",
        "13.2.90",
        "4/12/1990",
        "12/4/1990",
        "13/13/1990",
        "1990-00-01",
        "1990-01-00",
        "1990-01-32",
        "19901301",
        "199a-01-01",
        "1990-1-2-3",
        "--041",
        "--04-123",
        "1234567",
        "123456789",
        "1990-+1-02",
        "a/13/1990",
        "1/b/1990",
    ] {
        assert_eq!(
            date(cell),
            Err(RowError::NotADate("Birthday".to_owned())),
            "{cell}"
        );
    }
}

#[test]
fn bad_tables_and_rows_are_said() {
    let error = |bytes: &[u8]| Table::read(bytes).unwrap_err();
    assert_eq!(error(b""), TableError::NoTable(GridError::Empty));
    assert_eq!(error(b"colour,size\nred,1\n"), TableError::NoColumns);
    let wide = GridError::TooManyColumns {
        found: 301,
        most: 300,
    };
    let columns = "a,".repeat(301) + "\n1\n";
    assert_eq!(error(columns.as_bytes()), TableError::NoTable(wide));
    let many = "Name\n".to_owned() + &"A\n".repeat(CARDS_PER_FILE + 1);
    assert_eq!(
        error(many.as_bytes()),
        TableError::NoTable(GridError::TooManyRows(CARDS_PER_FILE))
    );
    assert_eq!(cards("Name,Note\n,n\n")[0], Err(RowError::Nobody));
}

#[test]
fn an_export_comes_back_as_the_same_cards() {
    let csv = "First Name,Last Name,Company,Department,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,\
        Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,Birthday,\
        Notes,Labels,Website 1 - Value\n\
        Ann,Lee,\"Acme; Inc\",Lab,Work,a@x,b@x ::: c@x ::: d@x,Odd one,'+49 1,Home,S,C,1990-04-12,'=1+1,a ::: b,http://x\n";
    let card = cards(csv).remove(0).unwrap();
    let row = record(&card);
    assert_eq!(row.len(), HEADER.len());
    assert_eq!(row[11], "'=1+1");
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).unwrap();
    writer.write_record(&row).unwrap();
    let again = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let again = cards(&again).remove(0).unwrap();
    assert_eq!(content_key(&again), content_key(&card));
}

/// Every header that is known, with what a cell below it makes of a contact that is called Ann.
#[test]
fn each_header_has_its_place_in_a_card() {
    let made = |header: &str, cell: &str| {
        let lines = lines(&format!("Name;{header}\nAnn;{cell}\n"));
        let named = ["FN:Ann", "N:Ann;;;;"];
        let lines = lines
            .into_iter()
            .filter(|line| !named.contains(&line.as_str()));
        lines.collect::<Vec<_>>().join(" ")
    };
    for (headers, line) in [
        ("last name|Family-Name|Surname|lastname", "N:c;;;;"),
        ("First Name|given_name|FirstName|forename", "N:;c;;;"),
        ("Middle Name|Additional Name", "N:;;c;;"),
        ("Name Prefix|prefix", "N:;;;c;"),
        ("Name Suffix|suffix", "N:;;;;c"),
        ("Nickname|nick name", "NICKNAME:c"),
        (
            "Organization Name|Organisation 1 - Name|Company|company name|Organization|organisation|Org",
            "ORG:c",
        ),
        (
            "Organization Department|Organisation Department|Department",
            "ORG:;c",
        ),
        (
            "Organization 1 - Title|Organisation Title|Job Title|Title|Position",
            "TITLE:c",
        ),
        ("Notes|note|Comment", "NOTE:c"),
        (
            "Labels|Group Membership|Categories|category|Groups|tags",
            "CATEGORIES:c",
        ),
        ("E-mail Display Name|email type|Address 1 - Formatted", ""),
        ("E-mail|Email Address|mail|E-mail 1 - Value", "EMAIL:c"),
        (
            "phone|Telephone|Phone Number|Primary Phone|Other Phone|tel|Phone 1 - Value",
            "TEL:c",
        ),
        (
            "Business Phone|work phone|Company Main Phone",
            "TEL;TYPE=work:c",
        ),
        ("Home Phone|Home Phone 2", "TEL;TYPE=home:c"),
        ("Mobile Phone|mobile|Cell|cell phone", "TEL;TYPE=cell:c"),
        ("Business Fax|work fax|Fax", "TEL;TYPE=work;TYPE=fax:c"),
        ("Home Fax", "TEL;TYPE=home;TYPE=fax:c"),
        ("Pager", "TEL;TYPE=pager:c"),
        ("Web Page|website|URL|web|Website 1 - Value", "URL:c"),
        (
            "PO Box|Address PO Box|Other PO Box|Address 1 - PO Box",
            "ADR:c;;;;;;",
        ),
        (
            "Extended Address|Address 1 - Extended Address",
            "ADR:;c;;;;;",
        ),
        (
            "Street|street address|Address|Other Street|Address 1 - Street",
            "ADR:;;c;;;;",
        ),
        ("City|town|Other City", "ADR:;;;c;;;"),
        ("Region|State|province", "ADR:;;;;c;;"),
        ("Postal Code|zip|ZIP code|Postcode", "ADR:;;;;;c;"),
        ("Country|Country/Region|Address 1 - Country", "ADR:;;;;;;c"),
        ("Business Street|Work Street", "ADR;TYPE=work:;;c;;;;"),
        ("Home City", "ADR;TYPE=home:;;;c;;;"),
    ] {
        for header in headers.split('|') {
            assert_eq!(made(header, "c"), line, "{header}");
            let table = Table::read(format!("Name;{header}\nAnn;c\n").as_bytes()).unwrap();
            assert!(table.unknown.is_empty(), "{header}");
        }
    }
    assert_eq!(made("Birthday", "1990-04-12"), "BDAY:1990-04-12");
    assert_eq!(made("Date of Birth", "1990-04-12"), "BDAY:1990-04-12");
    for unknown in [
        "Photo",
        "Phone 1 - Colour",
        "Garden Street",
        "Business Colour",
    ] {
        let table = Table::read(format!("Name;{unknown}\nAnn;c\n").as_bytes()).unwrap();
        assert_eq!(table.unknown, [unknown]);
        assert_eq!(made(unknown, "c"), "");
    }
    // A header without a name is not told as an unknown one.
    let table = Table::read(b"Name,,Size\nA,b,c\n").unwrap();
    assert_eq!(table.unknown, ["Size"]);
    for header in ["Name", "Full Name", "display name", "File As"] {
        assert_eq!(
            lines(&format!("{header}\nc\n")),
            ["FN:c", "N:c;;;;"],
            "{header}"
        );
    }
}

#[test]
fn of_two_columns_for_one_name_the_first_counts_and_the_other_is_noted() {
    let csv = "Name,Surname,Last Name,File As,Display Name\nAnn Lee,Lee,Li,\"Lee, Ann\",Ann Lee\n";
    assert_eq!(
        lines(csv),
        [
            "FN:Ann Lee",
            "N:Lee;;;;",
            "NOTE:Last Name: Li",
            "NOTE:File As: Lee\\, Ann",
        ]
    );
    assert_eq!(lines("Name,File As\n,c\n"), ["FN:c", "N:c;;;;"]);
    let csv = "Name,Birth Year,Birth Month,Birth Day,Geburtstag,Geburtsmonat\nAnn,1990,4,12,13,4\n";
    let lines = lines(csv);
    assert!(lines.contains(&"BDAY:1990-04-12".to_owned()), "{lines:?}");
    assert!(
        lines.contains(&"NOTE:Geburtstag: 13".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn a_card_has_one_birthday_whichever_columns_tell_of_it() {
    for (csv, birthday, noted) in [
        (
            "Name,Birthday,Date of Birth\nA,1990-04-12,12.04.1990\n",
            "1990-04-12",
            &[][..],
        ),
        (
            "Name,Birthday,Date of Birth\nA,1990-04-12,13.04.1990\n",
            "1990-04-12",
            &["NOTE:Date of Birth: 1990-04-13"],
        ),
        (
            "Name,Birth Year,Birth Month,Birth Day,Date of Birth\nA,1990,4,12,1990-04-13\n",
            "1990-04-13",
            &["NOTE:Birth Year: 1990-04-12"],
        ),
        (
            "Name,Birth Year,Birth Month,Birth Day,Date of Birth\nA,1990,4,12,\n",
            "1990-04-12",
            &[],
        ),
    ] {
        let lines = lines(csv);
        let all = |name: &str| -> Vec<String> {
            let lines = lines.iter().filter(|line| line.starts_with(name));
            lines.cloned().collect()
        };
        assert_eq!(all("BDAY"), [format!("BDAY:{birthday}")], "{csv}");
        assert_eq!(all("NOTE"), noted, "{csv}");
    }
}

#[test]
fn labels_that_a_card_has_words_for_are_types_and_others_stand_beside() {
    let labelled = |label: &str| {
        let csv = format!("Name,Phone 1 - Type,Phone 1 - Value\nAnn,{label},1\n");
        let lines = lines(&csv);
        lines[1..lines.len() - 1].join(" ")
    };
    for (label, line) in [
        ("* Home", "TEL;TYPE=home:1"),
        ("BUSINESS fax", "TEL;TYPE=work;TYPE=fax:1"),
        ("Cell", "TEL;TYPE=cell:1"),
        ("pager", "TEL;TYPE=pager:1"),
        ("Main", "TEL;TYPE=pref:1"),
        ("Other", "TEL;TYPE=other:1"),
        ("", "TEL:1"),
        ("Home boat", "item1.TEL:1 item1.X-ABLabel:Home boat"),
    ] {
        assert_eq!(labelled(label), line, "{label}");
    }
    let two = "Name,Phone 1 - Label,Phone 1 - Value,E-mail 1 - Label,E-mail 1 - Value\nAnn,Boat,1 ::: 2,Sea; side,a@x\n";
    assert_eq!(
        lines(two)[1..7],
        [
            "item1.TEL:1",
            "item1.X-ABLabel:Boat",
            "item2.TEL:2",
            "item2.X-ABLabel:Boat",
            "item3.EMAIL:a@x",
            "item3.X-ABLabel:Sea\\; side",
        ]
    );
}

#[test]
fn a_row_is_somebody_by_a_name_an_organisation_or_a_way_to_reach_them() {
    for (csv, first) in [
        ("Last Name\nLee\n", Some("FN:Lee")),
        ("Company\nAcme\n", Some("ORG:Acme")),
        ("Email\na@x\n", Some("EMAIL:a@x")),
        ("Phone\n1\n", Some("TEL:1")),
        ("Website\nhttp://x\n", None),
        ("Department\nLab\n", None),
        ("City\nBonn\n", None),
        ("Nickname\nBo\n", None),
    ] {
        match first {
            Some(first) => assert_eq!(lines(csv)[0], first, "{csv}"),
            None => assert_eq!(cards(csv)[0], Err(RowError::Nobody), "{csv}"),
        }
    }
    // A name that is spelled out goes before one that is put together.
    let both = lines("Name,First Name,Last Name\nThe Boss,Ann,Lee\n");
    assert_eq!(both, ["FN:The Boss", "N:Lee;Ann;;;"]);
    // Several departments in one cell, as an export writes them.
    assert_eq!(
        lines("Company,Department\nAcme,Lab :::  ::: East\n")[0],
        "ORG:Acme;Lab;East"
    );
}

#[test]
fn a_cell_takes_32_kilobytes_and_a_row_as_many_cells_as_there_are_headers() {
    let note = |bytes: usize| {
        cards(&format!("Name,Note\nA,{}\n", "x".repeat(bytes)))
            .remove(0)
            .map(drop)
    };
    assert_eq!(note(32_768), Ok(()));
    assert_eq!(note(32_769), Err(RowError::TooLong("Note".to_owned())));
    assert!(cards("Name,Note\nA\n")[0].is_ok());
    assert!(cards("Name,Note\nA,b\n")[0].is_ok());
    assert_eq!(cards("Name\nA,B\n")[0], Err(RowError::TooManyCells));
    let too_long = RowError::TooLong("Note".to_owned()).to_string();
    assert_eq!(too_long, "the column Note takes 32 KB");
}

#[test]
fn a_card_of_a_row_gets_its_id_or_none_and_rows_that_are_not_there_make_none() {
    let table = Table::read(b"Name\nAnn\n\nBob\nCleo\n").unwrap();
    assert_eq!(table.rows(), 3);
    let named = table.card(0, "u-1").unwrap().unwrap();
    assert_eq!(named.uid().as_deref(), Some("u-1"));
    let nameless = table.card_without_id(0).unwrap().unwrap();
    assert_eq!(
        (nameless.uid(), nameless.text("FN").as_str()),
        (None, "Ann")
    );
    assert!(table.card(3, "u").is_none() && table.card_without_id(3).is_none());
}

#[test]
fn an_export_has_a_place_for_the_first_values_and_puts_the_others_into_the_last() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Dr. Ann B. Lee Jr.\nN:Lee;Ann;B.;Dr.;Jr.\nNICKNAME:Bo\n\
        ORG:Acme;Lab;;East\nTITLE:Head\nBDAY:1990-04-12\nNOTE:n\nCATEGORIES:a,,b\nCATEGORIES:c\n\
        EMAIL;TYPE=home,work:1@x\nEMAIL;TYPE=OTHER:2@x\nEMAIL;TYPE=INTERNET:3@x\nEMAIL;TYPE=work:4@x\n\
        TEL;TYPE=cell:1\nTEL;TYPE=fax:2\n\
        item2.ADR:po;ext;S;C;R;P;L\nitem1.X-ABLabel:none\nitem2.X-ABLabel:_$!<Home>!$_\nADR;TYPE=pager:;;S2\n\
        ADR:po3;;;C3\nURL:u1\nURL:u2\nEND:VCARD\n";
    let row = record(&Card::read(text.as_bytes()).unwrap());
    let told = HEADER.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
    let told: Vec<(&str, &str)> = told
        .map(|(header, cell)| (*header, cell.as_str()))
        .collect();
    let expected = [
        ("First Name", "Ann"),
        ("Middle Name", "B."),
        ("Last Name", "Lee"),
        ("Name Prefix", "Dr."),
        ("Name Suffix", "Jr."),
        ("Nickname", "Bo"),
        ("File As", "Dr. Ann B. Lee Jr."),
        ("Organization Name", "Acme"),
        ("Organization Title", "Head"),
        ("Organization Department", "Lab ::: East"),
        ("Birthday", "1990-04-12"),
        ("Notes", "n"),
        ("Labels", "a ::: b ::: c"),
        ("E-mail 1 - Label", "Home Work"),
        ("E-mail 1 - Value", "1@x"),
        ("E-mail 2 - Label", "Other"),
        ("E-mail 2 - Value", "2@x"),
        ("E-mail 3 - Value", "3@x ::: 4@x"),
        ("Phone 1 - Label", "Mobile"),
        ("Phone 1 - Value", "1"),
        ("Phone 2 - Label", "Fax"),
        ("Phone 2 - Value", "2"),
        ("Address 1 - Label", "Home"),
        ("Address 1 - Street", "S"),
        ("Address 1 - City", "C"),
        ("Address 1 - PO Box", "po"),
        ("Address 1 - Region", "R"),
        ("Address 1 - Postal Code", "P"),
        ("Address 1 - Country", "L"),
        ("Address 1 - Extended Address", "ext"),
        ("Address 2 - Label", "Pager"),
        ("Address 2 - Street", "S2 ::: "),
        ("Address 2 - City", " ::: C3"),
        ("Address 2 - PO Box", " ::: po3"),
        ("Website 1 - Value", "u1 ::: u2"),
    ];
    assert_eq!(told, expected);

    let cells: Vec<(String, String)> = told
        .into_iter()
        .map(|(header, cell)| (header.to_owned(), cell.to_owned()))
        .collect();
    let back = card(&cells).unwrap();
    let addresses: Vec<Vec<String>> = back.all("ADR").map(|it| it.parts(';')).collect();
    let expected = [
        ["po", "ext", "S", "C", "R", "P", "L"],
        ["", "", "S2", "", "", "", ""],
        ["po3", "", "", "C3", "", "", ""],
    ];
    assert_eq!(addresses, expected);
}

#[test]
fn the_cells_of_one_row_make_a_card_by_themselves() {
    let made = |cells: &[(&str, &str)]| {
        let cells: Vec<(String, String)> = cells
            .iter()
            .map(|(header, cell)| ((*header).to_owned(), (*cell).to_owned()))
            .collect();
        card(&cells)
    };
    let ann = made(&[("Name", "Ann"), ("Phone", " '+49 1 ")]).unwrap();
    assert_eq!((ann.text("TEL").as_str(), ann.uid()), ("+49 1", None));
    assert_eq!(
        made(&[("Name", "A"), ("Size", "")]),
        Err(RowError::Unknown("Size".to_owned()))
    );
}
