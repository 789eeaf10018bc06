//! Every function of the store, on SQLite and on PostgreSQL: each test is written once and runs on both.

mod apps;
mod audit;
mod databases;
mod deploy_keys;
mod deploys;
mod fixtures;
mod gate;
mod invitations;
mod meta;
mod migrations;
mod people;
mod projects;
mod quotas;
mod rates;
mod registries;
mod releases;
mod sealing;
mod secrets;
mod sessions;
mod sign_in_links;
mod steps;
mod teams;
mod tokens;
mod transactions;
mod usage;
