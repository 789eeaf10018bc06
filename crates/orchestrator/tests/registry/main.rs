//! The registry client: against a real registry, and against servers that behave as registries should not.

mod attacks;
mod client;
mod fake;
mod images;
mod odd;
mod ordinary;
mod real;
