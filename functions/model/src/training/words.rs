//! What stands for the words in braces.

use super::random::Random;

const FIRST: &[&str] = &[
    "Anna", "Ben", "Clara", "David", "Elif", "Farid", "Greta", "Hannes", "Ines", "Jonas", "Keiko",
    "Lukas", "Mia", "Noah", "Olga", "Paul", "Rosa", "Samuel", "Tina", "Uwe", "Vera", "Wei", "Yara",
    "Zoe",
];
const LAST: &[&str] = &[
    "Abel", "Berger", "Costa", "Duran", "Ekström", "Fischer", "Greene", "Huber", "Ito", "Jansen",
    "Kowal", "Lang", "Meyer", "Novak", "Okoye", "Petrov", "Quinn", "Rossi", "Smith", "Tanaka",
    "Ulrich", "Vogel", "Weber", "Young",
];
const COMPANIES: &[&str] = &[
    "Acme",
    "Nordlicht",
    "Bluewater",
    "Hafenbank",
    "Sunfield",
    "Kaiser & Sohn",
    "Redwood",
    "Stadtwerke",
    "Lumen",
    "Alpina",
    "Quickmart",
    "Paperworks",
    "Velo Union",
    "Cloudlet",
    "Oakfield",
];
const PRODUCTS: &[&str] = &[
    "headphones",
    "Kopfhörer",
    "rain jacket",
    "Regenjacke",
    "desk lamp",
    "coffee grinder",
    "Kaffeemühle",
    "bike light",
    "shoes",
    "Schuhe",
    "tent",
    "notebook",
    "Stuhl",
    "USB hub",
    "backpack",
    "Rucksack",
    "tea set",
    "drill",
];
const PROJECTS: &[&str] = &[
    "Aurora", "Cedar", "Delta", "Ember", "Falke", "Granit", "Horizon", "Iris", "Jupiter",
    "Kompass", "Lotus", "Merlin",
];
const CITIES: &[&str] = &[
    "Berlin", "Vienna", "Wien", "Lisbon", "Kraków", "Oslo", "Zürich", "Porto", "Hamburg", "Dublin",
    "Ghent", "Graz",
];
const TOPICS: &[&str] = &[
    "why small teams win",
    "seven soups for a cold week",
    "the return of the night train",
    "what the auditors found",
    "better defaults for everyone",
    "a field guide to clouds",
    "how to keep basil alive",
    "the case for boring tools",
    "warum Züge wieder nachts fahren",
    "fünf Ideen für den Balkon",
    "was die Zahlen verraten",
    "die Kunst der Pause",
    "alte Karten, neue Straßen",
    "Gespräch mit einer Imkerin",
    "election results explained",
    "markets this week",
];
const MONTHS: &[&str] = &[
    "January",
    "Februar",
    "March",
    "April",
    "May",
    "Juni",
    "July",
    "August",
    "September",
    "Oktober",
    "November",
];
const DAYS: &[&str] = &[
    "Monday",
    "Dienstag",
    "Wednesday",
    "Donnerstag",
    "Friday",
    "3 May",
    "12. Juni",
    "21 October",
    "1. März",
    "2026-04-12",
];

/// Fills in a template.
pub(super) fn fill(template: &str, random: &mut Random) -> String {
    let mut text = String::with_capacity(template.len() + 24);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        text.push_str(&value(name, random));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn value(name: &str, random: &mut Random) -> String {
    let all = match name {
        "first" => FIRST,
        "company" => COMPANIES,
        "product" => PRODUCTS,
        "project" => PROJECTS,
        "city" => CITIES,
        "topic" => TOPICS,
        "month" => MONTHS,
        "date" => DAYS,
        "last" => LAST,
        _ => return number(name, random),
    };
    random.pick(all).copied().unwrap_or_default().to_owned()
}

fn number(name: &str, random: &mut Random) -> String {
    match name {
        "name" => format!("{} {}", value("first", random), value("last", random)),
        "amount" => {
            let (whole, cents) = (1 + random.below(2_000), random.below(100));
            match random.below(4) {
                0 => format!("${whole}.{cents:02}"),
                1 => format!("{whole},{cents:02} €"),
                2 => format!("EUR {whole}.{cents:02}"),
                _ => format!("£{whole}"),
            }
        }
        "percent" => (5 * (1 + random.below(14))).to_string(),
        "time" | "time2" => format!("{}:{:02}", 8 + random.below(11), 15 * random.below(4)),
        "link" => format!("https://www.example.com/{:x}", random.below(1 << 24)),
        _ => (100 + random.below(99_900)).to_string(),
    }
}
