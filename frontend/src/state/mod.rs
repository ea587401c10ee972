//! Rules of the screen as pure functions and reducers. Nothing here draws or calls anything, and
//! all of it is tested on the host.

pub mod archive;
pub mod attaching;
pub mod batch;
pub mod callback;
pub mod chips;
pub mod class_words;
pub mod cleaned;
pub mod completion;
pub mod compose;
pub mod connect_form;
pub mod contact_file;
pub mod families;
pub mod filters;
pub mod gathered;
pub mod items_view;
pub mod job_view;
pub mod known_jobs;
pub mod lease;
pub mod leaving;
pub mod open_drafts;
pub mod options_form;
pub mod pace;
pub mod palette;
pub mod picked_groups;
pub mod picks;
pub mod preview_rows;
pub mod recipients;
pub mod rows;
pub mod rule_form;
pub mod rule_of;
pub mod suggestions;
pub mod table;
pub mod taken_back;
pub mod test_dial;
pub mod under_way;
