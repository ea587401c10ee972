//! What is said where a text has to stand still.

use std::fmt;

/// Says something in the language that is spoken: what a table of things has in place of a text.
#[derive(Clone, Copy)]
pub struct Says(pub fn() -> &'static str);

impl Says {
    /// What it says now.
    pub fn say(self) -> &'static str {
        (self.0)()
    }
}

impl fmt::Display for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.say())
    }
}

impl fmt::Debug for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.say(), f)
    }
}

/// Two are the same that say the same.
impl PartialEq for Says {
    fn eq(&self, other: &Self) -> bool {
        self.say() == other.say()
    }
}

impl Eq for Says {}
