//! Rows that leave a list fold up, so that one sees which went.

use std::collections::BTreeSet;

use bulkhead_shared::ids::ItemId;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::browser;

/// Milliseconds that it takes, as in the style.
const FOLDING: u32 = 140;
/// The style's class for it.
const CLASS: &str = "leaving";

/// Rows that are folded up.
pub struct Folded(Vec<Element>);

/// Folds up those rows of these items that are drawn. Who wants no motion sees them gone at once.
pub async fn fold(ids: &BTreeSet<ItemId>) -> Folded {
    let rows: Vec<Element> = rows().filter(|row| is_of(row, ids)).collect();
    if !rows.is_empty() {
        mark(&rows, true);
        browser::sleep(FOLDING).await;
    }
    Folded(rows)
}

impl Folded {
    /// Lets others be shown in their places.
    pub fn free(self) {
        mark(&self.0, false);
    }
}

fn rows() -> impl Iterator<Item = Element> {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|page| page.query_selector_all(".item-row[data-item]").ok());
    let length = found.as_ref().map_or(0, |found| found.length());
    (0..length).filter_map(move |at| found.as_ref()?.item(at)?.dyn_into().ok())
}

fn is_of(row: &Element, ids: &BTreeSet<ItemId>) -> bool {
    let item = row.get_attribute("data-item");
    let item = item.and_then(|item| item.parse::<ItemId>().ok());
    item.is_some_and(|item| ids.contains(&item))
}

/// If the browser refuses, a row is just gone.
fn mark(rows: &[Element], is_leaving: bool) {
    for row in rows {
        let _ = row.class_list().toggle_with_force(CLASS, is_leaving);
    }
}
