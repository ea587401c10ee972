//! A hosted sign-in: the authorization code flow with PKCE (RFC 7636), done by the app itself.
//!
//! `travel` leaves for the sign-in and comes back with a code, `tokens` holds what the code brought, `renewing` renews
//! it, `leave` ends it. Where people sign in with the address that the server printed, none of
//! this happens: the browser has a cookie that the app never sees, and the app a key that goes with it.

mod exchange;
mod hosted;
mod kept;
mod leave;
mod proof;
mod renewing;
mod tabs;
mod tokens;
mod travel;

use bulkhead_shared::api::SIGN_IN_FRAGMENT;

pub use hosted::Hosted;
pub use kept::{keep, keep_key, key, take};
pub use leave::{leave, leave_like_another_tab};
pub use proof::{challenge, random_text};
pub use renewing::{renew, resume, token};
pub use tabs::on_leave_elsewhere;
pub use tokens::{is_hosted, person, use_hosted};
pub use travel::{begin, brought_back, finish};

/// Where the browser comes back to with a code.
pub const CALLBACK: &str = "/signed-in";
/// Where the browser comes back to when it signed out.
pub const SIGNED_OUT: &str = "/signed-out";

/// The code in the fragment of an address that the server printed.
pub fn code_in(fragment: &str) -> Option<String> {
    let code = fragment.strip_prefix(SIGN_IN_FRAGMENT)?;
    (!code.is_empty()).then(|| code.to_owned())
}
