//! What only the browser can tell: the time and the person's time zone, randomness, whether the
//! tab is seen, and what is asked of the page around the app.

mod dates;

use std::cell::RefCell;

use jiff::Timestamp;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use crate::copy::moments::{self, Day, Shape};
use crate::words;

/// Where the page begins, behind the sidebar.
pub const MAIN: &str = "main";

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// A day on the person's own wall.
fn day(ms: i64) -> Day {
    let date = js_sys::Date::new(&JsValue::from_f64(ms as f64));
    Day {
        year: date.get_full_year(),
        month: date.get_month(),
        day: date.get_date(),
    }
}

/// As a list shows a moment.
pub fn short(moment: Timestamp) -> String {
    let ms = moment.as_millisecond();
    dates::written(ms as f64, day(ms).short(day(now_ms())))
}

/// As a promise names a moment.
pub fn full(moment: Timestamp) -> String {
    let ms = moment.as_millisecond();
    let shape = day(ms).full(day(now_ms()));
    let written = dates::written(ms as f64, shape);
    match shape {
        Shape::Clock => words::moments_today(&written),
        _ => written,
    }
}

/// A month of a year, from 0 to 11.
pub fn month_words(year: u32, month: u32) -> String {
    let first = js_sys::Date::new_with_year_month_day(year, month as i32, 1);
    dates::written(first.get_time(), Shape::Month)
}

/// The name of the time zone that the browser goes by; UTC where it does not tell.
pub fn time_zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into());
    let zone = zone.ok().and_then(|zone| zone.as_string());
    zone.filter(|zone| !zone.is_empty())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// Its year, and its month from 0 to 11.
pub fn month(moment: Timestamp) -> (u32, u32) {
    let day = day(moment.as_millisecond());
    (day.year, day.month)
}

/// How far away a moment is.
pub fn away(moment: Timestamp) -> String {
    moments::away((moment.as_millisecond() - now_ms()) / 1_000)
}

/// A key that names one intention: 128 random bits.
pub fn random_key() -> String {
    // It is no secret: where there is no better randomness, the common one will do.
    let bytes: [u8; 16] =
        random().unwrap_or_else(|| std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8));
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that nobody can guess; none if the browser has no such thing.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0_u8; N];
    let crypto = web_sys::window()?.crypto().ok()?;
    let filled = crypto.get_random_values_with_u8_array(&mut bytes).ok();
    filled.map(|_| bytes)
}

/// Whether the tab is out of sight.
pub fn is_hidden() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.hidden())
}

thread_local! {
    static TITLE: RefCell<Title> = RefCell::default();
}

/// The title of the tab.
#[derive(Default)]
struct Title {
    /// How the jobs stand.
    mark: String,
    /// What is shown.
    page: String,
}

/// Sets the title of the tab.
pub fn set_title(page: &str) {
    show_title(|title| page.clone_into(&mut title.page));
}

/// Sets what stands before the title of the tab, and the icon beside it.
pub fn mark_tab(mark: &str, icon: &str) {
    show_title(|title| mark.clone_into(&mut title.mark));
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.and_then(|it| it.query_selector("link[rel=icon]").ok().flatten());
    // The same one once more would be fetched once more.
    let link = link.filter(|link| link.get_attribute("href").as_deref() != Some(icon));
    if let Some(link) = link {
        // A tab without an icon is one all the same.
        let _ = link.set_attribute("href", icon);
    }
}

/// Not at once, and not twice: a browser takes as long for it as for many rows of a list.
fn show_title(change: impl FnOnce(&mut Title)) {
    TITLE.with_borrow_mut(change);
    wasm_bindgen_futures::spawn_local(async {
        give_way().await;
        let Some(document) = web_sys::window().and_then(|window| window.document()) else {
            return;
        };
        let shown = TITLE.with_borrow_mut(|title| {
            if title.page.is_empty() {
                // A page that has no title of its own is called as the app is.
                title.page = document.title();
            }
            format!("{}{}", title.mark, title.page)
        });
        if document.title() != shown {
            document.set_title(&shown);
        }
    });
}

/// Leaves the app for an address. One that answers with a file to keep leaves the app where it is.
pub fn go_to(address: &str) {
    if let Some(window) = web_sys::window() {
        // A refused navigation leaves the person where they are; there is nothing to add.
        let _ = window.location().set_href(address);
    }
}

/// The same in place of the page that is shown, which Back then skips.
pub fn go_instead(address: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().replace(address);
    }
}

/// Writes another path into the address bar, in place of the one that is there.
pub fn set_path(path: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        // Refused for another origin's address only, and then the old one is as good.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(path));
    }
}

/// Writes another path into the address bar; Back leads to the one that is there.
pub fn push_path(path: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        // Refused for another origin's address only, and where a page goes on and on: then it stays as it is.
        let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(path));
    }
}

/// Scheme, host and port of this page.
pub fn origin() -> String {
    part(web_sys::Location::origin)
}

/// The path in the address bar.
pub fn path() -> String {
    part(web_sys::Location::pathname)
}

/// What follows the `#` there; empty if there is nothing.
pub fn fragment() -> String {
    let hash = part(web_sys::Location::hash);
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// What follows the path there, with its question mark; empty if there is nothing.
pub fn query() -> String {
    part(web_sys::Location::search)
}

fn part(of: impl Fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>) -> String {
    let location = web_sys::window().map(|window| window.location());
    location
        .and_then(|location| of(&location).ok())
        .unwrap_or_default()
}

/// A text made fit for a part of an address.
pub fn encoded(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

/// Waits.
pub async fn sleep(millis: u32) {
    gloo_timers::future::TimeoutFuture::new(millis).await;
}

/// Lets the browser do first what waits: draw, or answer a touch. What is done in one piece holds up both.
pub async fn give_way() {
    sleep(0).await;
}

/// Pixels of the window, from top to bottom.
pub fn height() -> usize {
    pixels(web_sys::Window::inner_height)
}

/// Whether the window is so narrow that the sidebar is a drawer and a row has two lines, as the style has it.
pub fn is_narrow() -> bool {
    pixels(web_sys::Window::inner_width) <= NARROW
}

/// Pixels from side to side, at the most.
const NARROW: usize = 720;

fn pixels(of: fn(&web_sys::Window) -> Result<JsValue, JsValue>) -> usize {
    let pixels = web_sys::window().and_then(|window| of(&window).ok());
    pixels
        .and_then(|pixels| pixels.as_f64())
        .map_or(0, |pixels| pixels.max(0.0) as usize)
}

/// Waits until the browser has nothing else to do, for two seconds at the most; where it cannot tell, for one.
pub async fn idle() {
    let ask = web_sys::window().and_then(|window| {
        let ask = Reflect::get(&window, &"requestIdleCallback".into()).ok()?;
        Some((window, ask.dyn_into::<Function>().ok()?))
    });
    let Some((window, ask)) = ask else {
        return sleep(1_000).await;
    };
    let options = js_sys::Object::new();
    let asked = Promise::new(&mut |resolve, _| {
        // What cannot be set or called leaves a wait without an end, and then nothing is fetched beforehand.
        let _ = Reflect::set(&options, &"timeout".into(), &2_000.into());
        let _ = ask.call2(&window, &resolve, &options);
    });
    let _ = JsFuture::from(asked).await;
}

/// Loads the app anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // A refused reload leaves the person where they are.
        let _ = window.location().reload();
    }
}

/// Puts the keyboard into an element.
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // An element that cannot take it keeps things as they are.
        let _ = element.focus();
    }
}

/// The name and bytes of the file that was chosen; none if none was. An error: it cannot be read.
pub async fn first_file(input: &HtmlInputElement) -> Result<Option<(String, Vec<u8>)>, ()> {
    let file = get(&get(input, "files")?, "0")?;
    if file.is_undefined() {
        return Ok(None);
    }
    Ok(Some((name_of(&file)?, bytes_of(&file).await?)))
}

/// The names of the files that were chosen, each with its bytes unless these are more than `most`; the input
/// forgets them. An error: one of them cannot be read.
pub async fn chosen_files(
    input: &HtmlInputElement,
    most: usize,
) -> Result<Vec<(String, Option<Vec<u8>>)>, ()> {
    let files = get(input, "files")?;
    let count = get(&files, "length")?.as_f64().unwrap_or_default();
    // Held before the input forgets them.
    let files = (0..count as u32).map(|place| get(&files, &place.to_string()));
    let files = files.collect::<Result<Vec<JsValue>, ()>>()?;
    input.set_value("");
    let mut read = Vec::new();
    for file in files {
        let fits = get(&file, "size")?
            .as_f64()
            .is_some_and(|size| size <= most as f64);
        let bytes = match fits {
            true => Some(bytes_of(&file).await?),
            false => None,
        };
        read.push((name_of(&file)?, bytes));
    }
    Ok(read)
}

fn get(of: &JsValue, name: &str) -> Result<JsValue, ()> {
    Reflect::get(of, &name.into()).map_err(|_| ())
}

fn name_of(file: &JsValue) -> Result<String, ()> {
    Ok(get(file, "name")?.as_string().unwrap_or_default())
}

async fn bytes_of(file: &JsValue) -> Result<Vec<u8>, ()> {
    let read: Function = get(file, "arrayBuffer")?.dyn_into().map_err(|_| ())?;
    let reading = read.call0(file).map_err(|_| ())?;
    let reading: Promise = reading.dyn_into().map_err(|_| ())?;
    let bytes = JsFuture::from(reading).await.map_err(|_| ())?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

/// Text in one form for what looks the same (Unicode normalization form C): Macs write file names in another one.
pub fn composed(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

/// Whether a dialog is in front of the page.
pub fn is_dialog_open() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document
        .and_then(|document| document.query_selector("dialog[open]").ok().flatten())
        .is_some()
}

/// Where the caret stands in a field, in units of UTF-16; none where that is no field of text.
pub fn caret(field: &JsValue) -> Option<u32> {
    let place = Reflect::get(field, &"selectionStart".into()).ok()?;
    place.as_f64().map(|place| place as u32)
}

/// Writes into the field of this id and leaves the caret behind what was written.
pub fn write_into(id: &str, text: &str, caret: u32) {
    let field = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id));
    let Some(field) = field else { return };
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
        let _ = area.focus();
        // A field that has no caret keeps what was written all the same.
        let _ = area.set_selection_range(caret, caret);
    } else if let Some(line) = field.dyn_ref::<HtmlInputElement>() {
        line.set_value(text);
        let _ = line.focus();
        let _ = line.set_selection_range(caret, caret);
    }
}
