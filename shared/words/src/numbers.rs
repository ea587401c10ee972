//! Numbers as the reader writes them. A browser knows that of every locale (`Intl.NumberFormat`); elsewhere it is
//! English, or German in a test.

#[cfg(not(target_arch = "wasm32"))]
use crate::language::Language;
#[cfg(not(target_arch = "wasm32"))]
use crate::spoken::language;

/// A whole number, with what the reader puts between thousands.
pub fn number(number: u64) -> String {
    #[cfg(target_arch = "wasm32")]
    return intl::format(number as f64, 0);
    #[cfg(not(target_arch = "wasm32"))]
    return grouped(number);
}

/// A number with so many digits behind the point.
pub fn decimal(number: f64, digits: u8) -> String {
    #[cfg(target_arch = "wasm32")]
    return intl::format(number, digits);
    #[cfg(not(target_arch = "wasm32"))]
    return {
        let text = format!("{number:.*}", usize::from(digits));
        let (whole, behind) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
        match behind {
            "" => whole,
            behind => format!("{whole}{}{behind}", marks().1),
        }
    };
}

#[cfg(not(target_arch = "wasm32"))]
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(marks().0);
        }
        text.push(digit);
    }
    text
}

/// What stands between thousands, and before what is less than one.
#[cfg(not(target_arch = "wasm32"))]
fn marks() -> (char, char) {
    match language() {
        Language::English => (',', '.'),
        Language::German => ('.', ','),
    }
}

#[cfg(target_arch = "wasm32")]
mod intl {
    use std::cell::RefCell;

    use js_sys::{Array, Function, Intl, Object, Reflect};
    use wasm_bindgen::JsValue;

    use crate::spoken::locale;

    thread_local! {
        /// What writes numbers with so many digits behind the point: to make one costs more than a hundred numbers.
        static WRITERS: RefCell<[Option<Function>; 4]> = const { RefCell::new([const { None }; 4]) };
    }

    pub(super) fn format(number: f64, digits: u8) -> String {
        let digits = usize::from(digits.min(3));
        let writer = WRITERS.with_borrow_mut(|writers| {
            writers[digits]
                .get_or_insert_with(|| writer(digits))
                .clone()
        });
        let written = writer.call1(&JsValue::NULL, &number.into());
        // Every number can be written.
        let written = written.ok().and_then(|text| text.as_string());
        written.unwrap_or_default()
    }

    fn writer(digits: usize) -> Function {
        let options = Object::new();
        for name in ["minimumFractionDigits", "maximumFractionDigits"] {
            // A fresh object takes every property.
            let _ = Reflect::set(&options, &name.into(), &(digits as f64).into());
        }
        Intl::NumberFormat::new(&Array::of1(&locale().into()), &options).format()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(decimal(1_234.56, 1), "1,234.6");
        assert_eq!(decimal(2.0, 0), "2");
    }
}
