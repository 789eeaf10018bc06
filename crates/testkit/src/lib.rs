//! What tests share: the harness, the fake clock, fixtures, and a private PostgreSQL.

pub mod postgres;
pub mod testbed;
