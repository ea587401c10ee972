//! Names of attributes and indexes. DynamoDB charges for the bytes of names too, so they are short;
//! they are stored, so they never change.

use bulkhead_engine::ports::DueShard;

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
/// Partition of the index of due rows: see [`due_group`].
pub const DUE_GROUP: &str = "q";

/// The partition of the index of due rows for a shard. The first release had one for all.
pub fn due_group(shard: DueShard) -> String {
    match shard {
        DueShard::Unsharded => "due".to_owned(),
        DueShard::Numbered(number) => format!("due#{number:02}"),
    }
}

/// Index of rows by owner, ordered by place, whole rows.
pub const BY_OWNER: &str = "owner";
/// Index of rows by due time, keys only.
pub const BY_DUE: &str = "due";
