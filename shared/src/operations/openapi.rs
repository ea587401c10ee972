//! The operations in the contract: a schema with a name for each, told apart by `type`.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, Discriminator, ObjectBuilder, OneOfBuilder};
use utoipa::openapi::{Ref, RefOr, Schema, Type};

use super::OperationName;

/// Named schemas, as utoipa collects them.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// One of the named schemas.
pub(super) fn one_of(operations: impl Iterator<Item = OperationName> + Clone) -> RefOr<Schema> {
    let refs = operations.map(|name| {
        let at = Ref::from_schema_name(schema_name(name));
        (name.as_str().to_owned(), at)
    });
    let mapping: BTreeMap<String, String> = refs
        .clone()
        .map(|(name, at)| (name, at.ref_location))
        .collect();
    let one_of = refs.fold(OneOfBuilder::new(), |one_of, (_, at)| one_of.item(at));
    let one_of = one_of
        .description(Some("One operation with its parameters."))
        .discriminator(Some(Discriminator::with_mapping("type", mapping)));
    RefOr::T(Schema::OneOf(one_of.build()))
}

/// The schema of an operation's parameters with its `type`, and those that it needs.
pub(super) fn named<T: ToSchema>(name: OperationName, schemas: &mut Schemas) {
    T::schemas(schemas);
    if let RefOr::T(Schema::Object(mut object)) = T::schema() {
        let kind = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some([name.as_str()]))
            .build();
        object.properties.insert("type".to_owned(), kind.into());
        object.required.insert(0, "type".to_owned());
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        schemas.push((schema_name(name), RefOr::T(Schema::Object(object))));
    }
}

/// `mark_read` is `MarkReadOperation`.
fn schema_name(name: OperationName) -> String {
    format!("{name:?}Operation")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};
    use utoipa::PartialSchema as _;

    use super::*;
    use crate::operations::Operation;

    #[test]
    fn each_operation_has_a_schema_of_its_own_and_its_type_tells_which() {
        let mut schemas = Schemas::new();
        Operation::schemas(&mut schemas);
        let of = |name: &str| {
            let (_, schema) = schemas.iter().find(|(known, _)| known == name).unwrap();
            serde_json::to_value(schema).unwrap()
        };
        let moved = of("MoveOperation");
        let kind = json!({"type": "string", "enum": ["move"]});
        assert_eq!(moved["properties"]["type"], kind);
        assert_eq!(moved["required"], json!(["type", "folder"]));
        assert_eq!(moved["additionalProperties"], Value::Bool(false));
        let archive = of("ArchiveOperation");
        assert_eq!(archive["required"], json!(["type"]));
        // What a parameter needs comes along.
        assert!(schemas.iter().any(|(name, _)| name == "ConflictRule"));
        let one_of = serde_json::to_value(Operation::schema()).unwrap();
        let mapping = one_of["discriminator"]["mapping"].as_object().unwrap();
        assert_eq!(mapping["move"], "#/components/schemas/MoveOperation");
        for (name, at) in mapping {
            let schema = at.as_str().unwrap().rsplit('/').next().unwrap();
            assert_eq!(of(schema)["properties"]["type"]["enum"], json!([name]));
        }
        let there_are = OperationName::ALL
            .iter()
            .filter(|name| !name.is_for_tests());
        assert_eq!(mapping.len(), there_are.count());
        assert_eq!(one_of["oneOf"].as_array().unwrap().len(), mapping.len());
        assert!(
            !schemas
                .iter()
                .any(|(name, _)| name == "TestDeliverOperation")
        );
    }
}
