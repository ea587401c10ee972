//! Gives each variant of a choice a name of its own. Described as they are in the code, variants have no
//! names, or are put together from parts; programs that write clients from the document then make up
//! names, or leave the call out.

use serde_json::{Map, Value, json};

const SCHEMAS: &str = "/components/schemas";

/// A variant on its way to a name.
struct Variant {
    name: String,
    /// Field and value that tell it from the others, where one field does.
    tag: Option<(String, String)>,
    schema: Value,
}

/// Moves every variant to the schemas, as one object under the name of its choice and its own, and drops
/// schemas that only variants were put together from.
pub(super) fn give_names(document: &mut Value) {
    let Some(schemas) = document
        .pointer(SCHEMAS)
        .and_then(Value::as_object)
        .cloned()
    else {
        return;
    };
    let mut whole = schemas.clone();
    for (name, choice) in &schemas {
        let Some(alternatives) = choice["oneOf"].as_array() else {
            continue;
        };
        if !is_choice(alternatives) {
            fix_tags(alternatives, &mut whole);
            continue;
        }
        let variants: Vec<Variant> = alternatives
            .iter()
            .filter_map(|alternative| variant(name, alternative, &schemas))
            .collect();
        if variants.len() < alternatives.len() {
            continue;
        }
        let mut choice = choice.clone();
        refer(&mut choice, &variants);
        whole.insert(name.clone(), choice);
        whole.extend(
            variants
                .into_iter()
                .map(|variant| (variant.name, variant.schema)),
        );
    }
    if let Some(place) = document.pointer_mut(SCHEMAS) {
        *place = Value::Object(whole);
    }
    drop_unused(document, schemas.keys());
}

/// Whether there is anything to name: not where all that is left open is whether there is a value.
fn is_choice(alternatives: &[Value]) -> bool {
    let named = |one: &Value| one.get("$ref").is_some() || one["type"] == "null";
    !alternatives.iter().all(named)
}

fn variant(choice: &str, alternative: &Value, schemas: &Map<String, Value>) -> Option<Variant> {
    let mut schema = flat(alternative, schemas)?;
    let tag = fix_tag(&mut schema);
    let own = match &tag {
        Some((_, value)) => value,
        None => schema["required"][0].as_str()?,
    };
    let name = format!("{}{choice}", in_pascal_case(own));
    Some(Variant { name, tag, schema })
}

/// An alternative as one object, whatever it is put together from.
fn flat(alternative: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let Some(parts) = alternative["allOf"].as_array() else {
        return alternative.is_object().then(|| alternative.clone());
    };
    let mut whole = json!({"type": "object", "properties": {}, "required": []});
    for part in parts {
        let part = resolve(part, schemas)?;
        if let (Some(to), Some(from)) = (
            whole["properties"].as_object_mut(),
            part["properties"].as_object(),
        ) {
            to.extend(from.clone());
        }
        if let (Some(to), Some(from)) = (
            whole["required"].as_array_mut(),
            part["required"].as_array(),
        ) {
            to.extend(from.iter().cloned());
        }
        if let Some(others) = part.get("additionalProperties") {
            whole["additionalProperties"] = others.clone();
        }
        if let Some(text) = part.get("description") {
            whole["description"] = text.clone();
        }
    }
    if let Some(text) = alternative.get("description") {
        whole["description"] = text.clone();
    }
    Some(whole)
}

fn resolve<'a>(part: &'a Value, schemas: &'a Map<String, Value>) -> Option<&'a Value> {
    match part["$ref"].as_str() {
        Some(reference) => schemas.get(reference.rsplit('/').next()?),
        None => Some(part),
    }
}

/// Does the same to variants that have names already.
fn fix_tags(alternatives: &[Value], schemas: &mut Map<String, Value>) {
    for reference in alternatives.iter().filter_map(|one| one["$ref"].as_str()) {
        let named = reference.rsplit('/').next().unwrap_or_default();
        if let Some(schema) = schemas.get_mut(named) {
            fix_tag(schema);
        }
    }
}

/// The field that has one possible value, which it then says as a constant.
fn fix_tag(schema: &mut Value) -> Option<(String, String)> {
    let fields = schema["properties"].as_object_mut()?;
    for (name, field) in fields {
        if let Some([Value::String(value)]) = field["enum"].as_array().map(Vec::as_slice) {
            let value = value.clone();
            *field = json!({"type": "string", "const": value});
            return Some((name.clone(), value));
        }
    }
    None
}

/// Lets a choice name its variants, and the field that tells them apart.
fn refer(choice: &mut Value, variants: &[Variant]) {
    let path = |variant: &Variant| format!("#{SCHEMAS}/{}", variant.name);
    let references = variants
        .iter()
        .map(|variant| json!({"$ref": path(variant)}));
    choice["oneOf"] = references.collect();
    let Some((field, _)) = variants.first().and_then(|first| first.tag.as_ref()) else {
        return;
    };
    let mapping: Map<String, Value> = variants
        .iter()
        .filter_map(|one| Some((one.tag.as_ref()?.1.clone(), path(one).into())))
        .collect();
    choice["discriminator"] = json!({"propertyName": field, "mapping": mapping});
}

fn in_pascal_case(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for word in words.split('_') {
        let mut letters = word.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

/// Drops those of the schemas that nothing refers to any more.
fn drop_unused<'a>(document: &mut Value, names: impl Iterator<Item = &'a String>) {
    let text = document.to_string();
    let unused: Vec<&String> = names
        .filter(|name| !text.contains(&format!("\"#{SCHEMAS}/{name}\"")))
        .collect();
    if let Some(schemas) = document.pointer_mut(SCHEMAS).and_then(Value::as_object_mut) {
        schemas.retain(|name, _| !unused.contains(&name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(schemas: Value) -> Value {
        let mut document = json!({"paths": {"/x": {"$ref": "#/components/schemas/Choice"}},
            "components": {"schemas": schemas}});
        give_names(&mut document);
        document["components"]["schemas"].take()
    }

    #[test]
    fn a_variant_is_one_object_with_a_name_and_a_constant() {
        let tag = |value: &str| json!({"type": "string", "enum": [value]});
        let schemas = named(json!({
            "Choice": {"oneOf": [
                {"type": "object", "properties": {"kind": tag("two_words")}, "required": ["kind"]},
                {"allOf": [{"$ref": "#/components/schemas/Part"},
                    {"type": "object", "properties": {"kind": tag("part")}, "required": ["kind"]}]},
            ]},
            "Part": {"type": "object", "properties": {"host": {"type": "string"}}, "required": ["host"],
                "additionalProperties": false},
        }));
        assert_eq!(
            schemas["TwoWordsChoice"]["properties"]["kind"]["const"],
            "two_words"
        );
        let part = &schemas["PartChoice"];
        assert_eq!(part["required"], json!(["host", "kind"]));
        assert_eq!(part["additionalProperties"], false);
        assert_eq!(part["properties"]["kind"]["const"], "part");
        let mapping = &schemas["Choice"]["discriminator"]["mapping"];
        assert_eq!(mapping["part"], "#/components/schemas/PartChoice");
        assert!(schemas.get("Part").is_none(), "nothing refers to it");
    }

    #[test]
    fn without_a_tag_the_first_field_names_a_variant() {
        let schemas = named(json!({"Choice": {"oneOf": [
            {"type": "object", "properties": {"ids": {"type": "array"}}, "required": ["ids"]},
            {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
        ]}}));
        assert!(schemas.get("IdsChoice").is_some() && schemas.get("QueryChoice").is_some());
        assert!(schemas["Choice"].get("discriminator").is_none());
    }

    #[test]
    fn what_may_only_be_missing_stays_as_it_is() {
        let choice = json!({"oneOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]});
        let schemas = named(json!({"Choice": choice, "Other": {"type": "string"}}));
        assert_eq!(schemas["Choice"], choice);
    }
}
