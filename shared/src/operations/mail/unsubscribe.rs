//! Asking the lists behind mails to write no more. The mails stay as they are.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::kinds::Kind;
use crate::operations::{About, Aspect, Gathering, OperationSpec, Risk, RiskLevel, Task};
use crate::words;

/// More lists than these are asked only after their number is typed.
const MANY: u64 = 50;

/// Asking the lists behind mails to write no more, each once: by one request (RFC 8058) or by a mail (RFC 2369),
/// as the newest of its mails says. No web page is opened, and the mails stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unsubscribe {}

impl OperationSpec for Unsubscribe {
    const ABOUT: About = About {
        name: "unsubscribe",
        prefix: "opt",
        kind: Some(Kind::Mail),
        task: Task::Deliver,
        aspect: Aspect::Nothing,
        label: Says(words::unsubscribe_label),
        order: |items| words::unsubscribe_order(&lists(items)),
        report: |items| words::unsubscribe_report(&lists(items)),
        icon: "M4.5 6.5h15v7M4.5 6.5v11h8M4.5 6.5l7.5 6 7.5-6M15.5 16.5l4 4M19.5 16.5l-4 4",
        keys: &[],
        fields: &[],
    };

    const PLAIN: Option<Self> = Some(Self {});

    fn risk(&self, total: u64) -> Option<Risk> {
        Some(Risk {
            level: match total > MANY {
                true => RiskLevel::High,
                false => RiskLevel::Medium,
            },
            reasons: vec![words::unsubscribe_risk().to_owned()],
        })
    }

    fn gathers(&self) -> Option<Gathering> {
        Some(Gathering::Lists)
    }
}

/// Its items stand for lists: “3 mails” are three lists.
fn lists(items: &str) -> String {
    match items.rsplit_once(' ') {
        Some((number, word)) if word == Kind::Mail.noun() => words::unsubscribe_list(number),
        Some((number, word)) if word == Kind::Mail.plural() => words::unsubscribe_lists(number),
        _ => items.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_speaks_of_lists() {
        assert_eq!(
            Unsubscribe {}.order("1,204 mails"),
            "Unsubscribe from 1,204 lists"
        );
        assert_eq!(
            Unsubscribe {}.report("1 mail"),
            "1 list asked to write no more"
        );
        assert_eq!(
            Unsubscribe {}.order("these mails"),
            "Unsubscribe from these lists"
        );
        for others in ["12 contacts", "all"] {
            let order = Unsubscribe {}.order(others);
            assert_eq!(order, format!("Unsubscribe from {others}"));
        }
    }
}
