//! The two encodings of encoded words, and charsets, each read as far as it goes.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use mail_parser::decoders::charsets::map::charset_decoder;

use super::folding::folding_space;

/// Padding may be there or not, and what is left over at the end of the last digit may be anything.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The digits among what is there: blanks, line ends, padding and dirt left out.
pub(super) fn digits(data: &[u8]) -> Vec<u8> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    data.iter().copied().filter(is_digit).collect()
}

pub(super) fn base64(digits: &[u8]) -> Vec<u8> {
    // A single digit over holds six bits: no byte.
    let whole = match digits.len() % 4 {
        1 => digits.len() - 1,
        _ => digits.len(),
    };
    LENIENT
        .decode(digits.get(..whole).unwrap_or_default())
        .unwrap_or_default()
}

/// `Q`: `_` is a blank, `=C3` a byte; a `=` that begins no byte stands for itself.
pub(super) fn quoted(data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data;
    loop {
        rest = match rest {
            [b'=', a, b, after @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or(0);
                bytes.push(u8::try_from(digit(a) * 16 + digit(b)).unwrap_or(b'?'));
                after
            }
            [b'_', after @ ..] => {
                bytes.push(b' ');
                after
            }
            [b'\r' | b'\n', ..] => {
                let fold = folding_space(rest).max(1);
                rest.get(fold..).unwrap_or_default()
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
            [] => return bytes,
        };
    }
}

/// Text in a charset; one that nobody knows is read as UTF-8 as far as it goes.
pub(super) fn in_charset(charset: &[u8], bytes: &[u8]) -> String {
    match charset_decoder(charset) {
        Some(decode) => decode(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
