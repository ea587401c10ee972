//! The classes of mails, what each of them means, and examples. This is the one place that defines them: screens, the
//! words for a language model and the training all go by it.

use crate::words;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "each is defined below")]
pub enum Class {
    Request = 0,
    Question = 1,
    Meeting = 2,
    Personal = 3,
    ListDiscussion = 4,
    Newsletter = 5,
    Promotion = 6,
    Notification = 7,
    Receipt = 8,
    Delivery = 9,
    Spam = 10,
    Other = 11,
}

/// A class's definition and examples.
struct Definition {
    text: fn() -> &'static str,
    english: &'static str,
    german: &'static str,
}

impl Class {
    /// Every class, in the order of their numbers. The numbers are those of the weights.
    pub const ALL: [Self; 12] = [
        Self::Request,
        Self::Question,
        Self::Meeting,
        Self::Personal,
        Self::ListDiscussion,
        Self::Newsletter,
        Self::Promotion,
        Self::Notification,
        Self::Receipt,
        Self::Delivery,
        Self::Spam,
        Self::Other,
    ];

    fn definition(self) -> Definition {
        let define = |text: fn() -> _, english, german| Definition {
            text,
            english,
            german,
        };
        match self {
            Self::Request => define(
                words::class_request_text,
                "Please send me the report by Friday.",
                "Bitte schick mir den Bericht bis Freitag.",
            ),
            Self::Question => define(
                words::class_question_text,
                "Which of the two versions is the right one?",
                "Welche der beiden Fassungen ist die richtige?",
            ),
            Self::Meeting => define(
                words::class_meeting_text,
                "Shall we meet on Tuesday at ten?",
                "Passt dir Dienstag um zehn Uhr?",
            ),
            Self::Personal => define(
                words::class_personal_text,
                "Here are the photos from the lake.",
                "Oma lässt dich grüßen.",
            ),
            Self::ListDiscussion => define(
                words::class_list_discussion_text,
                "Re: [users] Problem after the update",
                "Re: [verein] Vorschlag zur Satzung",
            ),
            Self::Newsletter => define(
                words::class_newsletter_text,
                "Welcome to issue 42 of our newsletter.",
                "Willkommen zur Ausgabe 42 unseres Rundbriefs.",
            ),
            Self::Promotion => define(
                words::class_promotion_text,
                "20% off everything, this weekend only.",
                "20 % auf alles, nur dieses Wochenende.",
            ),
            Self::Notification => define(
                words::class_notification_text,
                "New sign-in to your account near Vienna.",
                "Ihr Bestätigungscode lautet 123456.",
            ),
            Self::Receipt => define(
                words::class_receipt_text,
                "Invoice 2041 for March is attached.",
                "Vielen Dank für Ihre Bestellung.",
            ),
            Self::Delivery => define(
                words::class_delivery_text,
                "Your parcel arrives tomorrow.",
                "Ihr Paket ist unterwegs.",
            ),
            Self::Spam => define(
                words::class_spam_text,
                "You have WON a million!!!",
                "Ihr Konto wird gesperrt, bestätigen Sie sofort Ihre Daten.",
            ),
            Self::Other => define(
                words::class_other_text,
                "I am out of the office until Monday.",
                "Ihre Nachricht konnte nicht zugestellt werden.",
            ),
        }
    }

    /// The name on the wire and in searches. Stored: never change one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Question => "question",
            Self::Meeting => "meeting",
            Self::Personal => "personal",
            Self::ListDiscussion => "list_discussion",
            Self::Newsletter => "newsletter",
            Self::Promotion => "promotion",
            Self::Notification => "notification",
            Self::Receipt => "receipt",
            Self::Delivery => "delivery",
            Self::Spam => "spam",
            Self::Other => "other",
        }
    }

    /// What a person calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Request => words::class_request(),
            Self::Question => words::class_question(),
            Self::Meeting => words::class_meeting(),
            Self::Personal => words::class_personal(),
            Self::ListDiscussion => words::class_list_discussion(),
            Self::Newsletter => words::class_newsletter(),
            Self::Promotion => words::class_promotion(),
            Self::Notification => words::class_notification(),
            Self::Receipt => words::class_receipt(),
            Self::Delivery => words::class_delivery(),
            Self::Spam => words::class_spam(),
            Self::Other => words::class_other(),
        }
    }

    /// What it means, as a sentence.
    pub fn text(self) -> &'static str {
        (self.definition().text)()
    }

    /// What such a mail says, in English and in German.
    pub fn examples(self) -> [&'static str; 2] {
        let definition = self.definition();
        [definition.english, definition.german]
    }

    /// The class of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_and_names_tell_the_classes_apart() {
        for (place, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, place);
            assert_eq!(Class::named(class.name()), Some(class));
            assert!(class.text().ends_with('.'));
        }
        assert_eq!(Class::named("Newsletter"), None);
    }

    #[test]
    fn each_class_has_a_label_and_an_example_in_both_languages() {
        let labels: BTreeSet<&str> = Class::ALL.into_iter().map(Class::label).collect();
        assert_eq!(labels.len(), 12);
        let examples: BTreeSet<&str> = Class::ALL.into_iter().flat_map(Class::examples).collect();
        assert_eq!(examples.len(), 24);
        assert_eq!(
            Class::Delivery.examples(),
            ["Your parcel arrives tomorrow.", "Ihr Paket ist unterwegs."]
        );
    }
}
