//! The atomics that [`crate::claims`] is made of. Its model test puts loom's in their place, by a module of this name.

pub use std::sync::atomic::{AtomicU64, Ordering};
