//! The platform from outside: operations go in, requests are sent through a real ingress to real listeners.

mod audit;
mod deploys;
mod exports;
mod failures;
mod freezes;
mod harness;
mod life;
mod names;
mod restarts;
mod secrets;
mod settings;
mod teams;
mod tenancy;
