//! Against moto, an AWS that others wrote.

mod joined;
mod kms;
mod outcomes;
mod s3;
pub(crate) mod ses;
mod sqs;

use bulkhead_aws::environment::Environment;
use bulkhead_cloud::moto::Moto;

use crate::stand_in::environment;

/// A new moto, and an environment that leads to it.
async fn moto() -> (Moto, Environment) {
    let moto = Moto::start().await.unwrap();
    let environment = environment(moto.url());
    (moto, environment)
}
