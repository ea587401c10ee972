//! Sealing with a key in KMS.

use std::sync::Arc;

use aws_sdk_kms::Client;
use bulkhead_aws::seal::KmsSealer;
use bulkhead_engine::ports::{SealError, SealedFor, Sealer};
use bulkhead_engine::testing::memory::{ManualClock, SeededRandom};
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::Timestamp;

use super::moto;

async fn new_key(client: &Client) -> String {
    let made = client.create_key().send().await.unwrap();
    made.key_metadata.unwrap().arn.unwrap()
}

fn sealer(client: &Client, key: &str, seed: u64) -> KmsSealer {
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    let random = Arc::new(SeededRandom::new(seed));
    KmsSealer::open(client.clone(), key, clock, random)
}

#[tokio::test]
async fn another_process_unseals_and_another_account_owner_or_bit_does_not() {
    let (_moto, environment) = moto().await;
    let client = environment.kms();
    let key = new_key(&client).await;
    let sealer = self::sealer(&client, &key, 1);
    let (ann, bob): (UserId, UserId) = ("ann".parse().unwrap(), "bob".parse().unwrap());
    let account = |number| AccountId::new(Timestamp::UNIX_EPOCH, number);
    let (first, second) = (account(1), account(2));
    let whose = |owner, account| SealedFor { owner, account };
    let own = whose(&ann, &first);
    let sealed = sealer.seal(own, b"password").await.unwrap();
    assert!(!sealed.windows(8).any(|part| part == b"password"));

    let another = self::sealer(&client, &key, 2);
    assert_eq!(another.unseal(own, &sealed).await.unwrap(), b"password");
    for other in [whose(&ann, &second), whose(&bob, &first)] {
        let broken = another.unseal(other, &sealed).await;
        assert!(matches!(broken, Err(SealError::Broken)), "{broken:?}");
    }
    for at in [0, 2, 40, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        let broken = another.unseal(own, &changed).await;
        assert!(broken.is_err(), "{at}: {broken:?}");
    }
}
