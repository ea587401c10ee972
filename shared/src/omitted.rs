//! What an answer or a stored row leaves out because it says nothing.

/// Whether a number is none.
pub fn zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::ItemOutcomes;

    #[test]
    fn a_count_is_written_where_there_is_something_to_count() {
        let page = |unreadable| ItemOutcomes {
            items: Vec::new(),
            unreadable,
            next_cursor: None,
        };
        let written = |unreadable| serde_json::to_value(page(unreadable)).ok();
        assert_eq!(written(0), Some(json!({"items": []})));
        assert_eq!(written(2), Some(json!({"items": [], "unreadable": 2})));
        assert_eq!(
            serde_json::from_value(json!({"items": []})).ok(),
            Some(page(0))
        );
    }
}
