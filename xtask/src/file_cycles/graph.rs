//! Which file of a crate leans on which, and the files that lean on each other.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Import, Path, Source};

/// From a file to those it uses, each with the names it uses of them.
pub(super) type Arrows = BTreeMap<usize, BTreeMap<usize, BTreeSet<String>>>;

/// How often a name may be handed on.
const HANDED_ON_MOST: usize = 8;

/// The arrows between the files of one crate. A file that only hands a name on neither uses it nor is used.
pub(super) fn arrows(files: &[Source]) -> Arrows {
    let krate = Crate {
        files,
        by_module: files
            .iter()
            .enumerate()
            .map(|(at, file)| (file.module.as_slice(), at))
            .collect(),
    };
    let mut arrows = Arrows::new();
    for (from, file) in files.iter().enumerate() {
        for path in krate.used(from, file) {
            let Some(to) = krate.owner(&path, false, HANDED_ON_MOST) else {
                continue;
            };
            if to != from {
                let name = path[files[to].module.len().min(path.len() - 1)..].join("::");
                arrows
                    .entry(from)
                    .or_default()
                    .entry(to)
                    .or_default()
                    .insert(name);
            }
        }
    }
    arrows
}

struct Crate<'a> {
    files: &'a [Source],
    by_module: BTreeMap<&'a [String], usize>,
}

impl Crate<'_> {
    /// The paths, from the root on, that a file uses.
    fn used(&self, at: usize, file: &Source) -> Vec<Path> {
        let named = file.named.iter().filter_map(|path| self.rooted(at, path));
        let imported = file
            .imports
            .iter()
            .filter(|import| {
                !import.public
                    || import
                        .name
                        .as_ref()
                        .is_some_and(|name| file.used.contains(name))
            })
            .filter(|import| import.name.is_some())
            .filter_map(|import| self.rooted(at, &import.path));
        let from_everything = file
            .imports
            .iter()
            .filter(|import| import.name.is_none())
            .flat_map(|import| {
                let base = self.rooted(at, &import.path);
                let names = base.into_iter().flat_map(|base| {
                    let path = |name: &String| [base.clone(), vec![name.clone()]].concat();
                    file.used.iter().map(path).collect::<Vec<_>>()
                });
                names.filter(|path| self.owner(path, true, HANDED_ON_MOST).is_some())
            });
        named.chain(imported).chain(from_everything).collect()
    }

    /// A path as it stands in a file, from the root of the crate on; none if it leads to another crate.
    fn rooted(&self, at: usize, path: &[String]) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        if first == "crate" {
            return Some(rest.to_vec());
        }
        let file = &self.files[at];
        let child = [file.module.clone(), vec![first.clone()]].concat();
        if file.children.iter().any(|one| one.starts_with(&child)) {
            return Some([child, rest.to_vec()].concat());
        }
        let import = import_of(file, first)?;
        let (begin, more) = import.path.split_first()?;
        (begin == "crate").then(|| [more, rest].concat())
    }

    /// The file that has the item at the end of a path. With `surely`, only if it is seen there.
    fn owner(&self, path: &[String], surely: bool, steps: usize) -> Option<usize> {
        let steps = steps.checked_sub(1)?;
        let (length, at) = (0..=path.len())
            .rev()
            .find_map(|length| Some((length, *self.by_module.get(&path[..length])?)))?;
        let (name, rest) = path[length..].split_first()?;
        let file = &self.files[at];
        if file.own.contains(name) {
            return Some(at);
        }
        if let Some(import) = import_of(file, name) {
            let path = [self.rooted(at, &import.path)?.as_slice(), rest].concat();
            return self.owner(&path, surely, steps);
        }
        let everything = file.imports.iter().filter(|import| import.name.is_none());
        let handed_on = everything.filter_map(|import| {
            let base = self.rooted(at, &import.path)?;
            self.owner(&[base.as_slice(), &path[length..]].concat(), true, steps)
        });
        handed_on.into_iter().next().or((!surely).then_some(at))
    }
}

fn import_of<'a>(file: &'a Source, name: &str) -> Option<&'a Import> {
    file.imports
        .iter()
        .find(|import| import.name.as_deref() == Some(name))
}

/// The groups of files each of which leads to every other of its group.
pub(super) fn cycles(files: usize, arrows: &Arrows) -> Vec<Vec<usize>> {
    let reached: Vec<BTreeSet<usize>> = (0..files).map(|from| reached(from, arrows)).collect();
    let mut groups: BTreeSet<Vec<usize>> = BTreeSet::new();
    for from in 0..files {
        let group: Vec<usize> = reached[from]
            .iter()
            .copied()
            .filter(|to| reached[*to].contains(&from))
            .collect();
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

fn reached(from: usize, arrows: &Arrows) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for to in arrows.get(&at).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(*to) {
                open.push(*to);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups of modules, of files given as module and text.
    fn groups(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(module, text)| {
                let words = module.split("::").filter(|word| !word.is_empty());
                Source::read(words.map(str::to_owned).collect(), text)
            })
            .collect();
        let name = |at: usize| files[at].0;
        let shown = |group: Vec<usize>| group.into_iter().map(name).collect::<Vec<_>>().join(" ");
        cycles(sources.len(), &arrows(&sources))
            .into_iter()
            .map(shown)
            .collect()
    }

    #[test]
    fn finds_files_that_lean_on_each_other() {
        let found = groups(&[
            ("", "mod a; mod b; mod c;"),
            ("a", "use crate::b::B; pub struct A;"),
            ("b", "pub struct B; fn b() { super::c::c() }"),
            ("c", "use super::a; pub fn c() -> a::A { a::A }"),
        ]);
        assert_eq!(found, ["a b c"]);
    }

    #[test]
    fn a_parent_with_items_of_its_own_is_a_file_as_any_other() {
        let child = ("a::b", "use super::A; pub struct B;");
        let parent = "mod b; pub struct A; fn a() -> b::B { b::B }";
        assert_eq!(groups(&[("", "mod a;"), ("a", parent), child]), ["a a::b"]);
    }

    #[test]
    fn what_only_hands_on_leans_on_nothing() {
        let files = [
            ("", "mod a; pub use a::*;"),
            (
                "a",
                "mod b; mod c; pub use b::B; pub use c::*; pub struct A;",
            ),
            ("a::b", "use super::C; use crate::A; pub struct B(C, A);"),
            ("a::c", "pub struct C;"),
        ];
        assert_eq!(groups(&files), Vec::<String>::new());
    }

    #[test]
    fn what_is_handed_on_and_used_is_used() {
        let parent = "mod b; pub use b::B; pub struct A(B);";
        let files = [
            ("", "mod a;"),
            ("a", parent),
            ("a::b", "use super::A; pub struct B;"),
        ];
        assert_eq!(groups(&files), ["a a::b"]);
    }
}
