//! A few of the mails a draft is about.

use bulkhead_shared::api::Item;
use yew::prelude::*;

use crate::browser;
use crate::copy::numbers::{counted, size};

#[derive(Properties, PartialEq)]
pub struct SampleProps {
    /// The first few.
    pub items: Vec<Item>,
    /// How many there are.
    pub total: u64,
}

/// The rows, and how many more there are.
#[component]
pub fn Sample(props: &SampleProps) -> Html {
    let more = props.total.saturating_sub(props.items.len() as u64);
    let row = |item: &Item| {
        html! {
            <li key={item.id.to_string()} class={classes!("sample-row", item.unread.then_some("unread"))}
                data-testid="sample-row">
                <span class="sample-from">{ sender(&item.from) }</span>
                <span class="sample-subject">{ subject(&item.subject) }</span>
                <span class="sample-folder muted">{ &item.folder }</span>
                <span class="sample-size muted">{ size(item.size) }</span>
                <time class="sample-date muted">{ browser::short(item.date) }</time>
            </li>
        }
    };
    html! {
        <div class="sample">
            <ul>{ for props.items.iter().map(row) }</ul>
            if more > 0 {
                <p class="sample-more muted">{ format!("and {}", counted(more, "more mail")) }</p>
            }
        </div>
    }
}

/// The sender's name, or the address where there is no name.
pub fn sender(from: &str) -> String {
    let name = from
        .split('<')
        .next()
        .unwrap_or(from)
        .trim()
        .trim_matches('"');
    if name.is_empty() {
        from.trim_matches(['<', '>', ' ']).to_owned()
    } else {
        name.to_owned()
    }
}

/// The subject, or what stands in for it.
pub fn subject(subject: &str) -> String {
    if subject.trim().is_empty() {
        "(no subject)".to_owned()
    } else {
        subject.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_name_or_else_an_address() {
        assert_eq!(sender("\"Ann Lee\" <ann@example.org>"), "Ann Lee");
        assert_eq!(sender("<ann@example.org>"), "ann@example.org");
        assert_eq!(sender("ann@example.org"), "ann@example.org");
        assert_eq!(subject("  "), "(no subject)");
    }
}
