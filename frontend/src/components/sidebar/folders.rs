//! Folders and labels of the account that is shown.

use bulkhead_shared::api::{Folder, Role};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::labels::shown;
use yew::prelude::*;

use crate::api;
use crate::components::icon::{Glyph, Icon};
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::copy::numbers::thousands;
use crate::copy::{folder_name, middle_cut};
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::routes::{Route, Search};
use crate::words;

/// Letters of a name that there is room for beside a count.
const NAME: usize = 26;

#[derive(Properties, PartialEq)]
pub struct FolderListProps {
    pub account: AccountId,
    /// The search that is shown.
    pub query: Option<String>,
    /// Grows when the mailbox was changed.
    pub changes: u32,
}

/// The lists.
#[component]
pub fn FolderList(props: &FolderListProps) -> Html {
    let found = use_loading(props.account.clone(), |account| {
        Some(async {
            api::after_the_list().await;
            api::folders(account).await
        })
    });
    {
        let reload = found.reload.clone();
        use_effect_with(props.changes, move |changes| {
            if *changes > 0 {
                reload.emit(());
            }
        });
    }
    let entry = |query: String, glyph: Glyph, name: &str, unread: u64, testid: String| {
        let current = props.query.as_ref() == Some(&query);
        html! {
            <li key={query.clone()}>
                <Go to={Route::Mailbox { account: props.account.clone() }} search={Search::mailbox(&query)} {current}
                    class={classes!("nav-item", (unread > 0).then_some("has-unread"))} {testid}>
                    <Icon {glyph} /><span class="grow" title={name.to_owned()}>{ middle_cut(name, NAME) }</span>
                    if unread > 0 { <span class="unread-count">{ thousands(unread) }</span> }
                </Go>
            </li>
        }
    };
    match &found.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines narrow" aria-busy="true"><i /><i /><i /><i /></div>
        },
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={found.reload} /> }
        }
        Remote::Ready(folders) => html! {
            <>
                <section aria-label={words::sidebar_folders()} data-testid="folders">
                    <h2>{ words::sidebar_folders() }</h2>
                    <ul class="nav-list">
                        { for folders.folders.iter().map(|folder| {
                            let testid = format!("nav-folder-{}", folder.name);
                            entry(folder_query(folder), glyph(folder.role), folder_name(&folder.name), folder.unread.unwrap_or(0), testid)
                        }) }
                        { entry(String::new(), Glyph::Mail, words::sidebar_all_mail(), 0, "nav-all-mail".to_owned()) }
                    </ul>
                </section>
                if !folders.labels.is_empty() {
                    <section aria-label={words::sidebar_labels()} data-testid="labels">
                        <h2>{ words::sidebar_labels() }</h2>
                        <ul class="nav-list">
                            { for folders.labels.iter().map(|label| {
                                entry(format!("label:{}", quoted(label)), Glyph::Label, &shown(label), 0, format!("nav-label-{label}"))
                            }) }
                        </ul>
                    </section>
                }
            </>
        },
    }
}

/// The search that shows a folder.
fn folder_query(folder: &Folder) -> String {
    let name = match folder.role {
        Some(Role::Inbox) => "inbox",
        Some(Role::Archive) => "archive",
        Some(Role::Trash) => "trash",
        Some(Role::Sent) => "sent",
        Some(Role::Drafts) => "drafts",
        Some(Role::Spam) => "spam",
        None => return format!("in:{}", quoted(&folder.name)),
    };
    format!("in:{name}")
}

/// A value as the search language takes it.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('"', "\\\""))
    }
}

/// The icon of a folder.
pub fn glyph(role: Option<Role>) -> Glyph {
    match role {
        Some(Role::Inbox) => Glyph::Inbox,
        Some(Role::Archive) => Glyph::Archive,
        Some(Role::Trash) => Glyph::Trash,
        Some(Role::Sent) => Glyph::Sent,
        Some(Role::Drafts) => Glyph::Drafts,
        Some(Role::Spam) => Glyph::Spam,
        None => Glyph::Folder,
    }
}
