//! What mail programs call inbox, sent, trash and the like, in the languages they speak. Gmail's words
//! are those of Takeout's `X-Gmail-Labels`; the others name folders of Thunderbird, Outlook, Apple Mail
//! and of the usual servers.

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
    NAMES
        .iter()
        .find(|(_, names)| known(names))
        .map(|(meaning, _)| *meaning)
}

/// Names in lower case. English, German, French, Spanish, Catalan, Italian, Portuguese, Dutch, Swedish,
/// Danish, Norwegian, Finnish, Polish, Czech, Slovak, Hungarian, Romanian, Turkish, Russian, Ukrainian,
/// Greek, Japanese, Chinese (both scripts), Korean, Arabic, Hebrew, Indonesian, Vietnamese, Thai.
const NAMES: [(Meaning, &str); 10] = [
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
        Meaning::Sent,
        "sent|sent mail|sent items|sent messages|gesendet|gesendete elemente|\
         gesendete objekte|messages envoyés|envoyés|éléments envoyés|mails envoyés|enviados|\
         elementos enviados|correo enviado|enviats|inviati|posta inviata|elementi inviati|\
         e-mails enviados|itens enviados|mensagens enviadas|enviadas|enviado|verzonden|\
         verzonden items|verzonden berichten|skickat|skickade|skickade objekt|sendt|sendte|\
         sendt post|sendte elementer|sendt e-post|lähetetyt|lähetetyt viestit|wysłane|\
         elementy wysłane|odeslaná pošta|odeslané|odoslaná pošta|odoslané|elküldött|\
         elküldött elemek|elküldött üzenetek|elküldött levelek|trimise|mesaje trimise|\
         elemente trimise|gönderilmiş postalar|gönderildi|gönderilenler|gönderilmiş öğeler|\
         отправленные|исходящие|надіслані|відправлені|απεσταλμένα|送信済み|送信済みメール|\
         送信済みアイテム|已发送|已发邮件|已发送邮件|寄件備份|已傳送|寄件匣|보낸편지함|보낸 편지함|\
         البريد المرسل|البريد المُرسَل|المرسلة|الرسائل المرسلة|נשלח|דואר שנשלח|דואר יוצא|terkirim|\
         surat terkirim|đã gửi|thư đã gửi|จดหมายที่ส่งแล้ว|ส่งแล้ว",
    ),
    (
        Meaning::Drafts,
        "drafts|draft|entwürfe|entwurf|brouillons|brouillon|borradores|borrador|esborranys|bozze|\
         bozza|rascunhos|rascunho|concepten|concept|utkast|kladder|kladde|luonnokset|luonnos|\
         wersje robocze|robocze|szkice|koncepty|rozepsané|rozpísané|piszkozatok|piszkozat|\
         mesaje nefinalizate|schițe|ciorne|taslaklar|taslak|черновики|черновик|чернетки|πρόχειρα|\
         下書き|草稿|草稿箱|草稿匣|임시보관함|임시 보관함|المسودات|مسودات|טיוטות|draf|konsep|thư nháp|\
         bản nháp|ร่างจดหมาย|ร่าง",
    ),
    (
        Meaning::Spam,
        "spam|junk|junk e-mail|junk email|junk mail|bulk mail|unerwünscht|spamverdacht|\
         junk-e-mail|courrier indésirable|indésirables|pourriel|correo no deseado|\
         correu brossa|posta indesiderata|indesiderata|lixo eletrônico|lixo eletrónico|\
         correio eletrónico não solicitado|ongewenste e-mail|ongewenst|skräppost|uønsket mail|\
         uønsket e-post|søppelpost|roskaposti|wiadomości-śmieci|niechciana poczta|\
         nevyžádaná pošta|nevyžiadaná pošta|levélszemét|spamuri|önemsiz|istenmeyen posta|\
         önemsiz e-posta|спам|нежелательная почта|ανεπιθύμητα|ανεπιθύμητη αλληλογραφία|迷惑メール|\
         垃圾邮件|垃圾郵件|스팸함|스팸편지함|스팸|غير مرغوب فيها|الرسائل غير المرغوب فيها|ספאם|\
         דואר זבל|thư rác|จดหมายขยะ",
    ),
    (
        Meaning::Trash,
        "trash|bin|deleted|deleted items|deleted messages|papierkorb|gelöscht|gelöschte elemente|\
         gelöschte objekte|corbeille|éléments supprimés|messages supprimés|papelera|eliminados|\
         elementos eliminados|paperera|cestino|posta eliminata|eliminati|lixeira|lixo|reciclagem|\
         itens excluídos|itens eliminados|prullenbak|verwijderde items|papperskorg|papperskorgen|\
         borttaget|borttagna objekt|papirkurv|papirkurven|slettet post|slettede elementer|søppel|\
         roskakori|poistetut|kosz|elementy usunięte|koš|odstraněná pošta|kôš|odstránené položky|\
         kuka|lomtár|törölt elemek|coș de gunoi|coș|elemente șterse|çöp kutusu|çöp|\
         silinmiş öğeler|корзина|удаленные|удалённые|кошик|видалені|κάδος απορριμμάτων|κάδος|\
         απορρίμματα|ゴミ箱|削除済みアイテム|已删除|已删除邮件|垃圾箱|回收站|垃圾桶|刪除的郵件|휴지통|\
         지운편지함|المهملات|سلة المهملات|אשפה|פריטים שנמחקו|sampah|tong sampah|thùng rác|ถังขยะ",
    ),
    (
        Meaning::Archive,
        "archive|archives|archived|all mail|archiv|archiviert|archivé|archivés|messages archivés|\
         tous les messages|alle nachrichten|archivo|archivado|archivados|todos|arxiu|arxivat|\
         archivio|archiviato|archiviati|arquivo|arquivado|arquivados|arquivada|archief|\
         gearchiveerd|arkiv|arkiverat|arkiverade|arkiveret|arkivert|arkisto|arkistoitu|archiwum|\
         zarchiwizowane|archivováno|archivované|archív|archívum|archivált|arhivă|arhivat|arhivate|\
         arşiv|arşivlendi|arşivlenmiş|архив|архивированные|в архиве|архів|архівовано|αρχείο|\
         αρχειοθετημένα|アーカイブ|アーカイブ済み|归档|已归档|存档|封存|已封存|보관|보관됨|보관함|\
         الأرشيف|مؤرشفة|ארכיון|הועבר לארכיון|arsip|diarsipkan|lưu trữ|đã lưu trữ|เก็บถาวรแล้ว|\
         ที่เก็บถาวร",
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
            }
        }
        assert!(seen.len() > 400, "{}", seen.len());
    }
}
