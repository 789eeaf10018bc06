//! The ingress through its front door: real sockets, real apps on loopback.

mod gate;
mod https;
mod invariants;
mod pages;
mod passing;
mod probes;
mod retries;
mod role;
mod routing;
mod streams;
mod support;
