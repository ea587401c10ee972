//! A rule as a person types it, and back into what is stored.

use bulkhead_shared::operations::{
    Archive, Label, MarkRead, MarkUnread, Move, Operation, Star, Trash, Unstar,
};
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::rules::{BY_ITSELF_DEFAULT, RuleWords, Weekday, When};

use crate::words;
use bulkhead_words::Says;

/// What a rule can do with mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Archive,
    Trash,
    Move,
    Label,
    MarkRead,
    MarkUnread,
    Star,
    Unstar,
}

impl Deed {
    /// All of them, with the name in a form and what it is called.
    pub const ALL: [(Self, &'static str, Says); 8] = [
        (Self::Archive, "archive", Says(words::rule_form_archive)),
        (Self::Trash, "trash", Says(words::rule_form_trash)),
        (Self::Move, "move", Says(words::rule_form_move)),
        (Self::Label, "label", Says(words::rule_form_label)),
        (
            Self::MarkRead,
            "mark_read",
            Says(words::rule_form_mark_read),
        ),
        (
            Self::MarkUnread,
            "mark_unread",
            Says(words::rule_form_mark_unread),
        ),
        (Self::Star, "star", Says(words::rule_form_star)),
        (Self::Unstar, "unstar", Says(words::rule_form_unstar)),
    ];

    /// The one of this name in a form.
    pub fn named(name: &str) -> Option<Self> {
        let all = Self::ALL.iter();
        all.clone().find(|it| it.1 == name).map(|it| it.0)
    }

    /// What has to be named with it: the name of the field.
    pub fn asks(self) -> Option<&'static str> {
        match self {
            Self::Move => Some(words::rule_form_asks_folder()),
            Self::Label => Some(words::rule_form_label()),
            _ => None,
        }
    }

    fn of(operation: &Operation) -> (Self, String) {
        let deed = match operation {
            Operation::Trash(_) => Self::Trash,
            Operation::Move(it) => return (Self::Move, it.folder.clone()),
            Operation::Label(it) => return (Self::Label, it.add.join(", ")),
            Operation::MarkRead(_) => Self::MarkRead,
            Operation::MarkUnread(_) => Self::MarkUnread,
            Operation::Star(_) => Self::Star,
            Operation::Unstar(_) => Self::Unstar,
            _ => Self::Archive,
        };
        (deed, String::new())
    }

    fn operation(self, named: &str) -> Operation {
        match self {
            Self::Archive => Archive {}.into(),
            Self::Trash => Trash {}.into(),
            Self::Move => Move::into_folder(named.trim()).into(),
            Self::Label => Label {
                add: listed(named),
                remove: Vec::new(),
            }
            .into(),
            Self::MarkRead => MarkRead {}.into(),
            Self::MarkUnread => MarkUnread {}.into(),
            Self::Star => Star {}.into(),
            Self::Unstar => Unstar {}.into(),
        }
    }
}

/// When a rule runs, as a form offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    ByHand,
    NewMail,
    Hourly,
    Daily,
    Weekly,
}

impl Timing {
    /// All of them, with the name in a form and what it is called.
    pub const ALL: [(Self, &'static str, Says); 5] = [
        (Self::ByHand, "by_hand", Says(words::rule_form_by_hand)),
        (Self::NewMail, "new_mail", Says(words::rule_form_new_mail)),
        (Self::Hourly, "hourly", Says(words::rule_form_hourly)),
        (Self::Daily, "daily", Says(words::rule_form_daily)),
        (Self::Weekly, "weekly", Says(words::rule_form_weekly)),
    ];

    /// The one of this name in a form.
    pub fn named(name: &str) -> Option<Self> {
        let all = Self::ALL.iter();
        all.clone().find(|it| it.1 == name).map(|it| it.0)
    }

    /// Whether it is at an hour of a day.
    pub fn has_hour(self) -> bool {
        matches!(self, Self::Daily | Self::Weekly)
    }
}

/// The fields, as text where text is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleForm {
    pub name: String,
    pub search: String,
    pub classes: Vec<String>,
    pub percent: u8,
    pub older_days: String,
    pub senders: String,
    pub deed: Deed,
    /// The folder, or labels.
    pub named: String,
    pub timing: Timing,
    pub day: Weekday,
    pub hour: u8,
    /// By whose clocks.
    pub zone: String,
    /// Mails that it takes without asking.
    pub most: String,
}

impl Default for RuleForm {
    fn default() -> Self {
        Self {
            name: String::new(),
            search: String::new(),
            classes: Vec::new(),
            percent: 90,
            older_days: String::new(),
            senders: String::new(),
            deed: Deed::Archive,
            named: String::new(),
            timing: Timing::ByHand,
            day: Weekday::Monday,
            hour: 7,
            zone: String::new(),
            most: BY_ITSELF_DEFAULT.to_string(),
        }
    }
}

impl From<&RuleWords> for RuleForm {
    fn from(rule: &RuleWords) -> Self {
        let (deed, named) = Deed::of(&rule.operation);
        let days = rule.older_days.map(|days| days.to_string());
        let usual = Self::default();
        let (timing, day, hour) = match &rule.when {
            When::ByHand {} => (Timing::ByHand, usual.day, usual.hour),
            When::NewMail {} => (Timing::NewMail, usual.day, usual.hour),
            When::Hourly {} => (Timing::Hourly, usual.day, usual.hour),
            When::Daily { hour, .. } => (Timing::Daily, usual.day, *hour),
            When::Weekly { day, hour, .. } => (Timing::Weekly, *day, *hour),
        };
        Self {
            timing,
            day,
            hour,
            zone: rule.when.zone().unwrap_or_default().to_owned(),
            most: rule.by_itself_most.to_string(),
            name: rule.name.clone(),
            search: rule.search.clone(),
            classes: rule.classes.clone(),
            percent: rule.percent,
            older_days: days.unwrap_or_default(),
            senders: rule.senders.join(", "),
            deed,
            named,
        }
    }
}

impl RuleForm {
    /// The rule, or the field that is wrong.
    pub fn read(&self) -> Result<RuleWords, Invalid> {
        let older_days = match self.older_days.trim() {
            "" => None,
            days => Some(
                days.parse()
                    .map_err(|_| Invalid::new("rule.older_days", words::rule_form_days()))?,
            ),
        };
        let rule = RuleWords {
            name: self.name.trim().to_owned(),
            search: self.search.trim().to_owned(),
            classes: self.classes.clone(),
            percent: self.percent,
            older_days,
            senders: listed(&self.senders),
            operation: self.deed.operation(&self.named),
            when: self.when(),
            by_itself_most: self
                .most
                .trim()
                .parse()
                .map_err(|_| Invalid::new("rule.by_itself_most", words::rule_form_most()))?,
        };
        rule.validate("rule")?;
        Ok(rule)
    }

    fn when(&self) -> When {
        let (day, hour, zone) = (self.day, self.hour, self.zone.clone());
        match self.timing {
            Timing::ByHand => When::ByHand {},
            Timing::NewMail => When::NewMail {},
            Timing::Hourly => When::Hourly {},
            Timing::Daily => When::Daily { hour, zone },
            Timing::Weekly => When::Weekly { day, hour, zone },
        }
    }

    /// Takes a class in, or out.
    pub fn toggle(&mut self, class: &str) {
        match self.classes.iter().position(|it| it == class) {
            Some(at) => _ = self.classes.remove(at),
            None => self.classes.push(class.to_owned()),
        }
    }
}

/// What is listed with commas or line ends between.
fn listed(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '\n']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_goes_into_the_form_and_comes_out_as_it_was() {
        for (deed, name, _) in Deed::ALL {
            assert_eq!(Deed::named(name), Some(deed));
            let form = RuleForm {
                name: "News".to_owned(),
                search: "is:list".to_owned(),
                classes: vec!["newsletter".to_owned()],
                percent: 80,
                older_days: "7".to_owned(),
                senders: "a@x.example, y.example".to_owned(),
                deed,
                named: deed.asks().map(|_| "Work".to_owned()).unwrap_or_default(),
                timing: Timing::Weekly,
                day: Weekday::Friday,
                hour: 0,
                zone: "Europe/Berlin".to_owned(),
                most: "20".to_owned(),
            };
            let rule = form.read().unwrap();
            assert_eq!(rule.operation.name().as_str(), name);
            assert_eq!(RuleForm::from(&rule), form);
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_its_field() {
        let wrong = |change: fn(&mut RuleForm)| {
            let mut form = RuleForm {
                name: "News".to_owned(),
                search: "is:list".to_owned(),
                ..RuleForm::default()
            };
            assert!(form.read().is_ok());
            change(&mut form);
            form.read().unwrap_err().field
        };
        assert_eq!(wrong(|it| it.name.clear()), "rule.name");
        assert_eq!(wrong(|it| it.search.clear()), "rule.search");
        assert_eq!(
            wrong(|it| it.older_days = "a week".into()),
            "rule.older_days"
        );
        assert_eq!(wrong(|it| it.senders = "ann".into()), "rule.senders");
        assert_eq!(wrong(|it| it.most = "many".into()), "rule.by_itself_most");
        assert_eq!(wrong(|it| it.timing = Timing::Daily), "rule.when.zone");
        assert_eq!(wrong(|it| it.deed = Deed::Move), "rule.operation.folder");
        assert_eq!(wrong(|it| it.deed = Deed::Label), "rule.operation.add");
    }
}
