//! Works: takes messages from the queue in batches, freezes selections, changes mail chunk by chunk.

use std::convert::Infallible;
use std::process::ExitCode;

use bulkhead_lambda::adapters::Adapters;
use bulkhead_lambda::{frame, work};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    frame::run(async {
        let adapters = Adapters::of_process()?;
        let (ports, accounts) = adapters.worker()?;
        frame::serve("worker", |batch, deadline| {
            let (ports, accounts, metrics) = (&ports, &accounts, &adapters.metrics);
            async move {
                let answer = work::on_batch(ports, metrics, batch, deadline).await;
                accounts.hang_up();
                Ok::<_, Infallible>(answer)
            }
        })
        .await
    })
    .await
}
