//! Dates as the reader's locale writes them (`Intl.DateTimeFormat`).

use std::cell::RefCell;
use std::collections::BTreeMap;

use bulkhead_words::locale;
use js_sys::{Array, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::copy::moments::Shape;

thread_local! {
    /// What writes each shape: to make one costs more than a hundred dates.
    static WRITERS: RefCell<BTreeMap<Shape, Function>> = const { RefCell::new(BTreeMap::new()) };
}

/// A moment, in milliseconds since 1970, on the reader's own wall.
pub(super) fn written(ms: f64, shape: Shape) -> String {
    let writer = WRITERS.with_borrow_mut(|writers| {
        let writer = writers.entry(shape).or_insert_with(|| writer(shape));
        writer.clone()
    });
    let written = writer.call1(&JsValue::NULL, &ms.into());
    // Only a moment that no calendar has is not written.
    let written = written.ok().and_then(|text| text.as_string());
    written.unwrap_or_default()
}

fn writer(shape: Shape) -> Function {
    let clock = [("hour", "numeric"), ("minute", "2-digit")];
    let day = [("day", "numeric"), ("month", "short")];
    let year = [("year", "numeric")];
    let parts: &[&[(&str, &str)]] = match shape {
        Shape::Clock => &[&clock],
        Shape::Day => &[&day],
        Shape::Date => &[&day, &year],
        Shape::DayClock => &[&day, &clock],
        Shape::DateClock => &[&day, &year, &clock],
        Shape::Month => &[&day[1..], &year],
    };
    let options = Object::new();
    for (name, how) in parts.iter().copied().flatten() {
        // A fresh object takes every property.
        let _ = Reflect::set(&options, &(*name).into(), &(*how).into());
    }
    Intl::DateTimeFormat::new(&Array::of1(&locale().into()), &options).format()
}
