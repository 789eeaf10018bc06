//! A steady load on one app: half of it POST, half on kept connections.

use crate::http;
use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// Counts of a load.
#[derive(Debug, Default)]
pub struct Counts {
    /// Requests that were answered well.
    pub good: AtomicU64,
    /// All others.
    pub failed: AtomicU64,
}

/// A load that runs until it is stopped.
pub struct Load {
    counts: Arc<Counts>,
    clock: JoinSet<()>,
    under_way: Arc<tokio::sync::Mutex<JoinSet<()>>>,
}

impl Load {
    /// Sends so many requests a second to an app.
    pub fn start(app: &str, per_second: u64) -> Result<Self> {
        let counts = Arc::new(Counts::default());
        let under_way = Arc::new(tokio::sync::Mutex::new(JoinSet::new()));
        let clients = [http::client(true)?, http::client(false)?];
        let host = format!("{app}.localhost");
        let mut clock = JoinSet::new();
        clock.spawn({
            let (counts, under_way) = (counts.clone(), under_way.clone());
            async move {
                let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / per_second));
                for number in 0_usize.. {
                    ticks.tick().await;
                    let (client, counts, host) = (clients[number / 2 % 2].clone(), counts.clone(), host.clone());
                    let mut under_way = under_way.lock().await;
                    under_way.spawn(async move { one(&client, &host, number % 2 == 0, &counts).await });
                    while under_way.try_join_next().is_some() {}
                }
            }
        });
        Ok(Self { counts, clock, under_way })
    }

    /// Ends the load after its last answers: good and failed requests.
    pub async fn stop(mut self) -> (u64, u64) {
        self.clock.shutdown().await;
        let mut under_way = self.under_way.lock().await;
        while under_way.join_next().await.is_some() {}
        (self.counts.good.load(Ordering::Relaxed), self.counts.failed.load(Ordering::Relaxed))
    }
}

async fn one(client: &reqwest::Client, host: &str, is_post: bool, counts: &Counts) {
    let url = "http://127.0.0.1:8080/echo";
    let request = if is_post { client.post(url).body("a body of some bytes") } else { client.get(url) };
    let is_good = match request.header("host", host).send().await {
        Ok(answer) => answer.status().is_success() && answer.bytes().await.is_ok(),
        Err(_) => false,
    };
    let counter = if is_good { &counts.good } else { &counts.failed };
    counter.fetch_add(1, Ordering::Relaxed);
}
