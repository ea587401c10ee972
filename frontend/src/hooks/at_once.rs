//! What need not be waited for.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A look at a future: what it has to give, if that is here already. Otherwise it is under way, and can be awaited.
pub fn at_once<F: Future + ?Sized>(future: &mut Pin<Box<F>>) -> Option<F::Output> {
    let context = &mut Context::from_waker(Waker::noop());
    match future.as_mut().poll(context) {
        Poll::Ready(here) => Some(here),
        Poll::Pending => None,
    }
}
