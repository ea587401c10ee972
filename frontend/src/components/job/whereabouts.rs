//! Where the mails of a draft are and where they go, with who else sees that.

use bulkhead_shared::api::{Preview, TargetFolder, TouchedFolder};
use bulkhead_shared::kinds::Kind;
use yew::prelude::*;

use crate::copy::numbers::items;
use crate::copy::{folder_name, middle_cut};
use crate::words;

/// Letters of a folder's name: what is said of it behind it stays in sight.
const NAME: usize = 48;
/// Folders that are named; the others are counted.
const NAMED: usize = 6;

#[derive(Properties, PartialEq)]
pub struct WhereaboutsProps {
    pub preview: Preview,
}

/// The lines; nothing where nothing is known.
#[component]
pub fn Whereabouts(props: &WhereaboutsProps) -> Html {
    let preview = &props.preview;
    let from = from(&preview.folders, preview.elsewhere);
    html! {
        <dl class="facts whereabouts">
            if let Some(from) = from {
                <div class="fact"><dt>{ words::job_whereabouts_from() }</dt><dd data-testid="from-folders">{ from }</dd></div>
            }
            if let Some(target) = &preview.target {
                <div class="fact"><dt>{ words::job_whereabouts_to() }</dt><dd data-testid="target-folder">{ to(target) }</dd></div>
            }
        </dl>
    }
}

fn from(folders: &[TouchedFolder], elsewhere: u64) -> Option<String> {
    let one = |folder: &TouchedFolder| {
        let name = middle_cut(folder_name(&folder.name), NAME);
        let mails = items(folder.items, Kind::Mail);
        match folder.seen_by_others {
            true => format!("{name} ({})", words::job_whereabouts_seen(&mails)),
            false => format!("{name} ({mails})"),
        }
    };
    // Those that others see are always named.
    let (named, counted): (Vec<_>, Vec<_>) = folders
        .iter()
        .enumerate()
        .partition(|(place, folder)| *place < NAMED || folder.seen_by_others);
    let mut parts: Vec<String> = named.into_iter().map(|(_, folder)| one(folder)).collect();
    let rest: u64 = counted.iter().map(|(_, folder)| folder.items).sum();
    if rest + elsewhere > 0 {
        let mails = items(rest + elsewhere, Kind::Mail);
        parts.push(words::job_whereabouts_further(&mails));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn to(target: &TargetFolder) -> String {
    let mut said = middle_cut(folder_name(&target.name), NAME);
    if target.will_be_made {
        said = words::job_whereabouts_to_be_made(&said);
    }
    if target.seen_by_others {
        said = words::job_whereabouts_to_seen(&said);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_others_see_is_always_named() {
        let mut folders: Vec<TouchedFolder> = (0..9)
            .map(|n| TouchedFolder {
                name: format!("f{n}"),
                items: 2,
                seen_by_others: false,
            })
            .collect();
        assert_eq!(from(&[], 0), None);
        assert_eq!(from(&folders[..1], 0).as_deref(), Some("f0 (2 mails)"));
        folders[8].seen_by_others = true;
        let said = from(&folders, 3).unwrap_or_default();
        assert!(
            said.ends_with("f8 (2 mails, seen by others), 7 mails in further folders"),
            "{said}"
        );
    }

    #[test]
    fn a_folder_to_be_made_is_told() {
        let target = TargetFolder {
            name: "Archive".to_owned(),
            will_be_made: true,
            seen_by_others: false,
        };
        assert_eq!(to(&target), "Archive (there is none yet: it will be made)");
    }
}
