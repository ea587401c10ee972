//! Signs out: here, at the sign-in, and in the other tabs.

use web_sys::UrlSearchParams;

use super::{SIGNED_OUT, exchange, kept, tabs, tokens};
use crate::api::{self, Answer};
use crate::browser;

/// Signs out, and tells the other tabs. A hosted sign-in is left by visiting its logout page, which
/// sends the browser back to [`SIGNED_OUT`].
pub async fn leave() -> Answer<()> {
    let hosted = tokens::hosted();
    if hosted.is_none() {
        api::sign_out().await?;
    }
    end_session();
    tabs::tell();
    browser::set_path(SIGNED_OUT);
    let logout = hosted.and_then(|hosted| {
        let query = UrlSearchParams::new().ok()?;
        query.append("client_id", &hosted.client);
        query.append("logout_uri", &format!("{}{SIGNED_OUT}", browser::origin()));
        Some(format!(
            "{}?{}",
            hosted.logout,
            String::from(query.to_string())
        ))
    });
    if let Some(logout) = logout {
        browser::go_instead(&logout);
    }
    Ok(())
}

/// The person signed out in another tab: this one ends its own session and goes nowhere.
pub fn leave_like_another_tab() {
    end_session();
    browser::set_path(SIGNED_OUT);
}

fn end_session() {
    kept::forget_key();
    let refresh = tokens::drop_all();
    if let (Some(hosted), Some(refresh)) = (tokens::hosted(), refresh) {
        exchange::revoke(&hosted, &refresh);
    }
}
