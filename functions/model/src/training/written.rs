//! Mails put together from the lines of `data/written.txt`, as bytes like any others, with the headers that mails
//! of their senders have.

use std::collections::BTreeMap;

use super::known::{self, Known};
use super::random::{Random, number_of};
use super::words::fill;
use bulkhead_shared::class::Class;

static LINES: &str = include_str!("../../data/written.txt");
/// Mails of each class and language.
const EACH: usize = 320;
const SEED: u64 = 2026;

/// The lines of a section.
#[derive(Default)]
struct Section {
    from: &'static str,
    subjects: Vec<&'static str>,
    says: Vec<&'static str>,
}

/// All of them.
pub(super) fn mails() -> Vec<Known> {
    let sections = sections();
    let none = Section::default();
    let mut mails = Vec::new();
    for ((name, language), section) in &sections {
        let Some(class) = Class::named(name) else {
            continue;
        };
        let any = sections.get(&("any", *language)).unwrap_or(&none);
        for number in 0..EACH {
            let fifth = (number % 5) as u8;
            let mut writer = Writer {
                random: Random::new(
                    SEED ^ number_of(name.as_bytes())
                        ^ number_of(language.as_bytes())
                        ^ number as u64,
                ),
                german: *language == "de",
                class,
                subject: String::new(),
                text: String::new(),
            };
            writer.write(section, any, fifth);
            let message = writer.message(section.from);
            mails.push(Known {
                class,
                fifth,
                message,
            });
        }
    }
    mails
}

fn sections() -> BTreeMap<(&'static str, &'static str), Section> {
    let mut sections: BTreeMap<_, Section> = BTreeMap::new();
    let mut now = ("", "");
    for line in LINES.lines() {
        if let Some(title) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            now = title.split_once(' ').unwrap_or_default();
        } else if let Some((what, text)) = line.split_once(": ").filter(|_| !line.starts_with('#'))
        {
            let section = sections.entry(now).or_default();
            match what {
                "from" => section.from = text,
                "subject" => section.subjects.push(text),
                "say" => section.says.push(text),
                _ => {}
            }
        }
    }
    sections
}

/// Lines that belong to a fifth; all of them where none does.
fn of_fifth(lines: &[&'static str], fifth: u8) -> Vec<&'static str> {
    let belongs = |line: &&&str| (number_of(line.as_bytes()) % 5) as u8 == fifth;
    let own: Vec<_> = match fifth {
        known::HELD_OUT | known::FOR_CONFIDENCE => lines.iter().filter(belongs).copied().collect(),
        _ => {
            let kept =
                |line: &&&str| number_of(line.as_bytes()) % 5 > u64::from(known::FOR_CONFIDENCE);
            lines.iter().filter(kept).copied().collect()
        }
    };
    if own.is_empty() { lines.to_vec() } else { own }
}

/// A mail on its way.
struct Writer {
    random: Random,
    german: bool,
    class: Class,
    subject: String,
    text: String,
}

impl Writer {
    fn write(&mut self, section: &Section, any: &Section, fifth: u8) {
        let subjects = of_fifth(&section.subjects, fifth);
        let mut says = of_fifth(&section.says, fifth);
        self.random.shuffle(&mut says);
        let subject = self.random.pick(&subjects).copied().unwrap_or_default();
        self.subject = fill(subject, &mut self.random);
        let mut parts: Vec<&str> = says.into_iter().take(1 + self.random.below(4)).collect();
        if self.random.percent(45) {
            parts.extend(self.random.pick(&of_fifth(&any.says, fifth)));
            self.random.shuffle(&mut parts);
        }
        let text = parts.join(if self.random.percent(50) {
            " "
        } else {
            "\r\n\r\n"
        });
        self.text = fill(&text, &mut self.random);
    }

    /// The bytes, with the headers and words around that such a sender uses.
    fn message(mut self, from: &str) -> Vec<u8> {
        let mut header = vec![
            "MIME-Version: 1.0".to_owned(),
            "Date: Thu, 12 Mar 2026 10:00:00 +0100".to_owned(),
        ];
        let to = fill("To: {name} <owner@home.example>", &mut self.random);
        match from {
            "person" => self.person(&mut header),
            "list" => self.list(&mut header),
            "newsletter" | "shop" => self.campaign(from, &mut header),
            "service" | "billing" | "carrier" => self.machine(from, &mut header),
            "crook" => self.crook(&mut header),
            _ => self.robot(&mut header),
        }
        if !header.iter().any(|line| line.starts_with("To:")) {
            header.push(to);
        }
        header.push(format!("Subject: {}", self.subject));
        self.body(from, header)
    }

    fn say(&mut self, percent: u32, line: &str, header: &mut Vec<String>) {
        if self.random.percent(percent) {
            header.push(fill(line, &mut self.random));
        }
    }

    fn from(&mut self, name: &str, local: &[&str], header: &mut Vec<String>) {
        let local = self.random.pick(local).copied().unwrap_or_default();
        let line = format!("From: {name} <{local}@s{}.example>", self.random.below(400));
        header.push(fill(&line, &mut self.random));
    }

    fn person(&mut self, header: &mut Vec<String>) {
        self.from(
            "{name}",
            &["{first}", "{first}.{last}", "{last}", "x{number}"],
            header,
        );
        if self.random.percent(35) {
            header.push("In-Reply-To: <a@x.example>".to_owned());
            self.subject = format!("Re: {}", self.subject);
        }
        self.say(
            12,
            "To: a@x.example, b@x.example, c@x.example, owner@home.example",
            header,
        );
        let (hello, bye) = match self.german {
            true => (
                [
                    "Hallo {first},",
                    "Liebe {first},",
                    "Guten Tag,",
                    "Moin,",
                    "",
                ],
                [
                    "Viele Grüße\r\n{first}",
                    "LG {first}",
                    "Gruß",
                    "{first}",
                    "",
                ],
            ),
            false => (
                ["Hi {first},", "Dear {first},", "Hello,", "Hi all,", ""],
                [
                    "Best regards\r\n{first}",
                    "Cheers, {first}",
                    "Thanks",
                    "{first}",
                    "",
                ],
            ),
        };
        let hello = self.random.pick(&hello).copied().unwrap_or_default();
        let bye = self.random.pick(&bye).copied().unwrap_or_default();
        let (hello, bye) = (fill(hello, &mut self.random), fill(bye, &mut self.random));
        self.text = format!("{hello}\r\n\r\n{}\r\n\r\n{bye}\r\n", self.text);
    }

    fn list(&mut self, header: &mut Vec<String>) {
        self.person(header);
        header.retain(|line| !line.starts_with("To:"));
        header.push("To: users@lists.example".to_owned());
        self.say(90, "List-Id: <users.lists.example>", header);
        self.say(80, "List-Post: <mailto:users@lists.example>", header);
        self.say(80, "List-Unsubscribe: <mailto:leave@lists.example>", header);
        self.say(80, "Precedence: list", header);
    }

    fn campaign(&mut self, from: &str, header: &mut Vec<String>) {
        let local: &[&str] = match from {
            "shop" => &[
                "offers", "shop", "hello", "noreply", "news", "{first}", "care",
            ],
            _ => &[
                "newsletter",
                "news",
                "editor",
                "hello",
                "noreply",
                "{first}",
                "letters",
            ],
        };
        self.from("{company}", local, header);
        self.say(80, "List-Unsubscribe: <https://x.example/{number}>", header);
        self.say(
            50,
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            header,
        );
        self.say(45, "List-Id: <{number}.x.example>", header);
        self.say(40, "Precedence: bulk", header);
        self.say(35, "X-Campaign: {number}", header);
    }

    fn machine(&mut self, from: &str, header: &mut Vec<String>) {
        let local: &[&str] = match from {
            "service" => &[
                "no-reply",
                "notify",
                "notifications",
                "alerts",
                "security",
                "info",
                "updates",
                "events",
            ],
            "billing" => &[
                "billing", "invoice", "rechnung", "orders", "no-reply", "service", "shop",
                "bookings", "tickets",
            ],
            _ => &["tracking", "no-reply", "service", "info", "shop", "orders"],
        };
        self.from("{company}", local, header);
        self.say(30, "Auto-Submitted: auto-generated", header);
        self.say(
            if from == "service" { 30 } else { 15 },
            "List-Unsubscribe: <https://x.example/{number}>",
            header,
        );
        self.say(12, "List-Id: <{number}.x.example>", header);
        self.say(35, "Precedence: bulk", header);
    }

    fn crook(&mut self, header: &mut Vec<String>) {
        self.from(
            "{name}",
            &[
                "x{number}",
                "winner",
                "urgent",
                "info",
                "{first}{number}",
                "offers",
                "notice",
            ],
            header,
        );
        self.say(35, "Reply-To: other{number}@else.example", header);
        self.say(25, "To: undisclosed-recipients:;", header);
        self.say(20, "List-Unsubscribe: <https://x.example/{number}>", header);
        self.say(25, "Precedence: bulk", header);
    }

    fn robot(&mut self, header: &mut Vec<String>) {
        self.from(
            "{company}",
            &["mailer-daemon", "postmaster", "{first}", "x{number}"],
            header,
        );
        self.say(60, "Auto-Submitted: auto-replied", header);
    }

    fn body(mut self, from: &str, mut header: Vec<String>) -> Vec<u8> {
        let is_page = matches!(
            from,
            "newsletter" | "shop" | "service" | "billing" | "carrier" | "crook"
        ) && self.random.percent(45);
        let links = if matches!(from, "newsletter" | "shop") {
            self.random.below(14)
        } else {
            0
        };
        for _ in 0..links {
            let link = fill("\r\n{link}", &mut self.random);
            self.text.push_str(&link);
        }
        let (kind, text) = match is_page {
            true => (
                "text/html",
                format!(
                    "<html><body><p>{}</p></body></html>",
                    self.text.replace("\r\n\r\n", "</p><p>")
                ),
            ),
            false => ("text/plain", self.text.clone()),
        };
        let file = self.file();
        let Some(file) = file else {
            header.push(format!("Content-Type: {kind}; charset=utf-8"));
            return format!("{}\r\n\r\n{text}\r\n", header.join("\r\n")).into_bytes();
        };
        header.push("Content-Type: multipart/mixed; boundary=b".to_owned());
        let header = header.join("\r\n");
        format!("{header}\r\n\r\n--b\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n{text}\r\n--b\r\n{file}\r\n--b--\r\n").into_bytes()
    }

    /// A second part, where such a mail often has one.
    fn file(&mut self) -> Option<&'static str> {
        const CALENDAR: &str =
            "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR";
        const PDF: &str = "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nJVBERi0=";
        const PHOTO: &str = "Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename=a.jpg\r\n\r\n/9j/";
        const REPORT: &str = "Content-Type: message/delivery-status\r\n\r\nAction: failed";
        let (percent, file) = match self.class {
            Class::Meeting => (55, CALENDAR),
            Class::Receipt => (45, PDF),
            Class::Request => (20, PDF),
            Class::Personal => (20, PHOTO),
            Class::Other => (30, REPORT),
            _ => (3, PDF),
        };
        self.random.percent(percent).then_some(file)
    }
}
