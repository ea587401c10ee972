//! The line is cut at every place of the dialogue: what is told of a mail is never more than is true.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulkhead_engine::ports::{CallError, Delivery};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{World, letter};

/// Bytes that pass a proxy before it cuts the line, in each direction.
#[derive(Clone, Default)]
struct Cut {
    up: Arc<AtomicUsize>,
    down: Arc<AtomicUsize>,
}

impl Cut {
    fn at(&self, up: usize, down: usize) {
        self.up.store(up, Ordering::SeqCst);
        self.down.store(down, Ordering::SeqCst);
    }
}

/// A proxy before a server. Whatever it cuts, it cuts both ways, as a router does that is gone.
async fn proxy(server: u16, cut: Cut) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (up, down) = (
                cut.up.load(Ordering::SeqCst),
                cut.down.load(Ordering::SeqCst),
            );
            tokio::spawn(async move {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::select! {
                    () = pass(from_client, to_server, up) => {}
                    () = pass(from_server, to_client, down) => {}
                }
            });
        }
    });
    port
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut left: usize,
) {
    let mut buffer = vec![0; 16 << 10];
    while left > 0 {
        let most = left.min(buffer.len());
        match from.read(&mut buffer[..most]).await {
            Ok(read @ 1..) => {
                if to.write_all(&buffer[..read]).await.is_err() {
                    return;
                }
                left -= read;
            }
            _ => return,
        }
    }
}

/// Bytes of a whole dialogue in each direction: a little more than there are.
const DIALOGUE: usize = 560;

#[tokio::test(flavor = "multi_thread")]
async fn no_cut_makes_a_mail_look_sent_that_is_not_or_unsent_that_is() {
    let world = World::start();
    let cut = Cut::default();
    let port = proxy(world.exim.port, cut.clone()).await;
    let (mut done, mut open) = (0, 0);
    let places = (0..DIALOGUE).step_by(13).map(|up| (up, usize::MAX));
    let places = places.chain((0..DIALOGUE).step_by(17).map(|down| (usize::MAX, down)));
    for (number, (up, down)) in places.enumerate() {
        cut.at(up, down);
        // A new account has no connection yet, so each dialogue begins at its beginning.
        let postbox = world.at(port).await;
        let letter = letter(number, "bo");
        let told = postbox.deliver(std::slice::from_ref(&letter)).await;
        let took = || {
            let taken = world.exim.taken();
            taken.iter().filter(|id| **id == letter.id.as_str()).count()
        };
        let context = format!("cut after {up} up, {down} down: {told:?}");
        match told {
            Ok(delivered) => match delivered[..] {
                [Delivery::Done] => {
                    done += 1;
                    assert_eq!(took(), 1, "{context}");
                }
                [Delivery::Unknown] => {
                    open += 1;
                    assert!(took() <= 1, "{context}");
                }
                [Delivery::Unavailable] => assert_eq!(took(), 0, "{context}"),
                _ => panic!("{context}"),
            },
            Err(CallError::SignIn) => panic!("{context}"),
            Err(_) => assert_eq!(took(), 0, "{context}"),
        }
    }
    assert!(done > 0 && open > 0, "{done} done, {open} open");
    // Nothing that was told to be unsent arrives later after all.
    let taken = world.exim.taken();
    assert!(taken.len() >= done && taken.len() <= done + open);
}
