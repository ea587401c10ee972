//! A proxy in front of the server that loses the answers of writes, as networks do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts one; its port, and the switch that makes it lose answers.
pub(crate) async fn start(server: u16) -> (u16, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let lose = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&lose);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
            tokio::spawn(pass(client, server, Arc::clone(&lose)));
        }
    });
    (port, switch)
}

async fn pass(client: TcpStream, server: TcpStream, lose: Arc<AtomicBool>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let is_write = Arc::new(AtomicBool::new(false));
    let swallow = Arc::clone(&is_write);
    let answers = tokio::spawn(async move {
        let mut buffer = vec![0; 64 << 10];
        while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
            // The server has begun to answer, so it is done.
            if swallow.load(Ordering::SeqCst) || to_client.write_all(&buffer[..read]).await.is_err()
            {
                break;
            }
        }
    });
    let requests = tokio::spawn(async move {
        let mut buffer = vec![0; 64 << 10];
        while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
            let bytes = &buffer[..read];
            let writes = bytes.starts_with(b"PUT ") || bytes.starts_with(b"DELETE ");
            if writes && lose.load(Ordering::SeqCst) {
                is_write.store(true, Ordering::SeqCst);
            }
            if to_server.write_all(bytes).await.is_err() {
                break;
            }
        }
    });
    let _ = answers.await;
    requests.abort();
}
