//! The endpoint: where it is, which model, and how much it may be asked.

use bulkhead_shared::api::{ChooseModel, ModelEndpoint};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::words;

#[derive(Properties, PartialEq)]
pub struct FormProps {
    /// The one that is chosen.
    pub chosen: Option<ModelEndpoint>,
    pub choose: Callback<ChooseModel>,
    pub disabled: bool,
}

/// What is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Typed {
    url: String,
    model: String,
    key: String,
    requests_per_minute: String,
    side_by_side: String,
    mails_per_request: String,
}

impl Typed {
    fn of(chosen: Option<&ModelEndpoint>) -> Self {
        match chosen {
            Some(chosen) => Self {
                url: chosen.url.clone(),
                model: chosen.named.model.clone(),
                key: String::new(),
                requests_per_minute: chosen.requests_per_minute.to_string(),
                side_by_side: chosen.side_by_side.to_string(),
                mails_per_request: chosen.mails_per_request.to_string(),
            },
            None => Self {
                url: String::new(),
                model: String::new(),
                key: String::new(),
                requests_per_minute: "60".to_owned(),
                side_by_side: "4".to_owned(),
                mails_per_request: "1".to_owned(),
            },
        }
    }

    /// What it says; or what is wrong with it.
    fn read(&self) -> Result<ChooseModel, String> {
        let number = |label: &str, text: &str| {
            let number = text.trim().parse::<u32>();
            number.map_err(|_| words::model_form_no_number(label))
        };
        let key = self.key.trim();
        let choose = ChooseModel {
            url: self.url.trim().to_owned(),
            model: self.model.trim().to_owned(),
            key: (!key.is_empty()).then(|| key.to_owned()),
            requests_per_minute: number(words::model_form_requests(), &self.requests_per_minute)?,
            side_by_side: number(words::model_form_side(), &self.side_by_side)?,
            mails_per_request: number(words::model_form_mails(), &self.mails_per_request)?,
        };
        match choose.validate() {
            Ok(()) => Ok(choose),
            Err(invalid) => Err(invalid.message),
        }
    }
}

/// The form.
#[component]
pub fn Form(props: &FormProps) -> Html {
    let typed = use_state(|| Typed::of(props.chosen.as_ref()));
    let wrong = use_state(|| None::<String>);
    let onsubmit = {
        let (typed, wrong, choose) = (typed.clone(), wrong.clone(), props.choose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match typed.read() {
                Ok(wanted) => {
                    wrong.set(None);
                    choose.emit(wanted);
                }
                Err(text) => wrong.set(Some(text)),
            }
        })
    };
    let field = |name: &'static str,
                 label: &'static str,
                 hint: &str,
                 value: &str,
                 change: fn(&mut Typed, String)| {
        let of_form = typed.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut next = (*of_form).clone();
                change(&mut next, input.value());
                of_form.set(next);
            }
        });
        let (kind, autocomplete) = match name {
            "key" => ("password", "new-password"),
            _ => ("text", "off"),
        };
        html! {
            <label class="field"><span>{ label }</span>
                <input type={kind} value={value.to_owned()} {oninput} placeholder={hint.to_owned()} {autocomplete} spellcheck="false"
                    data-testid={format!("model-{name}")} /></label>
        }
    };
    let has_key = props.chosen.as_ref().is_some_and(|chosen| chosen.has_key);
    let key_hint = match has_key {
        true => words::model_form_key_kept(),
        false => words::model_form_key_hint(),
    };
    html! {
        <form class="card form" {onsubmit} data-testid="model-form">
            { field("url", words::model_form_address(), "https://api.example.com/v1", &typed.url, |typed, text| typed.url = text) }
            { field("model", words::model_form_model(), words::model_form_model_hint(), &typed.model, |typed, text| typed.model = text) }
            { field("key", words::model_form_key(), key_hint, &typed.key, |typed, text| typed.key = text) }
            <div class="model-numbers">
            { field("requests", words::model_form_requests_most(), "60", &typed.requests_per_minute, |typed, text| typed.requests_per_minute = text) }
            { field("side", words::model_form_side_most(), "4", &typed.side_by_side, |typed, text| typed.side_by_side = text) }
            { field("mails", words::model_form_mails(), "1", &typed.mails_per_request, |typed, text| typed.mails_per_request = text) }
            </div>
            <p class="muted small">{ words::model_form_one_mail() }</p>
            if let Some(wrong) = &*wrong { <div class="note note-error" role="alert" data-testid="model-wrong"><p class="note-text">{ wrong }</p></div> }
            <button type="submit" class="button primary" disabled={props.disabled} data-testid="model-choose">
                { if props.chosen.is_some() { words::save() } else { words::model_form_use() } }</button>
            <p class="muted small">{ words::model_form_any() }</p>
        </form>
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_typed_is_read_or_it_is_said_what_is_wrong() {
        let mut typed = Typed {
            url: " https://api.example.com/v1 ".to_owned(),
            model: "gpt-x".to_owned(),
            ..Typed::of(None)
        };
        let read = typed.read().unwrap();
        assert_eq!(read.url, "https://api.example.com/v1");
        assert_eq!((read.key, read.requests_per_minute), (None, 60));
        typed.requests_per_minute = "many".to_owned();
        assert!(typed.read().unwrap_err().starts_with("Requests a minute"));
        let typed = Typed {
            url: "ftp://x".to_owned(),
            requests_per_minute: "1".to_owned(),
            ..typed
        };
        assert!(typed.read().is_err());
    }
}
