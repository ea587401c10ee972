//! Roles: after everything that a person can do was done, no function was denied anything, and each
//! has needed all that it is allowed.

use std::collections::BTreeSet;

use bulkhead_tests::functions::Wishes;

use super::World;

#[tokio::test(flavor = "multi_thread")]
async fn no_function_may_do_what_it_does_not_need() {
    let world = World::with_mails(60, Wishes::default()).await;
    for who in ["submit", "browse", "status", "worker", "sweep", "dead-letter"] {
        let unused = world.cloud.aws.unused(who);
        assert_eq!(unused, BTreeSet::new(), "{who}");
    }
    world.stop().await;
}
