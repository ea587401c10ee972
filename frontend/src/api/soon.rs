//! What is about to be shown is asked for before it is: what was shown stays until the answer is here, and then gives
//! way to it in one step.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use gloo_net::http::Request;
use wasm_bindgen_futures::spawn_local;

use super::said::Said;
use super::{Answer, send};
use crate::browser;

/// Milliseconds after which whoever waits for an answer shows that it is waited for.
const PATIENCE: u32 = 100;
/// Milliseconds after which an answer that nobody took is an old one.
const GOOD_FOR: u32 = 1_000;

/// The answer to what was asked beforehand.
pub(super) enum Begun {
    Awaited(Pin<Box<dyn Future<Output = Answer<Said>>>>),
    Here(Answer<Said>),
}

impl Begun {
    /// Waits for it.
    pub(super) async fn said(self) -> Answer<Said> {
        match self {
            Self::Awaited(sending) => sending.await,
            Self::Here(answer) => answer,
        }
    }

    /// Sends it at the first look; whether it is here.
    fn is_here(&mut self, context: &mut Context<'_>) -> bool {
        if let Self::Awaited(sending) = self
            && let Poll::Ready(answer) = sending.as_mut().poll(context)
        {
            *self = Self::Here(answer);
        }
        matches!(self, Self::Here(_))
    }
}

/// The last call that was begun.
#[derive(Default)]
struct Last {
    /// Grows with each.
    number: u32,
    /// Its address and answer, until somebody takes it.
    begun: Option<(String, Begun)>,
}

impl Last {
    /// The one of this number, as long as nobody took it.
    fn numbered(&mut self, number: u32) -> Option<&mut Begun> {
        let is_it = self.number == number;
        self.begun
            .as_mut()
            .filter(|_| is_it)
            .map(|(_, begun)| begun)
    }
}

thread_local! {
    static LAST: RefCell<Last> = RefCell::default();
}

/// Sends a GET whose answer [`take`] gives out, and waits until it is here, until another is begun, or for long enough;
/// whether that was long enough. One at a time: whoever types on wants the last.
pub(super) async fn begin(request: Request) -> bool {
    let address = request.url();
    let sending = async move { Said::of(send::send(request).await?).await };
    let number = LAST.with_borrow_mut(|last| {
        last.begun = Some((address, Begun::Awaited(Box::pin(sending))));
        last.number = last.number.wrapping_add(1);
        last.number
    });
    spawn_local(async move {
        browser::sleep(GOOD_FOR).await;
        LAST.with_borrow_mut(|last| {
            let is_it = last.number == number;
            last.begun.take_if(|_| is_it)
        });
    });
    let mut patience = Box::pin(browser::sleep(PATIENCE));
    poll_fn(|context| {
        let is_over = LAST.with_borrow_mut(|last| {
            let begun = last.numbered(number);
            begun.is_none_or(|begun| begun.is_here(context))
        });
        match is_over {
            true => Poll::Ready(true),
            false => patience.as_mut().poll(context).map(|()| false),
        }
    })
    .await
}

/// The answer to a GET of this address, once, if it was begun a moment ago.
pub(super) fn take(address: &str) -> Option<Begun> {
    LAST.with_borrow_mut(|last| {
        let begun = last.begun.take_if(|(begun, _)| begun == address);
        begun.map(|(_, begun)| begun)
    })
}
