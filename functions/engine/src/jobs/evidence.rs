//! What is known of mails that may have arrived or not.

use std::collections::BTreeMap;

use bulkhead_shared::api::{Evidence, Said};
use bulkhead_shared::outcome::Outcome;

use crate::error::Error;
use crate::jobs::endings::Row;
use crate::ports::{Ports, Span};
use crate::records::store::read_text;
use crate::records::{JobRecord, SaidRecord, names};

/// What is known of those among these that may have arrived or not.
pub(crate) async fn evidence(
    ports: &Ports,
    job: &JobRecord,
    rows: &[Row],
) -> Result<Vec<Option<Evidence>>, Error> {
    if !rows.iter().any(is_open) {
        return Ok(vec![None; rows.len()]);
    }
    let span = Span {
        partition: job.id.to_string(),
        from: names::SAID_FROM.to_owned(),
        to: format!("{}~", names::SAID_FROM),
        reverse: false,
        limit: None,
    };
    let said = ports.table.range(&span).await?;
    let said = said.iter().map(|row| {
        let record = read_text::<SaidRecord>(row)?.record;
        Ok((record.item.clone(), record))
    });
    let said = said.collect::<Result<BTreeMap<_, _>, Error>>()?;
    let known = rows.iter().map(|row| {
        let sent = row.sent.as_ref().filter(|_| is_open(row))?;
        Some(Evidence {
            message_id: sent.id.clone()?,
            sha256: sent
                .state
                .version
                .as_ref()
                .map_or_else(String::new, |version| {
                    version
                        .as_bytes()
                        .iter()
                        .map(|byte| format!("{byte:02x}"))
                        .collect()
                }),
            said: said.get(&row.outcome.id).map(in_words),
        })
    });
    Ok(known.collect())
}

/// Whether it may have arrived or not.
pub(crate) fn is_open(row: &Row) -> bool {
    row.outcome.outcome == Some(Outcome::Uncertain) && row.sent.is_some()
}

fn in_words(said: &SaidRecord) -> Said {
    match &said.again {
        None => Said::Arrived { at: said.at },
        Some(job) => Said::SendAgain {
            at: said.at,
            job: job.clone(),
        },
    }
}
