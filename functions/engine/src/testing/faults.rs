//! A fuse between the engine and the world: it blows at a chosen step, and from then on nothing
//! gets through, as if the process had died there. Steps are single writes, sends and provider
//! calls, each once before it takes effect and once after, so that walking the fuse through a
//! scenario visits every moment at which a process can die.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;

use super::intercept::{Call, Failure, Interceptor};
use super::mailbox::Moment;

/// Blows at a step.
#[derive(Debug, Default)]
pub struct Fuse {
    steps: AtomicU32,
    blows_at: AtomicU32,
    blown: AtomicBool,
}

impl Fuse {
    /// A fuse that never blows.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            blows_at: AtomicU32::new(u32::MAX),
            ..Self::default()
        })
    }

    /// Blows at this step, counted from now.
    pub fn blow_at(&self, step: u32) {
        self.steps.store(0, Ordering::SeqCst);
        self.blows_at.store(step, Ordering::SeqCst);
        self.blown.store(false, Ordering::SeqCst);
    }

    /// A new process: nothing blows any more.
    pub fn replace(&self) {
        self.blows_at.store(u32::MAX, Ordering::SeqCst);
        self.blown.store(false, Ordering::SeqCst);
    }

    /// Whether it has blown.
    pub fn is_blown(&self) -> bool {
        self.blown.load(Ordering::SeqCst)
    }

    /// Steps taken since the fuse was set.
    pub fn steps(&self) -> u32 {
        self.steps.load(Ordering::SeqCst)
    }

    /// One step; false: the process is dead.
    fn passes(&self) -> bool {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        if step == self.blows_at.load(Ordering::SeqCst) {
            self.blown.store(true, Ordering::SeqCst);
        }
        !self.is_blown()
    }
}

#[async_trait]
impl Interceptor for Fuse {
    async fn meet(&self, moment: Moment, call: &Call<'_>) -> Result<(), Failure> {
        let goes_on = match moment {
            _ if call.is_step() => self.passes(),
            Moment::BeforeEffect => !self.is_blown(),
            Moment::AfterEffect => true,
        };
        goes_on.then_some(()).ok_or(Failure::Unavailable)
    }
}
