//! What a command tells the shell.

/// How a command ended. The numbers are a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Every row is done, or ready.
    Done = 0,
    /// The server cannot be asked, or refuses.
    Failed = 1,
    /// The command is written wrong, or the file cannot be read.
    Usage = 2,
    /// Something is wrong with rows, or stands in their way. Nothing was touched.
    Rows = 3,
    /// Nobody said yes. Nothing was touched.
    Unconfirmed = 4,
    /// It ended, and not every row is done.
    Partly = 5,
}

impl Exit {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 6] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Rows,
        Self::Unconfirmed,
        Self::Partly,
    ];

    /// What it means, in the words of the help.
    #[cfg(test)]
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Done => "every row is done, or ready",
            Self::Failed => "the server cannot be asked, or refuses",
            Self::Usage => "the command is written wrong, or the file cannot be read",
            Self::Rows => {
                "something is wrong with rows, or stands in their way; nothing was touched"
            }
            Self::Unconfirmed => "nobody said yes; nothing was touched",
            Self::Partly => "it ended, and not every row is done",
        }
    }
}
