//! Writes pushes into storage, those that arrive together in one transaction. Whoever brought a push waits until it
//! is durable.

use super::sql::{self, NewPush};
use crate::problem::Problem;
use crate::storage::{Db, StorageError};
use futures_util::FutureExt;
use std::sync::Arc;
use tokio::sync::{Notify, OnceCell, mpsc, oneshot};

/// The most pushes of one transaction.
const LARGEST_GROUP: usize = 128;
/// Requests beyond this wait for their turn.
const QUEUE: usize = 1024;

type Reply = oneshot::Sender<Result<(), Problem>>;

/// Takes pushes from all requests of this process.
#[derive(Clone)]
pub struct PushWriter {
    db: Db,
    runtime: tokio::runtime::Handle,
    queue: Arc<OnceCell<mpsc::Sender<(NewPush, Reply)>>>,
    arrived: Arc<Notify>,
}

impl PushWriter {
    /// Writes into `db`, from the runtime in which it is made.
    pub fn new(db: Db) -> Self {
        Self { db, runtime: tokio::runtime::Handle::current(), queue: Arc::default(), arrived: Arc::default() }
    }

    /// Writes a push; a repeated one is written once.
    pub(super) async fn write(&self, push: NewPush) -> Result<(), Problem> {
        let queue = self.queue.get_or_init(|| async { self.start() }).await;
        let (reply, written) = oneshot::channel();
        let gone = || Problem::from(StorageError::Unavailable("the writer of pushes has stopped".to_owned()));
        queue.send((push, reply)).await.map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
    }

    /// Waits until something was written by this process.
    pub(super) async fn arrival(&self) {
        self.arrived.notified().await;
    }

    fn start(&self) -> mpsc::Sender<(NewPush, Reply)> {
        let (sender, mut receiver) = mpsc::channel(QUEUE);
        let (db, arrived) = (self.db.for_background(), Arc::clone(&self.arrived));
        self.runtime.spawn(async move {
            let mut group = Vec::new();
            while receiver.recv_many(&mut group, LARGEST_GROUP).await > 0 {
                let (pushes, replies): (Vec<NewPush>, Vec<Reply>) = group.drain(..).unzip();
                let written =
                    db.write(move |conn| async move { Ok::<_, Problem>(sql::insert(conn, &pushes).await?) }.boxed());
                let outcome = written.await.map(|_| ());
                arrived.notify_one();
                for reply in replies {
                    // Nobody waits for it where the connection is gone; the push is written all the same.
                    let _ = reply.send(outcome.clone());
                }
            }
        });
        sender
    }
}
