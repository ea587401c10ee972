//! What is about to be shown is asked for before it is: what was shown stays until the answer is here, and then gives
//! way to it in one step.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_net::http::Request;
use wasm_bindgen_futures::spawn_local;

use super::said::Said;
use super::{Answer, send};
use crate::browser;
use crate::hooks::at_once::at_once;

/// Milliseconds after which whoever waits for an answer shows that it is waited for.
const PATIENCE: u32 = 100;
/// Milliseconds between two looks whether the call before has ended.
const PAUSE: u32 = 5;
/// Milliseconds after which an answer that nobody took is an old one.
const GOOD_FOR: i64 = 1_000;

/// A call that was begun. It goes to its end even if nobody wants it any more: the server is at it, and lets one
/// person have only so many.
struct Flight {
    address: String,
    /// When its answer came.
    landed: Cell<Option<i64>>,
    /// Its answer, until somebody takes it.
    answer: RefCell<Option<Answer<Said>>>,
    waiting: RefCell<Vec<Waker>>,
}

impl Flight {
    fn begin(request: Request) -> Rc<Self> {
        let flight = Rc::new(Self {
            address: request.url(),
            landed: Cell::new(None),
            answer: RefCell::new(None),
            waiting: RefCell::default(),
        });
        let landing = flight.clone();
        spawn_local(async move {
            let answer = async { Said::of(send::send(request).await?).await }.await;
            landing.answer.replace(Some(answer));
            landing.landed.set(Some(browser::now_ms()));
            for waiting in landing.waiting.take() {
                waiting.wake();
            }
        });
        flight
    }

    fn is_flying(&self) -> bool {
        self.landed.get().is_none()
    }

    /// Waits for its answer.
    async fn answer(self: Rc<Self>) -> Answer<Said> {
        poll_fn(|context| match self.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                self.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

/// The last call that was begun.
#[derive(Default)]
struct Last {
    /// Grows with each that is wanted.
    number: u32,
    flight: Option<Rc<Flight>>,
}

thread_local! {
    static LAST: RefCell<Last> = RefCell::default();
}

/// Sends a GET whose answer [`take`] gives out, and waits until it is here, until another is wanted, or for long enough;
/// whether that was long enough. One at a time: whoever types on wants the last.
pub(super) async fn begin(request: Request) -> bool {
    let number = LAST.with_borrow_mut(|last| {
        last.number = last.number.wrapping_add(1);
        last.number
    });
    let mut patience = Box::pin(browser::sleep(PATIENCE));
    while LAST.with_borrow(|last| last.flight.as_ref().is_some_and(|it| it.is_flying())) {
        if at_once(&mut patience).is_some() {
            return false;
        }
        browser::sleep(PAUSE).await;
        if LAST.with_borrow(|last| last.number) != number {
            return true;
        }
    }
    let flight = Flight::begin(request);
    LAST.with_borrow_mut(|last| last.flight = Some(flight.clone()));
    poll_fn(|context| {
        if !flight.is_flying() {
            return Poll::Ready(true);
        }
        flight.waiting.borrow_mut().push(context.waker().clone());
        patience.as_mut().poll(context).map(|()| false)
    })
    .await
}

/// The answer to a GET of this address, once, if it was begun a moment ago.
pub(super) fn take(address: &str) -> Option<impl Future<Output = Answer<Said>> + use<>> {
    let now = browser::now_ms();
    let flight = LAST.with_borrow_mut(|last| {
        let is_it = |flight: &mut Rc<Flight>| flight.address == address;
        last.flight.take_if(is_it)
    })?;
    let landed = flight.landed.get();
    let is_good = landed.is_none_or(|landed| now - landed < GOOD_FOR);
    is_good.then(|| flight.answer())
}
