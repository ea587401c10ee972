//! The first letter of somebody on a muted colour, so that the eye finds the same sender again.

use yew::prelude::*;

/// The letter of this name; the colour is always the same for the same key. Whoever hears the page does without.
pub fn monogram(name: &str, key: &str) -> Html {
    let letter = name
        .chars()
        .find(|letter| letter.is_alphanumeric())
        .map(|letter| letter.to_uppercase().to_string());
    html! { <span class={classes!("avatar", hue(key))} aria-hidden="true">{ letter }</span> }
}

/// One of six.
fn hue(key: &str) -> &'static str {
    const HUES: [&str; 6] = ["hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5"];
    let sum = key.bytes().fold(7_u32, |sum, byte| {
        sum.wrapping_mul(31)
            .wrapping_add(byte.to_ascii_lowercase().into())
    });
    HUES.get(sum as usize % HUES.len())
        .copied()
        .unwrap_or(HUES[0])
}
