//! Takes messages that failed too often, and ends what they were about with a reason.

use std::convert::Infallible;
use std::process::ExitCode;

use bulkhead_lambda::adapters::Adapters;
use bulkhead_lambda::{dead_letter, frame};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    frame::run(async {
        let adapters = Adapters::of_process()?;
        let ports = adapters.dead_letter()?;
        frame::serve("dead-letter", |batch, deadline| {
            let (ports, metrics) = (&ports, &adapters.metrics);
            async move {
                Ok::<_, Infallible>(dead_letter::on_batch(ports, metrics, batch, deadline).await)
            }
        })
        .await
    })
    .await
}
