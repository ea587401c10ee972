#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::*;

/// What comes of a text with `a` and `b` in it, or why nothing does.
fn filled(text: &str) -> Result<String, String> {
    let values = BTreeMap::from([("a", "Ann".to_owned()), ("b", "7".to_owned())]);
    TextTemplate::read(text)?.fill(&values)
}

fn refused(text: &str) -> String {
    filled(text).expect_err(text)
}

#[test]
fn a_template_decides_and_filters_and_stays_a_text() {
    for (text, said) in [
        ("{{ a }} 2 * 3 = {{ b }}\n", "Ann 2 * 3 = 7\n"),
        (
            "{% if b == '7' %}seven{% elif a %}x{% else %}y{% endif %}",
            "seven",
        ),
        ("{%- if a -%} x {%- endif +%}", "x"),
        (
            "{{ '*' }}{{ \"it's *\" }}{{ 'a \\' * b' }}",
            "*it's *a ' * b",
        ),
        (
            "{% raw %}{{ a * 2 }} {% for %}{% endraw %}",
            "{{ a * 2 }} {% for %}",
        ),
        ("{# a * 2 {% for %} #}x", "x"),
        (
            "{{ a|upper }} {{ a|lower }} {{ 'a b'|title }} {{ 'b'|capitalize }}",
            "ANN ann A B B",
        ),
        (
            "{{ ' x '|trim }} {{ '7'|int + 1 }} {{ 2.345|round(2) }} {{ '1'|float }}",
            "x 8 2.35 1.0",
        ),
        ("{{ a|length }} {{ c|default('-') }}", "3 -"),
        (
            "{% if c is defined %}x{% endif %}{% if c is undefined %}y{% endif %}",
            "y",
        ),
        ("{{ '<b>' }}", "<b>"),
    ] {
        assert_eq!(filled(text).as_deref(), Ok(said), "{text}");
    }
}

#[test]
fn what_a_template_cannot_do_is_said_with_its_line() {
    let nothing_called = "a template calls nothing";
    for (text, line, why) in [
        (
            "a\n{{ a\nb",
            3,
            "unexpected identifier, expected end of variable block",
        ),
        ("{{ a|safe }}", 1, "there is no such filter"),
        (
            "a\n\n{% if a is odd %}x{% endif %}",
            3,
            "there is no such test",
        ),
        ("{{ range(3) }}", 1, nothing_called),
        ("\n{{ a.upper() }}", 2, nothing_called),
        ("{{ c }}", 1, "something is not there"),
        (
            "{{ a|round }}",
            1,
            "this cannot be done with what is in the row",
        ),
    ] {
        assert_eq!(refused(text), format!("Line {line}: {why}."), "{text}");
    }
    for (text, line, tag) in [
        ("{% for x in a %}", 1, "for"),
        ("{% if a %}\nx\n{%- set b = a %}", 3, "set"),
        ("a\n{%+ include 'x' %}", 2, "include"),
        ("{% endraw %}", 1, "endraw"),
    ] {
        let told = format!(
            "Line {line}: a template has no tag “{tag}”; it can have if, elif, else and endif."
        );
        assert_eq!(refused(text), told, "{text}");
    }
}

#[test]
fn a_template_multiplies_nothing_wherever_that_is_hidden() {
    for (text, line) in [
        ("{{ a * 2 }}", 1),
        ("{{ 2 ** 3 }}", 1),
        ("* {{ a }}\n{{ b }}\n{{ a ~ 'x' * 3 }}", 3),
        ("{% if a * 2 %}{% endif %}", 1),
        ("{{ 'x'\n* 3 }}", 2),
        // What looks like the end of it is none within quotes and brackets.
        ("{{ '}}' ~ 'x' * 3 }}", 1),
        ("{{ '%}' ~ 'x' * 3 }}", 1),
        ("{{ [{'x': {'y': 1}}] * 3 }}", 1),
        ("{{ 'it\\'s' * 3 }}", 1),
        // What looks like a quote is none in comments and in what is raw.
        ("{# {{ ' #}{{ 'x' * 3 }}{{ '' }}", 1),
        ("{% raw %}{{ ' {% endraw %}\n{{ 'x' * 3 }}{{ '' }}", 2),
    ] {
        let told = format!("Line {line}: a template multiplies nothing.");
        assert_eq!(refused(text), told, "{text}");
    }
}

#[test]
fn what_comes_of_a_template_has_a_size_and_a_time() {
    let values = |bytes: usize| BTreeMap::from([("a", "x".repeat(bytes))]);
    let fill = |bytes: usize| {
        let template = TextTemplate::read("ab{{ a }}").unwrap();
        template.fill(&values(bytes)).map(|said| said.len())
    };
    assert_eq!(fill(PART_BYTES - 2), Ok(PART_BYTES));
    let told = "What comes of it is too large.".to_owned();
    assert_eq!(fill(PART_BYTES - 1), Err(told));
    let long = "{{ 1 }}".repeat(300_000);
    assert_eq!(refused(&long), "Line 1: it takes too long.");
}

#[test]
fn a_sentence_without_a_line_begins_with_a_capital() {
    for (kind, told) in [
        (ErrorKind::UnknownFilter, "There is no such filter."),
        (ErrorKind::SyntaxError, "It is no template."),
        (
            ErrorKind::BadEscape,
            "This cannot be done with what is in the row.",
        ),
    ] {
        assert_eq!(in_words(&Error::from(kind)), told);
    }
}

#[test]
fn what_there_is_not_is_a_fault_of_the_template_and_what_cannot_be_done_one_of_the_row() {
    for (kind, is_of_template) in [
        (ErrorKind::UnknownFilter, true),
        (ErrorKind::UnknownTest, true),
        (ErrorKind::UnknownFunction, true),
        (ErrorKind::UnknownMethod, true),
        (ErrorKind::MissingArgument, true),
        (ErrorKind::TooManyArguments, true),
        (ErrorKind::InvalidOperation, false),
        (ErrorKind::WriteFailure, false),
    ] {
        let RenderFault::Part { of_template, .. } = part_fault(&Error::from(kind)) else {
            panic!("{kind:?}");
        };
        assert_eq!(of_template, is_of_template, "{kind:?}");
    }
}
