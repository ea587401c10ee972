//! Names of attributes and indexes. DynamoDB charges for the bytes of names too, so they are short;
//! they are stored, so they never change.

/// Partition key.
pub const PARTITION: &str = "pk";
/// Sort key.
pub const SORT: &str = "sk";
/// The row's version, a number.
pub const VERSION: &str = "v";
/// The row's body, binary.
pub const BODY: &str = "b";
/// When DynamoDB may drop the row, in seconds since 1970 (its own time to live).
pub const EXPIRES: &str = "ttl";
/// Among whose rows it is listed.
pub const OWNER: &str = "o";
/// Where among them.
pub const PLACE: &str = "p";
/// When the row has to be looked at, in nanoseconds since 1970.
pub const DUE: &str = "d";
/// Partition of the index of due rows: [`DUE_PARTITION`] on each of them.
pub const DUE_GROUP: &str = "q";

/// The one partition of due rows. A partition takes 1,000 write units a second; rows that are due
/// are few (one for each chunk in somebody's hands), so one is enough.
pub const DUE_PARTITION: &str = "due";

/// Index of rows by owner, ordered by place, whole rows.
pub const BY_OWNER: &str = "owner";
/// Index of rows by due time, keys only.
pub const BY_DUE: &str = "due";
