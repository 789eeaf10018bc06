//! The data plane: it takes visitors' requests, finds the app by the host name, and passes them to a replica that has
//! answered. It never touches the store, and it serves when the server is away.
//!
//! A [`domain::routing::RouteTable`] says where requests go; it comes over a Unix socket, is replaced as a whole and kept
//! on disk. An endpoint gets traffic only after it has answered this ingress. Streams drain on their own clock.

mod atomic;
mod claims;
mod client;
mod config;
mod control;
mod endpoint;
mod farewell;
mod frames;
mod gate;
mod headers;
mod https;
mod pages;
mod peer;
mod probe;
mod proxy;
mod registry;
mod release;
mod run;
mod saved;
mod table;
mod tls;
mod visit;
mod watch;

pub use client::{ControlClient, ControlError};
pub use config::{Config, Limits, control_socket};
pub use gate::key_set;
pub use run::{Running, StartError, run, start};
