//! Puts the process together: folder, adapters, mailboxes, workers, sweeps, server; and takes it
//! apart again when it is told to stop.

use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::middleware::from_fn;
use axum::serve::ListenerExt;
use bulkhead_api::{Api, LocalToken};
use bulkhead_aws::clock::SystemClock;
use bulkhead_aws::seal::KeyFileSealer;
use bulkhead_connectors::imap::Reach;
use bulkhead_connectors::model::{BuiltIn, OpenEndpoints};
use bulkhead_engine::ports::{Clock, Ports, Silent};
use bulkhead_shared::api::SIGN_IN_FRAGMENT;
use bulkhead_shared::ids::UserId;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::connectors::OpenAccounts;
use crate::folder::Folder;
use crate::ledger::{self, FileLedger};
use crate::options::Options;
use crate::parts::{self, FileParts};
use crate::queue::LocalQueue;
use crate::to_the_end::to_the_end;
use crate::usage::{self, Meters};
use crate::{database, mailboxes, site, stop, sweeps, workers};

/// The one person on this machine.
const USER: &str = "local";
/// How long workers and answers may take to end once the process is told to stop. What is cut off
/// then goes on at the next start.
const GRACE: Duration = Duration::from_secs(5);

/// Set to `allow` in tests, whose lists are on this machine.
const PRIVATE_HOSTS: &str = "BULKHEAD_PRIVATE_HOSTS";

/// Where lists are asked to write no more: on the public internet, because a stranger names the place.
fn lists() -> Reach {
    match std::env::var(PRIVATE_HOSTS).as_deref() {
        Ok("allow") => Reach::Anywhere,
        _ => Reach::Public,
    }
}

/// Runs until it is told to stop.
pub(crate) async fn run(options: Options) -> Result<()> {
    let folder = Folder::open(&options.data)?;
    // Before anything that takes long: a port in use is to be known at once.
    let listener = listen(options.port).await?;
    // Fit for keys: a cryptographic generator that the operating system seeds.
    let random = Arc::new(rand::random::<u128>);
    let programs = folder.programs()?;
    let token = folder.token(random.as_ref(), options.new_token)?;
    let table = Arc::new(database::open(&folder.database()).await?);
    let queue = Arc::new(LocalQueue::new(workers::VISIBILITY));
    let clock = Arc::new(SystemClock);
    let sandbox = mailboxes::sandbox(&options, &folder, clock.clone()).await?;
    let parts = FileParts::open(folder.exports()).context("Exports cannot be kept.")?;
    let parts = Arc::new(parts);
    tokio::spawn(parts::clean_up(parts.clone()));
    let ledger = FileLedger::open(folder.ledger(), clock.now());
    let ledger = Arc::new(ledger.context("What is sent cannot be noted.")?);
    tokio::spawn(ledger::clean_up(ledger.clone()));
    let ports = Ports {
        table: table.clone(),
        queue: queue.clone(),
        connectors: Arc::new(
            OpenAccounts::new(sandbox, clock.clone(), programs).with_lists(lists()),
        ),
        parts,
        ledger,
        sealer: Arc::new(KeyFileSealer::open(&folder.key(), random.clone())?),
        model: Arc::new(BuiltIn),
        endpoints: Arc::new(OpenEndpoints::new(Reach::Anywhere, random.clone())),
        deployed: options.model()?,
        meter: Arc::new(Silent),
        clock,
        random,
    };
    let user: UserId = USER.parse()?;
    mailboxes::connect(&options, &ports, &user).await?;
    sweeps::first(&ports).await?;

    let (stopping, stop) = watch::channel(false);
    let workers = workers::start(options.workers(), &ports, &queue, &stop);
    let sweeps = tokio::spawn(sweeps::run(ports.clone()));
    let identity = Arc::new(LocalToken::new(token, ports.clock.clone()));
    let code = identity.code(ports.random.bits());
    let meters = Meters {
        table,
        queue,
        identity: identity.clone(),
    };
    let api = Api {
        limits: options.limits(),
        ..Api::local(ports, identity)
    };
    let routes = bulkhead_api::router(api)
        .layer(from_fn(to_the_end))
        .merge(usage::route(meters.clone()));
    let app = site::with_app(routes, &options.app);
    let port = listener.local_addr()?.port();
    announce(port, &code, &folder, &options)?;
    let server = tokio::spawn(serve(listener, app, stop));

    stop::asked().await;
    tracing::info!("Stopping.");
    let _ = stopping.send(true);
    sweeps.abort();
    end(workers, server).await;
    tracing::info!(usage = ?meters.read(), "Stopped.");
    Ok(())
}

async fn listen(port: u16) -> Result<TcpListener> {
    // This machine and nobody else: there is one token and no encryption.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| {
            format!("Port {port} cannot be used; choose another one with --port, or 0 for any.")
        })
}

async fn serve(listener: TcpListener, app: Router, mut stop: watch::Receiver<bool>) {
    let listener = listener.tap_io(|stream| {
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
    });
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let served = axum::serve(listener, app).with_graceful_shutdown(stopped);
    if let Err(error) = served.await {
        tracing::error!(%error, "The server ended.");
    }
}

/// Tells where to go: to this machine by its number, which no other machine answers to. The code is good
/// for one sign-in, and stands where no server, log or referrer has it.
fn announce(port: u16, code: &str, folder: &Folder, options: &Options) -> std::io::Result<()> {
    if !options.app.join("index.html").exists() {
        tracing::warn!(
            "There is no browser app in {}; start with `cargo xtask dev` to build it.",
            options.app.display()
        );
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "\n  Bulkhead is ready. Open this address to sign in:\n"
    )?;
    writeln!(
        out,
        "    http://127.0.0.1:{port}/#{SIGN_IN_FRAGMENT}{code}\n"
    )?;
    writeln!(
        out,
        "  It is good once, for an hour. After that, sign in with the token in the file “token” below."
    )?;
    writeln!(out, "  Everything is kept in {}", folder.path().display())?;
    writeln!(
        out,
        "  Stop with Ctrl-C; the next start goes on from there.\n"
    )?;
    out.flush()
}

async fn end(mut workers: JoinSet<()>, server: tokio::task::JoinHandle<()>) {
    let all = async {
        while workers.join_next().await.is_some() {}
        let _ = server.await;
    };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::info!("Something was cut off; it goes on at the next start.");
    }
}
