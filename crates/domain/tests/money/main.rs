//! What things cost: golden cases that were worked out by hand, and what has to hold whatever the numbers are.

mod allocation;
mod fixtures;
mod golden;
mod properties;
mod rates;
mod statement;
