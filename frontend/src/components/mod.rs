//! Parts of the screen.

pub mod account_menu;
pub mod bar;
pub mod connect_fields;
pub mod contact_row;
pub mod dialog;
pub mod dials;
pub mod drafting;
pub mod found_note;
pub mod help;
pub mod icon;
pub mod import_dialog;
pub mod item_list;
pub mod item_row;
pub mod job;
pub mod link;
pub mod mail_row;
pub mod operation_form;
pub mod palette;
pub mod problem_note;
pub mod rate_limit_note;
pub mod search_box;
pub mod sidebar;
pub mod toolbar;
pub mod undo_bar;
pub mod unsearched_note;
pub mod window_list;
