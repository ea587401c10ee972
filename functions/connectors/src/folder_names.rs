//! What mail programs call the folders for a role, language by language. For servers that do not say
//! what a folder is for (RFC 6154), for folders that an older program made beside those it names, and for
//! files of mail that keep the names of their folders.
//!
//! The names are those that Outlook, Thunderbird, Apple Mail, Gmail, Roundcube and the large providers
//! of each country give their folders. "All Mail" is no archive: everything is in it already.

use bulkhead_shared::api::Role;

/// The names of one language, in lower case, the more usual one first.
pub(crate) struct Language {
    archive: &'static [&'static str],
    trash: &'static [&'static str],
    sent: &'static [&'static str],
    drafts: &'static [&'static str],
    spam: &'static [&'static str],
}

impl Language {
    /// Its names for a role.
    pub(crate) fn names(&self, role: Role) -> &'static [&'static str] {
        match role {
            Role::Inbox => &[],
            Role::Archive => self.archive,
            Role::Trash => self.trash,
            Role::Sent => self.sent,
            Role::Drafts => self.drafts,
            Role::Spam => self.spam,
        }
    }
}

/// The role that a name in lower case stands for, in whatever language; none for a name of somebody's own.
#[cfg(feature = "sandbox")]
pub(crate) fn role(name: &str) -> Option<Role> {
    const ROLES: [Role; 5] = [
        Role::Archive,
        Role::Trash,
        Role::Sent,
        Role::Drafts,
        Role::Spam,
    ];
    let is_of = |role: &Role| {
        let mut names = LANGUAGES.iter().flat_map(|language| language.names(*role));
        names.any(|known| *known == name)
    };
    ROLES.into_iter().find(is_of)
}

/// What a folder for a role is called if we make it.
pub(crate) fn ours(role: Role) -> &'static str {
    match role {
        Role::Inbox => "INBOX",
        Role::Archive => "Archive",
        Role::Trash => "Trash",
        Role::Sent => "Sent",
        Role::Drafts => "Drafts",
        Role::Spam => "Junk",
    }
}

macro_rules! languages {
    ($($(#[$language:meta])* { $archive:expr, $trash:expr, $sent:expr, $drafts:expr, $spam:expr }),+ $(,)?) => {
        &[$($(#[$language])* Language {
            archive: &$archive, trash: &$trash, sent: &$sent, drafts: &$drafts, spam: &$spam,
        }),+]
    };
}

/// English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian, Finnish,
/// Polish, Czech, Slovak, Hungarian, Romanian, Russian, Ukrainian, Greek, Turkish, Japanese, Chinese,
/// Korean, Croatian, Slovene, Bulgarian, Catalan, Estonian, Latvian, Lithuanian, Hebrew, Arabic,
/// Vietnamese, Indonesian, Thai.
pub(crate) static LANGUAGES: &[Language] = languages![
    {
        ["archive", "archives", "archived"],
        ["trash", "deleted items", "deleted messages", "deleted", "bin", "rubbish", "recycle bin", "wastebasket"],
        ["sent", "sent items", "sent messages", "sent mail", "sent-mail"],
        ["drafts", "draft"],
        ["junk", "spam", "junk e-mail", "junk email", "junk mail", "bulk mail", "bulk"]
    },
    {
        ["archiv", "archivierte elemente"],
        ["papierkorb", "gelöschte elemente", "gelöschte objekte", "gelöschte nachrichten", "gelöscht"],
        ["gesendet", "gesendete elemente", "gesendete objekte", "gesendete nachrichten"],
        ["entwürfe", "entwurf"],
        ["spamverdacht", "spam-verdacht", "junk-e-mail", "unerwünscht", "unerwünschte werbung", "werbung"]
    },
    {
        ["archives", "archive", "messages archivés"],
        ["corbeille", "éléments supprimés", "messages supprimés", "poubelle", "supprimés"],
        ["envoyés", "éléments envoyés", "messages envoyés", "objets envoyés", "envoyes", "courrier envoyé", "mails envoyés"],
        ["brouillons", "brouillon"],
        ["indésirables", "courrier indésirable", "indesirables", "pourriel", "pourriels"]
    },
    {
        ["archivo", "archivos", "archivados"],
        ["papelera", "elementos eliminados", "mensajes eliminados", "eliminados", "papelera de reciclaje"],
        ["enviados", "elementos enviados", "mensajes enviados", "correo enviado"],
        ["borradores", "borrador"],
        ["correo no deseado", "no deseado", "correo basura", "basura"]
    },
    {
        ["archivio", "archiviati"],
        ["cestino", "posta eliminata", "messaggi eliminati", "elementi eliminati", "eliminata", "eliminati"],
        ["inviati", "posta inviata", "messaggi inviati", "inviata", "elementi inviati"],
        ["bozze", "bozza"],
        ["posta indesiderata", "indesiderata", "posta indesiderati"]
    },
    {
        ["arquivo", "arquivos", "arquivo morto", "arquivados", "arquivadas"],
        ["lixeira", "lixo", "itens excluídos", "itens eliminados", "mensagens apagadas", "excluídos", "reciclagem"],
        ["enviados", "itens enviados", "mensagens enviadas", "enviadas", "enviado", "e-mails enviados"],
        ["rascunhos", "rascunho"],
        ["lixo eletrônico", "lixo electrónico", "lixo eletrónico", "correio não solicitado", "correio eletrónico não solicitado"]
    },
    {
        ["archief", "gearchiveerd"],
        ["prullenbak", "verwijderde items", "verwijderd", "verwijderde berichten", "prullenmand"],
        ["verzonden", "verzonden items", "verzonden berichten"],
        ["concepten", "concept"],
        ["ongewenste e-mail", "ongewenst", "ongewenste reclame", "ongewenste mail"]
    },
    {
        ["arkiv", "arkiverat"],
        ["papperskorgen", "papperskorg", "borttagna objekt", "borttaget", "borttagna"],
        ["skickat", "skickade objekt", "skickade meddelanden", "skickade"],
        ["utkast"],
        ["skräppost", "skräp"]
    },
    {
        ["arkiv", "arkiveret"],
        ["papirkurv", "papirkurven", "slettet post", "slettede elementer", "slettet", "slettede beskeder"],
        ["sendt", "sendte", "sendt post", "sendte elementer", "sendte beskeder"],
        ["kladder", "kladde"],
        ["uønsket mail", "uønsket post", "uønsket e-mail", "uønsket"]
    },
    {
        ["arkiv", "arkivert"],
        ["papirkurv", "slettede elementer", "søppel", "slettede", "søppelbøtte"],
        ["sendt", "sendte elementer", "sendte meldinger", "sendt e-post"],
        ["utkast", "kladder"],
        ["søppelpost", "uønsket e-post", "useriøs e-post"]
    },
    {
        ["arkisto", "arkistoidut"],
        ["roskakori", "poistetut", "poistetut viestit"],
        ["lähetetyt", "lähetetyt viestit", "lähetetty"],
        ["luonnokset", "luonnos"],
        ["roskaposti"]
    },
    {
        ["archiwum", "archiwizowane"],
        ["kosz", "elementy usunięte", "usunięte"],
        ["wysłane", "elementy wysłane", "wysłano"],
        ["szkice", "wersje robocze", "kopie robocze", "robocze"],
        ["wiadomości-śmieci", "wiadomości śmieci", "niechciane", "niechciana poczta", "śmieci"]
    },
    {
        ["archiv", "archivované"],
        ["koš", "odstraněná pošta", "smazané", "odstraněné"],
        ["odeslané", "odeslaná pošta", "odeslaná"],
        ["koncepty", "rozepsané", "rozepsaná"],
        ["nevyžádaná pošta", "nevyžádané", "nevyžádaná"]
    },
    {
        ["archív", "archív pošty"],
        ["kôš", "odstránené položky", "odstránená pošta", "odpad"],
        ["odoslané", "odoslaná pošta", "odoslané položky"],
        ["koncepty", "rozpísané"],
        ["nevyžiadaná pošta", "nevyžiadané"]
    },
    {
        ["archívum", "archivált"],
        ["kuka", "törölt elemek", "lomtár", "törölt"],
        ["elküldött", "elküldött elemek", "elküldött levelek", "elküldött üzenetek"],
        ["piszkozatok", "vázlatok", "piszkozat"],
        ["levélszemét", "kéretlen levelek"]
    },
    {
        ["arhivă", "arhiva"],
        ["coș de gunoi", "gunoi", "elemente șterse", "coş de gunoi", "șterse", "coș"],
        ["trimise", "elemente trimise", "mesaje trimise"],
        ["ciorne", "schițe", "mesaje nefinalizate"],
        ["mesaje nedorite", "e-mail nedorit", "nedorite", "spamuri"]
    },
    {
        ["архив"],
        ["корзина", "удаленные", "удалённые", "удаленные элементы"],
        ["отправленные", "отправленные элементы"],
        ["черновики", "черновик"],
        ["спам", "нежелательная почта"]
    },
    {
        ["архів"],
        ["кошик", "видалені", "смітник", "видалені елементи"],
        ["надіслані", "відправлені", "надіслане"],
        ["чернетки"],
        ["спам", "небажана пошта"]
    },
    {
        ["αρχειοθήκη", "αρχείο"],
        ["κάδος απορριμμάτων", "κάδος", "διαγραμμένα", "απορρίμματα"],
        ["απεσταλμένα", "σταλμένα"],
        ["πρόχειρα"],
        ["ανεπιθύμητα", "ανεπιθύμητη αλληλογραφία", "ανεπιθύμητη"]
    },
    {
        ["arşiv", "arşivlenenler"],
        ["çöp kutusu", "çöp", "silinmiş öğeler", "silinmiş"],
        ["gönderilmiş", "gönderilen", "gönderilmiş öğeler", "gönderilenler", "gönderilmiş postalar", "gönderildi"],
        ["taslaklar", "taslak"],
        ["istenmeyen", "önemsiz e-posta", "önemsiz", "istenmeyen posta"]
    },
    {
        ["アーカイブ", "保管"],
        ["ゴミ箱", "ごみ箱", "削除済みアイテム", "削除済みメール"],
        ["送信済み", "送信済みアイテム", "送信済みトレイ", "送信済みメール", "送信"],
        ["下書き"],
        ["迷惑メール"]
    },
    {
        ["归档", "存档", "封存", "歸檔"],
        ["已删除", "已删除邮件", "废件箱", "回收站", "已刪除", "已刪除的郵件", "垃圾桶", "刪除的郵件"],
        ["已发送", "已发送邮件", "已发邮件", "寄件備份", "已傳送", "已傳送的郵件", "已寄送"],
        ["草稿", "草稿箱", "草稿匣"],
        ["垃圾邮件", "垃圾箱", "垃圾郵件", "广告邮件"]
    },
    {
        ["보관", "보관함", "보관 메일함"],
        ["휴지통", "지운편지함", "지운 편지함", "삭제된 항목"],
        ["보낸메일함", "보낸 메일함", "보낸편지함", "보낸 편지함", "보낸 항목", "보낸메시지함"],
        ["임시보관함", "임시 보관함", "임시보관", "초안"],
        ["스팸", "스팸메일함", "스팸 메일함", "정크 메일", "스팸편지함", "스팸함"]
    },
    {
        ["arhiva", "arhiv"],
        ["smeće", "otpad", "koš za smeće", "izbrisane stavke"],
        ["poslano", "poslane stavke", "poslane poruke"],
        ["skice", "nacrti"],
        ["neželjena pošta", "bezvrijedna pošta"]
    },
    {
        ["arhiv"],
        ["smeti", "izbrisano", "koš", "izbrisani elementi"],
        ["poslano", "poslani elementi", "poslana pošta"],
        ["osnutki"],
        ["neželena pošta", "neželeno"]
    },
    {
        ["архив"],
        ["кошче", "изтрити", "изтрити елементи"],
        ["изпратени", "изпратени елементи", "изпратена поща"],
        ["чернови"],
        ["спам", "нежелана поща"]
    },
    {
        ["arxiu", "arxivats"],
        ["paperera", "elements suprimits", "suprimits"],
        ["enviats", "elements enviats", "correu enviat"],
        ["esborranys"],
        ["correu brossa", "brossa"]
    },
    {
        ["arhiiv"],
        ["prügikast", "prügi", "kustutatud"],
        ["saadetud", "saadetud kirjad"],
        ["mustandid"],
        ["rämpspost"]
    },
    {
        ["arhīvs"],
        ["miskaste", "atkritne", "dzēstie", "dzēstie vienumi"],
        ["nosūtītie", "nosūtīts", "nosūtītās"],
        ["melnraksti"],
        ["mēstules", "surogātpasts"]
    },
    {
        ["archyvas"],
        ["šiukšliadėžė", "šiukšlinė", "ištrinti"],
        ["išsiųsti", "išsiųsta", "išsiųstieji"],
        ["juodraščiai"],
        ["šlamštas", "brukalas"]
    },
    {
        ["ארכיון", "העבר לארכיון"],
        ["אשפה", "פריטים שנמחקו", "פח אשפה"],
        ["נשלחו", "נשלח", "פריטים שנשלחו", "דואר שנשלח"],
        ["טיוטות"],
        ["דואר זבל", "ספאם"]
    },
    {
        ["الأرشيف", "أرشيف"],
        ["المهملات", "العناصر المحذوفة", "سلة المهملات"],
        ["المرسلة", "العناصر المرسلة", "البريد المرسل", "البريد المُرسَل", "الرسائل المرسلة"],
        ["المسودات", "مسودات"],
        ["البريد العشوائي", "بريد غير هام", "البريد غير الهام", "غير مرغوب فيها", "الرسائل غير المرغوب فيها"]
    },
    {
        ["lưu trữ"],
        ["thùng rác", "thư đã xóa"],
        ["đã gửi", "thư đã gửi"],
        ["thư nháp", "bản nháp"],
        ["thư rác"]
    },
    {
        ["arsip"],
        ["sampah", "tong sampah", "item terhapus"],
        ["terkirim", "item terkirim", "surat terkirim"],
        ["draf", "konsep"],
        ["email sampah"]
    },
    {
        ["เก็บถาวร", "ที่เก็บถาวร"],
        ["ถังขยะ", "รายการที่ถูกลบ"],
        ["ส่งแล้ว", "รายการที่ส่ง", "จดหมายที่ส่ง", "จดหมายที่ส่งแล้ว"],
        ["แบบร่าง", "ร่างจดหมาย", "จดหมายร่าง", "ร่าง"],
        ["จดหมายขยะ", "อีเมลขยะ"]
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const ROLES: [Role; 5] = [
        Role::Archive,
        Role::Trash,
        Role::Sent,
        Role::Drafts,
        Role::Spam,
    ];

    /// A name that meant the trash in one language and something else in another would empty the wrong
    /// folder's mails out of every search.
    #[test]
    fn no_name_stands_for_two_roles() {
        let mut known: BTreeMap<&str, Role> = BTreeMap::new();
        for language in LANGUAGES {
            for role in ROLES {
                assert!(!language.names(role).is_empty());
                for name in language.names(role) {
                    assert_eq!(*name, name.to_lowercase(), "{name}");
                    assert_eq!(*known.entry(name).or_insert(role), role, "{name}");
                }
            }
        }
        assert!(LANGUAGES.len() >= 20);
        for role in ROLES {
            assert!(known.contains_key(ours(role).to_lowercase().as_str()));
        }
    }
}
