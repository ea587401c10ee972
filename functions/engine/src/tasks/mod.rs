//! The four ways in which an operation acts on items. Whoever works on a chunk knows no more of an
//! operation than [`Task`].
//!
//! | task | before | after a lost answer |
//! |---|---|---|
//! | [`change`], and [`drafting`] | what each item was is stored | looks; what did not take effect is done again |
//! | [`deliver`], and [`unsubscribe`] | an id of our own and the hash of the bytes are stored | looks; never done again |
//! | [`compute`] | nothing | done again: nothing outside was touched |
//! | [`export`] | nothing | done again: nothing outside was touched |

mod change;
mod compute;
mod deliver;
mod drafting;
mod endpoint;
pub(crate) mod export;
mod task;
mod unsubscribe;
mod writing;

use std::sync::Arc;

use bulkhead_shared::operations::{self, Operation};

use crate::error::Error;
use crate::ports::{Account, Ports};
use crate::records::JobRecord;

pub(crate) use task::{Act, Effect, Finished, Item, NoStep, Performed, Step, Task};
use task::{Question, Unwritten};

/// How a job's operation acts on items of this account. `part` names the part of a file that it may
/// write.
pub(crate) async fn of(
    ports: &Ports,
    account: Arc<dyn Account>,
    job: &JobRecord,
    part: String,
) -> Result<Box<dyn Task>, Error> {
    let operation = &job.operation;
    if let Operation::Unsubscribe(_) = operation {
        let asking = unsubscribe::Unsubscribing::open(ports, account, job);
        return Ok(Box::new(asking));
    }
    if let Operation::DraftReply(reply) = operation {
        let drafting = drafting::Drafting::open(ports, account, job, reply, &part).await?;
        return Ok(Box::new(drafting));
    }
    Ok(match operation.about().task {
        operations::Task::Change => Box::new(change::Changing::open(account, job).await?),
        operations::Task::Deliver => Box::new(deliver::Delivering::open(ports, account, job)?),
        operations::Task::Compute => {
            Box::new(compute::Computing::open(ports, account, job, &part).await?)
        }
        operations::Task::Export => {
            Box::new(export::Exporting::open(ports, account, job, part).await?)
        }
    })
}
