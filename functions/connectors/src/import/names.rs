//! What mail programs call inbox, sent, trash and the like, in the languages they speak. The names of
//! folders are those that servers have too; Gmail's words besides are those of Takeout's `X-Gmail-Labels`.

use bulkhead_shared::api::Role;

use crate::folder_names;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Inbox,
    Sent,
    Drafts,
    Spam,
    Trash,
    Archive,
    Unread,
    Opened,
    Starred,
    Important,
}

impl Meaning {
    /// The folder of the sandbox for it; none for what is no place.
    pub(super) fn folder(self) -> Option<&'static str> {
        match self {
            Self::Inbox => Some("INBOX"),
            Self::Sent => Some("Sent"),
            Self::Drafts => Some("Drafts"),
            Self::Spam => Some("Spam"),
            Self::Trash => Some("Trash"),
            Self::Archive => Some("Archive"),
            Self::Unread | Self::Opened | Self::Starred | Self::Important => None,
        }
    }
}

/// What a name stands for, in whatever language and case; none for a name of somebody's own.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    let name = name.trim().to_lowercase().replace('’', "'");
    let known = |names: &str| names.split('|').any(|known| known.trim() == name);
    let label = NAMES.iter().find(|(_, names)| known(names));
    label
        .map(|(meaning, _)| *meaning)
        .or_else(|| folder_names::role(&name).map(Meaning::from))
}

impl From<Role> for Meaning {
    fn from(role: Role) -> Self {
        match role {
            Role::Inbox => Self::Inbox,
            Role::Archive => Self::Archive,
            Role::Trash => Self::Trash,
            Role::Sent => Self::Sent,
            Role::Drafts => Self::Drafts,
            Role::Spam => Self::Spam,
        }
    }
}

/// Names in lower case that no folder for a role has. English, German, French, Spanish, Catalan, Italian, Portuguese, Dutch, Swedish,
/// Danish, Norwegian, Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Turkish, Russian, Ukrainian,
/// Greek, Japanese, Chinese (both scripts), Korean, Arabic, Hebrew, Indonesian, Vietnamese, Thai.
const NAMES: [(Meaning, &str); 6] = [
    (
        Meaning::Inbox,
        "inbox|posteingang|boîte de réception|recibidos|bandeja de entrada|safata d'entrada|rebuts|\
         posta in arrivo|in arrivo|caixa de entrada|entrada|recebidos|postvak in|inkorg|inkorgen|\
         indbakke|innboks|saapuneet|postilaatikko|odebrane|skrzynka odbiorcza|doručená pošta|\
         doručené|prijatá pošta|beérkező levelek|beérkezett üzenetek|mesaje primite|primite|\
         gelen kutusu|входящие|вхідні|εισερχόμενα|受信トレイ|受信箱|收件箱|收件匣|받은편지함|\
         البريد الوارد|דואר נכנס|kotak masuk|hộp thư đến|กล่องจดหมาย|กล่องขาเข้า",
    ),
    (
        Meaning::Archive,
        "all mail|archiviert|archivé|archivés|tous les messages|alle nachrichten|archivado|\
         todos|arxivat|archiviato|arquivado|arquivada|arkiverade|arkistoitu|zarchiwizowane|\
         archivováno|arhivat|arhivate|arşivlendi|arşivlenmiş|архивированные|в архиве|\
         архівовано|αρχειοθετημένα|アーカイブ済み|已归档|已封存|보관됨|مؤرشفة|הועבר לארכיון|diarsipkan|\
         đã lưu trữ|เก็บถาวรแล้ว",
    ),
    (
        Meaning::Unread,
        "unread|ungelesen|non lus|non lu|messages non lus|no leídos|no leído|sin leer|no llegits|\
         no llegit|da leggere|non letti|non letto|não lidas|não lidos|não lida|não lido|ongelezen|\
         olästa|oläst|ulæste|ulæst|uleste|ulest|lukemattomat|lukematon|nieprzeczytane|nepřečtené|\
         neprečítané|olvasatlan|olvasatlanok|necitite|necitit|okunmamış|okunmadı|непрочитанные|\
         непрочитані|μη αναγνωσμένα|未読|未读|未讀|읽지않음|읽지 않음|غير مقروءة|غير مقروء|\
         לא נקראו|לא נקרא|שלא נקראו|belum dibaca|chưa đọc|ยังไม่ได้อ่าน",
    ),
    (
        Meaning::Opened,
        "opened|geöffnet|ouvert|ouverts|abierto|abiertos|obert|aperti|aperto|aberto|abertos|\
         aberta|abertas|geopend|öppnat|öppnade|öppnad|åbnet|åpnet|avattu|avatut|otwarte|otwarto|\
         otevřeno|otevřené|otvorené|megnyitva|megnyitott|deschis|deschise|açıldı|açılmış|открыто|\
         открытые|відкрито|відкриті|ανοιγμένα|開封済み|已打开|已打開|已開啟|已读|열림|열어봄|مفتوحة|\
         تم فتحها|נפתח|נפתחו|dibuka|đã mở|เปิดแล้ว",
    ),
    (
        Meaning::Starred,
        "starred|flagged|markiert|suivis|suivi|messages suivis|favoris|destacados|destacado|\
         destacats|speciali|speciale|com estrela|met ster|stjärnmärkta|stjärnmärkt|\
         stjernemarkerede|stjernemarkeret|stjernemerket|stjernemerkede|tähdellä merkityt|\
         tähdellinen|oznaczone gwiazdką|s hvězdičkou|s hviezdičkou|csillagozott|cu stea|yıldızlı|\
         помеченные|із зірочкою|με αστέρι|スター付き|已加星标|已加星號|별표편지함|별표|مميّزة بنجمة|\
         المميّزة بنجمة|מסומן בכוכב|מסומנים בכוכב|berbintang|có gắn dấu sao|ที่ติดดาว",
    ),
    (
        Meaning::Important,
        "important|wichtig|importants|messages importants|importante|importantes|importanti|\
         belangrijk|viktigt|viktiga|vigtigt|vigtige|viktig|viktige|tärkeä|tärkeät|ważne|důležité|\
         dôležité|fontos|importante|önemli|важное|важные|важливо|важливі|σημαντικά|重要|重要邮件|\
         重要郵件|중요편지함|중요|مهم|مهمة|المهمة|חשוב|חשובים|penting|quan trọng|สำคัญ",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_many_languages_and_any_case() {
        for (name, expected) in [
            ("Inbox", Meaning::Inbox),
            ("INBOX", Meaning::Inbox),
            ("Posteingang", Meaning::Inbox),
            ("Boîte de réception", Meaning::Inbox),
            ("Safata d’entrada", Meaning::Inbox),
            ("Ungelesen", Meaning::Unread),
            ("Non lus", Meaning::Unread),
            ("Åpnet", Meaning::Opened),
            ("Geöffnet", Meaning::Opened),
            ("Messages suivis", Meaning::Starred),
            ("Входящие", Meaning::Inbox),
            ("ゴミ箱", Meaning::Trash),
            ("Entwürfe", Meaning::Drafts),
            ("Kosz", Meaning::Trash),
            ("Arquivados", Meaning::Archive),
            ("Wichtig", Meaning::Important),
        ] {
            assert_eq!(meaning(name), Some(expected), "{name}");
        }
        for own in [
            "",
            "Reisen",
            "Inbox/2020",
            "Müll",
            "Spam report",
            "Sentimental",
        ] {
            assert_eq!(meaning(own), None, "{own}");
        }
    }

    #[test]
    fn no_name_stands_for_two_things() {
        let mut seen = std::collections::BTreeMap::new();
        for (meaning, names) in NAMES {
            for name in names.split('|') {
                assert_eq!(name, name.trim().to_lowercase(), "{name:?}");
                let before = seen.insert(name, meaning);
                assert!(before.is_none_or(|before| before == meaning), "{name}");
                assert_eq!(
                    folder_names::role(name),
                    None,
                    "{name} is known as a folder's"
                );
            }
        }
        assert!(seen.len() > 200, "{}", seen.len());
    }
}
