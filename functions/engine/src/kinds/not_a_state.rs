//! Why bytes are no state.

/// Stored bytes are no state.
#[derive(Debug, thiserror::Error)]
pub enum NotAState {
    /// A later version of this program wrote them.
    #[error("a state is stored in schema {0}, which this version does not know")]
    Newer(u8),
    /// They are cut off or changed.
    #[error("a stored state is damaged")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// They go on after the state's end.
    #[error("a stored state goes on after its end")]
    Longer,
}
