//! Finding an action by what somebody types of its name.

/// The places of the names that hold every typed word, those that begin with the first one first.
pub fn matching(names: &[&str], typed: &str) -> Vec<usize> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let holds = |name: &String| words.iter().all(|word| name.contains(word));
    let mut found: Vec<usize> = (0..names.len()).filter(|&at| holds(&lower[at])).collect();
    if let Some(first) = words.first() {
        found.sort_by_key(|&at| !lower[at].starts_with(first));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_to_be_in_the_name() {
        let names = ["All jobs", "Archive", "Mark read", "Go to Archive"];
        assert_eq!(matching(&names, ""), [0, 1, 2, 3]);
        assert_eq!(matching(&names, "arch"), [1, 3]);
        assert_eq!(matching(&names, "READ mark"), [2]);
        assert_eq!(matching(&names, "nothing"), Vec::<usize>::new());
    }
}
