//! Counts the bytes that pass on the way to something.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A way to a server on which all bytes are counted, both directions together.
pub(crate) struct Counting {
    pub(crate) url: String,
    bytes: Arc<AtomicU64>,
}

impl Counting {
    /// Leads to the server at this address, such as `http://127.0.0.1:40123`.
    pub(crate) async fn to(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bytes = Arc::new(AtomicU64::new(0));
        let counted = bytes.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&server).await.unwrap();
                let (read_near, write_near) = near.into_split();
                let (read_far, write_far) = far.into_split();
                tokio::spawn(pass(read_near, write_far, counted.clone()));
                tokio::spawn(pass(read_far, write_near, counted.clone()));
            }
        });
        Self { url, bytes }
    }

    /// How many since the last time.
    pub(crate) fn take(&self) -> u64 {
        self.bytes.swap(0, Ordering::Relaxed)
    }
}

async fn pass(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    counted: Arc<AtomicU64>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        counted.fetch_add(read as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    // Nobody is left to hear of it.
    let _ = to.shutdown().await;
}
