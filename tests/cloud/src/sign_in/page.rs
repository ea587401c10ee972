//! The pages that people see. Names of fields and ids are for tests that drive a browser.

/// Name and password; the form goes back to the address it came from, query and all.
pub(super) fn login(complaint: Option<&str>) -> String {
    let complaint = complaint.map_or(String::new(), |text| {
        format!("<p role=\"alert\" data-testid=\"login-error\">{text}</p>")
    });
    page(&format!(
        "<h1>Sign in</h1>{complaint}<form method=\"post\">\
         <label>Name <input name=\"username\" autocomplete=\"username\" data-testid=\"login-name\" required></label>\
         <label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\" \
         data-testid=\"login-password\" required></label>\
         <button data-testid=\"login-submit\">Sign in</button></form>"
    ))
}

/// An error that may not be sent to the app. `what` is one of our own words or is made harmless.
pub(super) fn error(what: &str) -> String {
    let harmless: String = what
        .chars()
        .filter(|c| c.is_ascii_lowercase() || *c == '_')
        .collect();
    page(&format!(
        "<h1>Something went wrong</h1><p data-testid=\"login-error\">{harmless}</p>"
    ))
}

fn page(content: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign-in</title>\
         <link rel=\"icon\" href=\"data:,\"><body>{content}</body></html>"
    )
}
