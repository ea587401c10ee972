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
