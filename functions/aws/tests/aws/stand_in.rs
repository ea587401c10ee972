//! An environment that says AWS is somewhere on this machine.

use bulkhead_aws::environment::Environment;

pub(crate) fn environment(endpoint: &str) -> Environment {
    let endpoint = endpoint.to_owned();
    let variable = move |name: &str| match name {
        "AWS_REGION" => Some(bulkhead_cloud::REGION.to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
        _ => None,
    };
    Environment::of(variable).unwrap()
}
