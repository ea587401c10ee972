//! What a job is done to, as a person says it: these ids, all that match but those, or what these rows
//! bring.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::ItemId;
use crate::kinds::Kind;
use crate::limits;
use crate::problem::Invalid;
use crate::query::Query;
use crate::words;

/// A selection before it is frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Selection {
    /// Exactly these items.
    Ids {
        /// The items, each once.
        ids: Vec<ItemId>,
    },
    /// All that match when the draft is frozen, minus exceptions.
    Query {
        /// In the search language of [`crate::query`]; empty means everything.
        query: String,
        /// Items left out although they match.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        except: Vec<ItemId>,
    },
    /// One item made of each row.
    Rows {
        /// Each as the operation reads it: a text, or an object of columns.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<Value>))]
        rows: Vec<Value>,
    },
}

impl Selection {
    /// Checks sizes, duplicates and the syntax of a query of this kind: browser and server both call this.
    pub fn validate_for(&self, kind: Kind) -> Result<(), Invalid> {
        match self {
            Self::Ids { ids } => {
                if ids.is_empty() {
                    return Err(Invalid::new("selection.ids", words::selection_no_ids()));
                }
                check_ids("selection.ids", ids)
            }
            Self::Query { query, except } => {
                Query::parse_for(kind, query)
                    .map_err(|error| Invalid::new("selection.query", error.to_string()))?;
                check_ids("selection.except", except)
            }
            Self::Rows { rows } => {
                if rows.is_empty() {
                    return Err(Invalid::new("selection.rows", words::selection_no_rows()));
                }
                if rows.len() > limits::ROWS_PER_REQUEST {
                    let text =
                        words::selection_too_many_rows(&limits::ROWS_PER_REQUEST.to_string());
                    return Err(Invalid::new("selection.rows", text));
                }
                Ok(())
            }
        }
    }
}

fn check_ids(field: &'static str, ids: &[ItemId]) -> Result<(), Invalid> {
    if ids.len() > limits::IDS_PER_REQUEST {
        return Err(Invalid::new(
            field,
            words::selection_too_many_ids(&limits::IDS_PER_REQUEST.to_string()),
        ));
    }
    let mut seen = std::collections::HashSet::with_capacity(ids.len());
    match ids.iter().position(|id| !seen.insert(id)) {
        Some(index) => Err(Invalid::new(
            field,
            words::selection_twice(&index.to_string()),
        )),
        None => Ok(()),
    }
}
