//! Icons, drawn as lines on a grid of 24 so that they take the colour of the text around them.

use bulkhead_shared::operations::OperationName;
use yew::prelude::*;

/// The icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Glyph {
    Alert,
    Archive,
    Check,
    ChevronRight,
    Clock,
    Close,
    Clip,
    Dials,
    Download,
    Drafts,
    Folder,
    Help,
    History,
    /// Contacts.
    Contacts,
    Inbox,
    Label,
    Mail,
    /// Whole mailboxes.
    Mailboxes,
    Menu,
    More,
    Pause,
    Person,
    Play,
    Plus,
    Refresh,
    Search,
    Sent,
    Shield,
    SignOut,
    Spam,
    Star,
    Stop,
    Trash,
    Undo,
    /// An operation's own.
    Of(OperationName),
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Self::Alert => "M12 4 2.8 19.5h18.4L12 4zM12 10v4.5M12 17.2v.1",
            Self::Archive => OperationName::Archive.about().icon,
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::ChevronRight => "M9.5 6l6 6-6 6",
            Self::Clock => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Clip => {
                "M20 11.5l-8.3 8.2a5 5 0 0 1-7.1-7.1l8.5-8.4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.6 1.6 0 0 1-2.3-2.3l7.6-7.6"
            }
            Self::Dials => "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
            Self::Download => OperationName::Export.about().icon,
            Self::Drafts => "M14 4.5l5.5 5.5L9 20.5H3.5V15L14 4.5zM12 6.5l5.5 5.5",
            Self::Folder => {
                "M3.5 6.5a1 1 0 0 1 1-1h5l2 2.5h8a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1z"
            }
            Self::Help => {
                "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.6 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M12 16.6v.1"
            }
            Self::Contacts => {
                "M8.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M4.5 19.5c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5"
            }
            Self::History => "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.3l2.8 1.7",
            Self::Inbox => {
                "M3.5 13.5 6.2 5h11.6l2.7 8.5v5.5a.5.5 0 0 1-.5.5H4a.5.5 0 0 1-.5-.5zM3.5 13.5h5l1 2.5h5l1-2.5h5"
            }
            Self::Label => OperationName::Label.about().icon,
            Self::Mail => OperationName::MarkUnread.about().icon,
            Self::Mailboxes => "M3.5 8.5h12v10h-12zM6.5 8.5v-3h14v10h-3M3.5 12.5h3.5l1 2h3l1-2h3.5",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::More => "M6 12v.1M12 12v.1M18 12v.1",
            Self::Pause => "M8.5 5.5v13M15.5 5.5v13",
            Self::Person => {
                "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5"
            }
            Self::Play => "M7.5 5v14l11-7z",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Refresh => "M20 12a8 8 0 1 1-2.5-5.8L20 8.5M20 4v4.5h-4.5",
            Self::Search => "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5",
            Self::Sent => "M20.5 3.5 3.5 10l6.5 3.5L14 20.5zM10 13.5l10.5-10",
            Self::Shield => {
                "M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6zM9 12l2.2 2.2L15.2 10"
            }
            Self::SignOut => "M14 7V4.5H4.5v15H14V17M9.5 12h11M17 8.5l3.5 3.5-3.5 3.5",
            Self::Spam => "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 8v4.8M12 15.8v.1",
            Self::Star => "M12 4l2.5 5.2 5.6.8-4 4 .9 5.7L12 17l-5 2.7.9-5.7-4-4 5.6-.8z",
            Self::Stop => "M6.5 6.5h11v11h-11z",
            Self::Trash => OperationName::Trash.about().icon,
            Self::Undo => OperationName::Undo.about().icon,
            Self::Of(operation) => operation.about().icon,
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct IconProps {
    pub glyph: Glyph,
    /// Said to those who do not see it; without it the icon is decoration.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// One icon.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let hidden = props.label.is_none().then_some("true");
    let role = props.label.is_some().then_some("img");
    html! {
        <svg class={classes!("icon", props.class.clone())} viewBox="0 0 24 24" aria-hidden={hidden}
            role={role} aria-label={props.label.clone()} focusable="false">
            <path d={props.glyph.path()} />
        </svg>
    }
}
