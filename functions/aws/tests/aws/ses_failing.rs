//! Mails through SES whose answers are lost on the way, at every byte of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulkhead_engine::ports::{Delivery, Outlet};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::moto::ses::{letter, ses};
use crate::stand_in::environment;

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\
    Connection: close\r\n\r\n{\"MessageId\": \"0100\"}";

/// Whether a request has all of its body.
fn is_whole(asked: &[u8]) -> bool {
    let text = String::from_utf8_lossy(asked).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.split_once("content-length: ").map(|(_, after)| after);
    let length = length.and_then(|after| after.lines().next()?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// Takes whole requests, and hangs up after so many bytes of its answer. How many it took.
async fn server(bytes: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !is_whole(&asked) {
                if socket.read_buf(&mut asked).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = socket.write_all(&ANSWER[..bytes]).await;
        }
    });
    (address, taken)
}

#[tokio::test]
async fn a_lost_answer_leaves_a_mail_open_and_nothing_sends_it_again() {
    let head = ANSWER
        .windows(4)
        .position(|end| end == b"\r\n\r\n")
        .unwrap()
        + 4;
    for bytes in (0..=ANSWER.len())
        .step_by(7)
        .chain([head - 1, head, ANSWER.len()])
    {
        let (address, taken) = server(bytes).await;
        let ses = ses(&environment(&address));
        let told = ses.hand_over(&letter(1)).await.unwrap();
        // Its first line and head say that the mail was taken, whatever becomes of the rest.
        let expected = match bytes {
            _ if bytes == ANSWER.len() => Delivery::DoneAs("0100".parse().unwrap()),
            _ if bytes >= head => Delivery::Done,
            _ => Delivery::Unknown,
        };
        assert_eq!(told, expected, "{bytes} bytes of the answer");
        assert_eq!(
            taken.load(Ordering::SeqCst),
            1,
            "{bytes} bytes of the answer"
        );
    }
}

#[tokio::test]
async fn who_is_not_there_was_handed_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let told = ses(&environment(&address)).hand_over(&letter(1)).await;
    assert_eq!(told.unwrap(), Delivery::Unavailable);
}
