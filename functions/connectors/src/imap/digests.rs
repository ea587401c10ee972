//! Hashes of whole messages, for comparing to the byte.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::bodies::{Bodies, Extent, stream};
use super::fault::Fault;
use super::session::Session;
use super::uids;

/// A message may be so large on average before a comparison of many is given up.
const MESSAGE_BYTES: u64 = 1 << 20;

/// Hashes of whole messages of the open folder; those that cannot be had lack.
pub(super) async fn digests(
    session: &mut Session,
    uids: &[u32],
) -> Result<BTreeMap<u32, [u8; 32]>, Fault> {
    let mut digests = Digests::default();
    for (set, asked) in uids::sets(uids) {
        let expected = MESSAGE_BYTES.saturating_mul(asked.len() as u64);
        stream(session, &set, Extent::Whole, expected, &mut digests).await?;
    }
    Ok(digests.done)
}

#[derive(Default)]
struct Digests {
    uid: u32,
    hash: Sha256,
    done: BTreeMap<u32, [u8; 32]>,
}

#[async_trait]
impl Bodies for Digests {
    async fn begin(&mut self, uid: Option<u32>) -> Result<bool, Fault> {
        self.uid = uid.unwrap_or(0);
        // Without a UID it is not known whose body this is: then it is not compared.
        Ok(uid.is_some())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hash.update(bytes);
        Ok(())
    }

    async fn end(&mut self) -> Result<(), Fault> {
        self.done
            .insert(self.uid, self.hash.finalize_reset().into());
        Ok(())
    }
}
