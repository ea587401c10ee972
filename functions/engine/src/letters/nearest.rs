//! The name that was probably meant.

/// The one of these that is nearest to a name, if one is near: a letter too many, too few, another one, or
/// two that changed places.
pub(super) fn nearest<'a>(
    name: &str,
    known: impl Iterator<Item = &'a String>,
) -> Option<&'a String> {
    let name = name.to_lowercase();
    let most = (name.chars().count() / 3).clamp(1, 3);
    let near = known.map(|known| (strsim::osa_distance(&name, &known.to_lowercase()), known));
    let near = near.filter(|(distance, _)| *distance <= most);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_as_far_away_as_a_typing_error() {
        let near = |name: &str, known: &[&str]| {
            let known: Vec<String> = known.iter().map(|&known| known.to_owned()).collect();
            nearest(name, known.iter()).cloned()
        };
        for (name, known, meant) in [
            ("ammount", &["name", "Amount"][..], Some("Amount")),
            ("naem", &["name"], Some("name")),
            ("NAME", &["amount", "Name"], Some("Name")),
            // A sign for each three, one at least and three at most.
            ("to", &["tot"], Some("tot")),
            ("to", &["toto"], None),
            ("amount", &["amountab"], Some("amountab")),
            ("amount", &["amountabc"], None),
            (
                "first_name_of_ann",
                &["first_name_of_annabc"],
                Some("first_name_of_annabc"),
            ),
            ("first_name_of_ann", &["first_name_of_annabcd"], None),
            // The nearest of several, and the first of two that are as near.
            ("amount", &["amounts2", "amounts", "amoun"], Some("amounts")),
            ("x", &[], None),
        ] {
            assert_eq!(near(name, known).as_deref(), meant, "{name} of {known:?}");
        }
    }
}
