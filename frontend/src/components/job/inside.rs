//! What is in the mails of a draft: who sent them, from when they are, how large they are, what was read.

use bulkhead_shared::api::{Preview, SendersInside, Summary, TopSender};
use bulkhead_shared::kinds::mail::size;
use yew::prelude::*;

use crate::browser;
use crate::copy::numbers::thousands;
use crate::copy::{capital, middle_cut};
use crate::words;

/// Letters of a sender's name.
const NAME: usize = 28;

/// The facts; nothing where nothing is known.
pub fn inside(preview: &Preview) -> Html {
    let Some(summary) = &preview.summary else {
        return Html::default();
    };
    let fact = |name: &'static str, label: &'static str, value: Option<String>| match value {
        Some(value) => html! {
            <div class="fact"><dt>{ label }</dt><dd data-testid={name}>{ value }</dd></div>
        },
        None => Html::default(),
    };
    html! {
        <dl class="facts inside">
            if let Some(senders) = &summary.senders { { who_sent(senders, preview.total) } }
            { fact("received", words::job_inside_received(), received(summary)) }
            { fact("total-size", words::job_inside_size(), summary.bytes.map(size)) }
            { fact("unread-share", words::job_inside_unread(), Some(unread(summary.unread, preview.total))) }
        </dl>
    }
}

fn who_sent(senders: &SendersInside, total: u64) -> Html {
    let one = |sender: &TopSender| {
        html! {
            <li title={sender.address.clone()}><span class="cut">{ middle_cut(called(sender), NAME) }</span>
                <span class="muted">{ thousands(sender.mails) }</span></li>
        }
    };
    html! {
        <div class="fact wide" data-testid="who-sent" data-count={senders.count.to_string()}>
            <dt>{ how_many(senders, total) }</dt>
            <dd><ul class="top-senders">{ for senders.top.iter().map(one) }</ul></dd>
        </div>
    }
}

fn called(sender: &TopSender) -> &str {
    let names = [&sender.name, &sender.address];
    let known = names.into_iter().find(|name| !name.is_empty());
    known.map_or(words::job_inside_nobody_named(), String::as_str)
}

/// “38 senders, most mails from”.
fn how_many(senders: &SendersInside, total: u64) -> String {
    let has_more = senders.count > senders.top.len() as u64;
    let said = match (has_more, senders.about) {
        (true, true) => words::job_inside_senders_at_least_most(senders.count),
        (true, false) => words::job_inside_senders_most(senders.count),
        (false, true) => words::job_inside_senders_at_least(senders.count),
        (false, false) => words::job_inside_senders(senders.count),
    };
    match senders.of < total {
        true => words::job_inside_of_first(senders.of, &said),
        false => capital(&said),
    }
}

fn received(summary: &Summary) -> Option<String> {
    let (oldest, newest) = (summary.oldest?, summary.newest?);
    let (oldest, newest) = (browser::short(oldest), browser::short(newest));
    Some(match oldest == newest {
        true => newest,
        false => format!("{oldest} – {newest}"),
    })
}

fn unread(unread: u64, total: u64) -> String {
    match unread {
        0 => words::job_inside_none().to_owned(),
        unread if unread == total => words::job_inside_all().to_owned(),
        unread => words::job_inside_some(unread, total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_of_all_is_said() {
        let mut senders = SendersInside {
            of: 1_000,
            count: 38,
            about: false,
            top: Vec::new(),
        };
        assert_eq!(how_many(&senders, 1_000), "38 senders, most mails from");
        senders.about = true;
        assert_eq!(
            how_many(&senders, 1_000),
            "At least 38 senders, most mails (about) from"
        );
        let first = "Of the first 1,000: at least 38 senders, most mails (about) from";
        assert_eq!(how_many(&senders, 20_000), first);
        senders.count = 0;
        senders.about = false;
        assert_eq!(how_many(&senders, 1_000), "0 senders");
    }

    #[test]
    fn read_and_unread_are_told_without_sums() {
        assert_eq!(unread(0, 9), "None");
        assert_eq!(unread(9, 9), "All");
        assert_eq!(unread(2, 1_009), "2 of 1,009");
    }
}
