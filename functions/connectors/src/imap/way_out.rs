//! What takes an account's mails to be sent.

use std::sync::Arc;

use bulkhead_engine::ports::Outlet;
use bulkhead_shared::abilities::Abilities;

use crate::smtp::{self, Smtp};

/// What takes an account's mails to be sent.
pub(super) enum WayOut {
    /// Its server for that.
    Smtp(Smtp),
    /// What the deployment has.
    Outlet {
        outlet: Arc<dyn Outlet>,
        abilities: Abilities,
    },
}

impl WayOut {
    pub(super) fn by(outlet: Arc<dyn Outlet>) -> Self {
        Self::Outlet {
            outlet,
            abilities: smtp::abilities(None),
        }
    }
}
