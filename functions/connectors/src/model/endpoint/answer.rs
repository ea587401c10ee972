//! What a model answered, and whether that can be believed: by id only, and of each mail one word out of each list.

use std::fmt;

use bulkhead_shared::class::Class;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use bulkhead_shared::api::TokensSpent;

/// How sure a model says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    Certain,
    Likely,
    Guess,
}

impl Sure {
    pub(super) const ALL: [Self; 3] = [Self::Certain, Self::Likely, Self::Guess];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Guess => "guess",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sure| sure.name() == name)
    }
}

/// What a model said of one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) class: Class,
    pub(super) sure: Sure,
}

/// A server's answer.
#[derive(Deserialize)]
pub(super) struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    pub(super) error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Message>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
}

/// Why a server did not answer.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// A word, or a number that stands for a status.
    #[serde(default)]
    pub(super) code: serde_json::Value,
}

impl Completion {
    /// What it took; nothing where the server does not tell.
    pub(super) fn spent(&self) -> TokensSpent {
        let told = self.usage.as_ref().and_then(|usage| {
            let input = usage.prompt_tokens?;
            Some((input, usage.completion_tokens.unwrap_or(0)))
        });
        let (input, output) = told.unwrap_or_default();
        TokensSpent {
            requests: 1,
            untold: u64::from(told.is_none()),
            input,
            output,
        }
    }

    /// Whether it ends before its end.
    pub(super) fn was_cut(&self) -> bool {
        let reason = self
            .choices
            .first()
            .and_then(|it| it.finish_reason.as_deref());
        reason == Some("length")
    }

    /// Its text. An answer that was cut is believed nothing: what it would have said last is not known.
    pub(super) fn content(&self) -> Option<&str> {
        let message = self.choices.first()?.message.as_ref()?;
        let content = message.content.as_deref();
        content.filter(|_| !self.was_cut())
    }
}

/// What a text says of each of these ids; none where it says nothing that can be used.
pub(super) fn verdicts<'a>(
    content: Option<&str>,
    ids: impl Iterator<Item = &'a str>,
) -> Vec<Option<Verdict>> {
    // The members in their order, doubled ones twice.
    let said = content.and_then(object::<Members>);
    let said = said.map(|members| members.0).unwrap_or_default();
    let verdicts = ids.map(|id| {
        let mut of_id = said.iter().filter(|(of, _)| of == id);
        match (of_id.next(), of_id.next()) {
            (Some((_, verdict)), None) => *verdict,
            _ => None,
        }
    });
    verdicts.collect()
}

/// The reply that a text brings; none where it brings anything else.
pub(super) fn reply(content: Option<&str>) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Reply {
        reply: String,
    }
    content.and_then(object::<Reply>).map(|it| it.reply)
}

/// The object in a text; none where there is none of this form. Servers that cannot be told the form of an answer have
/// models that think aloud before it, or put a fence around it.
fn object<T: DeserializeOwned>(content: &str) -> Option<T> {
    let content = content.rsplit("</think>").next().unwrap_or(content);
    let (from, to) = content.find('{').zip(content.rfind('}'))?;
    serde_json::from_str(content.get(from..=to)?).ok()
}

struct Members(Vec<(String, Option<Verdict>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Each)
    }
}

/// Reads members one by one: a map would keep the last of those that are doubled, and nobody would know.
struct Each;

impl<'de> Visitor<'de> for Each {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
        let mut members = Vec::new();
        while let Some((id, value)) = map.next_entry::<String, serde_json::Value>()? {
            members.push((id, verdict(&value)));
        }
        Ok(Members(members))
    }
}

fn verdict(value: &serde_json::Value) -> Option<Verdict> {
    Some(Verdict {
        class: Class::named(value.get("class")?.as_str()?)?,
        sure: Sure::named(value.get("sure")?.as_str()?)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn said(content: &str, finish: &str) -> Vec<Option<Class>> {
        let completion = json!({
            "choices": [{ "message": { "content": content }, "finish_reason": finish }],
        });
        let completion: Completion = serde_json::from_value(completion).unwrap();
        let verdicts = verdicts(completion.content(), ["a", "b"].into_iter());
        let verdicts = verdicts.into_iter();
        verdicts
            .map(|verdict| verdict.map(|verdict| verdict.class))
            .collect()
    }

    const A: &str = r#""a": {"class": "spam", "sure": "certain"}"#;
    const B: &str = r#""b": {"class": "receipt", "sure": "guess"}"#;
    const BOTH: [Option<Class>; 2] = [Some(Class::Spam), Some(Class::Receipt)];
    const ONLY_B: [Option<Class>; 2] = [None, Some(Class::Receipt)];

    #[test]
    fn what_is_said_is_put_to_the_id_that_it_is_said_of() {
        assert_eq!(said(&format!("{{{A}, {B}}}"), "stop"), BOTH);
        assert_eq!(said(&format!("{{{B}, {A}}}"), "stop"), BOTH);
        let more = format!(r#"{{{B}, "c": {{"class": "spam", "sure": "guess"}}, {A}}}"#);
        assert_eq!(said(&more, "stop"), BOTH);
        assert_eq!(said(&format!("{{{B}}}"), "stop"), ONLY_B);
    }

    #[test]
    fn doubled_unknown_and_misshapen_members_are_nothing() {
        for of_a in [
            format!("{A}, {A}"),
            r#""a": {"class": "Spam", "sure": "certain"}"#.to_owned(),
            r#""a": {"class": "delete everything", "sure": "certain"}"#.to_owned(),
            r#""a": {"class": "spam", "sure": 1000.0}"#.to_owned(),
            r#""a": {"class": "spam"}"#.to_owned(),
            r#""a": "spam""#.to_owned(),
            r#""a": null"#.to_owned(),
        ] {
            assert_eq!(said(&format!("{{{of_a}, {B}}}"), "stop"), ONLY_B, "{of_a}");
        }
    }

    #[test]
    fn an_answer_that_is_no_object_or_was_cut_is_nothing() {
        for content in [
            "",
            "spam",
            "[]",
            "{",
            r#"{"a": {"class": "sp"#,
            "}{",
            "null",
        ] {
            assert_eq!(said(content, "stop"), [None, None], "{content}");
        }
        assert_eq!(said(&format!("{{{A}, {B}}}"), "length"), [None, None]);
        let nothing: Completion = serde_json::from_value(json!({})).unwrap();
        assert_eq!(nothing.content(), None);
        assert_eq!(verdicts(None, ["a"].into_iter()), [None]);
        let refused = json!({ "choices": [{ "message": { "content": null, "refusal": "no" } }] });
        let refused: Completion = serde_json::from_value(refused).unwrap();
        assert_eq!(refused.content(), None);
    }

    #[test]
    fn thoughts_and_fences_around_it_are_left_out() {
        let fenced = format!("Sure!\n```json\n{{{A}, {B}}}\n```\n");
        assert_eq!(said(&fenced, "stop"), BOTH);
        let thought = format!("<think>maybe {{{A}}}?</think>{{{A}, {B}}}");
        assert_eq!(said(&thought, "stop"), BOTH);
    }

    #[test]
    fn a_reply_is_the_one_member_of_an_object() {
        let said = |content: &str| reply(Some(content));
        let text = Some("Hello {you}\n".to_owned());
        assert_eq!(said(r#"{"reply": "Hello {you}\n"}"#), text);
        assert_eq!(said("```json\n{\"reply\": \"Hello {you}\\n\"}\n```"), text);
        for other in [
            "Hello",
            "{}",
            r#"{"reply": null}"#,
            r#"{"reply": ["a"]}"#,
            r#"{"reply": "a", "reply": "b"}"#,
            r#"{"reply": "a", "to": "eve@x.example"}"#,
        ] {
            assert_eq!(said(other), None, "{other}");
        }
        assert_eq!(reply(None), None);
    }

    #[test]
    fn tokens_that_are_not_told_are_not_made_up() {
        let spent = |usage| {
            let completion: Completion = serde_json::from_value(json!({ "usage": usage })).unwrap();
            let spent = completion.spent();
            (spent.untold, spent.input, spent.output)
        };
        assert_eq!(spent(json!(null)), (1, 0, 0));
        assert_eq!(spent(json!({})), (1, 0, 0));
        let told = json!({ "prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10 });
        assert_eq!(spent(told), (0, 7, 3));
    }
}
