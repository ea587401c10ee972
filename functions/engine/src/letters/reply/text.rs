//! The text of a reply: a template of what is known of the mail.

use std::collections::BTreeMap;

use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::problem::Invalid;

use super::super::template::TextTemplate;

/// What stands for each value while a text is looked at before there is a mail.
const SAMPLE: &str = "x";
/// What a text can say.
const NAMES: [&str; 5] = ["name", "first_name", "address", "subject", "date"];

/// Whether a text can be filled in at all; what is wrong with it is told of this field.
pub(crate) fn check(field: &str, text: &str) -> Result<(), Invalid> {
    let wrong = |message: String| Invalid::new(field, message);
    let template = TextTemplate::read(text).map_err(wrong)?;
    let sample = NAMES.map(|name| (name, SAMPLE.to_owned()));
    let said = template.fill(&BTreeMap::from(sample)).map_err(|why| {
        wrong(format!(
            "{why} A reply can say {} of a mail.",
            NAMES.join(", ")
        ))
    })?;
    match said.trim().is_empty() {
        true => Err(wrong("Has to say something.".to_owned())),
        false => Ok(()),
    }
}

/// Fills it in.
pub(super) fn fill(
    text: &str,
    values: &BTreeMap<&'static str, String>,
) -> Result<String, ItemReason> {
    // Looked at before the job was confirmed.
    let template = TextTemplate::read(text).map_err(|_| ItemReason::Internal)?;
    template.fill(values).map_err(|_| ItemReason::Unrenderable)
}
