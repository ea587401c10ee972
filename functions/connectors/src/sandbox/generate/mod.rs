//! Real-looking mail, made from a seed and a number: the same seed gives the same mailbox, and any
//! one mail can be made anew without its neighbours.
//!
//! The mailbox is that of somebody who never unsubscribes: newsletters 45 %, social networks 20 %,
//! shops 15 %, people, builds, bills, trips and alarms the rest. All addresses are on domains
//! that are reserved for examples (RFC 2606). Numbers rise with time.

mod habits;
mod kinds;
mod mail;
mod message;
mod random;
pub(super) mod words;

use jiff::{SignedDuration, Timestamp};

use crate::headers::Sender;

pub(super) use mail::{Attachment, Mail, Party, Recipe};
pub(super) use message::Message;
pub(super) use random::{Dice, mix};

/// Eight years.
const SPAN: SignedDuration = SignedDuration::from_hours(8 * 365 * 24 + 48);

impl Recipe {
    /// The mail with this number, from 0, oldest first.
    pub(super) fn mail(&self, index: u32) -> Mail {
        let dice = Dice::new(self.seed, index);
        kinds::mail(self, index, self.received(index), dice)
    }

    /// More mail arrives from year to year. Only sums and products, which come out the same on every
    /// machine.
    fn received(&self, index: u32) -> Timestamp {
        let jitter = f64::from(Dice::new(self.seed ^ 0xda7e, index).below(1_000)) / 1_000.0;
        let left = (f64::from(self.mails - index) - jitter) / f64::from(self.mails.max(1));
        let age = left * (0.55 + 0.45 * left) * SPAN.as_secs_f64();
        let latest = self.now.as_second() - 60;
        let second = quiet_at_night(latest - age as i64).min(latest);
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Squeezes what would come between midnight and six into little, and spreads the rest over the day.
/// What came first still comes first.
fn quiet_at_night(second: i64) -> i64 {
    const DAY: i64 = 24 * 60 * 60;
    const SIX: i64 = DAY / 4;
    const SHARE_OF_NIGHT: i64 = DAY / 20;
    let (day, time) = (second.div_euclid(DAY), second.rem_euclid(DAY));
    let time = match time {
        night if night < SHARE_OF_NIGHT => night * SIX / SHARE_OF_NIGHT,
        rest => SIX + (rest - SHARE_OF_NIGHT) * (DAY - SIX) / (DAY - SHARE_OF_NIGHT),
    };
    day * DAY + time
}

impl Mail {
    /// The message itself.
    pub(super) fn message(&self) -> Message {
        message::compose(self)
    }

    /// What its header says of its sender and its list.
    pub(super) fn told(&self) -> Sender {
        Sender {
            address: self.sender.address.clone(),
            name: self.sender.name.clone(),
            list: self.list.clone(),
            unsubscribe: self.list.is_some(),
            automatic: self.bulk,
        }
    }

    /// The first words of the text.
    pub(super) fn snippet(&self) -> String {
        super::load::snippet(&self.text)
    }
}

#[cfg(test)]
mod tests;
