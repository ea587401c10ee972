//! Modified UTF-7 (RFC 3501, section 5.1.3): letters beyond ASCII where mail servers take none.

use std::fmt::Write as _;

/// The 64 digits of modified base 64: `,` stands for `/`.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// The canonical form of a text.
pub fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut shifted: Vec<u16> = Vec::new();
    for c in name.chars() {
        if (' '..='~').contains(&c) {
            flush(&mut wire, &mut shifted);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            shifted.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
    }
    flush(&mut wire, &mut shifted);
    wire
}

fn flush(wire: &mut String, shifted: &mut Vec<u16>) {
    if shifted.is_empty() {
        return;
    }
    wire.push('&');
    let (mut bits, mut held) = (0u32, 0u32);
    for unit in shifted.drain(..) {
        bits = (bits << 16) | u32::from(unit);
        held += 16;
        while held >= 6 {
            held -= 6;
            wire.push(digit(bits >> held));
            bits &= (1 << held) - 1;
        }
    }
    if held > 0 {
        wire.push(digit(bits << (6 - held)));
    }
    wire.push('-');
}

fn digit(bits: u32) -> char {
    char::from(DIGITS.get((bits & 63) as usize).copied().unwrap_or(b'A'))
}

/// A name as a person reads it. What is no modified UTF-7 is taken as it stands: some
/// servers send UTF-8 unasked, and a name nobody can decode still has to be shown.
pub fn decode(wire: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(wire) else {
        return wire.iter().fold(String::new(), |mut name, byte| {
            // Latin-1, which at least keeps names apart.
            let _ = write!(name, "{}", char::from(*byte));
            name
        });
    };
    strict(text).unwrap_or_else(|| text.to_owned())
}

fn strict(wire: &str) -> Option<String> {
    let mut name = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((plain, after)) = rest.split_once('&') {
        name.push_str(plain);
        let (shifted, after) = after.split_once('-')?;
        if shifted.is_empty() {
            name.push('&');
        } else {
            name.push_str(&unshift(shifted)?);
        }
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

fn unshift(shifted: &str) -> Option<String> {
    let (mut bits, mut held) = (0u32, 0u32);
    let mut units = Vec::with_capacity(shifted.len());
    for byte in shifted.bytes() {
        let value = DIGITS.iter().position(|&digit| digit == byte)?;
        bits = (bits << 6) | u32::try_from(value).ok()?;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push(u16::try_from(bits >> held).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_again() {
        for text in [
            "",
            "plain",
            "Tom & Jerry",
            "Büro/Köln",
            "日本語",
            "a😀b",
            "~",
        ] {
            assert_eq!(decode(encode(text).as_bytes()), text);
        }
        assert_eq!(encode("Büro"), "B&APw-ro");
        assert_eq!(decode(b"no&thing"), "no&thing");
    }
}
