//! Keys as they are written on a keyboard.

/// A key as a browser names it, as a person presses it: `I` is “Shift + i”.
pub fn shown(key: &str) -> String {
    let mut characters = key.chars();
    match (characters.next(), characters.next()) {
        (Some(letter), None) if letter.is_uppercase() => {
            format!("Shift + {}", letter.to_lowercase())
        }
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capital_letters_are_pressed_with_shift() {
        assert_eq!(shown("I"), "Shift + i");
        assert_eq!(shown("e"), "e");
        assert_eq!(shown("#"), "#");
        assert_eq!(shown("Delete"), "Delete");
    }
}
