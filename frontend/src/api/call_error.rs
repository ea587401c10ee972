//! Why a call brought nothing.

use bulkhead_shared::problem::{Code, Problem};
use wasm_split_helpers::SplitLoaderError;

/// Why a call brought nothing: comparable, so that it can live in state.
#[derive(Debug, Clone, PartialEq)]
pub enum CallError {
    /// The server could not be reached.
    Offline,
    /// The server answered something this app cannot read.
    Unreadable(u16),
    /// The session has to be renewed, and the sign-in could not be reached.
    SignInDown,
    /// The server said what is wrong.
    Problem(Box<Problem>),
}

impl CallError {
    /// The problem's code, if the server named one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Offline | Self::Unreadable(_) | Self::SignInDown => None,
        }
    }

    /// Whether the server said something of the thing that was named, and will say it again.
    pub fn is_about_it(&self) -> bool {
        matches!(self.code(), Some(Code::NotFound | Code::WrongState))
    }

    /// Whether the same call may well work in a moment.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Offline | Self::SignInDown => true,
            Self::Unreadable(status) => *status >= 500,
            Self::Problem(problem) => matches!(
                problem.code,
                Code::TooManyRequests
                    | Code::Unavailable
                    | Code::ProviderUnavailable
                    | Code::Internal
            ),
        }
    }
}

/// A part of the app comes from where calls go.
impl From<SplitLoaderError> for CallError {
    fn from(_: SplitLoaderError) -> Self {
        Self::Offline
    }
}

/// The answer of a call, or why there is none.
pub type Answer<T> = Result<T, CallError>;
