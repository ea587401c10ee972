//! Sealing while KMS refuses, and how often it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};
use bulkhead_aws::seal::KmsSealer;
use bulkhead_engine::ports::{SealError, SealedFor, Sealer};
use bulkhead_engine::testing::memory::{ManualClock, SeededRandom};
use bulkhead_shared::ids::{AccountId, UserId};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::log_capture::saying;

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/1";

struct World {
    owner: UserId,
    account: AccountId,
    sealer: KmsSealer,
    clock: Arc<ManualClock>,
    decrypts: Arc<AtomicU32>,
}

/// A KMS with one data key, all zeros, whose Decrypt answers with this code if there is one.
fn world(code: Option<&'static str>) -> World {
    let decrypts = Arc::new(AtomicU32::new(0));
    let counted = decrypts.clone();
    let zeros = format!("{}=", "A".repeat(43));
    let http = saying(move |asked: Value| {
        assert_eq!(asked["KeyId"], KEY);
        let context = json!({ "account": format!("acc_{}", "0".repeat(26)), "owner": "ann" });
        assert_eq!(asked["EncryptionContext"], context);
        if asked.get("CiphertextBlob").is_none() {
            let wrapped = "d3JhcHBlZA==";
            return (
                200,
                json!({ "Plaintext": zeros, "CiphertextBlob": wrapped }),
            );
        }
        counted.fetch_add(1, Ordering::Relaxed);
        match code {
            Some(code) => (400, json!({ "__type": code, "message": "It is so." })),
            None => (200, json!({ "Plaintext": zeros })),
        }
    });
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(bulkhead_cloud::REGION))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(http)
        .build();
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    World {
        owner: "ann".parse().unwrap(),
        account: AccountId::new(Timestamp::UNIX_EPOCH, 0),
        sealer: KmsSealer::open(
            aws_sdk_kms::Client::from_conf(config),
            KEY,
            clock.clone(),
            Arc::new(SeededRandom::new(1)),
        ),
        clock,
        decrypts,
    }
}

impl World {
    fn own(&self) -> SealedFor<'_> {
        SealedFor {
            owner: &self.owner,
            account: &self.account,
        }
    }
}

#[tokio::test]
async fn kms_is_asked_once_in_five_minutes() {
    let world = world(None);
    let sealed = world.sealer.seal(world.own(), b"password").await.unwrap();
    for (seconds, decrypts) in [(0, 0), (299, 0), (1, 1), (299, 1), (1, 2)] {
        world.clock.advance(Duration::from_secs(seconds));
        let plain = world.sealer.unseal(world.own(), &sealed).await.unwrap();
        assert_eq!(plain, b"password");
        assert_eq!(world.decrypts.load(Ordering::Relaxed), decrypts);
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_are_lost_only_if_their_key_is() {
    for (code, lost) in [
        ("InvalidCiphertextException", true),
        ("IncorrectKeyException", true),
        ("DisabledException", false),
        ("KMSInvalidStateException", false),
        ("AccessDeniedException", false),
        ("NotFoundException", false),
        ("ThrottlingException", false),
    ] {
        let world = world(Some(code));
        let sealed = world.sealer.seal(world.own(), b"password").await.unwrap();
        world.clock.advance(Duration::from_secs(300));
        let refused = world.sealer.unseal(world.own(), &sealed).await;
        match refused {
            Err(SealError::Broken) => assert!(lost, "{code}"),
            Err(SealError::Unavailable(cause)) => {
                assert!(!lost && cause.to_string().contains(code), "{code}: {cause}");
            }
            Ok(_) => panic!("{code}"),
        }
    }
}
