//! The platform from outside: operations go in, requests are sent through a real ingress to real listeners.

mod audit;
mod costs;
mod deploys;
mod domains;
mod exports;
mod failures;
mod freezes;
mod gate;
mod harness;
mod https;
mod life;
mod names;
mod observed;
mod restarts;
mod secrets;
mod settings;
mod teams;
mod tenancy;
mod tokens;
mod usage;
