//! A few of the items a draft is about.

use bulkhead_shared::api::{StandOut, StandsOut};
use bulkhead_shared::kinds::{Card, Kind};
use yew::prelude::*;

use crate::browser;
use crate::copy::folder_name;
use crate::words;

/// Rows that are shown.
const SHOWN: usize = 8;

#[derive(Properties, PartialEq)]
pub struct SampleProps {
    /// The first few.
    pub cards: Vec<Card>,
    /// Those that stand out: they come first.
    #[prop_or_default]
    pub stand_out: Vec<StandsOut>,
    /// How many there are.
    pub total: u64,
    /// What they are.
    pub kind: Kind,
}

/// The rows, and how many more there are.
#[component]
pub fn Sample(props: &SampleProps) -> Html {
    let stand_out = props.stand_out.iter();
    let stand_out = stand_out.map(|it| (Some(it.by), &it.card));
    let is_new = |card: &&Card| props.stand_out.iter().all(|it| it.card.id != card.id);
    let others = props.cards.iter().filter(is_new).map(|card| (None, card));
    let cards: Vec<_> = stand_out.chain(others).take(SHOWN).collect();
    // Whoever sends mails reads the first three; of what is there already, more can be looked over.
    let shown = match props.kind {
        Kind::Recipient => cards.len().min(3),
        _ => cards.len(),
    };
    let more = props.total.saturating_sub(shown as u64);
    let row = |(by, card): &(Option<StandOut>, &Card)| {
        let fact = |name: &str| {
            let facts = &mut card.facts.iter();
            facts
                .find(|fact| fact.name == name)
                .map(|fact| fact.value.clone())
        };
        let folder = fact("folder");
        let unread = card.marks.iter().any(|mark| mark == "unread");
        html! {
            <li key={card.id.to_string()} class={classes!("sample-row", unread.then_some("unread"))}
                data-testid="sample-row">
                <span class="sample-from">{ &card.title }</span>
                <span class="sample-subject">
                    if let Some(by) = by { <span class="tag folder">{ tag(*by) }</span>{ " " } }
                    { &card.second }
                    if let Some(opening) = fact("begins") { <span class="muted">{ format!(" – {opening}") }</span> }
                </span>
                <span class="sample-folder muted">{ folder.as_deref().map(folder_name) }</span>
                <span class="sample-size muted">{ fact("size") }</span>
                <time class="sample-date muted">{ card.time.map(browser::short) }</time>
                if let Some(becomes) = fact("becomes").or_else(|| fact("goes into")) {
                    <span class="sample-becomes" data-testid="sample-becomes">{ "→ " }{ becomes }</span>
                }
            </li>
        }
    };
    html! {
        <div class="sample">
            <ul>{ for cards.iter().take(shown).map(row) }</ul>
            if more > 0 {
                <p class="sample-more muted">{ words::job_sample_more(more, props.kind.word(more)) }</p>
            }
        </div>
    }
}

fn tag(by: StandOut) -> &'static str {
    match by {
        StandOut::Newest => words::job_sample_newest(),
        StandOut::Oldest => words::job_sample_oldest(),
        StandOut::Largest => words::job_sample_largest(),
    }
}
