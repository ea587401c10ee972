//! What one source file says of others: the modules it declares, what it imports, and the paths it names.

use std::collections::BTreeSet;

use super::tokens::tokens;

/// Words before the name of an item.
const ITEMS: [&str; 9] = [
    "fn",
    "struct",
    "enum",
    "union",
    "trait",
    "type",
    "const",
    "static",
    "macro_rules",
];

/// Words of a path, from the root of the crate on.
pub(super) type Path = Vec<String>;

#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) module: Path,
    /// The modules that have a file each.
    pub(super) children: Vec<Path>,
    /// Items of its own.
    pub(super) own: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    /// Paths in the code, as they stand there.
    pub(super) named: Vec<Path>,
    /// Single words in the code.
    pub(super) used: BTreeSet<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Import {
    pub(super) path: Path,
    /// The name it has here; everything, if there is none.
    pub(super) name: Option<String>,
    pub(super) public: bool,
}

impl Source {
    pub(super) fn read(module: Path, text: &str) -> Self {
        let mut reader = Reader {
            words: tokens(text),
            at: 0,
            inside: Vec::new(),
            depth: 0,
            found: Self {
                module,
                ..Self::default()
            },
        };
        while reader.at < reader.words.len() {
            reader.step();
        }
        reader.found
    }
}

struct Reader {
    words: Vec<String>,
    at: usize,
    /// The modules written out in this file that the place is in, each with the depth of its braces.
    inside: Vec<(String, usize)>,
    depth: usize,
    found: Source,
}

impl Reader {
    fn word(&self, ahead: usize) -> &str {
        self.words.get(self.at + ahead).map_or("", String::as_str)
    }

    fn step(&mut self) {
        let word = self.word(0).to_owned();
        match word.as_str() {
            "use" if self.word(1) != "<" => return self.import(),
            "mod" if self.word(2) == "{" => {
                self.inside.push((self.word(1).to_owned(), self.depth));
                self.at += 1;
            }
            "mod" if self.word(2) == ";" => {
                let child = [self.here(), vec![self.word(1).to_owned()]].concat();
                self.found.children.push(child);
                self.at += 1;
            }
            "{" => self.depth += 1,
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                self.inside.pop_if(|(_, depth)| *depth == self.depth);
            }
            item if ITEMS.contains(&item) && self.depth == self.inside.len() => {
                let ahead = if self.word(1) == "!" { 2 } else { 1 };
                let name = self.word(ahead).to_owned();
                self.found.own.insert(name);
            }
            _ if is_name(&word) => return self.path(),
            _ => {}
        }
        self.at += 1;
    }

    /// The module at this place, with those written out in the file.
    fn here(&self) -> Path {
        let mut here = self.found.module.clone();
        here.extend(self.inside.iter().map(|(name, _)| name.clone()));
        here
    }

    /// A path from the root, if it begins with `crate`, `self` or `super`; or as it stands.
    fn absolute(&self, path: Path) -> Path {
        let mut base = match path[0].as_str() {
            "crate" => Vec::new(),
            "self" | "super" => self.here(),
            _ => return path,
        };
        let mut rest = path.as_slice();
        while let [first @ ("crate" | "self" | "super"), more @ ..] = &words(rest)[..] {
            if *first == "super" {
                base.pop();
            }
            rest = &rest[rest.len() - more.len()..];
        }
        let root = vec!["crate".to_owned()];
        [root, base, rest.to_vec()].concat()
    }

    fn path(&mut self) {
        let before = self.at.checked_sub(1).map(|at| self.words[at].as_str());
        let mut path = vec![self.word(0).to_owned()];
        self.at += 1;
        while self.word(0) == "::" && is_name(self.word(1)) {
            path.push(self.word(1).to_owned());
            self.at += 2;
        }
        if matches!(before, Some("." | "::")) {
            return;
        }
        if path.len() == 1 {
            self.found.used.extend(path);
        } else {
            self.found.used.insert(path[0].clone());
            let path = self.absolute(path);
            self.found.named.push(path);
        }
    }

    fn import(&mut self) {
        let public = self.at > 0 && matches!(self.words[self.at - 1].as_str(), "pub" | ")");
        self.at += 1;
        self.import_tree(&Vec::new(), public);
    }

    /// One path of an import, or those in its braces.
    fn import_tree(&mut self, before: &Path, public: bool) {
        let mut path = before.clone();
        loop {
            match self.word(0).to_owned().as_str() {
                "::" => self.at += 1,
                "{" => {
                    self.at += 1;
                    while self.word(0) != "}" && self.at < self.words.len() {
                        self.import_tree(&path, public);
                    }
                    self.at += 1;
                    self.at += usize::from(self.word(0) == ",");
                    return;
                }
                "*" => {
                    self.at += 1;
                    return self.add_import(path, None, public);
                }
                "as" => {
                    let name = self.word(1).to_owned();
                    self.at += 2;
                    return self.add_import(path, Some(name), public);
                }
                word if is_name(word) => {
                    path.push(word.to_owned());
                    self.at += 1;
                }
                _ => {
                    let name = path.last().cloned();
                    return self.add_import(path, name, public);
                }
            }
        }
    }

    fn add_import(&mut self, mut path: Path, mut name: Option<String>, public: bool) {
        self.at += usize::from(self.word(0) == ",");
        if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path.pop();
            if name.as_deref() == Some("self") {
                name = path.last().cloned();
            }
        }
        if !path.is_empty() {
            let path = self.absolute(path);
            self.found.imports.push(Import { path, name, public });
        }
    }
}

fn words(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Source {
        Source::read(vec!["a".to_owned(), "b".to_owned()], text)
    }

    #[test]
    fn tells_imports_with_their_names() {
        let source =
            read("use super::{c::{self, D, E as F}, g::*}; pub(crate) use crate::h; use std::fmt;");
        let told: Vec<String> = source
            .imports
            .iter()
            .map(|one| {
                format!(
                    "{} {} {}",
                    one.path.join("::"),
                    one.name.as_deref().unwrap_or("*"),
                    one.public
                )
            })
            .collect();
        let expected = [
            "crate::a::c c false",
            "crate::a::c::D D false",
            "crate::a::c::E F false",
            "crate::a::g * false",
            "crate::h h true",
            "std::fmt fmt false",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn tells_items_modules_and_paths() {
        let source = read(
            "mod child; mod inner { mod leaf; fn own() { super::f(); super::super::g::h() } } \
             impl A { fn method(&self) { self.x.y::<Z>(); crate::i::J::new() } }",
        );
        let shown = |paths: &[Path]| paths.iter().map(|path| path.join("::")).collect::<Vec<_>>();
        assert_eq!(
            shown(&source.children),
            ["a::b::child", "a::b::inner::leaf"]
        );
        assert_eq!(source.own, BTreeSet::from(["own".to_owned()]));
        assert_eq!(
            shown(&source.named),
            ["crate::a::b::f", "crate::a::g::h", "crate::i::J::new"]
        );
    }
}
