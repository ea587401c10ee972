//! Answers what is read from mail servers: accounts, folders, mails, previews; and hands out files.

use std::process::ExitCode;

use bulkhead_lambda::adapters::Adapters;
use bulkhead_lambda::frame;
use bulkhead_lambda::http::{self, Api, FunctionRole, Hosts};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    frame::run(async {
        let adapters = Adapters::of_process()?;
        let (ports, accounts) = adapters.browse()?;
        let api = Api {
            ports,
            identity: adapters.identity()?,
            hosts: Hosts::Any,
            limits: adapters.settings.limits_of_reading()?,
            serves: FunctionRole::Browse,
        };
        http::serve("browse", api, adapters.metrics, move || accounts.hang_up()).await
    })
    .await
}
