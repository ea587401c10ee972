//! About how many tokens it takes to ask a model somewhere else about mails: told by browser and server with the same
//! code, before anything is sent.

/// Bytes of a mail's text that are sent, most: what a mail is about stands in its first paragraphs.
pub const EXCERPT_TEXT: usize = 2_000;
/// Bytes of a token, at the least: English has about four, German about three.
const TOKEN_BYTES: u64 = 3;
/// Bytes that each request has besides mails: what it asks, and what each class means.
const REQUEST_BYTES: u64 = 4_200;
/// Bytes of the headers of a mail, of its marks, and of what is answered of it.
const MAIL_BYTES: u64 = 450;
/// Bytes of what a model is told where it writes a reply, an instruction of usual length among them.
const WRITING_BYTES: u64 = 1_200;
/// Bytes of a reply of usual length.
const REPLY_BYTES: u64 = 800;

/// About so many tokens of what is sent and answered of so many mails, in two figures. Where it is not known how large
/// the mails are, all are taken for as large as anything that is sent.
pub fn about_tokens(mails: u64, mean_bytes: Option<u64>, mails_per_request: u32) -> u64 {
    let most = EXCERPT_TEXT as u64;
    let text = mean_bytes.map_or(most, |bytes| bytes.min(most));
    let requests = mails.div_ceil(u64::from(mails_per_request.max(1)));
    let bytes = requests * REQUEST_BYTES + mails * (text + MAIL_BYTES);
    two_figures(bytes.div_ceil(TOKEN_BYTES))
}

/// About so many tokens of what is sent and written where so many replies are, in two figures.
pub fn about_tokens_written(mails: u64, mean_bytes: Option<u64>) -> u64 {
    let most = EXCERPT_TEXT as u64;
    let text = mean_bytes.map_or(most, |bytes| bytes.min(most));
    let bytes = mails * (WRITING_BYTES + MAIL_BYTES + text + REPLY_BYTES);
    two_figures(bytes.div_ceil(TOKEN_BYTES))
}

/// No more of a number than is known: 123,456 is about 130,000.
fn two_figures(number: u64) -> u64 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    number.div_ceil(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_is_no_more_exact_than_what_is_known() {
        assert_eq!(two_figures(0), 0);
        assert_eq!(two_figures(99), 99);
        assert_eq!(two_figures(123_456), 130_000);
        assert_eq!(two_figures(100_000), 100_000);
        // Larger mails cost no more than is sent of them, and more mails of a request cost less.
        let large = about_tokens(100, Some(1 << 20), 1);
        assert_eq!(large, about_tokens(100, None, 1));
        assert!(about_tokens(100, Some(300), 1) < large);
        assert!(about_tokens(100, None, 10) < large);
        assert_eq!(about_tokens(0, None, 1), 0);
    }

    /// What each request and each mail has besides its text counts as well, in thirds of its bytes.
    #[test]
    fn what_surrounds_a_mail_costs_too() {
        // Ten requests of 4,200 bytes, and a hundred mails of 300 and 450.
        assert_eq!(about_tokens(100, Some(300), 10), 39_000);
        // Ten times 1,200 bytes of asking, 450 and 350 of the mail, and 800 of the reply.
        assert_eq!(about_tokens_written(10, Some(350)), 9_400);
        let large = about_tokens_written(10, Some(1 << 20));
        assert_eq!(large, about_tokens_written(10, None));
    }
}
