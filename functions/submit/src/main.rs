//! Answers what changes something: drafts, confirmations, control of jobs, accounts. It reads mail to
//! freeze selections, and cannot change any.

use std::process::ExitCode;

use bulkhead_lambda::adapters::Adapters;
use bulkhead_lambda::frame;
use bulkhead_lambda::http::{self, Api, FunctionRole, Hosts};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    frame::run(async {
        let adapters = Adapters::of_process()?;
        let (ports, accounts) = adapters.submit()?;
        let api = Api {
            ports,
            identity: adapters.identity()?,
            hosts: Hosts::Any,
            limits: adapters.settings.limits()?,
            serves: FunctionRole::Submit,
        };
        http::serve("submit", api, adapters.metrics, move || accounts.hang_up()).await
    })
    .await
}
