//! Answers what is read from the table alone: how jobs stand, what became of their items, the history.

use std::process::ExitCode;

use bulkhead_lambda::adapters::Adapters;
use bulkhead_lambda::frame;
use bulkhead_lambda::http::{self, Api, FunctionRole, Hosts};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    frame::run(async {
        let adapters = Adapters::of_process()?;
        let api = Api {
            ports: adapters.status()?,
            identity: adapters.identity()?,
            hosts: Hosts::Any,
            limits: adapters.settings.limits_of_reading()?,
            serves: FunctionRole::Status,
        };
        http::serve("status", api, adapters.metrics, || ()).await
    })
    .await
}
