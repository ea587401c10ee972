//! The macro that makes one enum of all operations and hands each question on to its module.

use serde_json::{Map, Value};

use super::{About, Operation, OperationName};
use crate::kinds::Kind;
use crate::problem::Invalid;

/// Takes one line for each operation: the name of its parameters, and the module they are in; before it, if
/// it is only there with a feature, which.
macro_rules! operations {
    ($($(#[$only:meta])* $operation:ident: $($module:ident)::+,)*) => {
        $($(#[$only])* pub use $($module)::+::$operation;)*

        /// One operation with its parameters.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        #[allow(missing_docs, reason = "each is described in its module")]
        pub enum Operation {
            $($(#[$only])* $operation($operation),)*
        }

        $($(#[$only])* impl From<$operation> for Operation {
            fn from(operation: $operation) -> Self {
                Self::$operation(operation)
            }
        })*

        /// An operation without its parameters: what abilities, metrics and job ids speak of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[allow(missing_docs, reason = "each is described in its module")]
        pub enum OperationName {
            $($(#[$only])* $operation,)*
        }

        impl OperationName {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$($(#[$only])* Self::$operation),*];

            /// Whether it makes an item of each row that is brought, instead of being done to items that are there.
            pub fn makes_items(self) -> bool {
                match self {
                    $($(#[$only])* Self::$operation => <$operation as OperationSpec>::MAKES_ITEMS,)*
                }
            }

            /// The operation of this name, where it has no parameters.
            pub fn plain(self) -> Option<Operation> {
                match self {
                    $($(#[$only])* Self::$operation => <$operation as OperationSpec>::PLAIN.map(Operation::$operation),)*
                }
            }

            /// What is to be known of it.
            pub fn about(self) -> &'static About {
                match self {
                    $($(#[$only])* Self::$operation => &<$operation as OperationSpec>::ABOUT,)*
                }
            }
        }

        impl Operation {
            /// Whether it makes an item of each row that is brought.
            pub fn makes_items(&self) -> bool {
                match self {
                    $($(#[$only])* Self::$operation(_) => <$operation as OperationSpec>::MAKES_ITEMS,)*
                }
            }

            /// What rows bring, in their order; or the first one that is wrong.
            pub fn inputs(&self, rows: &[serde_json::Value]) -> Result<Vec<Vec<u8>>, WrongRow> {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.inputs(rows),)*
                }
            }

            /// The operation without its parameters.
            pub fn name(&self) -> OperationName {
                match self {
                    $($(#[$only])* Self::$operation(_) => OperationName::$operation,)*
                }
            }

            /// Checks the parameters: browser and server both call this.
            pub fn validate(&self) -> Result<(), Invalid> {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.validate(),)*
                }
            }

            /// As an order. `items` are the counted items: “Archive 12,403 mails”.
            pub fn order(&self, items: &str) -> String {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.order(items),)*
                }
            }

            /// What it did, as a sentence. `items` are the counted items: “12,403 mails archived”.
            pub fn report(&self, items: &str) -> String {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.report(items),)*
                }
            }

            /// What doing this to so many items puts at stake, if anything.
            pub fn risk(&self, total: u64) -> Option<Risk> {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.risk(total),)*
                }
            }

            /// What it makes of an item's state; none where it changes nothing.
            pub fn target(&self) -> Option<Target> {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.target(),)*
                }
            }

            /// What the items that are selected are put together by; none where each is an item of the job.
            pub fn gathers(&self) -> Option<Gathering> {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.gathers(),)*
                }
            }

            /// What it finds of a contact with this card, where it computes something.
            pub fn judge(&self, card: &[u8]) -> Option<crate::outcome::ItemResult> {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.judge(card),)*
                }
            }

            /// When work on it begins that was confirmed then.
            pub fn begins(&self, confirmed: jiff::Timestamp) -> jiff::Timestamp {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.begins(confirmed),)*
                }
            }

            /// Whether it weighs how a mail is marked, beside what the mail is about.
            pub fn weighs_marks(&self) -> bool {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.weighs_marks(),)*
                }
            }

            /// What it makes of what a model found of a mail that is marked like this.
            pub fn conclude(
                &self,
                found: crate::outcome::ItemResult,
                marks: crate::proposal::Marks,
            ) -> crate::outcome::ItemResult {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.conclude(found, marks),)*
                }
            }

            /// What file it makes; none where it makes none.
            pub fn format(&self) -> Option<FileFormat> {
                match self {
                    $($(#[$only])* Self::$operation(operation) => operation.format(),)*
                }
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for Operation {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                openapi::one_of(OperationName::ALL.iter().copied().filter(|name| !name.is_for_tests()))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for Operation {
            fn schemas(schemas: &mut openapi::Schemas) {
                $(
                    $(#[$only])*
                    if !OperationName::$operation.is_for_tests() {
                        openapi::named::<$operation>(OperationName::$operation, schemas);
                    }
                )*
            }
        }
    };
}

impl OperationName {
    /// The name on the wire, in logs and metrics.
    pub fn as_str(self) -> &'static str {
        self.about().name
    }

    /// Whether it is there to prove what the engine can do, and for nobody to ask for.
    pub(super) fn is_for_tests(self) -> bool {
        self.as_str().starts_with("test_")
    }

    /// Those a person may ask for directly.
    pub fn offered() -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|name| name.about().kind.is_some() && !name.is_for_tests())
    }

    /// Those of them that are done to items of this kind.
    pub fn offered_for(kind: Kind) -> impl Iterator<Item = Self> {
        Self::offered().filter(move |name| name.about().kind == Some(kind))
    }
}

impl Operation {
    /// What is to be known of it.
    pub fn about(&self) -> &'static About {
        self.name().about()
    }

    /// The operation of this name with these parameters, by field; or what is wrong with them.
    pub fn of(name: OperationName, mut parameters: Map<String, Value>) -> Result<Self, Invalid> {
        parameters.insert("type".to_owned(), name.as_str().into());
        let operation: Self = serde_json::from_value(parameters.into())
            .map_err(|error| Invalid::new("operation", error.to_string()))?;
        operation.validate().map(|()| operation)
    }
}
