//! What a server understands of OpenAI's words. Each is tried as it is meant first; what is refused is left out, and that
//! is remembered once an answer came.

use serde_json::{Value, json};

use super::prompt::{Again, Question};

/// How the form of an answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// By a schema.
    Schema,
    /// As some object.
    Object,
    /// In words alone.
    Words,
}

impl Form {
    fn looser(self) -> Option<Self> {
        match self {
            Self::Schema => Some(Self::Object),
            Self::Object => Some(Self::Words),
            Self::Words => None,
        }
    }
}

/// How the length of an answer is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// By the name that most servers know.
    MaxTokens,
    /// By the name that OpenAI's newest models want.
    MaxCompletionTokens,
    /// Not at all.
    Unlimited,
}

/// What a server understands, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    form: Form,
    length: Length,
    temperature: bool,
    /// Its answers need more room than one would think.
    pub(super) with_room: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            form: Form::Schema,
            length: Length::MaxTokens,
            temperature: true,
            with_room: false,
        }
    }
}

impl Dialect {
    /// The body of a request.
    pub(super) fn body(self, model: &str, asked: &impl Question, again: Again) -> Value {
        let mut body = json!({ "model": model, "messages": asked.messages(again) });
        match self.form {
            Form::Schema => {
                body["response_format"] = json!({
                    "type": "json_schema",
                    "json_schema": { "name": asked.name(), "strict": true, "schema": asked.schema() },
                });
            }
            Form::Object => body["response_format"] = json!({ "type": "json_object" }),
            Form::Words => {}
        }
        let tokens = asked.tokens(self.with_room || again == Again::Cut);
        match self.length {
            Length::MaxTokens => body["max_tokens"] = tokens.into(),
            Length::MaxCompletionTokens => body["max_completion_tokens"] = tokens.into(),
            Length::Unlimited => {}
        }
        if self.temperature {
            body["temperature"] = 0.into();
        }
        body
    }

    /// What to try once a request was refused with this text; none where nothing is left to be left out.
    pub(super) fn after_refusal(self, text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        if self.temperature && text.contains("temperature") {
            return Some(Self {
                temperature: false,
                ..self
            });
        }
        // OpenAI's refusal of the one names the other as well.
        let length = match self.length {
            Length::MaxTokens if text.contains("max_tokens") => Some(Length::MaxCompletionTokens),
            Length::MaxCompletionTokens if text.contains("max_completion_tokens") => {
                Some(Length::Unlimited)
            }
            _ => None,
        };
        if let Some(length) = length {
            return Some(Self { length, ..self });
        }
        // Servers that do not know a form often do not say what they do not know.
        let form = self.form.looser()?;
        Some(Self { form, ..self })
    }

    /// What to try once nothing of an answer could be used: some servers take a form, and have nothing or nonsense said.
    pub(super) fn after_nonsense(self) -> Self {
        let form = self.form.looser().unwrap_or(self.form);
        Self { form, ..self }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::endpoint::prompt::Asked;

    fn body(dialect: Dialect) -> Value {
        let random = || 1u128;
        let asked = Asked::new(vec!["Subject: a"], &random);
        dialect.body("m", &asked, Again::No)
    }

    #[test]
    fn what_a_server_refuses_is_left_out_one_after_the_other() {
        let first = Dialect::default();
        assert_eq!(body(first)["temperature"], 0);
        assert!(body(first)["max_tokens"].is_u64());
        assert_eq!(body(first)["response_format"]["type"], "json_schema");
        let refused = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                       'max_completion_tokens' instead.";
        let second = first.after_refusal(refused).unwrap();
        assert!(body(second)["max_tokens"].is_null());
        assert!(body(second)["max_completion_tokens"].is_u64());
        assert_eq!(body(second)["response_format"]["type"], "json_schema");
        let third = second
            .after_refusal("Unsupported value: 'temperature'")
            .unwrap();
        assert!(body(third)["temperature"].is_null());
        let fourth = third.after_refusal("response_format: unknown").unwrap();
        assert_eq!(body(fourth)["response_format"]["type"], "json_object");
        let fifth = fourth.after_refusal("bad request").unwrap();
        assert!(body(fifth)["response_format"].is_null());
        assert_eq!(fifth.after_refusal("bad request"), None);
    }

    #[test]
    fn an_answer_that_was_cut_gets_more_room() {
        let random = || 1u128;
        let asked = Asked::new(vec!["Subject: a"], &random);
        let tokens = |again| {
            let body = Dialect::default().body("m", &asked, again);
            body["max_tokens"].as_u64().unwrap()
        };
        assert!(tokens(Again::Cut) >= 16 * tokens(Again::No));
    }
}
