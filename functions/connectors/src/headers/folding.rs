//! Headers that go on in the next line.

/// White space that does not end the header: a line's end counts only if the next begins with a blank.
pub(super) fn folding_space(bytes: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        length += match rest {
            [b' ' | b'\t', ..] => 1,
            [b'\r', b'\n', b' ' | b'\t', ..] => 3,
            [b'\n' | b'\r', b' ' | b'\t', ..] => 2,
            _ => return length,
        };
    }
}
