//! Every minute: asks again for what nobody holds, ends what has ended, expires what nobody confirmed.

use std::process::ExitCode;

use bulkhead_lambda::adapters::Adapters;
use bulkhead_lambda::{frame, sweep};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    frame::run(async {
        let adapters = Adapters::of_process()?;
        let ports = adapters.sweep()?;
        frame::serve("sweep", |_occasion: sweep::Occasion, deadline| {
            sweep::on_schedule(&ports, &adapters.metrics, deadline)
        })
        .await
    })
    .await
}
