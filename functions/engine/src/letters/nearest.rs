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
    fn a_name_was_meant_that_is_a_third_of_its_letters_away_at_the_most() {
        let known = ["Name", "Amount", "First name", "Registration number"].map(str::to_owned);
        for (name, meant) in [
            ("name", Some("Name")),
            ("nmae", Some("Name")),
            ("mname", Some("Name")),
            ("nam", Some("Name")),
            // Two of four letters are another name, two of six are not.
            ("nome2", None),
            ("amuont", Some("Amount")),
            ("amaunts", Some("Amount")),
            ("ammaunts", None),
            ("rogistrotion nomber", Some("Registration number")),
            ("rogistrotion nombor", None),
            ("", None),
        ] {
            let nearest = nearest(name, known.iter()).map(String::as_str);
            assert_eq!(nearest, meant, "{name}");
        }
        // Of two that are near the nearer one.
        let near = ["bills", "bill"].map(str::to_owned);
        assert_eq!(nearest("bil", near.iter()), Some(&near[1]));
    }
}
