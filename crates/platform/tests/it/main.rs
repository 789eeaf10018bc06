//! The platform from outside: operations go in, requests are sent through a real ingress to real listeners.

mod audit;
mod costs;
mod deploys;
mod failures;
mod harness;
mod names;
mod restarts;
mod secrets;
mod settings;
mod teams;
mod tenancy;
mod usage;
