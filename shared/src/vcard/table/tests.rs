#![allow(clippy::unwrap_used)]

use super::*;
use crate::vcard::content_key;

fn cards(csv: &str) -> Vec<Result<Card, RowError>> {
    let table = Table::read(csv.as_bytes()).unwrap();
    (0..table.len())
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
fn dates_that_could_be_two_are_refused() {
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
    assert_eq!(cards("Name\nA,B\n")[0], Err(RowError::TooManyCells));
    let long = format!("Name,Note\nA,{}\n", "x".repeat(CELL_BYTES + 1));
    assert_eq!(cards(&long)[0], Err(RowError::TooLong("Note".to_owned())));
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
