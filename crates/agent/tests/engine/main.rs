//! The agent against a real engine: set `SLIPWAY_TEST_ENGINE` to the path of its socket. The engine must be a swarm manager.

mod ingress;
mod logs;
mod packing;
mod reading;
mod scene;
mod stats;
