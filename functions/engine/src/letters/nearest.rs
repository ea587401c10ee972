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
